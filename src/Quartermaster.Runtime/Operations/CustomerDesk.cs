using Npgsql;
using Quartermaster.Core.Customers;
using Quartermaster.Runtime.Customers;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Operations;

/// <summary>What a person may do about a customer. Every action has its audit row.</summary>
public sealed class CustomerDesk(Database database, Desk desk, HubPlan plan, TimeProvider clock)
{
    private readonly Erasures _erasures = new(database, plan, clock);

    /// <summary>Nothing, or no marketing, is sent to an address of theirs from now on.</summary>
    public Task<long> SuppressAsync(string brand, string channel, string address, Extent what, string reason, string who, CancellationToken cancel) =>
        desk.SendAsync(Point(channel, address).On(brand), new ContactSignal.SuppressAsked(channel, what, reason, who), who, cancel);

    /// <summary>Sets aside what came back, or what one of us decided; what they said themselves stands.</summary>
    public Task<long> LiftAsync(string brand, string channel, string address, string reason, string who, CancellationToken cancel) =>
        desk.SendAsync(Point(channel, address).On(brand), new ContactSignal.LiftAsked(channel, reason, who), who, cancel);

    /// <summary>They told one of us that they want to be written to.</summary>
    public Task<long> ConsentAsync(string brand, string channel, string address, string how, string who, CancellationToken cancel) =>
        desk.SendAsync(Point(channel, address).On(brand), new ContactSignal.OptedIn(channel, $"{how} (noted by {who})", clock.GetUtcNow()), who, cancel);

    /// <summary>They told one of us by which channel they want to be written to; it holds for each of their addresses.</summary>
    /// <param name="channel">Null = they do not mind any more.</param>
    public async Task PreferAsync(string brand, IEnumerable<ContactPoint> addresses, string? channel, string how, string who, CancellationToken cancel)
    {
        if (channel is not null && !ContactPoint.Channels.Contains(channel)) throw NoChannel(channel);
        var told = new ContactSignal.PreferenceTold(channel, how, clock.GetUtcNow(), who);
        foreach (var point in addresses.Distinct()) await desk.SendAsync(point.On(brand), told, who, cancel);
    }

    public Task NoteAsync(string realm, long person, string? note, string who, CancellationToken cancel) =>
        InOneAsync(realm, person, "customer.note", note, who, async (connection, transaction) =>
        {
            await using var write = new NpgsqlCommand("UPDATE person SET note = $3 WHERE realm = $1 AND id = $2", connection, transaction).With(Text(realm), Long(person), Text(note));
            return await write.ExecuteNonQueryAsync(cancel) > 0;
        }, "There is no such customer.", cancel);

    /// <exception cref="InvalidOperationException">They are one already, or one of them does not exist.</exception>
    public Task MergeAsync(string realm, long person, long other, string who, CancellationToken cancel) =>
        InOneAsync(realm, person, "customer.merge", $"with {other}", who, (connection, transaction) => PersonPairs.MergeAsync(connection, transaction, realm, person, other, who, clock.GetUtcNow(), cancel), "They are one customer already, or one of them does not exist.", cancel, other);

    /// <summary>Takes somebody out of whom they were merged into.</summary>
    public Task UndoMergeAsync(string realm, long person, string who, CancellationToken cancel) =>
        InOneAsync(realm, person, "customer.unmerge", null, who, (connection, transaction) => PersonPairs.UndoAsync(connection, transaction, realm, person, who, clock.GetUtcNow(), cancel), "They are part of nobody.", cancel, person);

    /// <summary>They are two, and nobody is asked again.</summary>
    public Task KeepApartAsync(string realm, long person, long other, string who, CancellationToken cancel) =>
        InOneAsync(realm, person, "customer.apart", $"from {other}", who, async (connection, transaction) =>
        {
            await using var write = new NpgsqlCommand("UPDATE person_pair SET state = 'apart', by_whom = $4, at = $5 WHERE realm = $1 AND person = least($2, $3) AND other = greatest($2, $3) AND state = 'proposed'", connection, transaction);
            return await write.With(Text(realm), Long(person), Long(other), Text(who), Instant(clock.GetUtcNow())).ExecuteNonQueryAsync(cancel) > 0;
        }, "Nobody proposes that they are one.", cancel);

    /// <summary>Marketing tools are told of them once more, whatever they have, but for what was said about being written to.</summary>
    public Task TellAgainAsync(string realm, long person, string who, CancellationToken cancel) =>
        InOneAsync(realm, person, "customer.tell", null, who, (connection, transaction) => ProfileRows.TellAgainAsync(connection, transaction, realm, person, clock.GetUtcNow(), cancel), "No marketing tool is told of them.", cancel);

    /// <inheritdoc cref="Erasures.AskAsync"/>
    public Task<long> AskErasureAsync(string realm, long person, string reason, string who, CancellationToken cancel) => _erasures.AskAsync(realm, person, reason, who, cancel);

    /// <inheritdoc cref="Erasures.AskByAddressAsync"/>
    public Task<long> AskErasureOfAddressAsync(string realm, string address, string reason, string who, CancellationToken cancel) => _erasures.AskByAddressAsync(realm, address, reason, who, cancel);

    /// <inheritdoc cref="Erasures.WithdrawAsync"/>
    public Task WithdrawErasureAsync(string realm, long erasure, string who, CancellationToken cancel) => _erasures.WithdrawAsync(realm, erasure, who, cancel);

    public Task ExportedAsync(string realm, long person, string who, CancellationToken cancel) => desk.AuditAsync(who, "customer.export", BrandOf(realm), $"customer/{person}", null, cancel);

    private async Task InOneAsync(string realm, long person, string action, string? detail, string who, Func<NpgsqlConnection, NpgsqlTransaction, Task<bool>> what, string otherwise, CancellationToken cancel, long? counted = null)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // What they were part of before may have other figures afterwards.
        List<(string, long)> touched = counted is null ? [] : await RootsAsync(connection, transaction, realm, [person, counted.Value], cancel);
        if (!await what(connection, transaction)) throw new InvalidOperationException(otherwise);
        if (counted is not null) await PersonFigures.CountAsync(connection, transaction, plan, [.. touched, (realm, person), (realm, counted.Value)], clock.GetUtcNow(), cancel);
        await Desk.AuditAsync(connection, transaction, who, action, BrandOf(realm), $"customer/{person}", detail, cancel);
        await transaction.CommitAsync(cancel);
    }

    private static async Task<List<(string, long)>> RootsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string realm, long[] people, CancellationToken cancel)
    {
        await using var read = new NpgsqlCommand("SELECT root FROM person WHERE realm = $1 AND id = ANY($2)", connection, transaction).With(Text(realm), Longs(people));
        List<(string, long)> roots = [];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) roots.Add((realm, reader.GetInt64(0)));
        return roots;
    }

    private static ContactPoint Point(string channel, string address) =>
        ContactPoint.Channels.Contains(channel) ? ContactPoint.Of(channel, address) : throw NoChannel(channel);

    private static InvalidOperationException NoChannel(string channel) => new($"'{channel}' is no channel; it is one of {string.Join(", ", ContactPoint.Channels)}.");

    private static string? BrandOf(string realm) => realm == HubPlan.SharedRealm ? null : realm;
}
