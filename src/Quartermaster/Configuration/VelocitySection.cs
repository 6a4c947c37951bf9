using Quartermaster.Core.Kernel;

namespace Quartermaster.Configuration;

/// <summary>Reads <c>brands.NAME.risk.velocity</c>: for each window, from how many orders on sharing something counts.</summary>
internal static class VelocitySection
{
    private const int MostWindows = 4;

    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1), Longest = TimeSpan.FromDays(31);

    /// <returns>The shortest window first; none when the section is not written.</returns>
    public static IReadOnlyList<VelocityLine> Read(Section risk)
    {
        if (!risk.Names().Contains("velocity")) return [];
        var section = risk.Child("velocity");
        List<VelocityLine> lines = [];
        foreach (var (name, window) in section.Children())
        {
            var within = WrittenValues.PeriodOf(name);
            if (within is not { } time || time < Shortest || time > Longest)
                window.Problems.Add(window.Place, window.Path, $"'{name}' is not a window of time", "Write its length as the key, 1m to 31d: 1h: { card: 2, device: 3 }");
            else if (lines.Exists(l => l.Within == time))
                window.Problems.Add(window.Place, window.Path, "this window is written twice", "Leave one of them out.");
            else
                lines.Add(Line(window, time));
            window.NothingElse();
        }
        if (lines.Count > MostWindows) section.Problems.Add(section.Place, section.Path, $"there are more than {MostWindows} windows", "Leave some of them out: each is counted for every order.");
        return lines.Count == 0 ? VelocityLine.Usual : [.. lines.OrderBy(l => l.Within)];
    }

    private static VelocityLine Line(Section window, TimeSpan within) => new(within, From(window, "email"), From(window, "device"), From(window, "card"), From(window, "network"));

    private static int From(Section window, string key)
    {
        var from = window.Whole(key, 0, most: 1000);
        if (from == 1) window.Find(key)!.IsWrong("every order would count", $"Write {key}: 2 or more, this order being one of them, or 0 to leave it out.");
        return from;
    }
}
