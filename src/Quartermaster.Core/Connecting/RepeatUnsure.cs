namespace Quartermaster.Core.Connecting;

/// <summary>What to do about a message of unknown fate at a vendor that knows no idempotency key and cannot be asked.</summary>
/// <remarks>
/// Neither answer is right for everybody: a shopper who is told twice that a parcel left is a small nuisance, one who is
/// never told writes to support. So it is a setting of every connector that declares <see cref="RepeatSafety.Once"/>.
/// </remarks>
public static class RepeatUnsure
{
    public static readonly Setting Setting = new("repeat_unsure",
        "What happens to a message that may or may not have gone out: true = send it once more (at worst it arrives twice), false = a person decides.",
        Required: false, Default: "true");

    /// <summary>May it be sent once more? Whatever is neither true nor false counts as false: asking a person does no harm.</summary>
    public static bool IsAllowed(Settings settings) => settings.Get(Setting.Key, Setting.Default!) == "true";
}
