using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Editions;
using Quartermaster.Runtime.Lanes;
using Quartermaster.Runtime.Messages;

namespace Quartermaster.Runtime.Switches;

/// <summary>Modes, switches and editions as the database holds them, at most 0.6 seconds old.</summary>
/// <remarks>A switch stops what is sent, and so does a brand that is not live; intake and deciding go on. Scopes: <c>all</c>, <c>brand/B</c>, <c>connection/C</c>, <c>effect/KIND</c>, <c>flow/BRAND/ID</c>, <c>location/BRAND/CODE</c> (takes no new orders).</remarks>
public sealed partial class Switchboard(Database database, HubPlan plan, TimeProvider clock, ILogger<Switchboard> log) : IAsyncDisposable
{
    /// <summary>Key in <c>hub_value</c>, before the connection's: when it was first part of this hub.</summary>
    private const string Connected = "connected/";

    /// <summary>Key in <c>hub_value</c>, before a location's scope: since when it takes orders again, until those that waited for it were woken.</summary>
    internal const string JustReopened = "reopened/";

    /// <summary>Before the brand and the campaign in the scope of a campaign's switch.</summary>
    private const string Flow = "flow/";

    /// <summary>Before the brand and the code in the scope of a location's switch.</summary>
    private const string Location = "location/";

    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(600);

    private readonly CancellationTokenSource _stop = new();
    private volatile Snapshot _now = new(FrozenDictionary<string, BrandMode>.Empty, FrozenSet<string>.Empty, [], [], [], FrozenDictionary<string, DateTimeOffset>.Empty, FrozenDictionary<string, DateTimeOffset>.Empty, FrozenDictionary<string, FrozenSet<string>>.Empty, FrozenDictionary<string, BrandTerms>.Empty);
    private volatile FrozenSet<string> _explaining = FrozenSet<string>.Empty;
    private volatile FrozenSet<string> _preordering = FrozenSet<string>.Empty;
    private volatile FrozenSet<string> _closed = FrozenSet<string>.Empty;
    private Task _loop = Task.CompletedTask;

    /// <summary>The terms of each brand, with the rules and flows of the dashboard.</summary>
    public EditionShelf Editions { get; } = new(database, plan, log);

    /// <summary>The voice of each brand, the dashboard's words included.</summary>
    public VoiceShelf Voices { get; } = new(database, plan, log);

    /// <summary>By which channels people asked to be written to.</summary>
    public PreferenceShelf Preferences { get; } = new(database, plan);

    /// <summary>Raised after a change was seen, so that lanes look again.</summary>
    public event Action? Changed;

    /// <summary>Raised after a location was seen to take orders again.</summary>
    public event Action? Reopened;

    public BrandMode ModeOf(string brand) => _now.Modes.TryGetValue(brand, out var mode) ? mode : BrandMode.Off;

    /// <summary>May this effect be sent now? What was planned while its brand was live waits while it is in shadow or off: the old flow does the work then.</summary>
    public bool MaySend(string brand, string connection, string effectKind) => ModeOf(brand) switch
    {
        BrandMode.Live => true,
        BrandMode.Shadow => EffectKinds.GoesOutInShadow(effectKind),
        _ => false,
    } && Allows(brand, connection, effectKind);

    /// <summary>Does no switch stop this?</summary>
    public bool Allows(string brand, string connection, string effectKind)
    {
        var off = _now.Off;
        return off.Count == 0 || !(off.Contains("all") || off.Contains("brand/" + brand) || off.Contains("connection/" + connection) || off.Contains("effect/" + effectKind));
    }

    /// <summary>By storefront: since when it is connected and its brand is live. Orders from before are somebody else's. Not named: its brand is not live.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> TakesFrom => _now.TakesFrom;

    /// <summary>When the brand was last turned on after it had been off; null = it never was off.</summary>
    public DateTimeOffset? OnSince(string brand) => _now.OnSince.TryGetValue(brand, out var since) ? since : null;

    /// <summary>The brand has said of some code what it means, so orders have to ask. Another process may learn of a brand's very first word 0.6 seconds late.</summary>
    public bool ExplainsCodes(string brand) => _explaining.Contains(brand);

    /// <summary>This process has just written something that was said of a brand's code.</summary>
    internal void CodeExplained(string brand) => _explaining = _explaining.Append(brand).ToFrozenSet();

    /// <summary>The brand lets some SKU be sold before it is there, or did so and owes units to a pre-order. Another process may learn of its first one 0.6 seconds late.</summary>
    public bool TakesPreorders(string brand) => _preordering.Contains(brand);

    /// <summary>Somebody may not be written to in this brand's name, so lanes have to ask. Another process may learn of a brand's very first one 0.6 seconds late.</summary>
    public bool HasClosedContacts(string brand) => _closed.Contains(brand);

    /// <summary>This process has just written that somebody of the brand may not be written to.</summary>
    internal void ContactClosed(string brand)
    {
        if (!_closed.Contains(brand)) _closed = _closed.Append(brand).ToFrozenSet();
    }

    /// <summary>Campaigns of the brand that are switched off; null = none.</summary>
    public IReadOnlySet<string>? PausedIn(string brand) => _now.Paused.TryGetValue(brand, out var paused) ? paused : null;

    /// <summary>The brand's terms by which a location is chosen: those that are switched off take no new orders.</summary>
    public BrandTerms RoutingOf(string brand) => _now.Routing.TryGetValue(brand, out var terms) ? terms : plan.Brands[brand].Terms;

    public bool LaneStopped(string connection) => _now.Off is { Count: > 0 } off && (off.Contains("all") || off.Contains("connection/" + connection));

    /// <summary>What the claim query leaves out: brands that are off by switch or mode, effect kinds that are switched off, and of brands in shadow all that does not go out there.</summary>
    public (string[] Brands, string[] Kinds, string[] InShadow) Stopped => (_now.StoppedBrands, _now.StoppedKinds, _now.InShadow);

    public async Task StartAsync(CancellationToken cancel)
    {
        foreach (var (brand, of) in plan.Brands)
        {
            await using var seed = database.General.CreateCommand("INSERT INTO brand(brand, mode, changed_by) VALUES ($1, $2, 'configuration') ON CONFLICT DO NOTHING");
            seed.With(Columns.Text(brand), Columns.Text(NameOf(of.Mode)));
            await seed.ExecuteNonQueryAsync(cancel);
        }
        foreach (var storefront in plan.Connections.Values.Where(c => c.Connector.Manifest.Capabilities.Contains(Capability.Storefront)))
        {
            await using var seed = database.General.CreateCommand("INSERT INTO hub_value(key, value) VALUES ($1, '') ON CONFLICT DO NOTHING");
            seed.With(Columns.Text(Connected + storefront.Key));
            await seed.ExecuteNonQueryAsync(cancel);
        }
        await ReadAsync(cancel);
        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>The scope of a location's switch.</summary>
    public static string ScopeOfLocation(string brand, string code) => $"{Location}{brand}/{code}";

    /// <summary>The scope of a campaign's switch.</summary>
    public static string ScopeOf(string brand, string campaign) => $"{Flow}{brand}/{campaign}";

    public static string NameOf(BrandMode mode) => mode switch { BrandMode.Off => "off", BrandMode.Shadow => "shadow", _ => "live" };

    private static BrandMode ModeNamed(string name) => name switch { "live" => BrandMode.Live, "shadow" => BrandMode.Shadow, _ => BrandMode.Off };

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Refresh);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(_stop.Token);
                await ReadAsync(_stop.Token);
            }
            catch (OperationCanceledException) { return; }
            catch (Exception e) { LogUnreadable(log, e.Message); }
        }
    }

    /// <summary>Reads them once; what a command needs that ends before the next look.</summary>
    public async Task ReadAsync(CancellationToken cancel)
    {
        await using var command = database.General.CreateCommand("""
            SELECT 'm', brand, mode, changed_at FROM brand
            UNION ALL SELECT 'o', brand, '', on_since FROM brand WHERE on_since IS NOT NULL
            UNION ALL SELECT 's', scope, '', at FROM switch
            UNION ALL SELECT 'x', brand, '', changed_at FROM brand WHERE EXISTS (SELECT 1 FROM meaning WHERE meaning.brand = brand.brand)
            UNION ALL SELECT 'p', brand, '', changed_at FROM brand WHERE EXISTS (SELECT 1 FROM sold_out_terms t WHERE t.brand = brand.brand AND t.preorder) OR EXISTS (SELECT 1 FROM waiting w WHERE w.brand = brand.brand AND w.promised)
            UNION ALL SELECT 'n', brand, '', changed_at FROM brand WHERE EXISTS (SELECT 1 FROM suppressed s WHERE s.brand = brand.brand)
            UNION ALL SELECT 'c', substr(key, 11), '', at FROM hub_value WHERE key LIKE 'connected/%'
            UNION ALL SELECT 'r', brand, count(*)::text, max(saved_at) FROM edition GROUP BY brand
            UNION ALL SELECT 'v', brand, count(*)::text, max(from_at) FROM message_edition WHERE from_at IS NOT NULL GROUP BY brand
            UNION ALL SELECT 't', connection, changes::text, read_at FROM held_text_read WHERE read_at IS NOT NULL
            """);
        Dictionary<string, BrandMode> modes = [];
        Dictionary<string, DateTimeOffset> changed = [], connected = [], onSince = [];
        HashSet<string> off = [], explaining = [], preordering = [], closed = [];
        Dictionary<string, int> editions = [];
        Dictionary<string, string> voices = [];
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                if (reader.GetString(0) == "s") off.Add(reader.GetString(1));
                else if (reader.GetString(0) == "r") editions[reader.GetString(1)] = int.Parse(reader.GetString(2), System.Globalization.CultureInfo.InvariantCulture);
                else if (reader.GetString(0) == "v") voices[reader.GetString(1)] = $"{voices.GetValueOrDefault(reader.GetString(1))} editions={reader.GetString(2)}";
                else if (reader.GetString(0) == "t" && plan.Connections.TryGetValue(reader.GetString(1), out var holder)) voices[holder.Brand] = $"{voices.GetValueOrDefault(holder.Brand)} {holder.Key}={reader.GetString(2)}";
                else if (reader.GetString(0) == "t") continue;
                else if (reader.GetString(0) == "x") explaining.Add(reader.GetString(1));
                else if (reader.GetString(0) == "p") preordering.Add(reader.GetString(1));
                else if (reader.GetString(0) == "n") closed.Add(reader.GetString(1));
                else if (reader.GetString(0) == "o") onSince[reader.GetString(1)] = reader.GetFieldValue<DateTimeOffset>(3);
                else if (reader.GetString(0) == "c") connected[reader.GetString(1)] = reader.GetFieldValue<DateTimeOffset>(3);
                else (modes[reader.GetString(1)], changed[reader.GetString(1)]) = (ModeNamed(reader.GetString(2)), reader.GetFieldValue<DateTimeOffset>(3));
            }
        }
        await Editions.SeeAsync(editions, clock.GetUtcNow(), cancel);
        await Voices.SeeAsync(voices, clock.GetUtcNow(), cancel);
        await Preferences.SeeAsync(cancel);
        // Only ever more: a brand whose last word was undone, or whose last no was taken back, asks in vain until the next start.
        if (!explaining.IsSubsetOf(_explaining)) _explaining = _explaining.Union(explaining).ToFrozenSet();
        if (!closed.IsSubsetOf(_closed)) _closed = _closed.Union(closed).ToFrozenSet();
        if (!_preordering.SetEquals(preordering)) _preordering = preordering.ToFrozenSet();
        var takesFrom = TakenFrom(modes, changed, connected);
        var before = _now;
        if (before.Off.SetEquals(off) && Same(before.Modes, modes) && Same(before.TakesFrom, takesFrom) && Same(before.OnSince, onSince)) return;
        _now = new(modes.ToFrozenDictionary(), off.ToFrozenSet(), [.. Scoped(off, "brand/").Union(modes.Where(m => m.Value == BrandMode.Off).Select(m => m.Key))], Scoped(off, "effect/"), [.. modes.Where(m => m.Value == BrandMode.Shadow).Select(m => m.Key)], takesFrom.ToFrozenDictionary(), onSince.ToFrozenDictionary(), NamedIn(off, Flow), RoutingWith(NamedIn(off, Location)));
        Changed?.Invoke();
        if (before.Off.Any(s => s.StartsWith(Location, StringComparison.Ordinal) && !off.Contains(s))) Reopened?.Invoke();
    }

    private FrozenDictionary<string, BrandTerms> RoutingWith(FrozenDictionary<string, FrozenSet<string>> closed) => closed.Where(c => plan.Brands.ContainsKey(c.Key))
        .Select(c => (plan.Brands[c.Key].Terms, Closed: c.Value)).ToFrozenDictionary(b => b.Terms.Brand, b => b.Terms with { Locations = [.. b.Terms.Locations.Select(l => b.Closed.Contains(l.Code) ? l with { Paused = true } : l)] });

    /// <summary>What is off of this kind, by brand.</summary>
    private static FrozenDictionary<string, FrozenSet<string>> NamedIn(HashSet<string> off, string prefix) =>
        Scoped(off, prefix).Select(s => s.Split('/', 2)).Where(s => s.Length == 2).GroupBy(s => s[0], s => s[1]).ToFrozenDictionary(g => g.Key, g => g.ToFrozenSet());

    private Dictionary<string, DateTimeOffset> TakenFrom(Dictionary<string, BrandMode> modes, Dictionary<string, DateTimeOffset> changed, Dictionary<string, DateTimeOffset> connected)
    {
        Dictionary<string, DateTimeOffset> from = [];
        foreach (var (storefront, since) in connected)
            if (plan.Connections.TryGetValue(storefront, out var connection) && modes.GetValueOrDefault(connection.Brand) == BrandMode.Live)
                from[storefront] = changed[connection.Brand] > since ? changed[connection.Brand] : since;
        return from;
    }

    private static bool Same<T>(IReadOnlyDictionary<string, T> left, IReadOnlyDictionary<string, T> right) where T : struct =>
        left.Count == right.Count && right.All(r => left.TryGetValue(r.Key, out var was) && was.Equals(r.Value));

    private static string[] Scoped(HashSet<string> off, string prefix) => [.. off.Where(s => s.StartsWith(prefix, StringComparison.Ordinal)).Select(s => s[prefix.Length..])];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private sealed record Snapshot(FrozenDictionary<string, BrandMode> Modes, FrozenSet<string> Off, string[] StoppedBrands, string[] StoppedKinds, string[] InShadow, FrozenDictionary<string, DateTimeOffset> TakesFrom, FrozenDictionary<string, DateTimeOffset> OnSince, FrozenDictionary<string, FrozenSet<string>> Paused, FrozenDictionary<string, BrandTerms> Routing);

    [LoggerMessage(300, LogLevel.Warning, "Switches could not be read, the last known ones stay in force: {Why}")]
    private static partial void LogUnreadable(ILogger log, string why);
}
