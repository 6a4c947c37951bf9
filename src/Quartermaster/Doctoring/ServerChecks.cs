using System.Globalization;
using Npgsql;
using Quartermaster.Runtime;

namespace Quartermaster.Doctoring;

/// <summary>What the doctor asks of PostgreSQL itself.</summary>
internal sealed class ServerChecks(Database database, TimeProvider clock)
{
    private const int Flushes = 21;

    public async Task<Finding> VersionAsync(CancellationToken cancel)
    {
        var number = int.Parse(await TextAsync("SHOW server_version_num", cancel), CultureInfo.InvariantCulture);
        var version = "PostgreSQL " + await TextAsync("SHOW server_version", cancel);
        return number >= 150000 ? new(Verdict.Well, "database", version)
            : number >= 140000 ? new(Verdict.Look, "database", version, "The hub is tested on 15 and newer.")
            : new(Verdict.Bad, "database", version, "The hub needs PostgreSQL 14 or newer (lz4 in line, statements it relies on).");
    }

    /// <summary>Settings that decide whether a commit survives a power cut, and whether there is room for the hub.</summary>
    public async Task<IReadOnlyList<Finding>> SettingsAsync(CancellationToken cancel)
    {
        var findings = new List<Finding>();
        foreach (var name in (string[])["fsync", "full_page_writes", "synchronous_commit", "autovacuum"])
            if (await TextAsync($"SHOW {name}", cancel) is var value && (value is "off" or "local"))
                findings.Add(name == "autovacuum"
                    ? new(Verdict.Bad, "durability", "autovacuum is off: the queues slow down within hours", "Set autovacuum = on.")
                    : new(Verdict.Bad, "durability", $"{name} is {value}: a power cut can lose acknowledged orders", $"Set {name} = on."));
        var connections = int.Parse(await TextAsync("SHOW max_connections", cancel), CultureInfo.InvariantCulture);
        if (connections < 40)
            findings.Add(new(Verdict.Look, "settings", $"max_connections is {connections}", "A hub process uses up to 30; allow at least 40."));
        return findings.Count > 0 ? findings : [new(Verdict.Well, "durability", "fsync, full_page_writes and synchronous_commit are on")];
    }

    public async Task<Finding> ClockAsync(CancellationToken cancel)
    {
        // The first call opens the connection; half of the second one's way is taken off.
        await TextAsync("SELECT 1", cancel);
        var before = clock.GetUtcNow();
        await using var command = database.General.CreateCommand("SELECT clock_timestamp()");
        var theirs = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancel))!, TimeSpan.Zero);
        var after = clock.GetUtcNow();
        var skew = (theirs - (before + (after - before) / 2)).Duration();
        var found = string.Create(CultureInfo.InvariantCulture, $"{skew.TotalMilliseconds:0} ms apart from the database's");
        return skew < TimeSpan.FromSeconds(1) ? new(Verdict.Well, "clock", found)
            : new(skew < TimeSpan.FromSeconds(30) ? Verdict.Look : Verdict.Bad, "clock", found, "Run a time service (chrony, systemd-timesyncd) on both machines: timers and signatures depend on it.");
    }

    /// <summary>How long a commit takes to reach the disk; every acknowledged webhook waits for one.</summary>
    public async Task<Finding> FlushAsync(CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var write = new NpgsqlCommand("INSERT INTO hub_value(key, value) VALUES ('doctor.flush', '1') ON CONFLICT (key) DO UPDATE SET at = now()", connection);
        var times = new List<double>(Flushes);
        for (var i = 0; i < Flushes; i++)
        {
            var began = clock.GetTimestamp();
            await write.ExecuteNonQueryAsync(cancel);
            times.Add(clock.GetElapsedTime(began).TotalMilliseconds);
        }
        times.Sort();
        var median = times[Flushes / 2];
        var found = string.Create(CultureInfo.InvariantCulture, $"a commit takes {median:0.00} ms (median of {Flushes})");
        return median > 20
            ? new(Verdict.Look, "disk flush", found, "Slow for a queue: webhooks wait this long. Put the write-ahead log on a faster disk.")
            : new(Verdict.Well, "disk flush", median < 0.15 ? $"{found}; if this is a real disk, make sure that it keeps what it has acknowledged (pg_test_fsync)" : found);
    }

    /// <summary>A transaction that stays open keeps dead rows alive everywhere, and the queues slow down.</summary>
    public async Task<Finding> OldestTransactionAsync(CancellationToken cancel)
    {
        var seconds = await NumberAsync("""
            SELECT coalesce(extract(epoch FROM max(now() - xact_start)), 0)::float8 FROM pg_stat_activity
            WHERE datname = current_database() AND backend_xmin IS NOT NULL AND pid <> pg_backend_pid()
            """, cancel);
        // The other session's clock was read after ours: a transaction that began this moment is not older than nothing.
        seconds = Math.Max(0, seconds);
        var wrap = await NumberAsync("SELECT age(datfrozenxid)::float8 FROM pg_database WHERE datname = current_database()", cancel);
        if (wrap > 1_000_000_000)
            return new(Verdict.Bad, "transactions", string.Create(CultureInfo.InvariantCulture, $"{wrap:N0} since the last freeze"), "Vacuum is held up: look for prepared transactions, abandoned replication slots and old sessions.");
        return seconds > 300
            ? new(Verdict.Look, "transactions", string.Create(CultureInfo.InvariantCulture, $"the oldest has been open for {TimeSpan.FromSeconds(seconds):c}"), "Find it in pg_stat_activity and end it; vacuum cannot clean behind it.")
            : new(Verdict.Well, "transactions", string.Create(CultureInfo.InvariantCulture, $"the oldest is {seconds:0} s old"));
    }

    public async Task<Finding> SizeAsync(CancellationToken cancel) =>
        new(Verdict.Well, "size", await TextAsync("SELECT pg_size_pretty(pg_database_size(current_database()))", cancel));

    private async Task<string> TextAsync(string sql, CancellationToken cancel)
    {
        await using var command = database.General.CreateCommand(sql);
        return Convert.ToString(await command.ExecuteScalarAsync(cancel), CultureInfo.InvariantCulture) ?? "";
    }

    private async Task<double> NumberAsync(string sql, CancellationToken cancel)
    {
        await using var command = database.General.CreateCommand(sql);
        return (double)(await command.ExecuteScalarAsync(cancel))!;
    }
}
