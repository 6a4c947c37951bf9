namespace Quartermaster.Connectors.Shared;

/// <summary>Links in messages that people click outside the dashboard.</summary>
public static class Links
{
    /// <summary>The link when it leads somewhere from anywhere; null for a path or another scheme, which a chat or mail program could not open.</summary>
    public static string? Absolute(string? link) =>
        Uri.TryCreate(link, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) ? uri.AbsoluteUri : null;
}
