using System.Reflection;
using Quartermaster.Core;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Intake;

namespace Quartermaster.Runtime.Lanes;

/// <summary>What is to be written of a group of outcomes: which effects have ended, which wait and for what, whom to tell, what a person has to see.</summary>
internal sealed class OutcomeRows(HubPlan plan, DateTimeOffset now)
{
    public List<EndedRow> Ended { get; } = [];

    public List<WaitingRow> Waiting { get; } = [];

    /// <summary>To the streams that planned effects which have not ended, and wait for a person.</summary>
    public List<NewSignal> Troubles { get; } = [];

    /// <summary>What was learned on the way, to whom it concerns.</summary>
    public List<NewSignal> Learned { get; } = [];

    public List<CaseRow> Cases { get; } = [];

    public void Add(Settled s)
    {
        var item = s.Item;
        var onlyTrouble = EffectKinds.OnlyTrouble(item.Kind);
        var otherwise = item.Effect is IHasAnotherWay { HasAnotherWay: true };
        if (s.Asked == Asked.TooLate)
        {
            // Whoever waits for the outcome hears of it; a message that nobody waits for is not said by another channel either.
            var late = "it was due before " + item.NotAfter?.ToString("u");
            Ended.Add(new(s, "dropped", late, null, onlyTrouble ? null : Report(item, new Outcome.Refused("too_late", late))));
            return;
        }
        if (s.Result.Learned is { } found)
        {
            foreach (var f in found) Learned.Add(new(f.To, Wire.KindOf(f.Signal.GetType()), CoreJson.Write(f.Signal), "effect/" + item.Id));
        }
        var attempts = (short)Math.Min(short.MaxValue, item.Attempts + (Retry.CostsAnAttempt(s, now) ? 1 : 0));
        switch (s.Result.Outcome)
        {
            case Outcome.Done done:
                Ended.Add(new(s, s.Asked == Asked.WhetherItArrived ? "already_done" : "done", null, done.RemoteId, onlyTrouble ? null : Report(item, s.Result.Outcome)));
                break;
            case Outcome.AlreadyDone done:
                Ended.Add(new(s, "already_done", null, done.RemoteId, onlyTrouble ? null : Report(item, s.Result.Outcome)));
                break;
            case Outcome.Refused refused when onlyTrouble || EffectKinds.RefusalEnds(item.Kind):
                Ended.Add(new(s, "refused", $"{refused.Code}: {refused.Why}", null, Report(item, refused)));
                break;
            case Outcome.Refused refused:
                Waiting.Add(new(s, 3, 0, attempts, DateTimeOffset.MaxValue, $"{refused.Code}: {refused.Why}"));
                Troubles.Add(Reported(item, refused));
                break;
            case Outcome.TryLater when s.Asked == Asked.WhetherItArrived:
                Waiting.Add(new(s, 2, 0, attempts, now, "it had not arrived; sent again"));
                break;
            case Outcome.TryLater later when attempts >= Retry.GiveUpAfter && otherwise:
                // Kept open here as well, it could happen twice.
                Ended.Add(new(s, "refused", $"given up after {attempts} attempts: {later.Why}", null, Report(item, later)));
                break;
            case Outcome.TryLater later when attempts >= Retry.GiveUpAfter:
                Waiting.Add(new(s, 5, item.Doubts, attempts, DateTimeOffset.MaxValue, later.Why));
                Cases.Add(Case(item, "effect.gave_up", $"{Short(item.Kind)} did not succeed in {attempts} attempts", later.Why));
                break;
            case Outcome.TryLater later:
                // An earlier call that may have arrived is no more certain for this one's failure.
                Waiting.Add(new(s, 2, item.Doubts, attempts, now + Retry.After(attempts, later.After, item.Id), later.Why));
                break;
            case Outcome.NotConnected not when otherwise:
                Ended.Add(new(s, "refused", not.Why, null, Report(item, not)));
                Cases.Add(NotConnected(item, not));
                break;
            case Outcome.NotConnected not:
                Waiting.Add(new(s, 2, item.Doubts, (short)item.Attempts, now + TimeSpan.FromMinutes(1), not.Why));
                Cases.Add(NotConnected(item, not));
                break;
            case Outcome.Unsure unsure:
                AddUnknown(s, unsure, attempts);
                break;
        }
    }

    private void AddUnknown(Settled s, Outcome.Unsure unsure, short attempts)
    {
        var item = s.Item;
        var connection = plan.Connections[item.Lane];
        var doubts = item.Doubts + 1;
        var goesOn = s.Asked is not (Asked.Nobody or Asked.WhetherAllowed) && connection.Connector.Manifest.RepeatSafety switch
        {
            RepeatSafety.ByKey => attempts < Retry.GiveUpAfter,
            RepeatSafety.ByLookUp => doubts <= Retry.LookUps,
            RepeatSafety.Once => doubts <= RepeatUnsure.Times(connection.Settings),
            _ => false,
        };
        if (goesOn)
        {
            Waiting.Add(new(s, 2, doubts, attempts, now + Retry.After(Math.Max(attempts, doubts), null, item.Id), unsure.Why));
            return;
        }
        Waiting.Add(new(s, 4, doubts, attempts, DateTimeOffset.MaxValue, unsure.Why));
        Troubles.Add(Reported(item, unsure));
        Cases.Add(Case(item, "effect.unsure", $"Nobody knows whether {Short(item.Kind)} arrived at {item.Lane}", unsure.Why));
    }

    private static CaseRow NotConnected(LaneItem item, Outcome.NotConnected not) =>
        new(item.Brand, "connection/" + item.Lane, "not_connected", "connection.not_connected", $"{item.Lane} does not accept our credentials", not.Why);

    private static CaseRow Case(LaneItem item, string kind, string title, string detail) => new(item.Brand, item.Stream, "effect/" + item.Key, kind, title, detail);

    private static byte[] Report(LaneItem item, Outcome outcome) => CoreJson.Write(new EffectSettled(item.Key, item.Kind, outcome));

    private static NewSignal Reported(LaneItem item, Outcome outcome) => new(StreamId.Parse(item.Brand, item.Stream), "effect.settled.v1", Report(item, outcome), "effect");

    private static string Short(string kind) => kind.Split('.') is [_, var name, ..] ? name.Replace('_', ' ') : kind;
}

/// <summary>An effect that leaves the table for the log. <paramref name="Report"/>: the signal to its stream; null for the quiet ones.</summary>
internal readonly record struct EndedRow(Settled Settled, string Outcome, string? Why, string? RemoteId, byte[]? Report)
{
    public short Part => StreamId.PartitionOf(Settled.Item.Brand, Settled.Item.Stream);
}

/// <summary>An effect that stays in the table. <paramref name="State"/>: as in the table's own comment (2 waits, 3 refused, 4 unsure, 5 gave up).</summary>
internal readonly record struct WaitingRow(Settled Settled, short State, int Doubts, short Attempts, DateTimeOffset Next, string Why);

/// <summary>A case that the machine itself opens, not a decision.</summary>
internal readonly record struct CaseRow(string Brand, string Stream, string Key, string Kind, string Title, string Detail);

/// <summary>What is said of effects by an attribute, by wire kind.</summary>
internal static class EffectKinds
{
    private static readonly HashSet<string> Quiet = [.. With(typeof(ReportsOnlyTroubleAttribute))];

    private static readonly HashSet<string> Answered = [.. With(typeof(RefusalIsAnAnswerAttribute))];

    private static readonly HashSet<string> InShadow = [.. With(typeof(GoesOutInShadowAttribute))];

    /// <summary>Kinds that a brand in shadow sends.</summary>
    public static string[] SentInShadow { get; } = [.. InShadow];

    /// <summary>A refusal ends it: the stream goes another way, and a replay would do it twice.</summary>
    public static bool RefusalEnds(string kind) => Answered.Contains(kind);

    public static bool OnlyTrouble(string kind) => Quiet.Contains(kind);

    /// <summary>It changes nothing outside, or is for our own people: shadow is no reason to keep it.</summary>
    public static bool GoesOutInShadow(string kind) => InShadow.Contains(kind);

    private static IEnumerable<string> With(Type attribute) => Wire.All.Where(t => t.IsDefined(attribute)).Select(Wire.KindOf);
}
