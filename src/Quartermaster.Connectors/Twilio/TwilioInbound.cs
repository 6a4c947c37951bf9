using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Connections;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Twilio;

/// <summary>Webhook → signals. Pure.</summary>
/// <remarks>Two roads lead here: what a shopper wrote, at the connection's address itself, and what became of a message, below <c>status</c> with our key in the query.</remarks>
internal static class TwilioInbound
{
    private const string Inbound = "inbound";

    public static Knock Receive(Session session, Delivery delivery)
    {
        if (delivery.Method != "POST" || delivery.Path is not ("" or TwilioOutbound.StatusPath)) return Knock.Refuse;
        var form = FormBody.Read(delivery.Body.Span);
        if (!TwilioSignature.IsValid(session, delivery, form) || FormBody.Find(form, "MessageSid") is not { Length: > 0 } sid) return Knock.Refuse;
        if (delivery.Path.Length == 0) return new Knock.Take(Inbound, sid, null, Own(session));
        var status = FormBody.Find(form, "MessageStatus") ?? "";
        if (IsGoodNews(status)) return new Knock.Counted(new Dictionary<string, int> { [status] = 1 });
        // The key stands in the address, which is not kept; so it becomes part of what the delivery is about.
        var key = FormBody.Find(FormBody.Read(delivery.Query.AsSpan().TrimStart('?')), TwilioOutbound.KeyInQuery) ?? "";
        return new Knock.Take($"{TwilioOutbound.StatusPath}/{key}", $"{sid}/{status}", null, MessageReports.StreamOf(session.Brand, key) ?? Own(session));
    }

    /// <exception cref="NotUnderstoodException">It is not a form, or has not what every webhook of Twilio's has.</exception>
    public static Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        var form = FormBody.Read(body.Span);
        if (FormBody.Find(form, "MessageSid") is not { Length: > 0 } sid) throw new NotUnderstoodException("twilio.not_a_message", "The form has no MessageSid; expected what Twilio sends about a message.");
        return topic == Inbound ? ReadText(session, form, sid, receivedAt) : ReadStatus(session, topic[(topic.IndexOf('/', StringComparison.Ordinal) + 1)..], form, receivedAt);
    }

    private static Reading ReadText(Session session, IReadOnlyList<KeyValuePair<string, string>> form, string sid, DateTimeOffset at)
    {
        var (from, text) = (FormBody.Find(form, "From"), FormBody.Find(form, "Body") ?? "");
        var said = FormBody.Find(form, "OptOutType") switch
        {
            // Twilio knows words for this that we do not, and blocks the number by itself from now on.
            "STOP" => ContactReports.To(session.Brand, "sms", from, new ContactSignal.OptedOut("sms", text, at)),
            "START" => ContactReports.To(session.Brand, "sms", from, new ContactSignal.OptedIn("sms", text, at)),
            _ => ContactReports.Wrote(session.Brand, "sms", from, text.Length == 0 && FormBody.Find(form, "NumMedia") is { Length: > 0 } and not "0" ? "[picture]" : text, sid, at),
        };
        return said is { } one ? new Reading([one]) : Reading.Ignored("a message without words, or from no number that could be answered");
    }

    private static Reading ReadStatus(Session session, string key, IReadOnlyList<KeyValuePair<string, string>> form, DateTimeOffset at)
    {
        var (status, code) = (FormBody.Find(form, "MessageStatus"), FormBody.Find(form, "ErrorCode"));
        if (status is not ("failed" or "undelivered" or "canceled")) return Reading.Ignored($"status {status ?? "without a word"}");
        var why = TwilioErrors.Words(code);
        List<Forwarded> signals = [];
        if (MessageReports.Undelivered(session.Brand, "sms", key, code is { Length: > 0 } ? code : status, why) is { } undelivered) signals.Add(undelivered);
        if (code is not null && TwilioErrors.OfNumber(code, why, at) is { } about && ContactReports.To(session.Brand, "sms", FormBody.Find(form, "To"), about) is { } told) signals.Add(told);
        if (code is not null && TwilioErrors.OfSender(code) is { } fault) signals.Add(new(Own(session), new ConnectionSignal.Noticed(session.Connection, code, $"Twilio {code}: {fault}", true, at)));
        return signals.Count > 0 ? new Reading(signals) : Reading.Ignored($"{status} ({code}) for a message that this hub did not send");
    }

    private static bool IsGoodNews(string status) => status is "accepted" or "scheduled" or "queued" or "sending" or "sent" or "delivered" or "partially_delivered" or "read";

    private static StreamId Own(Session session) => new(session.Brand, "connection", session.Connection);
}
