using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Core.Flows;

/// <summary>One contact point of a brand's customers. Its id is <see cref="ContactPoint"/>'s: <c>email:ana@example.com</c>, <c>phone:+9198…</c>.</summary>
public sealed class ContactStream : IStreamKind
{
    /// <summary>Later than that nobody waits for it any more, and it may be wrong.</summary>
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromMinutes(15);

    public string Kind => ContactPoint.Stream;

    public bool HearsOfSettledCases => true;

    public object Empty => Contact.Unheard;

    public object Load(ReadOnlySpan<byte> state) => CoreJson.ReadState<Contact>(state);

    public byte[] Save(object state) => CoreJson.WriteState((Contact)state);

    public Turn Decide(object state, Signal signal, Situation situation)
    {
        var contact = (Contact)state;
        var decision = signal switch
        {
            ContactSignal said => ContactDecider.Decide(contact, said, situation),
            CaseSettled settled => ContactDecider.Settle(contact, settled),
            EffectSettled settled => ContactDecider.Settle(contact, settled, situation),
            _ => throw new InvalidOperationException($"{signal.GetType().Name} is not for a contact."),
        };
        foreach (var e in decision.Events) contact = ContactDecider.Evolve(contact, (ContactEvent)e);
        return new(contact, decision.Events, [.. decision.Effects, .. Answers(contact, decision.Events, situation)], decision.Requests, decision.Timers, decision.Cases, [], decision.Note);
    }

    private static IEnumerable<PlannedEffect> Answers(Contact contact, IReadOnlyList<Event> events, Situation s)
    {
        if (ContactPoint.Parse(s.Stream.Id) is not { } to) yield break;
        foreach (var e in events)
        {
            if (e is ContactEvent.AnswerPlanned found && Connection(found.Channel, s) is { } at)
                yield return new(ContactDecider.AnswerKey(s.Stream, found.Channel, found.MessageId), at, Write(contact, found.Channel, to, found.Text, s), s.At + AnswerPatience);
            if (e is ContactEvent.AnswerGiven given && Connection(given.Channel, s) is { } by)
                yield return new(ContactDecider.AnswerKey(s.Stream, given.Channel, ContactDecider.ByPerson(given.Id)), by, Write(contact, given.Channel, to, given.Text, s) with { Template = given.Template, Language = given.Language }, given.NotAfter);
        }
    }

    private static string? Connection(string channel, Situation s) => s.Terms.MessageChannels.FirstOrDefault(c => c.Kind == channel)?.Connection;

    /// <summary>A mail stands below the one that it answers; where that had no subject, or nobody wrote first, it bears the brand's name.</summary>
    private static MessageEffect.Answer Write(Contact contact, string channel, ContactPoint to, string text, Situation s)
    {
        if (channel != ContactPoint.Email) return new(to.Address, text);
        var mail = contact.Waiting?.LastOrDefault(w => w.Channel == channel);
        return new(to.Address, text, mail?.Subject is { Length: > 0 } subject ? Again(subject) : s.Terms.Title, IsMailId(mail?.MessageId) ? mail!.MessageId : null);
    }

    private static string Again(string subject) => subject.StartsWith("Re:", StringComparison.OrdinalIgnoreCase) ? subject : "Re: " + subject;

    // It becomes part of a header: what is not plainly an id is left out.
    private static bool IsMailId(string? id) => id is ['<', .., '>'] && id.Length <= 250 && id.Contains('@', StringComparison.Ordinal) && !id[1..^1].Any(c => c is '<' or '>' || char.IsWhiteSpace(c) || char.IsControl(c));

    public StreamRow? Row(StreamId id, object state) => null;
}
