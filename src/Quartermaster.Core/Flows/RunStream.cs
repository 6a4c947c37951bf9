using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Core.Flows;

/// <summary>One customer of a brand that has campaigns. Its id is <see cref="ContactPoint"/>'s: <c>email:ana@example.com</c>, or <c>phone:+9198…</c> of whom no e-mail address is known.</summary>
public sealed class RunStream : IStreamKind
{
    public string Kind => Runs.Stream;

    public object Empty => RunFile.Empty;

    public object Load(ReadOnlySpan<byte> state) => CoreJson.ReadState<RunFile>(state);

    public byte[] Save(object state) => CoreJson.WriteState((RunFile)state);

    /// <summary>Where a customer is followed; null for somebody who could not be written to.</summary>
    public static StreamId? Of(string brand, string? email, string? phone)
    {
        var point = email?.IndexOf('@', StringComparison.Ordinal) > 0 ? ContactPoint.Of(ContactPoint.Email, email)
            : !string.IsNullOrWhiteSpace(phone) ? ContactPoint.Of(ContactPoint.Sms, phone) : (ContactPoint?)null;
        return point is { } p ? new(brand, Runs.Stream, $"{p.Kind}:{p.Address}") : null;
    }

    public Turn Decide(object state, Signal signal, Situation situation) => new RunTurn((RunFile)state, situation).Take(signal);

    public StreamRow? Row(StreamId id, object state) => null;

    /// <summary>One signal's way: what a step says goes to the correspondence, and what does not get through comes back.</summary>
    private sealed class RunTurn(RunFile file, Situation s)
    {
        private readonly Queue<Signal> _next = new();
        private readonly List<Event> _events = [];
        private readonly List<PlannedEffect> _effects = [];
        private readonly List<Request> _requests = [];
        private readonly List<Kernel.Timer> _timers = [];
        private string? _note;

        public Turn Take(Signal signal)
        {
            _next.Enqueue(signal);
            while (_next.TryDequeue(out var one)) Take(Decide(one));
            return new(file, _events, _effects, _requests, _timers, [], [], _note);
        }

        private Decision Decide(Signal signal) => signal switch
        {
            RunSignal x => RunDecider.Decide(file.Runs, x, s),
            MessageSignal x => MessageDecider.Decide(file.Messages, x, s),
            EffectSettled x => MessageDecider.Settle(file.Messages, x, s),
            _ => throw new InvalidOperationException($"{signal.GetType().Name} is not for a customer's campaigns."),
        };

        private void Take(Decision decision)
        {
            _effects.AddRange(decision.Effects);
            _requests.AddRange(decision.Requests);
            _timers.AddRange(decision.Timers);
            if (decision.Note is { } why) _note = _note is null ? why : $"{_note} {why}";
            foreach (var e in decision.Events)
            {
                _events.Add(e);
                file = file.After(e);
            }
            foreach (var e in decision.Events)
                if (WhenStepIsDueSayIt.React(file.Runs, e, s) is { } signal) _next.Enqueue(signal);
        }
    }
}
