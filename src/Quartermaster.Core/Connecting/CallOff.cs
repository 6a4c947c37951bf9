using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Connecting;

/// <summary>An effect that this stream planned is not wanted any more: take it out before it is done. Answered by <see cref="CalledOff"/> in the same transaction.</summary>
/// <remarks>
/// What lies in the table is ended there and then, as cancelled. What a lane has in its hands cannot be called back: it is answered as
/// under way, and whoever asks looks again later, because an effect that fails for now returns to the table without a word.
/// </remarks>
/// <param name="EffectKey">Key of the effect, as in <see cref="PlannedEffect.Key"/>.</param>
/// <param name="EffectKind">Its wire kind; its capability gets the answer.</param>
[Wire("effect.call_off.v1")]
public sealed record CallOff(string EffectKey, string EffectKind, string Why) : Request;

/// <summary>The database's answer to <see cref="CallOff"/>.</summary>
[Wire("effect.called_off.v1")]
public sealed record CalledOff(string EffectKey, string EffectKind, CallOffAnswer Answer) : Signal;

/// <summary>What became of an effect that was called off. In the first two cases nobody will do it from now on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallOffAnswer>))]
public enum CallOffAnswer
{
    /// <summary>It was never sent, and never will be.</summary>
    NeverSent,

    /// <summary>It will not be sent again, but it has ended, or was tried before: the remote system may know of it.</summary>
    MayHaveArrived,

    /// <summary>A lane has it in its hands this moment.</summary>
    UnderWay,
}
