namespace Quartermaster.Core.Connecting;

/// <summary>A document that a remote system answered with and that the hub keeps, because it is at no address of theirs: a label, a manifest.</summary>
/// <param name="Name">Of no other document of the brand, and the same at every attempt: <c>label/aurora.5600000001.1</c>.</param>
/// <param name="MediaType">As a browser wants it: <c>application/pdf</c>.</param>
public sealed record Paper(string Name, string MediaType, ReadOnlyMemory<byte> Content)
{
    private const string Kept = "paper:";

    /// <summary>What stands where otherwise the address of a document does.</summary>
    public static string AddressOf(string name) => Kept + name;

    /// <summary>The name in such an address; null when it is one of the web's.</summary>
    public static string? NameIn(string? address) => address is not null && address.StartsWith(Kept, StringComparison.Ordinal) ? address[Kept.Length..] : null;
}
