using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Tests.Machine;

namespace Quartermaster.Runtime.Tests.Customers;

/// <summary>A shop of which one customer wants to be erased, and what is known of her.</summary>
internal static class ErasureBed
{
    public const string Mail = "zoë.quillfeather@example.test", Phone = "+31687654321", Name = "Zoë Quillfeather", Street = "Kwikstaartplein 17", Town = "Unikstad", Account = "7700112233";
    private static readonly string[] Everything = [Mail, Phone.TrimStart('+'), Name, Street, Town, Account, "my husband's parcel", "9876 XQ"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<TestHub> ShopAsync(params MessageChannel[] more)
    {
        var test = await TestHub.NewAsync(Cancel);
        test.Channels.AddRange(more);
        // A brand that writes of its own accord knows somebody in more places.
        test.Change = plan => plan with { Brands = plan.Brands.ToDictionary(b => b.Key, b => b.Value with { Terms = b.Value.Terms with { Contact = new(NeedsOptIn: false, Quiet: null), Campaigns = Flows } }) };
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 100);
        await test.UntilAsync("SELECT on_hand FROM position", 100);
        return test;
    }

    /// <summary>Something is said at once, with a code, and something is waited for.</summary>
    public static readonly CampaignTerms Flows = new([
        new("welcome", "Welcome", CampaignTrigger.Purchased, [new(TimeSpan.Zero, "checkout_offer", Offer: "ten"), new(TimeSpan.FromDays(3), "thank_you")]) { HoldOut = 0m },
        new("checkout", "Checkout", CampaignTrigger.CheckoutLeft, [new(TimeSpan.FromDays(1), "checkout_left")]) { HoldOut = 0m },
        new("win-back", "Win-back", CampaignTrigger.Silent, [new(TimeSpan.FromDays(100), "win_back")]) { HoldOut = 0m }])
    { Offers = new Dictionary<string, OfferTerms> { ["ten"] = new(["TEN"], new Dictionary<string, string>(), 100) } };

    public static OrderFacts Facts(string id) => TestHub.Facts(id, ("A", 1)) with
    {
        PlacedAt = DateTimeOffset.UtcNow,
        Buyer = new(Account, Name, Mail, Phone, "nl"),
        Note = "leave it at my husband's parcel shop",
        ShipTo = new(Name, null, Street, "2 hoog", Town, "NH", "9876 XQ", "NL", Phone),
        BillTo = new(Name, null, Street, null, Town, null, "9876 XQ", "NL", null),
    };

    public static Task PlaceAsync(TestHub test, string id) => test.SendAsync(TestHub.Order(id), new OrderSignal.Reported(Facts(id), "orders/create"));

    public static async Task EndAsync(TestHub test, string id)
    {
        await test.UntilAsync($"SELECT status FROM stream WHERE stream = 'order/{id}'", "submitted");
        await test.SendAsync(TestHub.Order(id), new OrderSignal.CancelAsked("no longer wanted", "ada"));
        await test.UntilAsync($"SELECT ended FROM stream WHERE stream = 'order/{id}'", true);
    }

    public static async Task<long> LinkAsync(TestHub test)
    {
        await using var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        // As the hub's own job does, so that the two are not at it at once.
        await using (var alone = new Npgsql.NpgsqlCommand("SELECT pg_advisory_lock(82, 6)", connection)) await alone.ExecuteNonQueryAsync(Cancel);
        await new OrderLinker(test.Hub.Plan, TimeProvider.System).LinkAllAsync(connection, Cancel);
        await using (var free = new Npgsql.NpgsqlCommand("SELECT pg_advisory_unlock(82, 6)", connection)) await free.ExecuteNonQueryAsync(Cancel);
        return (long)(await test.ScalarAsync($"SELECT person FROM person_key WHERE kind = 'email' AND value = '{Mail}'"))!;
    }

    public static async Task<ErasureRow> EraseAsync(TestHub test, long person, string reason = "asked")
    {
        await using var connections = new Database(test.Postgres.ConnectionString);
        return await RunAsync(test, await new Erasures(connections, test.Hub.Plan, TimeProvider.System).AskAsync(TestHub.Brand, person, reason, "ada", Cancel));
    }

    /// <summary>As the hub does within a minute.</summary>
    public static async Task<ErasureRow> RunAsync(TestHub test, long erasure)
    {
        await using var connections = new Database(test.Postgres.ConnectionString);
        await test.ScalarAsync("UPDATE erasure SET tried_at = NULL");
        await new Erasures(connections, test.Hub.Plan, TimeProvider.System).RunAloneAsync(Cancel);
        return (await new ErasureReads(connections, test.Hub.Plan).OfAsync([TestHub.Brand], erasure, Cancel))!;
    }

    public static async Task EraseNewsAsync(TestHub test)
    {
        await using var connections = new Database(test.Postgres.ConnectionString);
        await using var connection = await connections.General.OpenConnectionAsync(Cancel);
        await new Eraser(test.Hub.Plan, new(connections), TimeProvider.System).EraseNewsAsync(connection, Cancel);
    }

    public static async Task<List<string>> FindAsync(TestHub test, params string[] words)
    {
        await using var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        return [.. (await Traces.FindAsync(connection, null, words.Length > 0 ? words : Everything, Cancel)).Select(f => $"{f.Where} {f.Rows}")];
    }

    public static async Task<string> BooksAsync(TestHub test) => (string)(await test.ScalarAsync("""
        SELECT (SELECT string_agg(stream || status || total || currency || units, ',' ORDER BY stream) FROM stream WHERE placed_at IS NOT NULL) || (SELECT string_agg(sku || on_hand || reserved, ',') FROM position)
          || (SELECT string_agg(kind || on_hand || reserved || stream, ',' ORDER BY n) FROM movement) || (SELECT string_agg(name || value, ',' ORDER BY name) FROM (SELECT name, sum(value) AS value FROM tally GROUP BY name) t)
        """))!;
}
