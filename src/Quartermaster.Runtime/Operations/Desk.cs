using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Switches;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Operations;

/// <summary>What a person may do, from the dashboard or the command line. Every action writes its audit row in the same transaction.</summary>
/// <remarks>Needs only the database: a command works whether or not a hub is running, and a running hub acts on it within a second.</remarks>
public sealed class Desk(Database database, Wakeup? wakeup, TimeProvider clock)
{
    private readonly Replays _replays = new(database, wakeup, clock);
    private readonly PastSignals _past = new(database, wakeup, clock);

    /// <summary>Sends a canonical signal to a stream in a person's name: hold, lift, cancel, correct, count.</summary>
    /// <returns>The signal's number; it appears on the timeline.</returns>
    public async Task<long> SendAsync(StreamId to, Signal signal, string who, CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var kind = Wire.KindOf(signal.GetType());
        var body = CoreJson.Write(signal);
        await using var insert = new NpgsqlCommand("""
            WITH s AS (INSERT INTO signal(at, brand, stream, raw, kind, source, body) VALUES ($1, $2, $3, false, $4, $5, $6) RETURNING seq)
            INSERT INTO ready(part, seq) SELECT $7, seq FROM s RETURNING seq
            """, connection, transaction);
        insert.With(Instant(clock.GetUtcNow()), Text(to.Brand), Text(to.Key), Text(kind), Text("operator/" + who), new() { Value = body }, new NpgsqlParameter<short> { TypedValue = to.Partition });
        var seq = (long)(await insert.ExecuteScalarAsync(cancel))!;
        await AuditAsync(connection, transaction, who, kind, to.Brand, to.Key, AuditWords.Of(signal), cancel);
        await Notify(connection, transaction, cancel);
        await transaction.CommitAsync(cancel);
        wakeup?.Partition(to.Partition);
        return seq;
    }

    /// <summary>Closes a case that a person has dealt with; only one that nothing the hub hears of would close.</summary>
    /// <exception cref="InvalidOperationException">There is no such open case, or the hub closes it itself when its reason is gone.</exception>
    public async Task<long> CloseCaseAsync(StreamId of, string key, string reason, string who, CancellationToken cancel)
    {
        await using var find = database.General.CreateCommand("SELECT kind FROM open_case WHERE brand = $1 AND stream = $2 AND key = $3 AND closed_at IS NULL");
        if (await find.With(Text(of.Brand), Text(of.Key), Text(key)).ExecuteScalarAsync(cancel) is not string kind) throw new InvalidOperationException("There is no such open case; it may have been closed meanwhile.");
        if (!Closing.IsByHand(kind)) throw new InvalidOperationException("The hub closes this case itself when its reason is gone; until then it stands.");
        return await SendAsync(of, new CaseSettled(key, reason, who), who, cancel);
    }

    /// <summary>Turns a switch. Off stops what is sent within a second; intake and deciding go on.</summary>
    /// <param name="scope"><c>all</c>, <c>brand/B</c>, <c>connection/C</c>, <c>effect/KIND</c>, <c>flow/BRAND/ID</c> or <c>location/BRAND/CODE</c>.</param>
    /// <exception cref="ArgumentException">The scope has none of these forms.</exception>
    public Task SwitchAsync(string scope, bool on, string reason, string who, CancellationToken cancel)
    {
        if (scope != "all" && !(scope.Split('/', 2) is ["brand" or "connection" or "effect" or "flow" or "location", { Length: > 0 }]))
        {
            throw new ArgumentException($"'{scope}' is not a switch. It is one of: all, brand/NAME, connection/NAME, effect/KIND, flow/BRAND/NAME, location/BRAND/CODE.", nameof(scope));
        }
        return InOne(who, on ? "switch.on" : "switch.off", BrandOf(scope), scope, reason, on
            ? new NpgsqlCommand("WITH gone AS (DELETE FROM switch WHERE scope = $1 RETURNING scope) INSERT INTO hub_value(key, value) SELECT $2 || scope, '' FROM gone WHERE scope LIKE 'location/%' ON CONFLICT (key) DO UPDATE SET at = now()").With(Text(scope), Text(Switchboard.JustReopened))
            : new NpgsqlCommand("INSERT INTO switch(scope, reason, by_whom) VALUES ($1, $2, $3) ON CONFLICT (scope) DO UPDATE SET reason = excluded.reason, by_whom = excluded.by_whom, at = now()").With(Text(scope), Text(reason), Text(who)), cancel);
    }

    public Task SetModeAsync(string brand, BrandMode mode, string who, CancellationToken cancel) =>
        InOne(who, "brand.mode", brand, "brand/" + brand, Switchboard.NameOf(mode),
            new NpgsqlCommand("INSERT INTO brand(brand, mode, changed_by) VALUES ($1, $2, $3) ON CONFLICT (brand) DO UPDATE SET mode = excluded.mode, changed_at = CASE WHEN brand.mode = excluded.mode THEN brand.changed_at ELSE now() END, on_since = CASE WHEN brand.mode = 'off' AND excluded.mode <> 'off' THEN now() ELSE brand.on_since END, changed_by = excluded.changed_by").With(Text(brand), Text(Switchboard.NameOf(mode)), Text(who)), cancel);

    /// <summary>What a replay would do, and what it would leave alone because it already happened.</summary>
    public Task<ReplayPreview> PreviewAsync(ReplayFilter filter, CancellationToken cancel) => _replays.PreviewAsync(filter, cancel);

    /// <summary>Replays what the filter selects. Returns how many signals and effects were put back to work.</summary>
    public Task<int> ReplayAsync(ReplayFilter filter, string who, CancellationToken cancel) => _replays.ReplayAsync(filter, who, cancel);

    /// <summary>What deciding a part of a brand's past again would do, and which of its effects happened already.</summary>
    public Task<ReplayPreview> PreviewPastAsync(PastFilter filter, CancellationToken cancel) => _past.PreviewAsync(filter, cancel);

    /// <summary>Decides a part of a brand's past again. Returns how many signals.</summary>
    /// <exception cref="InvalidOperationException">They are too many for one turn.</exception>
    public Task<int> ReplayPastAsync(PastFilter filter, string who, CancellationToken cancel) => _past.ReplayAsync(filter, who, cancel);

    /// <summary>Gives up a signal that is set apart, with a reason; what waits behind it goes on.</summary>
    /// <exception cref="InvalidOperationException">It is not set apart, or only waits behind another.</exception>
    public Task LeaveOutAsync(long seq, string reason, string who, CancellationToken cancel) => _replays.LeaveOutAsync(seq, reason, who, cancel);

    /// <summary>A person found out whether an effect of unknown fate happened. If it did it is done; if not it is sent again.</summary>
    public Task ResolveAsync(long effectId, bool happened, string who, CancellationToken cancel) => _replays.ResolveAsync(effectId, happened, who, cancel);

    /// <summary>Gives an effect up for good.</summary>
    public Task CancelEffectAsync(long effectId, string reason, string who, CancellationToken cancel) => _replays.CancelAsync(effectId, reason, who, cancel);

    /// <summary>Writes an audit row for something that has no transaction of its own here (sign-in, keys, operators).</summary>
    public async Task AuditAsync(string who, string action, string? brand, string? subject, string? detail, CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await AuditAsync(connection, null, who, action, brand, subject, detail, cancel);
    }

    internal static async Task AuditAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string who, string action, string? brand, string? subject, string? detail, CancellationToken cancel)
    {
        await using var audit = new NpgsqlCommand("INSERT INTO audit(who, action, brand, subject, detail) VALUES ($1, $2, $3, $4, $5)", connection, transaction);
        await audit.With(Text(who), Text(action), Text(brand), Text(subject), Text(detail)).ExecuteNonQueryAsync(cancel);
    }

    internal static async Task Notify(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await using var notify = new NpgsqlCommand($"NOTIFY {Wakeup.Channel}", connection, transaction);
        await notify.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>As <see cref="Notify"/>, for what was read before.</summary>
    internal static async Task NotifyAnew(NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancel)
    {
        await using var notify = new NpgsqlCommand($"NOTIFY {Wakeup.Channel}, '{Wakeup.AnewWord}'", connection, transaction);
        await notify.ExecuteNonQueryAsync(cancel);
    }

    private async Task InOne(string who, string action, string? brand, string subject, string? detail, NpgsqlCommand command, CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (command)
        {
            (command.Connection, command.Transaction) = (connection, transaction);
            await command.ExecuteNonQueryAsync(cancel);
        }
        await AuditAsync(connection, transaction, who, action, brand, subject, detail, cancel);
        await transaction.CommitAsync(cancel);
    }

    private static string? BrandOf(string scope) => scope.Split('/') is ["brand" or "flow" or "location", var brand, ..] ? brand : null;
}

/// <summary>Selects what to replay; empty parts select everything.</summary>
/// <param name="Seq">One stored signal, whether or not it is set apart: it is decided again.</param>
/// <param name="Cause">Why effects stand: the sentence without its numbers, as failures are grouped by it.</param>
/// <param name="What"><c>signals</c>: those set apart. <c>effects</c>: refused, unsure or given up. <c>all</c>: both.</param>
public sealed record ReplayFilter(string? Brand = null, string? Stream = null, string? CaseKind = null, string? Lane = null, string? EffectKind = null, long? Seq = null, long? EffectId = null, string What = "all", string? Cause = null);

/// <param name="Signals">Signals that would be decided again.</param>
/// <param name="Effects">Effects that would be sent again under their old keys.</param>
/// <param name="Skipped">What would be left alone because it already happened, and why.</param>
public sealed record ReplayPreview(int Signals, int Effects, IReadOnlyList<ReplaySample> Samples, IReadOnlyList<ReplaySample> Skipped);

public sealed record ReplaySample(string Brand, string Stream, string What, string Why);
