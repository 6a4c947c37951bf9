using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Connecting;

/// <summary>What came of an effect. Closed: exactly these six, and each has one owner.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "outcome")]
[JsonDerivedType(typeof(Done), "done")]
[JsonDerivedType(typeof(AlreadyDone), "already_done")]
[JsonDerivedType(typeof(TryLater), "try_later")]
[JsonDerivedType(typeof(Refused), "refused")]
[JsonDerivedType(typeof(NotConnected), "not_connected")]
[JsonDerivedType(typeof(Unsure), "unsure")]
public abstract record Outcome
{
    private Outcome() { }

    /// <summary>What came of it, as a sentence for a case.</summary>
    public static string Words(Outcome outcome) => outcome switch
    {
        Refused r => $"Refused ({r.Code}): {r.Why}",
        NotConnected n => $"Not connected: {n.Why}",
        Unsure u => $"Nobody can tell whether it arrived: {u.Why}",
        TryLater t => $"Given up: {t.Why}",
        _ => outcome.GetType().Name,
    };

    /// <summary>The remote system did it now.</summary>
    /// <param name="RemoteId">Its id there (invoice id, message id), when it gave one.</param>
    public sealed record Done(string? RemoteId = null) : Outcome;

    /// <summary>It had been done before, under the same key: an earlier call arrived although its answer did not.</summary>
    public sealed record AlreadyDone(string? RemoteId = null) : Outcome;

    /// <summary>Nothing happened there, and asking again later may work. <paramref name="After"/> is the vendor's own wish.</summary>
    public sealed record TryLater(string Why, TimeSpan? After = null) : Outcome;

    /// <summary>The remote system understood and said no; repeating it would be refused again. A person or another path decides.</summary>
    /// <param name="Code">The vendor's code, as it came.</param>
    public sealed record Refused(string Code, string Why) : Outcome
    {
        /// <summary>The code when it was no remote system but one of us: a person cancelled the effect.</summary>
        public const string ByPerson = "cancelled_by_person";

        /// <summary>The same of an effect that may have arrived: nobody here sends it any more, and what it was for may happen all the same.</summary>
        public const string ByPersonInDoubt = "cancelled_in_doubt";
    }

    /// <summary>Credentials or configuration are missing or no longer valid; the whole lane stops until someone mends the connection.</summary>
    public sealed record NotConnected(string Why) : Outcome;

    /// <summary>It may have arrived (timeout, reset, 5xx after sending). Looked up by reference before anything is repeated.</summary>
    public sealed record Unsure(string Why) : Outcome;
}

/// <summary>The outcome of an effect, reported back to the stream that planned it.</summary>
/// <param name="EffectKey">Key of the effect, as in <see cref="PlannedEffect.Key"/>.</param>
/// <param name="EffectKind">Wire kind of the effect; its capability gets the signal.</param>
[Wire("effect.settled.v1")]
public sealed record EffectSettled(string EffectKey, string EffectKind, Outcome Outcome) : Signal;

/// <summary>An effect whose success need not be reported to its stream: only trouble is a signal. Saves a decision per message.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ReportsOnlyTroubleAttribute : Attribute;

/// <summary>An effect that only asks, or tells our own people: a brand in shadow sends it too, because without it the hub would know less there than live.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class GoesOutInShadowAttribute : Attribute;

/// <summary>An effect whose planner may reach the same end otherwise. With another way, one that is shut is given up at once instead of waited for.</summary>
public interface IHasAnotherWay
{
    /// <summary>False: it waits until its connection is mended, like every other effect.</summary>
    bool HasAnotherWay { get; }
}

/// <summary>A refusal is an answer on which the stream acts by another way: the effect ends with it, so that nobody can repeat what was done otherwise.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class RefusalIsAnAnswerAttribute : Attribute;
