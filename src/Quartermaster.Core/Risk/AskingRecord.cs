namespace Quartermaster.Core.Risk;

/// <summary>What became of cash orders of one band of scores: those whose shopper confirmed, those who were asked in vain, and those left out on purpose.</summary>
/// <param name="Scored">Scores that were given in this band, cash or not.</param>
public sealed record AskingRecord(int Band, long Scored, Ends Confirmed, Ends Unanswered, Ends HeldOut)
{
    /// <summary>All whose shopper was asked and that were sent: what asking does to a band is told by these, for who answers is also who opens the door.</summary>
    public Ends Asked => Confirmed + Unanswered;

    /// <summary>How much less went back of those that were asked than of those that were left out.</summary>
    public Lift? Lift => Risk.Lift.Between(Asked, HeldOut);

    /// <summary>All bands together, each weighed by how many of it were asked, so that a band in which more are left out does not count for more.</summary>
    /// <returns>Null where no band has both.</returns>
    public static Lift? Over(IEnumerable<AskingRecord> bands)
    {
        var (asked, points, variance) = (0L, 0m, 0m);
        foreach (var band in bands)
        {
            if (band.Lift is not { } lift) continue;
            asked += band.Asked.Orders;
            points += band.Asked.Orders * lift.Points;
            variance += (decimal)band.Asked.Orders * band.Asked.Orders * lift.Variance;
        }
        return asked == 0 ? null : new(points / asked, variance / asked / asked, asked);
    }
}

/// <summary>Orders that came to their end, and how many of them at the sender's.</summary>
public readonly record struct Ends(long Orders, long Returned)
{
    /// <summary>Share that went back; null when none ended.</summary>
    public decimal? Rate => Orders == 0 ? null : (decimal)Returned / Orders;

    public static Ends operator +(Ends left, Ends right) => new(left.Orders + right.Orders, left.Returned + right.Returned);

    public static Ends Add(Ends left, Ends right) => left + right;
}

/// <summary>A difference between two shares of orders that went back, in percentage points.</summary>
/// <param name="Points">Above zero: asking helped.</param>
/// <param name="Variance">In points squared; with a continuity of half an order each, so that no share is taken for certain because few were seen.</param>
/// <param name="Orders">Asked orders it stands on.</param>
public sealed record Lift(decimal Points, decimal Variance, long Orders)
{
    /// <summary>In 95 of 100 such comparisons the true difference lies so near (normal approximation of two shares).</summary>
    public decimal Margin => 1.96m * (decimal)Math.Sqrt((double)Variance);

    /// <summary>More than chance: the whole margin lies on one side of zero.</summary>
    public bool IsClear => decimal.Abs(Points) > Margin;

    public static Lift? Between(Ends asked, Ends heldOut) => asked.Rate is { } a && heldOut.Rate is { } h
        ? new(100m * (h - a), 10_000m * (Spread(asked) + Spread(heldOut)), asked.Orders)
        : null;

    private static decimal Spread(Ends ends)
    {
        var share = (ends.Returned + 0.5m) / (ends.Orders + 1m);
        return share * (1m - share) / ends.Orders;
    }
}
