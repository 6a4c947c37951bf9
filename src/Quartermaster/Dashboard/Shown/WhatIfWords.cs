using System.Globalization;
using Quartermaster.Core.Flows;

namespace Quartermaster.Dashboard.Shown;

/// <summary>One figure of a comparison: what it is, as it is, as it would be.</summary>
/// <param name="Better">True: the change is for the better; null: there is none, or nobody can say.</param>
public sealed record WhatIfFigure(string What, string Now, string Then, string Difference, bool? Better);

/// <summary>A what-if in figures and words, the same on the page and on the command line.</summary>
public static class WhatIfWords
{
    public static IReadOnlyList<WhatIfFigure> Figures(WhatIfComparison compared, string currency)
    {
        var (now, then) = (compared.Now, compared.Then);
        List<WhatIfFigure> figures =
        [
            Of("Shipping cost", now.Cost, then.Cost, v => MoneyText.Of(v, currency), less: true),
            Of("Shipping cost of an order", now.Cost / Math.Max(1, Served(now)), then.Cost / Math.Max(1, Served(then)), v => MoneyText.Of(Math.Round(v, 2), currency), less: true),
            Count("Orders after their promise", now.Late, then.Late), Count("Days after the promise, all orders", now.DaysLate, then.DaysLate),
            Count("Orders in several parcels", now.Split, then.Split), Count("Parcels", now.Parcels, then.Parcels),
            Count("Orders that had to wait for stock", now.Waited, then.Waited), Count("Still waiting at the end", now.Unserved, then.Unserved), Count("Held by a rule", now.Held, then.Held, judged: false),
        ];
        foreach (var location in now.ByLocation.Keys.Union(then.ByLocation.Keys).Order(StringComparer.Ordinal))
            figures.Add(Count($"Parcels from {location}", now.ByLocation.GetValueOrDefault(location), then.ByLocation.GetValueOrDefault(location), judged: false));
        return figures;
    }

    /// <summary>How far the rerun can be believed: how often it does what was really done.</summary>
    public static string Trust(WhatIfComparison compared) => compared.AsItWas is { Known: > 0 and var known, Same: var same }
        ? string.Create(CultureInfo.InvariantCulture, $"Under today's terms the rerun sends {same:N0} of {known:N0} orders ({100.0 * same / known:0.#} %) from where they really went.")
        : "Where these orders really went is not known yet.";

    /// <summary>What makes a rerun under today's terms differ from what was really done.</summary>
    public const string Limits = "What it cannot know: terms, rates and units kept back as they were then, if they were others; what shelves had sold and carriers had done by then, where that is weighed; and orders that were planned anew in between, because a warehouse came up short or a payment came late.";

    public static string Way(Fared fared) => fared.From switch { null => "waits", "" => fared.Held ? "held" : "nothing to send", var from => from };

    private static int Served(WhatIfRun run) => run.Orders.Count(o => o.Parcels > 0);

    private static WhatIfFigure Count(string what, int now, int then, bool judged = true) => Of(what, now, then, v => v.ToString("N0", CultureInfo.InvariantCulture), judged ? true : null);

    private static WhatIfFigure Of(string what, decimal now, decimal then, Func<decimal, string> write, bool? less)
    {
        var by = then - now;
        return new(what, write(now), write(then), by == 0 ? "–" : $"{(by > 0 ? "+" : "−")}{write(Math.Abs(by))}{(now == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({100 * by / now:+0.#;−0.#;0} %)"))}", by == 0 || less is null ? null : by < 0);
    }
}
