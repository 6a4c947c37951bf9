using System.Text;

namespace Quartermaster.Core.Connecting;

/// <summary>Makes what a remote system said fit for a text column, which takes neither U+0000 nor half a character.</summary>
/// <remarks>Both are valid in a vendor's JSON. The runtime passes every result through here, so that no connector has to think of it.</remarks>
public static class Storable
{
    /// <returns>The same text when nothing is wrong with it, which is nearly always.</returns>
    public static string Text(string said)
    {
        if (!said.Contains('\0', StringComparison.Ordinal) && said.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0) return said;
        var clean = new StringBuilder(said.Length);
        foreach (var rune in said.EnumerateRunes())
        {
            if (rune.Value == 0) clean.Append("\\u0000");
            else clean.Append(rune);
        }
        return clean.ToString();
    }

    /// <summary>Shortened to at most so many UTF-16 units and an ellipsis, never through the middle of a character.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most) return text;
        var end = most > 0 && char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return string.Concat(text.AsSpan(0, end), "…");
    }

    public static Result Of(Result result) => result with
    {
        Outcome = result.Outcome switch
        {
            Outcome.Done { RemoteId: { } id } done => done with { RemoteId = Text(id) },
            Outcome.AlreadyDone { RemoteId: { } id } done => done with { RemoteId = Text(id) },
            Outcome.TryLater later => later with { Why = Text(later.Why) },
            Outcome.Refused refused => new Outcome.Refused(Text(refused.Code), Text(refused.Why)),
            Outcome.NotConnected not => new Outcome.NotConnected(Text(not.Why)),
            Outcome.Unsure unsure => new Outcome.Unsure(Text(unsure.Why)),
            var nothing => nothing,
        },
        Exchange = ReferenceEquals(result.Exchange, Exchange.None) ? Exchange.None : new(Text(result.Exchange.Request), Text(result.Exchange.Answer)),
    };
}
