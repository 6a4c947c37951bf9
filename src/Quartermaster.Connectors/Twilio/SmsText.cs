using System.Globalization;
using System.Text;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Twilio;

/// <summary>A text as it travels by SMS: the cheap alphabet where it fits, and how many messages it is paid for.</summary>
/// <param name="Text">With typographic marks in their plain form, where that alone kept it from the cheap alphabet.</param>
/// <param name="IsGsm">In the GSM 7-bit alphabet (3GPP TS 23.038): 160 characters alone, 153 a segment. Otherwise UCS-2: 70 and 67.</param>
internal sealed record SmsText(string Text, bool IsGsm, int Segments)
{
    public const string UsualMost = "4";

    // The default alphabet, and the characters that take two places because they need an escape.
    private const string Alphabet = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    private const string Escaped = "^{}\\[~]|€";

    private static readonly Dictionary<char, string> Plain = new()
    {
        ['‘'] = "'", ['’'] = "'", ['‚'] = "'", ['“'] = "\"", ['”'] = "\"", ['„'] = "\"", ['–'] = "-", ['—'] = "-", ['‑'] = "-", ['…'] = "...", ['\u00A0'] = " ", ['\u202F'] = " ", ['•'] = "-", ['\t'] = " ",
    };

    public static SmsText Of(string text)
    {
        text = text.ReplaceLineEndings("\n").Trim();
        var plain = new StringBuilder(text.Length);
        foreach (var c in text) plain.Append(Plain.TryGetValue(c, out var same) ? same : c);
        var gsm = plain.ToString();
        return gsm.All(c => Alphabet.Contains(c, StringComparison.Ordinal) || Escaped.Contains(c, StringComparison.Ordinal))
            ? new(gsm, true, Count(gsm, alone: 160, each: 153, PlacesOfGsm))
            : new(text, false, Count(text, alone: 70, each: 67, PlacesOfUcs2));
    }

    public static int MostOf(Settings settings) => Most(settings.Get("most_segments", UsualMost)) ?? 1;

    /// <returns>Null when it is no number that makes sense.</returns>
    public static int? Most(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most is >= 1 and <= 10 ? most : null;

    // A character that takes two places does not straddle two segments.
    private static int Count(string text, int alone, int each, Func<string, int, int> placesAt)
    {
        var (whole, segments, inSegment) = (0, 1, 0);
        for (var i = 0; i < text.Length; i++)
        {
            var places = placesAt(text, i);
            whole += places;
            if (inSegment + places > each) (segments, inSegment) = (segments + 1, 0);
            inSegment += places;
        }
        return whole <= alone ? 1 : segments;
    }

    private static int PlacesOfGsm(string text, int at) => Escaped.Contains(text[at], StringComparison.Ordinal) ? 2 : 1;

    private static int PlacesOfUcs2(string text, int at) =>
        char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2
        : char.IsLowSurrogate(text[at]) && at > 0 && char.IsHighSurrogate(text[at - 1]) ? 0 : 1;
}
