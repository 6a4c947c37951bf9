using System.Globalization;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Twilio;

/// <summary>Effect → request. Pure.</summary>
internal static class TwilioOutbound
{
    /// <summary>Path of the status callbacks below the connection's webhook address, and the member of its query that carries our key out and back.</summary>
    public const string StatusPath = "status";
    public const string KeyInQuery = "key";

    // What could not leave Twilio's queue by then is told as failed, and goes by the next channel; the news would be old.
    private static readonly TimeSpan Validity = TimeSpan.FromHours(4);

    public static string Form(Session session, string key, string to, string text)
    {
        var from = session.Settings["from"];
        List<KeyValuePair<string, string>> fields =
        [
            new("To", to), new(IsService(from) ? "MessagingServiceSid" : "From", from), new("Body", text),
            new("ValidityPeriod", ((int)Validity.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
        ];
        // Without an address that Twilio reaches, nobody tells us what became of it; it is sent all the same.
        if (session.Callback is { } callback) fields.Add(new("StatusCallback", $"{callback.AbsoluteUri.TrimEnd('/')}/{StatusPath}?{KeyInQuery}={Uri.EscapeDataString(key)}"));
        return FormBody.Write(fields);
    }

    private static bool IsService(string from) => from.Length == 34 && from.StartsWith("MG", StringComparison.Ordinal);
}
