using Quartermaster.Core.Customers;

namespace Quartermaster.Connectors.Twilio;

/// <summary>What Twilio's error codes say about a number or about the sender, beyond that one message.</summary>
/// <remarks>The meanings are those of the vendor's error dictionary; it is not among the contracts that tests check against.</remarks>
internal static class TwilioErrors
{
    /// <returns>Null when the code says nothing about the number.</returns>
    public static ContactSignal? OfNumber(string code, string why, DateTimeOffset at) => code switch
    {
        // Whoever answered STOP is kept by Twilio itself, whatever we hold true.
        "21610" => new ContactSignal.OptedOut("sms", $"Twilio {code}: {why}", at),
        // No such number, no mobile, unknown to its network, a landline.
        "21211" or "21217" or "21614" or "30005" or "30006" => new ContactSignal.Bounced("sms", true, $"{why} ({code})", at),
        // Switched off, out of reach, blocked by its owner, or nobody knows why: it may be otherwise tomorrow.
        "30003" or "30004" or "30008" => new ContactSignal.Bounced("sms", false, $"{why} ({code})", at),
        _ => null,
    };

    /// <summary>The sender or the account is at fault: every further message of this kind would meet the same.</summary>
    public static string? OfSender(string code) => code switch
    {
        "30002" => "the account is suspended",
        "30032" => "the toll-free number is not verified",
        "30034" => "the number is not registered for messages to the United States (A2P 10DLC)",
        _ => null,
    };

    /// <summary>Words for the codes of status callbacks, which come without any.</summary>
    public static string Words(string? code) => code switch
    {
        "30001" => "it waited too long at Twilio",
        "30003" => "the handset is switched off or out of reach",
        "30004" => "the number takes no messages",
        "30005" => "the number is unknown to its network",
        "30006" => "the number is a landline or its network takes no messages",
        "30007" => "the network took it for spam",
        "30008" => "the network did not say why",
        null or "" => "no reason given",
        _ => OfSender(code) ?? "see Twilio's error dictionary",
    };
}
