using Quartermaster.Core.Connecting;
using Quartermaster.SignIn;

namespace Quartermaster.Dashboard.Shown;

/// <summary>Where a person finds a document.</summary>
internal static class PaperWords
{
    /// <returns>Null when there is none, or the reader may not see it: a label is somebody's address.</returns>
    /// <remarks>An address of a vendor's came from outside; only the web's own schemes become a link.</remarks>
    public static string? Address(string brand, string? document, Reader reader) => Paper.NameIn(document) is { } name
        ? reader.May(Role.Agent) ? $"/papers/{Uri.EscapeDataString(brand)}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}" : null
        : Uri.TryCreate(document, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? uri?.ToString() : null;
}
