using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Hosting;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Dispatching;

/// <summary>Closes days by the clock, and finds parcels that left although no list has their label. One process at a time.</summary>
internal sealed class DispatchRounds(HubRuntime hub, TimeProvider clock)
{
    private const string CaseKind = "dispatch.not_listed";

    /// <summary>A hub that was away at the hour still does it, but not in the middle of the night.</summary>
    internal static readonly TimeSpan Late = TimeSpan.FromHours(2);

    /// <summary>A parcel may leave after the day's list was sent: the next day's has it.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    private readonly DispatchDesk _desk = new(hub.Database, hub.Plan, clock);

    private readonly bool _buysLabels = hub.Plan.Brands.Values.Any(b => b.Terms.Locations.Any(l => l.Labels is not null));

    // What is closed changes with the configuration, so with a start.
    private bool _isSwept;

    public bool IsNeeded => _buysLabels || !_isSwept;

    public async Task RunAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var closed = await _desk.ClosedAsync([.. hub.Plan.Brands.Keys], cancel);
        await SweepAsync(closed, now, cancel);
        foreach (var (brand, location, labels) in closed)
        {
            if (hub.Switches.ModeOf(brand) != BrandMode.Live) continue;
            var terms = hub.Plan.Brands[brand].Terms;
            if (labels.CloseAt is { } at && IsTime(terms, at, now) && !await IsClosedAsync(terms, location, labels, now, cancel)) await _desk.CloseByClockAsync(brand, location, labels, cancel);
            await LookForMissingAsync(brand, location, labels.Connection, now, cancel);
        }
    }

    /// <summary>Nobody closes days any more where the configuration does not ask for it, nor with a carrier whose one label is on a list, so nobody would close the case either.</summary>
    private async Task SweepAsync(List<(string Brand, string Location, LabelTerms Labels)> closed, DateTimeOffset now, CancellationToken cancel)
    {
        // Index: open_case_open, by brand and kind.
        await using var close = hub.Database.General.CreateCommand("""
            UPDATE open_case SET closed_at = $6 WHERE closed_at IS NULL AND brand = ANY ($1) AND kind = $2
                AND NOT EXISTS (SELECT 1 FROM unnest($3::text[], $4::text[], $5::text[]) p(brand, stream, key) WHERE p.brand = open_case.brand AND p.stream = open_case.stream AND p.key = open_case.key)
            """).With(Texts(hub.Plan.Brands.Keys), Text(CaseKind), Texts(closed.Select(p => p.Brand)), Texts(closed.Select(p => StreamOf(p.Location))), Texts(closed.Select(p => KeyOf(p.Labels.Connection))), Instant(now));
        await close.ExecuteNonQueryAsync(cancel);
        _isSwept = true;
    }

    private static string StreamOf(string location) => $"{DispatchStream.Name}/{location}";

    private static string KeyOf(string connection) => "missing/" + connection;

    private static bool IsTime(BrandTerms terms, TimeOnly at, DateTimeOffset now)
    {
        var since = terms.ThereAt(now).TimeOfDay - at.ToTimeSpan();
        return since >= TimeSpan.Zero && since < Late;
    }

    private async Task<bool> IsClosedAsync(BrandTerms terms, string location, LabelTerms labels, DateTimeOffset now, CancellationToken cancel)
    {
        // Index: dispatch_pkey, by brand.
        await using var find = hub.Database.General.CreateCommand("SELECT 1 FROM dispatch WHERE brand = $1 AND location = $2 AND connection = $3 AND day = $4 AND by_clock LIMIT 1")
            .With(Text(terms.Brand), Text(location), Text(labels.Connection), Day(terms.DayOf(now)));
        return await find.ExecuteScalarAsync(cancel) is not null;
    }

    private async Task LookForMissingAsync(string brand, string location, string connection, DateTimeOffset now, CancellationToken cancel)
    {
        const int Named = 10, Read = 1000;
        List<string> missing = [];
        // Index: label_open, in its order.
        await using (var find = hub.Database.General.CreateCommand($"SELECT tracking FROM label WHERE brand = $1 AND location = $2 AND connection = $3 AND dispatch IS NULL AND NOT struck AND left_at < $4 ORDER BY left_at LIMIT {Read}")
            .With(Text(brand), Text(location), Text(connection), Instant(now - Patience)))
        await using (var reader = await find.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel)) missing.Add(reader.GetString(0));
        var (stream, key) = (StreamOf(location), KeyOf(connection));
        if (missing.Count == 0) await hub.Cases.CloseAsync(brand, stream, key, now, cancel);
        else
            await hub.Cases.OpenAsync(brand, stream, key, CaseKind, $"{(missing.Count < Read ? "" : "More than ")}{missing.Count} parcels left {location}, and {connection} was not told",
                $"Their labels are on no list: {string.Join(", ", missing.Take(Named))}{(missing.Count > Named ? $" and {missing.Count - Named} more" : "")}. Close the day at {location} on the page Labels; the carrier bills or refuses parcels of which it was not told.", now, cancel);
    }
}
