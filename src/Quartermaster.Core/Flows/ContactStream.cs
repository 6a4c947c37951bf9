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
        return new(contact, decision.Events, [.. decision.Effects, .. Answers(decision.Events, situation)], decision.Requests, decision.Timers, decision.Cases, [], decision.Note);
    }

    private static IEnumerable<PlannedEffect> Answers(IReadOnlyList<Event> events, Situation s)
    {
        foreach (var e in events)
            if (e is ContactEvent.AnswerPlanned answer && s.Terms.MessageChannels.FirstOrDefault(c => c.Kind == answer.Channel) is { } channel && ContactPoint.Parse(s.Stream.Id) is { } to)
                yield return new(ContactDecider.AnswerKey(s.Stream, answer.Channel, answer.MessageId), channel.Connection, new MessageEffect.Answer(to.Address, answer.Text), s.At + AnswerPatience);
    }

    public StreamRow? Row(StreamId id, object state) => null;
}
