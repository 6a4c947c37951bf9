using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Quartermaster.Core.Customers;

/// <summary>Reads a text as a word about being written to, in English, Hindi and Bahasa Indonesia.</summary>
/// <remarks>
/// The whole text has to be the word, apart from case, punctuation and blanks: "stop" is one and "please stop at the gate" is not. What is
/// no such word is read by a person. Providers also take CANCEL and END; here they stay out, because a shopper who answers a message about
/// an order with them means the order.
/// </remarks>
public static class OptWords
{
    private static readonly FrozenSet<string> Out = Words(
        "stop", "stopall", "stop all", "unsubscribe", "optout", "opt out", "opt-out", "quit", "revoke",
        "berhenti", "berhenti langganan", "berhenti berlangganan", "stop langganan", "unreg",
        "बंद", "बंद करें", "बंद करो", "बन्द करें", "रोकें", "रोको", "रोक दो", "स्टॉप", "अनसब्सक्राइब", "band karo", "band karen");

    private static readonly FrozenSet<string> In = Words(
        "start", "unstop", "subscribe", "resubscribe", "optin", "opt in", "opt-in",
        "mulai", "mulai langganan", "langganan", "berlangganan",
        "शुरू", "शुरू करें", "शुरू करो", "चालू करें", "चालू करो", "स्टार्ट", "shuru karo", "shuru karen");

    /// <summary>True = they want to be written to, false = they do not, null = it says nothing about that.</summary>
    public static bool? Read(string text)
    {
        // Longer than any word of ours: nobody has to look further.
        if (text.Length > 60) return null;
        var bare = Bare(text);
        return Out.Contains(bare) ? false : In.Contains(bare) ? true : null;
    }

    private static FrozenSet<string> Words(params string[] words) => words.Select(Bare).ToFrozenSet();

    /// <summary>Letters with their marks and digits, lower case, one blank between words.</summary>
    internal static string Bare(string text)
    {
        var bare = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormKC))
        {
            // A Hindi vowel sign is a mark of its own; without it another word is left.
            if (char.IsLetterOrDigit(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark) bare.Append(char.ToLowerInvariant(c));
            else if (bare.Length > 0 && bare[^1] != ' ') bare.Append(' ');
        }
        return bare.ToString().TrimEnd();
    }
}
