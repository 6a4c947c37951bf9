namespace Quartermaster.Core.Customers;

/// <summary>Groups of customers that follow from their own orders alone. Pure.</summary>
/// <remarks>Who spends most is none of them here: that depends on everybody else's orders, and would change without anything happening to a customer.</remarks>
public static class Segments
{
    public const string New = "new", Returning = "returning", Lapsed = "lapsed";

    /// <summary>All of them, so that a tool can be told which do not hold.</summary>
    public static readonly IReadOnlyList<string> All = [New, Returning, Lapsed];

    public const int NewDays = 30, LapsedDays = 180;

    public static IReadOnlyList<string> Of(int orders, DateTimeOffset? first, DateTimeOffset? last, DateTimeOffset now)
    {
        if (orders == 0) return [];
        if (last < now.AddDays(-LapsedDays)) return [Lapsed];
        return orders > 1 ? [Returning] : first >= now.AddDays(-NewDays) ? [New] : [];
    }

    /// <summary>When somebody will be in another one although nothing happens; null = never again.</summary>
    public static DateTimeOffset? ChangeAt(int orders, DateTimeOffset? first, DateTimeOffset? last, DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        if (orders == 1 && first?.AddDays(NewDays) is { } grown && grown > now) next = grown;
        else if (orders > 0 && last?.AddDays(LapsedDays) is { } lapsed && lapsed > now) next = lapsed;
        // A moment later, so that the comparison has turned by then.
        return next?.AddSeconds(1);
    }
}
