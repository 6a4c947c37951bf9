using System.Text.Json;
using Npgsql;
using Quartermaster.Core.Customers;
using Quartermaster.Runtime.Customers;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>One erasure: asked for, waiting, or done with its proof.</summary>
/// <param name="State"><c>asked</c>, <c>waiting</c>, <c>erased</c> (and not searched yet), <c>proven</c> or <c>withdrawn</c>.</param>
/// <param name="WaitsFor">Why it could not be done when it was tried last.</param>
/// <param name="Rows">Rows rewritten or deleted, by table.</param>
/// <param name="LeftIn">
/// Where an address of theirs still stands: <c>table.column</c>. In other people's orders, in the brand's own words, or as a part of a longer address, or in <c>profile</c> until a marketing tool has deleted them.
/// Names, streets and ids as <c>table.column (name)</c>: where nothing beside it said that it is them, and not a namesake.
/// </param>
/// <param name="Told">What each marketing tool that knew them answered when it was told to delete them.</param>
/// <param name="Searched">
/// How many of what the whole database was searched for: <c>address</c>, <c>name</c> (in full), <c>street</c> (with its number), <c>id</c>; and <c>name alone</c>: names that are a word of many, looked for in what belonged to them.
/// Names, streets and ids are not looked for in what belongs to others: a household's and a namesake's stay.
/// </param>
public sealed record ErasureRow(
    long Id, string Realm, long Person, DateTimeOffset AskedAt, string ByWhom, string Reason, string State, string? WaitsFor, DateTimeOffset? ErasedAt, IReadOnlyDictionary<string, int>? Rows, DateTimeOffset? SearchedAt,
    IReadOnlyList<string>? LeftIn, string? WithdrawnBy, IReadOnlyDictionary<string, string> Told, IReadOnlyDictionary<string, int>? Searched)
{
    public bool IsOpen => State is "asked" or "waiting";
}

/// <summary>Reads erasures and their proof, of realms whose brands the reader may all see.</summary>
public sealed class ErasureReads(Database hub, HubPlan plan)
{
    private readonly NpgsqlDataSource _database = hub.General;
    private readonly Pseudonyms _pseudonyms = new(hub);

    private const string Columns = """
        id, realm, person, asked_at, by_whom, reason, CASE WHEN withdrawn_at IS NOT NULL THEN 'withdrawn' WHEN searched_at IS NOT NULL THEN 'proven' WHEN erased_at IS NOT NULL THEN 'erased' WHEN waits_for IS NOT NULL THEN 'waiting' ELSE 'asked' END,
        waits_for, erased_at, rows::text, searched_at, left_in, withdrawn_by, told::text, searched::text
        """;

    /// <summary>Newest first.</summary>
    public Task<List<ErasureRow>> ListAsync(IReadOnlyList<string> brands, int take, CancellationToken cancel) =>
        _database.ListAsync($"SELECT {Columns} FROM erasure WHERE realm = ANY ($1) ORDER BY id DESC LIMIT $2", Row, cancel, RealmsOf(brands), take);

    /// <returns>Null when there is none that these brands may see.</returns>
    public Task<ErasureRow?> OfAsync(IReadOnlyList<string> brands, long id, CancellationToken cancel) =>
        _database.OneAsync($"SELECT {Columns} FROM erasure WHERE realm = ANY ($1) AND id = $2", Row, cancel, RealmsOf(brands), id);

    /// <summary>Erasures of whoever had an address, an e-mail or a phone number: nothing else can tell whose they were.</summary>
    public async Task<List<ErasureRow>> OfAddressAsync(IReadOnlyList<string> brands, string address, CancellationToken cancel)
    {
        var salt = await _pseudonyms.SaltAsync(cancel);
        var point = ContactPoint.Of(address.Contains('@', StringComparison.Ordinal) ? ContactPoint.Email : ContactPoint.Sms, address);
        var realms = RealmsOf(brands);
        return await _database.ListAsync($"SELECT {Columns} FROM erasure WHERE realm = ANY ($1) AND keys && $2 ORDER BY id DESC", Row, cancel, realms, realms.Select(realm => Pseudonyms.Of(salt, realm, point.Address)).ToArray());
    }

    /// <summary>What is asked for of a customer and not done yet; null when nothing is.</summary>
    public Task<ErasureRow?> OpenAsync(string realm, long person, CancellationToken cancel) =>
        _database.OneAsync($"SELECT {Columns} FROM erasure WHERE realm = $1 AND person IN (SELECT id FROM person WHERE realm = $1 AND root = $2) AND erased_at IS NULL AND withdrawn_at IS NULL ORDER BY id LIMIT 1", Row, cancel, realm, person);

    private string[] RealmsOf(IReadOnlyList<string> brands) => [.. brands.Select(plan.RealmOf).Distinct().Where(realm => plan.Brands.Keys.Where(b => plan.RealmOf(b) == realm).All(brands.Contains))];

    private static ErasureRow Row(NpgsqlDataReader r) => new(r.GetInt64(0), r.GetString(1), r.GetInt64(2), r.At(3), r.GetString(4), r.GetString(5), r.GetString(6), r.Text(7), r.MaybeAt(8),
        r.Text(9) is { } rows ? JsonSerializer.Deserialize<Dictionary<string, int>>(rows) : null, r.MaybeAt(10), r.IsDBNull(11) ? null : r.GetFieldValue<string[]>(11), r.Text(12), JsonSerializer.Deserialize<Dictionary<string, string>>(r.GetString(13))!,
        r.Text(14) is { } searched ? JsonSerializer.Deserialize<Dictionary<string, int>>(searched) : null);
}
