using System.Threading.RateLimiting;

namespace Quartermaster.Dashboard.Shopper;

/// <summary>How often something may be asked for on shoppers' pages: enough for a person, too little to guess with or to flood a team.</summary>
/// <remarks>Counted per process; with several, somebody gets that many tries at each.</remarks>
internal sealed class ShopperPace : IDisposable
{
    private const int PerOrder = 6;
    private const int PerAddress = 40;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private readonly PartitionedRateLimiter<string> _orders = Limiter(PerOrder);
    private readonly PartitionedRateLimiter<string> _addresses = Limiter(PerAddress);

    /// <param name="what">One order and one thing that is asked for.</param>
    /// <param name="address">Whoever asks.</param>
    public bool Allows(string what, string address)
    {
        using var from = _addresses.AttemptAcquire(address);
        if (!from.IsAcquired) return false;
        using var of = _orders.AttemptAcquire(what);
        return of.IsAcquired;
    }

    public void Dispose()
    {
        _orders.Dispose();
        _addresses.Dispose();
    }

    private static PartitionedRateLimiter<string> Limiter(int most) => PartitionedRateLimiter.Create<string, string>(key =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions { PermitLimit = most, Window = Window, AutoReplenishment = true }));
}
