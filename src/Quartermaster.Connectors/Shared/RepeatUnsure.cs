using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Shared;

/// <summary>What to do about a message of unknown fate at a vendor that knows no idempotency key and cannot be asked.</summary>
/// <remarks>
/// Neither answer is right for everybody: a shopper who is told twice that a parcel left is a small nuisance, one who is
/// never told writes to support. So it is a setting, and such a connector declares <see cref="RepeatSafety.ByLookUp"/> to
/// have it read before anything is repeated. The repeat carries the same key, so the hub's own history stays clear.
/// </remarks>
public static class RepeatUnsure
{
    public static readonly Setting Setting = new("repeat_unsure",
        "What happens to a message that may or may not have gone out: true = send it again (at worst it arrives twice), false = a person decides.",
        Required: false, Default: "true");

    public static Result LookUp(Session session) => new(Decide(session.Settings), Exchange.None);

    private static Outcome Decide(Settings settings) => settings.Get(Setting.Key, Setting.Default!) switch
    {
        "true" => new Outcome.TryLater("may have gone out; repeat_unsure is true, so it is sent again"),
        "false" => new Outcome.Unsure("may have gone out; repeat_unsure is false, so a person decides"),
        var other => new Outcome.NotConnected($"repeat_unsure is '{other}'; it must be true or false"),
    };
}
