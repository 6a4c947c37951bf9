using Quartermaster.Runtime;

namespace Quartermaster.Configuration;

/// <summary>Everything a person configured, checked: what runs, where it listens, which database it uses.</summary>
public sealed record HubConfiguration
{
    /// <summary>The file it was read from; null when there is none and the sandbox runs.</summary>
    public string? File { get; init; }

    /// <summary>Connection string of the database to use; null = a private PostgreSQL in <see cref="DataFolder"/>.</summary>
    public string? Database { get; init; }

    /// <summary>Where a private PostgreSQL and other files of this machine live.</summary>
    public string DataFolder { get; init; } = ".data";

    public Uri Listen { get; init; } = new("http://127.0.0.1:5080");

    /// <summary>How vendors and browsers reach this hub from outside; where it listens when not set.</summary>
    public Uri? PublicAddress { get; init; }

    /// <summary>Proxies whose word on who called, and whether by https, is believed, besides those on this machine.</summary>
    public IReadOnlyList<System.Net.IPNetwork> TrustedProxies { get; init; } = [];

    public required HubPlan Plan { get; init; }

    /// <summary>What this process takes part in: intake, decide, act, web.</summary>
    public IReadOnlyList<string> Roles { get; init; } = AllRoles;

    /// <summary>History older than this may be dropped.</summary>
    public int HistoryDays { get; init; } = 400;

    /// <summary>Largest request body that is taken; more is answered 413.</summary>
    public int BodyBytes { get; init; } = 2 * 1024 * 1024;

    public static readonly IReadOnlyList<string> AllRoles = ["intake", "decide", "act", "web"];

    /// <summary>True when nothing was configured: demo brands whose outside world is simulated.</summary>
    public bool IsSandbox => Plan.IsDemo;

    public Uri Address => PublicAddress ?? Listen;

    /// <summary>Where shoppers answer; null when nobody said how they reach this hub. Where it listens is another machine's address to them.</summary>
    public Uri? ShopperAddress => PublicAddress ?? (IsSandbox ? Listen : null);
}
