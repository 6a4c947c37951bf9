using Npgsql;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Runtime.Lanes;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>Counts what a customer was sent that no order made necessary: a message once, whichever channels it went by, and not at all when none took it.</summary>
internal static class SentMarketing
{
    private const int LockClass = 85;

    /// <summary>One that waits to be counted.</summary>
    /// <param name="Person">Whose address it is, as far as their orders tell.</param>
    /// <param name="Since">What was sent before that counts no more.</param>
    public sealed record Count(string Brand, string Realm, string Channel, string Address, string Key, long? Person, DateTimeOffset Since);

    /// <summary>The channel by which a message goes, and where to.</summary>
    public static (string Channel, string Address) Of(HubPlan plan, LaneItem item, string to)
    {
        // A channel that was taken out of the configuration may still have letters: an address with an @ tells which it is.
        var channel = plan.Brands.GetValueOrDefault(item.Brand)?.Terms.MessageChannels.FirstOrDefault(c => c.Connection == item.Lane)?.Kind ?? (to.Contains('@', StringComparison.Ordinal) ? ContactPoint.Email : ContactPoint.Sms);
        return (channel, ContactPoint.Of(channel, to).Address);
    }

    /// <summary>What tells one message from another, by whichever channel: the key of its effect without the channel. A key that was cut short is taken whole, which counts too much rather than too little.</summary>
    public static string KeyOf(string effectKey, string channel) => effectKey.EndsWith('/' + channel, StringComparison.Ordinal) ? effectKey[..^(channel.Length + 1)] : effectKey;

    /// <summary>How much each of them was sent already, at whichever of their addresses.</summary>
    /// <remarks>Until the transaction ends nobody else counts for the same customers: two lanes that look at once would both find room for the last one.</remarks>
    public static async Task<long[]> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<Count> asked, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        // Locks: one per customer, in one order for everybody.
        batch.Add("SELECT pg_advisory_xact_lock($1, k) FROM unnest($2::int[]) AS u(k)", Int(LockClass), Ints(asked.Select(a => (int)Fnv.Of($"{a.Brand}/{a.Person?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? a.Address}")).Distinct().Order()));
        // Indexes: marketing_sent_pkey, person_root, person_key_of. After the locks, so that what others counted is seen; a repeat of the same message is no second one.
        batch.Add("""
            SELECT u.n, (SELECT count(DISTINCT m.key) FROM (SELECT u.address UNION SELECT a.value FROM person m JOIN person_key a ON a.realm = m.realm AND a.person = m.id WHERE m.realm = u.realm AND m.root = u.root AND a.kind IN ('email', 'phone') AND NOT a.common) x(address)
              JOIN marketing_sent m ON m.brand = u.brand AND m.address = x.address WHERE m.at > u.since AND m.key <> u.key)
            FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[]) WITH ORDINALITY AS u(brand, realm, address, key, root, since, n)
            """, Texts(asked.Select(a => a.Brand)), Texts(asked.Select(a => a.Realm)), Texts(asked.Select(a => a.Address)), Texts(asked.Select(a => a.Key)), Longs(asked.Select(a => a.Person ?? -1)), Instants(asked.Select(a => a.Since)));
        var told = new long[asked.Count];
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        await reader.NextResultAsync(cancel);
        while (await reader.ReadAsync(cancel)) told[(int)reader.GetInt64(0) - 1] = reader.GetInt64(1);
        return told;
    }

    /// <summary>Counted before they are sent: one that is not counted could be one too many.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<Count> allowed, DateTimeOffset now, CancellationToken cancel)
    {
        if (allowed.Count == 0) return;
        await using var command = new NpgsqlCommand("""
            INSERT INTO marketing_sent(brand, address, key, channel, at) SELECT brand, address, key, channel, $5 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS u(brand, address, key, channel)
            ON CONFLICT (brand, address, key) DO UPDATE SET channel = excluded.channel, at = excluded.at WHERE marketing_sent.channel <> excluded.channel
            """, connection, transaction);
        command.With(Texts(allowed.Select(a => a.Brand)), Texts(allowed.Select(a => a.Address)), Texts(allowed.Select(a => a.Key)), Texts(allowed.Select(a => a.Channel)), Instant(now));
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>What no channel took was not sent. Only where the effect has really ended: whoever lost the lane undoes nothing of its next owner's.</summary>
    public static void AddUndone(NpgsqlBatch batch, HubPlan plan, IReadOnlyList<LaneItem> unsent)
    {
        List<(LaneItem Item, string Channel, string Address)>? undone = null;
        foreach (var item in unsent)
        {
            // An earlier try of it may have arrived.
            if (item is not { Doubts: 0, Effect: MessageEffect.Send { Class: LegalClass.Marketing } send }) continue;
            var (channel, address) = Of(plan, item, send.To);
            (undone ??= []).Add((item, channel, address));
        }
        if (undone is null) return;
        // Index: marketing_sent_pkey; effect_pkey.
        batch.Add("""
            DELETE FROM marketing_sent m USING unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[]) AS u(brand, address, key, channel, id)
            WHERE m.brand = u.brand AND m.address = u.address AND m.key = u.key AND m.channel = u.channel AND NOT EXISTS (SELECT FROM effect e WHERE e.id = u.id)
            """, Texts(undone.Select(u => u.Item.Brand)), Texts(undone.Select(u => u.Address)), Texts(undone.Select(u => KeyOf(u.Item.Key, u.Channel))), Texts(undone.Select(u => u.Channel)), Longs(undone.Select(u => u.Item.Id)));
    }
}
