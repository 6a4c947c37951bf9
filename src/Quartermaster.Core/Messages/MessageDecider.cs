using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Messages;

/// <summary>Decides through which channel the shopper hears of something, once, and what happens when it does not get there.</summary>
public static class MessageDecider
{
    private const string NoChannel = "";

    /// <summary>Refusal of a message that waited until something later was said of the same; it is said by no other channel either.</summary>
    public const string Overtaken = "overtaken";

    /// <summary>What the buttons of a question say back, with what it was about: the first wants the order, the second does not.</summary>
    private static IReadOnlyList<string> Answers(string of) => [$"confirmed.{of}", $"declined.{of}"];

    /// <summary>How many answers a message of an occasion offers by buttons.</summary>
    internal static int AnswersTo(Occasion occasion) => occasion == Occasion.ToConfirm ? Answers("").Count : 0;

    public static Decision Decide(Correspondence state, MessageSignal signal, Situation s) => signal switch
    {
        MessageSignal.Say say => Say(state, say, s),
        MessageSignal.NotDelivered n => Sent(state, n.Key, s) is { } said
            ? NotThrough(said, n.Code, $"{n.Why} ({n.Code})")
            : Decision.Ignore($"Of this {n.Channel} message it is known that it did not arrive, or it is not of this order."),
        _ => throw new System.Diagnostics.UnreachableException(signal.GetType().Name),
    };

    public static Correspondence Evolve(Correspondence state, MessageEvent e) => e switch
    {
        MessageEvent.Planned p => Change(state, p.Occasion, p.Subject, x => x with { Channel = p.Channel }),
        MessageEvent.FellBack f => Change(state, f.Occasion, f.Subject, x => x with { Channel = null, Failed = [.. x.Failed ?? [], f.From] }),
        MessageEvent.Unreachable u => Change(state, u.Occasion, u.Subject, x => x with { Channel = NoChannel }),
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };

    public static Decision Settle(Correspondence state, EffectSettled settled, Situation s) => (Sent(state, settled.EffectKey, s), settled.Outcome) switch
    {
        (null, _) => Decision.Ignore("No message waits for this answer."),
        (_, Outcome.Refused { Code: Overtaken }) => Decision.Ignore("By the time it could be sent something later had been said."),
        (_, Outcome.Refused { Code: Outcome.Refused.ByPerson or Outcome.Refused.ByPersonInDoubt }) => Decision.Ignore("A person cancelled the message; it is not said by another channel."),
        ({ } said, Outcome.Refused r) => NotThrough(said, r.Code, $"{r.Why} ({r.Code})"),
        ({ } said, Outcome.NotConnected n) => FellBack(said, n.Why),
        ({ } said, Outcome.TryLater t) => FellBack(said, t.Why),
        // It may have arrived: another channel could say it twice.
        ({ } said, Outcome.Unsure) => Decision.Ignore($"Nobody can tell whether the {said.Channel} message arrived; it is not said again."),
        _ => Decision.Nothing,
    };

    /// <summary>Was something planned since that makes the message of this effect needless, or misleading?</summary>
    public static bool IsOvertaken(Correspondence state, StreamId stream, string effectKey)
    {
        if (Sent(state, effectKey, stream) is not { } said) return false;
        // In the order in which they were first said.
        foreach (var later in state.All!.SkipWhile(s => !ReferenceEquals(s, said)).Skip(1))
            if (later.Channel is { Length: > 0 } && Occasions.Overtakes(later.Occasion, said.Occasion) && (later.Subject.Length == 0 || !Occasions.IsOfAParcel(said.Occasion) || ParcelOf(later).SequenceEqual(ParcelOf(said)))) return true;
        return false;

        static ReadOnlySpan<char> ParcelOf(Said of) => of.Subject.LastIndexOf('#') is > 0 and var cut ? of.Subject.AsSpan(0, cut) : of.Subject;
    }

    private static Said? Sent(Correspondence state, string effectKey, Situation s) => Sent(state, effectKey, s.Stream);

    /// <summary>What was said by this effect, and by no other channel since.</summary>
    private static Said? Sent(Correspondence state, string effectKey, StreamId stream)
    {
        foreach (var said in state.All ?? [])
            if (said.Channel is { Length: > 0 } channel && effectKey == Key(stream, said.Occasion, said.Subject, channel)) return said;
        return null;
    }

    // Who has had enough for today would only be told the same elsewhere. News of an order is no advertisement, whatever a channel takes it for.
    private static Decision NotThrough(Said said, string code, string why) => code == MessageEffect.NotToday && !Occasions.IsOfAnOrder(said.Occasion)
        ? Decision.Of(new MessageEvent.Unreachable(said.Occasion, said.Subject, why)).Because($"{why}. It advertises, so it is said by no other channel either.")
        : FellBack(said, why);

    private static Decision FellBack(Said said, string why) =>
        Decision.Of(new MessageEvent.FellBack(said.Occasion, said.Subject, said.Channel!, why)).Because($"The {said.Channel} message did not get through: {why}.");

    private static Decision Say(Correspondence state, MessageSignal.Say say, Situation s)
    {
        var before = state.Find(say.Occasion, say.Subject);
        if (before?.Channel is not null) return Decision.Ignore("The shopper has been told.");
        // Never in the future: a carrier's clock may be wrong, and patience with it would be longer.
        var notAfter = (say.Since < s.At ? say.Since.Value : s.At) + Occasions.Patience(say.Occasion);
        if (notAfter <= s.At && s.Terms.MessageChannels.Count > 0) return Decision.Ignore($"It happened at {say.Since:yyyy-MM-dd HH:mm} UTC and is no news any more; the shopper is not told.");
        var open = Channels(say.By, s).Where(c => before?.Failed?.Contains(c.Kind) != true && AddressFor(c.Kind, say.To) is not null).ToList();
        var wanted = open.Count > 1 ? s.PreferenceOf?.Invoke(say.To.Email, say.To.Phone) : null;
        // Theirs first, the others as the brand has them: it may fail too.
        if (wanted is not null) open = [.. open.Where(c => c.Kind == wanted), .. open.Where(c => c.Kind != wanted)];
        if (open is [var channel, .. var others])
        {
            var (written, wayOut) = Write(say, channel, s);
            // It would be refused there: the next channel is tried without a call.
            if (written.Unusable is { } unusable) return FellBack(new(say.Occasion, say.Subject, channel.Kind), unusable);
            var message = Send(say, AddressFor(channel.Kind, say.To)!, written, wayOut, others.Count > 0);
            return new Decision
            {
                Note = channel.Kind == wanted ? $"By {wanted}, as they asked for." : null,
                Events = [new MessageEvent.Planned(say.Occasion, say.Subject, channel.Kind)],
                Effects = [new(Key(s.Stream, say.Occasion, say.Subject, channel.Kind), channel.Connection, message, notAfter)],
            };
        }
        if (s.Terms.MessageChannels.Count == 0) return Decision.Nothing;
        var why = before?.Failed is null ? "no phone number or e-mail address that a channel could use" : "every channel failed";
        var unreachable = Decision.Of(new MessageEvent.Unreachable(say.Occasion, say.Subject, why)).Because($"The shopper cannot be reached: {why}.");
        // Nobody has to call because an advertisement did not get there.
        return !Occasions.IsOfAnOrder(say.Occasion) ? unreachable : unreachable.Tell(new CaseChange.Opened("message/unreachable", "message.unreachable", "The shopper cannot be reached", $"There is {why}. Correct the contact at the channel, or call."));
    }

    /// <summary>Marketing always says how to end it; what an order makes necessary says so where the brand wants it. On a phone STOP does it.</summary>
    /// <returns>The words, and the address at which a mail is unsubscribed from.</returns>
    private static (Writing Written, string? WayOut) Write(MessageSignal.Say say, MessageChannel channel, Situation s)
    {
        var wayOut = channel.Unsubscribe || !Occasions.IsOfAnOrder(say.Occasion) ? WayOutOf(say, channel, s) : null;
        var written = Words(wayOut);
        // Only its words tell that a brand advertises at the occasion of an order.
        if (!written.IsMarketing || wayOut is not null || (wayOut = WayOutOf(say, channel, s)) is null) return (written, wayOut);
        return (Words(wayOut), wayOut);

        Writing Words(string? unsubscribe) => Voice.Of(s).Write(Occasions.Name(say.Occasion), channel, say.To.Locale, Facts(say, unsubscribe, s));
    }

    private static string? WayOutOf(MessageSignal.Say say, MessageChannel channel, Situation s) => channel.Kind == "email" ? s.UnsubscribeAt?.Invoke(s.Stream.Brand, say.To.Email!) : null;

    private static IEnumerable<MessageChannel> Channels(IReadOnlyList<string>? by, Situation s) =>
        by is null ? s.Terms.MessageChannels : by.Distinct().SelectMany(kind => s.Terms.MessageChannels.Where(c => c.Kind == kind));

    private static string? AddressFor(string kind, Correspondent to) => kind switch
    {
        "email" => string.IsNullOrWhiteSpace(to.Email) ? null : to.Email,
        _ => string.IsNullOrWhiteSpace(to.Phone) ? null : to.Phone,
    };

    private static MessageEffect.Send Send(MessageSignal.Say say, string to, Writing written, string? wayOut, bool hasAnotherWay) =>
        new(say.To.OrderRef, say.Occasion, to, say.To.Name, written.Language, written.Template, written.Parameters, written.Subject, written.Text, hasAnotherWay,
            say.Question is { } put ? Answers(put.Of) : null, written.IsMarketing ? LegalClass.Marketing : LegalClass.Transactional, wayOut, Edition: written.Edition, Html: written.Html, Sender: written.Sender, Country: say.To.Country);

    private static MessageFacts Facts(MessageSignal.Say say, string? unsubscribe, Situation s) => new()
    {
        Number = say.To.Number,
        Name = say.To.Name,
        Items = say.To.Order.Items,
        Total = say.To.Order.Total,
        City = say.To.Order.City,
        Carrier = say.Parcel?.Carrier,
        Tracking = say.Parcel?.Tracking,
        TrackingLink = say.Parcel?.TrackingUrl,
        Expected = say.News?.Expected,
        Reason = say.News?.Reason,
        Link = say.Invitation?.Link ?? say.News?.Link ?? (Occasions.IsOfAnOrder(say.Occasion) ? s.PageAt?.Invoke(s.Stream) : null),
        Code = say.Invitation?.Code,
        Offer = say.Invitation?.Offer,
        OfferUntil = say.Invitation?.Until,
        Credit = say.News?.Credit,
        Due = say.Question?.Due,
        IsChanged = say.Question?.Changed == true,
        Address = say.Question?.Address,
        AnswerLink = say.Question?.Link,
        Unsubscribe = unsubscribe,
    };

    private static string Key(StreamId stream, Occasion occasion, string subject, string channel) => EffectKey.Of(stream, "msg", Occasions.Name(occasion), subject, channel);

    private static Correspondence Change(Correspondence state, Occasion occasion, string subject, Func<Said, Said> how)
    {
        List<Said> all = new((state.All?.Count ?? 0) + 1);
        var found = false;
        foreach (var said in state.All ?? [])
        {
            var match = said.Occasion == occasion && said.Subject == subject;
            found |= match;
            all.Add(match ? how(said) : said);
        }
        if (!found) all.Add(how(new(occasion, subject, null)));
        return new Correspondence { All = all };
    }
}
