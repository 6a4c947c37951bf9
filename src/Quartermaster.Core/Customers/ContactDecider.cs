using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Customers;

/// <summary>Decides whether a contact point may be written to, and keeps what it wrote until somebody has read it.</summary>
/// <remarks>
/// A no holds until the same side takes it back: what they said, by them; what came back, by a person. Of a yes and a no the newer one
/// holds, whatever order they come in, and of two of the same instant the no.
/// </remarks>
public static class ContactDecider
{
    public const string WroteKind = "customer.wrote";

    /// <summary>Whoever is answered by the hub and asks again within this time is read by a person; so are two machines that answer each other.</summary>
    public static readonly TimeSpan AnswersOnceIn = TimeSpan.FromHours(1);

    /// <summary>For so long after they wrote WhatsApp takes words of our own; afterwards only a text that Meta has approved.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(24);

    // Later than that whoever asked has found another way.
    private static readonly TimeSpan AnswerKeeps = TimeSpan.FromHours(24);

    private const int MostWaiting = 20, MostKnown = 50, LongestText = 4000;

    /// <summary>Key of the case about what they wrote by a channel.</summary>
    public static string WroteCase(string channel) => "wrote/" + channel;

    public static Decision Decide(Contact state, ContactSignal signal, Situation s) => signal switch
    {
        ContactSignal.Wrote w => Wrote(state, w),
        ContactSignal.AnswerFound a => Answer(state, a, s),
        ContactSignal.AnswerAsked a => Give(state, a, s),
        ContactSignal.Bounced { Hard: false } b => Decision.Ignore($"Not delivered this time: {b.Why}. That is no reason to write no more."),
        ContactSignal.Bounced b => CameBack(state.At(b.Channel), Cause.Bounce, b.Why, b.At),
        ContactSignal.Complained c => CameBack(state.At(c.Channel), Cause.Complaint, c.Why, c.At),
        ContactSignal.Tired t when state.At(t.Channel).TiredAt >= t.At => Decision.Ignore("That is known already."),
        ContactSignal.Tired t => Decision.Of(new ContactEvent.Rests(t.Channel, t.Why, t.At)).Because($"Nothing that advertises goes to them by {Name(t.Channel)} before their next day: {t.Why}."),
        ContactSignal.OptedOut o => OptOut(state.At(o.Channel), o.What ?? Usual(o.Channel), o.How, o.At),
        ContactSignal.OptedIn { Unsure: true } o when state.At(o.Channel).Find(Cause.OptOut) is not null => Decision.Ignore("They had said no, and this does not prove that they took it back."),
        ContactSignal.OptedIn o => OptIn(state.At(o.Channel), o.How, o.At),
        ContactSignal.PreferenceTold p => Prefer(state, p.Channel, p.How, p.At, p.By),
        ContactSignal.SuppressAsked a => Suppress(state.At(a.Channel), a, s),
        ContactSignal.LiftAsked l => Lift(state.At(l.Channel), l, s),
        _ => throw new System.Diagnostics.UnreachableException(signal.GetType().Name),
    };

    /// <summary>A person has dealt with what they wrote; the machine has closed the case.</summary>
    public static Decision Settle(Contact state, CaseSettled settled)
    {
        foreach (var text in state.Waiting ?? [])
            if (WroteCase(text.Channel) == settled.Key) return Decision.Of(new ContactEvent.Answered(text.Channel, settled.By));
        return Decision.Nothing;
    }

    /// <summary>What they wrote by a channel, if nobody has begun to answer any of it.</summary>
    public static IReadOnlyList<Heard> Unanswered(Contact state, string channel)
    {
        var waiting = (state.Waiting ?? []).Where(w => w.Channel == channel).ToList();
        return waiting.Exists(w => w.Answering) ? [] : waiting;
    }

    /// <summary>Key of the effect that sends an answer.</summary>
    public static string AnswerKey(StreamId stream, string channel, string? messageId) => EffectKey.Of(stream, "msg", "answer", channel, Ending(messageId));

    /// <summary>What <see cref="AnswerKey"/> takes for an answer that one of us gave.</summary>
    public static string ByPerson(string id) => "by/" + id;

    /// <summary>Why an answer by that channel would not be sent now; null = it would.</summary>
    public static string? WhyNot(Contact state, string channel, bool byTemplate, DateTimeOffset now)
    {
        var at = state.At(channel);
        if (at.Strongest is { What: Extent.All } no) return $"Nothing is sent to them there: {no.Why}.";
        return channel == ContactPoint.WhatsApp && !byTemplate && !(now - at.HeardAt < Window) ? "WhatsApp takes words of our own for 24 hours after a customer wrote. Choose a text that Meta has approved." : null;
    }

    /// <summary>What came of an answer. One that was not taken is a person's to give: the case is still open, or opens again.</summary>
    public static Decision Settle(Contact state, EffectSettled settled, Situation s)
    {
        var channel = ContactPoint.Channels.FirstOrDefault(c => settled.EffectKey.Contains($"/msg/answer/{c}/", StringComparison.Ordinal));
        if (channel is null) return Decision.Ignore("No answer waits for this.");
        var answer = settled.EffectKey[(settled.EffectKey.LastIndexOf('/') + 1)..];
        if (settled.Outcome is not (Outcome.Done or Outcome.AlreadyDone)) return Failed(state, channel, answer, settled.Outcome);
        var waiting = (state.Waiting ?? []).Where(w => w.Channel == channel).ToList();
        var given = state.Given?.Contains(answer) == true;
        if (!given && !waiting.Exists(w => w.Answering && AnswerKey(s.Stream, channel, w.MessageId) == settled.EffectKey)) return Decision.Ignore("A person has dealt with it meanwhile.");
        var decision = Decision.Of(new ContactEvent.AnswerSent(channel, given ? answer : null));
        return waiting.TrueForAll(w => w.Answering) ? decision.Tell(new CaseChange.Closed(WroteCase(channel))) : decision.Because("They have written something else since, which a person reads.");
    }

    // A channel may take it, and say hours later that it did not arrive.
    private static Decision Failed(Contact state, string channel, string answer, Outcome outcome)
    {
        if (state.Known?.Contains(answer) == true) return Decision.Ignore("That is known already.");
        var why = Outcome.Words(outcome);
        return Decision.Of(new ContactEvent.AnswerFailed(channel, answer, why))
            .Tell(new CaseChange.Opened(WroteCase(channel), WroteKind, $"A customer wrote by {Name(channel)}", $"An answer to them did not get through: {why}"))
            .Because("The answer did not get through; a person answers.");
    }

    public static Contact Evolve(Contact state, ContactEvent e) => e switch
    {
        ContactEvent.Heard h => With(Know(state, IdOf(h.MessageId, h.Text, h.At)) with { Waiting = [.. (state.Waiting ?? []).TakeLast(MostWaiting - 1), new(h.Channel, h.Text, h.At, IdOf(h.MessageId, h.Text, h.At), Subject: h.Subject)] },
            state.At(h.Channel) is var by && by.HeardAt > h.At ? by : by with { HeardAt = h.At }),
        ContactEvent.Answered a => state with { Waiting = OrNull([.. (state.Waiting ?? []).Where(w => w.Channel != a.Channel)]) },
        ContactEvent.AnswerPlanned a => state with { AnsweredAt = a.At, Waiting = [.. (state.Waiting ?? []).Select(w => w.Channel == a.Channel ? w with { Answering = true } : w)] },
        ContactEvent.AnswerGiven a => Know(state, ByPerson(a.Id)) with { AnsweredAt = a.At, Given = [.. state.Given ?? [], Ending(ByPerson(a.Id))], Waiting = OrNull([.. (state.Waiting ?? []).Select(w => w.Channel == a.Channel && !(w.At > a.Seen) ? w with { Answering = true } : w)]) },
        ContactEvent.AnswerSent a => Without(state, a.Answer) with { Waiting = OrNull([.. (state.Waiting ?? []).Where(w => w.Channel != a.Channel || !w.Answering)]) },
        ContactEvent.AnswerFailed f => Without(Know(state, f.Answer), f.Answer),
        ContactEvent.Closed c => With(state, state.At(c.Channel) is var at && at.Nos is { } nos ? at with { Nos = [.. nos.Where(n => n.Cause != c.Cause), Because(c)] } : at with { Nos = [Because(c)] }),
        ContactEvent.Consented c => With(state, Without(state.At(c.Channel), n => n.Cause == Cause.OptOut) with { YesAt = c.At }),
        ContactEvent.Rests r => With(state, state.At(r.Channel) with { TiredAt = r.At }),
        ContactEvent.Preferred p => state with { Prefers = new(p.Channel, p.At) },
        ContactEvent.Lifted l => With(state, Without(state.At(l.Channel), n => n.Cause != Cause.OptOut) with { LiftedAt = l.At }),
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };

    private static Decision Wrote(Contact state, ContactSignal.Wrote w)
    {
        if (OptWords.Read(w.Text) is { } wants)
            return wants ? OptIn(state.At(w.Channel), $"wrote “{w.Text.Trim()}”", w.At) : OptOut(state.At(w.Channel), Usual(w.Channel), $"wrote “{w.Text.Trim()}”", w.At);
        if (ChannelWords.Read(w.Text) is { } channel) return Prefer(state, channel, $"wrote “{w.Text.Trim()}” by {Name(w.Channel)}", w.At, null);
        var text = w.Text.Length <= LongestText ? w.Text : w.Text[..LongestText] + "…";
        if (string.IsNullOrWhiteSpace(text)) return Decision.Ignore("There is nothing in it to read.");
        if (state.Known?.Contains(IdOf(w.MessageId, text, w.At)) == true) return Decision.Ignore("It has been read already.");
        var waiting = (state.Waiting ?? []).Where(h => h.Channel == w.Channel).Select(h => h.Text).Append(text).TakeLast(3);
        return Decision.Of(new ContactEvent.Heard(w.Channel, text, w.MessageId, w.At, w.Subject))
            .Tell(new CaseChange.Opened(WroteCase(w.Channel), WroteKind, $"A customer wrote by {Name(w.Channel)}", string.Join("\n\n", waiting)))
            .Because("A person reads it.");
    }

    private static Decision Answer(Contact state, ContactSignal.AnswerFound a, Situation s)
    {
        if (state.At(a.Channel).Strongest is { What: Extent.All } no) return Decision.Ignore($"Nothing is sent to them there: {no.Why}.");
        if (Unanswered(state, a.Channel) is not [.., var last] || last.MessageId != a.MessageId) return Decision.Ignore("It has been answered, or they wrote something else since.");
        if (s.At - state.AnsweredAt < AnswersOnceIn) return Decision.Ignore("They were answered a short while ago, and ask again: a person reads it.");
        return Decision.Of(new ContactEvent.AnswerPlanned(a.Channel, a.MessageId, a.Order, a.Text, s.At)).Because($"They ask for {a.Order}, and what is known of it is sent.");
    }

    private static Decision Give(Contact state, ContactSignal.AnswerAsked a, Situation s)
    {
        if (state.Known?.Contains(ByPerson(a.Id)) == true) return Decision.Ignore("That answer was given already.");
        if (string.IsNullOrWhiteSpace(a.Text)) return Decision.Ignore("There is nothing in it to send.");
        if (s.Terms.MessageChannels.All(c => c.Kind != a.Channel)) return Decision.Ignore($"The brand has no connection for {Name(a.Channel)}.");
        if (s.Shadow) return Decision.Ignore("The brand is in shadow: nothing is sent.");
        if (WhyNot(state, a.Channel, a.Template is not null, s.At) is { } why) return Decision.Ignore(why);
        var keeps = a.Channel == ContactPoint.WhatsApp && a.Template is null ? state.At(a.Channel).HeardAt!.Value + Window : s.At + AnswerKeeps;
        return Decision.Of(new ContactEvent.AnswerGiven(a.Channel, a.Text, a.Id, a.By, s.At, keeps, a.Template, a.Language, a.Seen)).Because($"{a.By} answers by {Name(a.Channel)}.");
    }

    private static Decision OptOut(Standing now, Extent what, string how, DateTimeOffset at)
    {
        if (now.YesAt > at) return Decision.Ignore("They said yes after that.");
        if (now.Find(Cause.OptOut) is not { } said) return Close(now.Channel, Cause.OptOut, what, how, at);
        if (said.What >= what && said.At >= at) return Decision.Ignore("They had said so already.");
        // Said again later it is news: a yes from between the two is older than their last word.
        return Close(now.Channel, Cause.OptOut, said.What > what ? said.What : what, how, said.At > at ? said.At : at);
    }

    private static Decision OptIn(Standing now, string how, DateTimeOffset at)
    {
        if (now.YesAt >= at) return Decision.Ignore("They had said so already.");
        if (now.Find(Cause.OptOut) is { } said && said.At >= at) return Decision.Ignore("They said no after that.");
        var decision = Decision.Of(new ContactEvent.Consented(now.Channel, how, at)).Because($"They may be written to by {Name(now.Channel)}: {how}.");
        return (now.Find(Cause.Bounce) ?? now.Find(Cause.Complaint) ?? now.Find(Cause.Person)) is { } other ? decision.Because($"It stays closed all the same: {other.Why}.") : decision;
    }

    /// <summary>It orders the brand's channels, and opens none: who said no to one is not written to there.</summary>
    private static Decision Prefer(Contact state, string? channel, string how, DateTimeOffset at, string? by)
    {
        if (channel is not null && !ContactPoint.Channels.Contains(channel)) return Decision.Ignore($"'{channel}' is no channel that customers are written to by.");
        if (state.Prefers is { } before && before.At >= at) return Decision.Ignore("They had said so already, or something else since.");
        var decision = Decision.Of(new ContactEvent.Preferred(channel, how, at, by)).Because(channel is null ? $"They do not mind by which channel: {how}." : $"They want to be written to by {Name(channel)}: {how}.");
        return channel is not null && state.At(channel).Strongest is { } no ? decision.Because($"That channel stays closed all the same: {no.Why}.") : decision;
    }

    private static Decision CameBack(Standing now, Cause cause, string why, DateTimeOffset at)
    {
        if (now.LiftedAt >= at) return Decision.Ignore("A person has set that aside since.");
        if (now.Find(cause) is not null) return Decision.Ignore("That is known already.");
        return Close(now.Channel, cause, Extent.All, why, at);
    }

    private static Decision Suppress(Standing now, ContactSignal.SuppressAsked a, Situation s)
    {
        if (now.Find(Cause.Person) is { } before && before.What >= a.What) return Decision.Ignore("One of us has decided so already.");
        var decision = Close(now.Channel, Cause.Person, a.What, a.Reason, s.At);
        return decision with { Events = [((ContactEvent.Closed)decision.Events[0]) with { By = a.By }] };
    }

    private static Decision Lift(Standing now, ContactSignal.LiftAsked l, Situation s)
    {
        if (now.Nos?.Any(n => n.Cause != Cause.OptOut) != true)
            return Decision.Ignore(now.Nos is null ? "Nothing stands against writing to them." : "They said it themselves, and only they can take it back.");
        var decision = Decision.Of(new ContactEvent.Lifted(now.Channel, l.Reason, s.At, l.By)).Because($"{l.By}: {l.Reason}.");
        return now.Find(Cause.OptOut) is { } said ? decision.Because($"What they said themselves stands: {said.Why}.") : decision;
    }

    private static Decision Close(string channel, Cause cause, Extent what, string why, DateTimeOffset at) =>
        Decision.Of(new ContactEvent.Closed(channel, cause, what, why, at)).Because($"{(what == Extent.All ? "Nothing" : "No marketing")} is sent to them by {Name(channel)} from now on: {why}.");

    /// <summary>An e-mail is unsubscribed from; STOP on a phone means what it says.</summary>
    private static Extent Usual(string channel) => channel == ContactPoint.Email ? Extent.Marketing : Extent.All;

    private static No Because(ContactEvent.Closed c) => new(c.Cause, c.What, c.Why, c.At);

    private static Standing Without(Standing standing, Func<No, bool> gone) => standing with { Nos = OrNull([.. (standing.Nos ?? []).Where(n => !gone(n))]) };

    private static Contact With(Contact state, Standing standing) => state with { Standings = [.. (state.Standings ?? []).Where(s => s.Channel != standing.Channel), standing] };

    private static Contact Know(Contact state, string id) => state with { Known = [.. (state.Known ?? []).TakeLast(MostKnown - 1), id] };

    private static Contact Without(Contact state, string? answer) => answer is null ? state : state with { Given = OrNull([.. (state.Given ?? []).Where(g => g != answer)]) };

    private static string Ending(string? id) => $"{Fnv.Of(id ?? ""):x16}";

    private static string IdOf(string? messageId, string text, DateTimeOffset at) => messageId ?? $"{at.ToUnixTimeMilliseconds()}/{Fnv.Of(text):x16}";

    private static string Name(string channel) => channel switch { ContactPoint.Email => "e-mail", ContactPoint.WhatsApp => "WhatsApp", ContactPoint.Sms => "text message", _ => channel };

    private static List<T>? OrNull<T>(List<T> list) => list.Count == 0 ? null : list;
}
