using System.Globalization;

namespace Quartermaster.Core.Connecting;

/// <summary>What to do about a message of unknown fate at a vendor that knows no idempotency key and cannot be asked.</summary>
/// <remarks>
/// Neither answer is right for everybody: a shopper who is told twice that a parcel left is a small nuisance, one who is
/// never told writes to support. So it is a setting of every connector that declares <see cref="RepeatSafety.Once"/>.
/// </remarks>
public static class RepeatUnsure
{
    public static readonly Setting Setting = new("repeat_unsure",
        "How often a message that may or may not have gone out is sent again before a person decides: 0 to 10. Each time it may arrive once more.",
        Required: false, Default: "1", Fits: text => Read(text) is not null);

    /// <summary>How often it may be sent again. What is no such number counts as 0: asking a person does no harm.</summary>
    public static int Times(Settings settings) => Read(settings.Get(Setting.Key, Setting.Default!)) ?? 0;

    private static int? Read(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var times) && times <= 10 ? times : null;
}
