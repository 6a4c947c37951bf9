using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Shared;

/// <summary>An address that is itself the credential, as with incoming webhooks: whoever knows it may post.</summary>
public static class SecretAddress
{
    /// <summary>Redacts every secret, and the address in each spelling in which it can come back in a request or an error.</summary>
    /// <param name="setting">Key of the setting that holds the address.</param>
    public static Redactor Redactor(Manifest manifest, Settings settings, string setting)
    {
        var secrets = manifest.Settings.Where(s => s.Secret).Select(s => settings.Find(s.Key)).OfType<string>();
        return Uri.TryCreate(settings.Find(setting), UriKind.Absolute, out var address)
            ? new Redactor([.. secrets, address.ToString(), address.AbsoluteUri, address.PathAndQuery, address.Query])
            : new Redactor(secrets);
    }
}
