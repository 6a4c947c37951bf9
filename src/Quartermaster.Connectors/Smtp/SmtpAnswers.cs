using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Smtp;

/// <summary>Reply → outcome. Who is to blame depends on where it was said: a refused login is the connection's fault, a refused recipient the message's.</summary>
internal static class SmtpAnswers
{
    public static Outcome Judge(SmtpStage stage, SmtpReply reply, string messageId) => (stage, reply.Code) switch
    {
        (SmtpStage.Content, >= 200 and < 300) => new Outcome.Done(messageId),
        (_, >= 400 and < 500) => new Outcome.TryLater(reply.ToString()),
        (SmtpStage.Greeting or SmtpStage.Hello or SmtpStage.Encryption or SmtpStage.Login, _) => new Outcome.NotConnected($"The mail server said at {Place(stage)}: {reply}"),
        // Authentication or encryption is required first (530, 538), or the account may not send as this address.
        (_, 530 or 535 or 538) or (SmtpStage.Sender, 550 or 553) => new Outcome.NotConnected($"The mail server said at {Place(stage)}: {reply}"),
        (_, >= 500) => new Outcome.Refused(reply.Status, reply.ToString()),
        // A positive reply at the wrong place, e.g. 250 to DATA: nothing was sent after it.
        _ => new Outcome.TryLater($"Unexpected reply at {Place(stage)}: {reply}"),
    };

    /// <summary>Why nobody can be reached at the address, now or later; null when the server said nothing of the sort.</summary>
    /// <remarks>RFC 3463 and 7505: no such mailbox, no such system, no address, moved without a trace, a domain that takes no mail. 5.1.7 and 5.1.8 are about the sender; 5.2.2 is a full mailbox.</remarks>
    public static string? NobodyIsThere(Outcome outcome) => outcome is Outcome.Refused { Code: "5.1.1" or "5.1.2" or "5.1.3" or "5.1.6" or "5.1.10" } refused ? refused.Why : null;

    /// <summary>The connection broke or fell silent.</summary>
    /// <param name="contentSent">The dot that ends the message was on its way: the server may have taken it.</param>
    public static Outcome Broken(bool contentSent, string why) =>
        contentSent ? new Outcome.Unsure($"After the message was sent: {why}") : new Outcome.TryLater(why);

    private static string Place(SmtpStage stage) => stage switch
    {
        SmtpStage.Greeting => "the greeting",
        SmtpStage.Hello => "EHLO",
        SmtpStage.Encryption => "STARTTLS",
        SmtpStage.Login => "login",
        SmtpStage.Sender => "MAIL FROM",
        SmtpStage.Recipient => "RCPT TO",
        SmtpStage.DataCommand => "DATA",
        _ => "the end of the message",
    };
}
