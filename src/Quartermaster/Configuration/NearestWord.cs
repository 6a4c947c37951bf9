namespace Quartermaster.Configuration;

/// <summary>Finds the word a person most likely meant.</summary>
internal static class NearestWord
{
    /// <returns>The closest of the known words, or null when none is close enough to be a slip of the finger.</returns>
    public static string? To(string written, IEnumerable<string> known)
    {
        var limit = Math.Max(2, written.Length / 3);
        return known
            .Select(word => (Word: word, Distance: Distance(written, word)))
            .Where(c => c.Distance <= limit)
            .OrderBy(c => c.Distance)
            .Select(c => c.Word)
            .FirstOrDefault();
    }

    /// <summary>"Did you mean 'x'?", or the list of what exists.</summary>
    public static string Hint(string written, IReadOnlyCollection<string> known, string none) =>
        To(written, known) is { } near ? $"Did you mean '{near}'?"
        : known.Count > 0 ? $"Known: {string.Join(", ", known.Order(StringComparer.Ordinal))}."
        : none;

    // Levenshtein distance without regard to case, two rows at a time.
    private static int Distance(string a, string b)
    {
        var (above, row) = (new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++) above[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + change);
            }
            (above, row) = (row, above);
        }
        return above[b.Length];
    }
}
