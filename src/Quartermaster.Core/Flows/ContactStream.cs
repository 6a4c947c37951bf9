using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Flows;

/// <summary>One contact point of a brand's customers. Its id is <see cref="ContactPoint"/>'s: <c>email:ana@example.com</c>, <c>phone:+9198…</c>.</summary>
public sealed class ContactStream : IStreamKind
{
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
            _ => throw new InvalidOperationException($"{signal.GetType().Name} is not for a contact."),
        };
        foreach (var e in decision.Events) contact = ContactDecider.Evolve(contact, (ContactEvent)e);
        return new(contact, decision.Events, decision.Effects, decision.Requests, decision.Timers, decision.Cases, [], decision.Note);
    }

    public StreamRow? Row(StreamId id, object state) => null;
}
