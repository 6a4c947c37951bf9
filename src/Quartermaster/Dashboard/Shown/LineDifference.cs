namespace Quartermaster.Dashboard.Shown;

/// <summary>What changed between two texts, line by line.</summary>
public static class LineDifference
{
    /// <param name="Sign"><c>+</c> new, <c>-</c> gone, blank = as before.</param>
    public sealed record Line(char Sign, string Text);

    /// <summary>The fewest lines that go and come; templates are short, so the table of all pairs is too.</summary>
    public static IReadOnlyList<Line> Of(string before, string after)
    {
        var (old, now) = (before.ReplaceLineEndings("\n").Split('\n'), after.ReplaceLineEndings("\n").Split('\n'));
        var common = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
            for (var j = now.Length - 1; j >= 0; j--) common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : int.Max(common[i + 1, j], common[i, j + 1]);
        List<Line> lines = [];
        var (a, b) = (0, 0);
        while (a < old.Length || b < now.Length)
        {
            if (a < old.Length && b < now.Length && old[a] == now[b])
            {
                lines.Add(new(' ', old[a++]));
                b++;
            }
            else if (b == now.Length || (a < old.Length && common[a + 1, b] >= common[a, b + 1])) lines.Add(new('-', old[a++]));
            else lines.Add(new('+', now[b++]));
        }
        return lines;
    }
}
