using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Smtp;

internal enum SmtpSecurity { None, StartTls, Tls }

/// <summary>The mail server of one connection, as its settings describe it.</summary>
/// <param name="Pin">SHA-256 of a certificate to trust although no authority vouches for it; null = only what the system trusts.</param>
internal sealed record SmtpServer(string Host, int Port, SmtpSecurity Security, string? User, string? Password, string? Pin)
{
    /// <exception cref="BadServerException">A setting is missing or makes no sense.</exception>
    public static SmtpServer Of(Settings settings)
    {
        var security = settings.Get("security", "starttls") switch
        {
            "none" => SmtpSecurity.None,
            "starttls" => SmtpSecurity.StartTls,
            "tls" => SmtpSecurity.Tls,
            var other => throw new BadServerException($"security is '{other}'; it must be none, starttls or tls."),
        };
        var usual = security switch { SmtpSecurity.Tls => "465", SmtpSecurity.StartTls => "587", _ => "25" };
        if (!int.TryParse(settings.Get("port", usual), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
            throw new BadServerException($"port is '{settings.Find("port")}'; it must be a number from 1 to 65535.");
        var server = new SmtpServer(settings["host"], port, security, settings.Find("user"), settings.Find("password"), settings.Find("certificate_sha256"));
        if (server.User is not null && security == SmtpSecurity.None && !server.IsLoopback)
            throw new BadServerException("A password is not sent over an unencrypted connection: set security to starttls or tls.");
        return server;
    }

    private bool IsLoopback => Host == "localhost" || (System.Net.IPAddress.TryParse(Host, out var address) && System.Net.IPAddress.IsLoopback(address));

    public bool Trusts(X509Certificate? certificate, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None
        || (Pin is not null && certificate is not null
            && Pin.Replace(":", "", StringComparison.Ordinal).Equals(Convert.ToHexString(SHA256.HashData(certificate.GetRawCertData())), StringComparison.OrdinalIgnoreCase));
}

/// <summary>The connection's settings cannot be used as they are.</summary>
internal sealed class BadServerException(string message) : Exception(message);
