using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Shared;

/// <summary>Takes a connection's secrets out of a text before it is kept or shown.</summary>
public sealed class Redactor
{
    public const string Mark = "•••";

    /// <summary>For texts that cannot hold a secret.</summary>
    public static readonly Redactor None = new([]);

    private readonly string[] secrets;

    /// <summary>Longest first, so that a secret which contains another one leaves nothing behind.</summary>
    public Redactor(IEnumerable<string> secrets) => this.secrets = [.. secrets.Where(s => s.Length >= 4).Distinct().OrderByDescending(s => s.Length)];

    /// <summary>Every setting that the manifest marks as secret.</summary>
    public static Redactor For(Manifest manifest, Settings settings) =>
        new(manifest.Settings.Where(s => s.Secret).Select(s => settings.Find(s.Key)).OfType<string>());

    public string Clean(string text)
    {
        foreach (var secret in secrets)
            text = text.Replace(secret, Mark, StringComparison.Ordinal);
        return text;
    }
}
