namespace Quartermaster.Core.Connecting;

/// <summary>Tells what can be called from what a person merely took for an address.</summary>
public static class WebAddress
{
    /// <summary>Whether it is whole: <c>https://wms.example.com</c>. One word is a host as well, in a network of containers.</summary>
    public static bool Is(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https" or "http";

    /// <summary>Whether it is a name as vendors give them to shops: <c>my-brand.myshopify.com</c>, without scheme, port and path.</summary>
    public static bool IsDomain(string text) => text.Contains('.', StringComparison.Ordinal) && Uri.CheckHostName(text) == UriHostNameType.Dns;
}
