using System.Globalization;
using System.Text;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Codes;

/// <summary>A SKU of ours and what some channel calls it; empty where none offers it.</summary>
public sealed record NamedSku(string Sku, string Title);

/// <summary>What a code probably means.</summary>
/// <param name="Confidence">
/// 0 to 1, for ranking; not calibrated: nobody has measured how many suggestions with 0.9 are right. It is a fixed weight by how the code is alike, or how
/// much of the titles' rare words is shared, divided among titles that are equally alike. Two reasons that agree halve what is left to 1.
/// </param>
/// <param name="Why">For the person who decides.</param>
public sealed record Suggestion(IReadOnlyList<Part> Parts, double Confidence, string Why);

/// <summary>Suggests which SKU an unknown code means, from how it is written and what it is called. Pure; it never decides.</summary>
/// <remarks>
/// Codes are compared without case and punctuation. Titles are compared by their words, rare ones counting more (inverse document frequency
/// over the brand's titles), and a word that only one of the two has counts against them: "Mug red" is not "Mug blue".
/// </remarks>
public sealed class Matcher
{
    private const int Most = 3;
    private const double Least = 0.5, TitleAtBest = 0.9;

    private readonly IReadOnlyList<NamedSku> ours;
    private readonly ILookup<string, NamedSku> byCode;
    private readonly Dictionary<string, List<int>> byWord = [];
    private readonly List<string[]> words;

    public Matcher(IReadOnlyList<NamedSku> ours)
    {
        this.ours = ours;
        byCode = ours.ToLookup(o => Bare(o.Sku));
        words = new(ours.Count);
        for (var i = 0; i < ours.Count; i++)
        {
            words.Add(WordsOf(ours[i].Title));
            foreach (var word in words[i]) (byWord.TryGetValue(word, out var holders) ? holders : byWord[word] = []).Add(i);
        }
    }

    /// <returns>The best three at most, best first; none that is more likely wrong than right.</returns>
    public IReadOnlyList<Suggestion> For(string code, string title)
    {
        Dictionary<string, Suggestion> best = [];
        foreach (var found in (IEnumerable<Suggestion>)[.. ByCode(code), .. ByTitle(title)])
        {
            var key = Part.Words(found.Parts);
            if (!best.TryGetValue(key, out var before)) best[key] = found;
            // Two reasons that agree are better than either: what is left of the doubt is halved.
            else best[key] = Better(before, found) with { Confidence = double.Min(0.99, 1 - (1 - double.Max(before.Confidence, found.Confidence)) / 2) };
        }
        return [.. best.Values.Where(s => s.Confidence >= Least).OrderByDescending(s => s.Confidence).ThenBy(s => s.Parts[0].Sku, StringComparer.Ordinal).Take(Most)];
    }

    private static Suggestion Better(Suggestion one, Suggestion other) => one.Confidence >= other.Confidence ? one : other;

    private IEnumerable<Suggestion> ByCode(string code)
    {
        var bare = Bare(code);
        if (bare.Length < 2) yield break;
        foreach (var same in byCode[bare]) yield return new([new(same.Sku, 1)], 0.97, "the same code apart from capitals and punctuation");
        if (bare.TrimStart('0') is { Length: >= 3 } number && number.Length < bare.Length)
            foreach (var same in byCode[number]) yield return new([new(same.Sku, 1)], 0.9, "the same code without its leading zeros");
        var parts = Pieces(code);
        for (var cut = 1; cut < parts.Length; cut++)
        {
            // A prefix or suffix of a channel: WOO-TS-RED-M, TS-RED-M_DE. What is left has to be a whole code of ours.
            foreach (var found in byCode[string.Concat(parts[cut..])])
                if (Bare(found.Sku).Length >= 4) yield return new([new(found.Sku, 1)], 0.88, $"the same code behind '{string.Join('-', parts[..cut])}'");
            foreach (var found in byCode[string.Concat(parts[..^cut])])
            {
                var rest = string.Concat(parts[^cut..]);
                if (PackOf(rest) is > 1 and var pack) yield return new([new(found.Sku, pack)], 0.85, $"the same code, and '{rest}' reads as {pack} of it");
                else if (Bare(found.Sku).Length >= 4) yield return new([new(found.Sku, 1)], 0.8, $"the same code before '{rest}'");
            }
        }
    }

    private IEnumerable<Suggestion> ByTitle(string title)
    {
        var asked = WordsOf(title);
        if (asked.Length == 0) yield break;
        Dictionary<int, double> shared = [];
        foreach (var word in asked)
            if (byWord.TryGetValue(word, out var holders) && holders.Count <= 5000)
                foreach (var i in holders) shared[i] = shared.GetValueOrDefault(i) + Weight(word);
        var all = asked.Sum(Weight);
        var found = shared.Select(s => (Of: ours[s.Key], Like: s.Value / (all + words[s.Key].Sum(Weight) - s.Value))).Where(s => s.Like * TitleAtBest >= Least).OrderByDescending(s => s.Like).Take(Most + 1).ToList();
        foreach (var (of, like) in found)
        {
            // Two SKUs whose titles are equally like it: the title cannot tell them apart.
            var twins = found.Count(f => f.Like >= like - 0.02);
            yield return new([new(of.Sku, 1)], TitleAtBest * like / twins, twins > 1 ? $"called '{of.Title}', as {twins - 1} other {(twins == 2 ? "is" : "are")}" : like > 0.999 ? $"called the same: '{of.Title}'" : $"called much the same: '{of.Title}'");
        }
    }

    /// <summary>Rare words tell more.</summary>
    private double Weight(string word) => Math.Log(1 + (ours.Count + 1.0) / (1 + (byWord.TryGetValue(word, out var holders) ? holders.Count : 0)));

    /// <summary>Letters and digits, upper case.</summary>
    private static string Bare(string code)
    {
        var bare = new StringBuilder(code.Length);
        foreach (var c in code)
            if (char.IsLetterOrDigit(c)) bare.Append(char.ToUpperInvariant(c));
        return bare.ToString();
    }

    private static string[] Pieces(string code)
    {
        List<string> pieces = [];
        var piece = new StringBuilder();
        foreach (var c in code + "-")
        {
            if (char.IsLetterOrDigit(c)) piece.Append(char.ToUpperInvariant(c));
            else if (piece.Length > 0)
            {
                pieces.Add(piece.ToString());
                piece.Clear();
            }
        }
        return [.. pieces];
    }

    private static string[] WordsOf(string title) =>
        [.. Pieces(title.Normalize(NormalizationForm.FormD)).Where(w => w.Length > 1 || char.IsLetterOrDigit(w[0])).Select(w => w.Length > 3 && w.EndsWith('S') && !w.EndsWith("SS", StringComparison.Ordinal) ? w[..^1] : w).Distinct()];

    /// <summary><c>6PACK</c>, <c>X6</c>, <c>6ER</c> → 6; 0 when it reads as no pack.</summary>
    private static int PackOf(string rest)
    {
        foreach (var mark in (string[])["PACK", "PCS", "PK", "ER", "X", ""])
        {
            var digits = rest.EndsWith(mark, StringComparison.Ordinal) && mark.Length > 0 ? rest[..^mark.Length] : mark.Length > 0 && rest.StartsWith(mark, StringComparison.Ordinal) ? rest[mark.Length..] : "";
            if (digits.Length is > 0 and < 4 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var pack)) return pack;
        }
        return 0;
    }
}
