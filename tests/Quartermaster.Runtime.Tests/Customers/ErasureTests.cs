using System.Text;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Customers;

/// <summary>Somebody is erased, and the whole database is searched for them.</summary>
public sealed class ErasureTests
{
    private const string Mail = "zoë.quillfeather@example.test", Phone = "+31687654321", Name = "Zoë Quillfeather", Street = "Kwikstaartplein 17", Town = "Unikstad", Account = "7700112233";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly string[] Everything = [Mail, Phone.TrimStart('+'), Name, Street, Town, Account, "my husband's parcel", "9876 XQ"];

    [Fact]
    public async Task Nothing_of_them_is_left_in_any_table_and_goods_and_money_are()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await test.PlaceAsync("other", ("A", 1));
        await EndAsync(test, "1");
        await EndAsync(test, "other");
        await test.SendAsync(ContactPoint.Of("whatsapp", Phone).On(TestHub.Brand), new ContactSignal.Wrote("whatsapp", "where is my husband's parcel?", "wamid.1", DateTimeOffset.UtcNow));
        await test.SendAsync(ContactPoint.Of("whatsapp", Phone).On(TestHub.Brand), new ContactSignal.Wrote("whatsapp", "STOP", "wamid.2", DateTimeOffset.UtcNow));
        // A vendor's webhook for the whole connection, and a table that nobody has thought of.
        await test.Hub.Intake.WriteAsync(new Arrival(TestHub.Brand, "connection/chat", true, "messages", "chat", "d1", null, Encoding.UTF8.GetBytes($$"""{ "from": "{{Phone[1..]}}", "profile": { "name": "{{Name}}" } }"""), DateTimeOffset.UtcNow), Cancel);
        await test.ScalarAsync($"CREATE TABLE of_tomorrow (id int, words text, doc jsonb, list text[]); INSERT INTO of_tomorrow VALUES (1, 'call {Mail} back', '{{\"who\": \"{Phone}\"}}', ARRAY['{Mail}']), (2, 'nobody', '{{}}', '{{}}')");
        await test.UntilAsync("SELECT count(*) FROM suppressed", 1L);
        await test.QuietAsync();
        await test.UntilAsync("SELECT count(*) FROM ready", 0L);
        var person = await LinkAsync(test);

        var before = await FindAsync(test);
        foreach (var table in (string[])["stream.state", "decision.events", "signal.body", "effect_log.body", "lookup.term", "open_case.detail", "person.name", "person_key.value", "suppressed.address", "consent.address", "of_tomorrow.words", "of_tomorrow.doc", "of_tomorrow.list"])
            before.ShouldContain(b => b.StartsWith(table, StringComparison.Ordinal), table);
        var books = await BooksAsync(test);

        await using var connections = new Database(test.Postgres.ConnectionString);
        var report = await new Eraser(connections, test.Hub.Plan, new(connections), TimeProvider.System).EraseAsync(TestHub.Brand, person, "asked by letter", "ada", Cancel);

        (await FindAsync(test)).ShouldBeEmpty();
        report.Left.ShouldBeEmpty();
        report.Rows["stream"].ShouldBeGreaterThan(0);
        (await BooksAsync(test)).ShouldBe(books);
        (await test.ScalarAsync("SELECT count(*) FROM lookup WHERE term = 'ada@example.test'")).ShouldBe(1L, "somebody else's order is as it was");
        (await test.ScalarAsync("SELECT by_whom || ' ' || reason || ' ' || cardinality(keys) FROM erasure")).ShouldBe("ada asked by letter 3");
        (await test.ScalarAsync("SELECT channel || ' ' || what || ' ' || (address LIKE 'erased:%')::text FROM suppressed")).ShouldBe("whatsapp all true");
    }

    [Fact]
    public async Task What_a_shop_tells_of_the_order_again_is_kept_without_the_person()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await EndAsync(test, "1");
        await test.QuietAsync();
        var person = await LinkAsync(test);
        await using var connections = new Database(test.Postgres.ConnectionString);
        var eraser = new Eraser(connections, test.Hub.Plan, new(connections), TimeProvider.System);
        await eraser.EraseAsync(TestHub.Brand, person, "asked", "ada", Cancel);
        await test.SendAsync(TestHub.Order("1"), new OrderSignal.Reported(Facts("1") with { UpdatedAt = DateTimeOffset.UtcNow }, "orders/updated"));
        await test.UntilAsync("SELECT count(*) FROM signal s JOIN decision d USING (seq) WHERE s.stream = 'order/1' AND s.kind LIKE 'order.reported%'", 2L);
        (await test.ScalarAsync("SELECT coalesce(buyer_name, '') || coalesce(email, '') || coalesce(phone, '') FROM stream WHERE stream = 'order/1'")).ShouldBe("");
        await using (var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel)) await eraser.EraseNewsAsync(connection, Cancel);
        (await FindAsync(test)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_waits_for_a_parcel_is_not_erased()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "submitted");
        await test.QuietAsync();
        var person = await LinkAsync(test);
        await using var connections = new Database(test.Postgres.ConnectionString);
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => new Eraser(connections, test.Hub.Plan, new(connections), TimeProvider.System).EraseAsync(TestHub.Brand, person, "asked", "ada", Cancel));
        refused.Message.ShouldBe("Not erased: the order #1 has not ended (submitted). Ask again when that is over.");
        (await test.ScalarAsync("SELECT buyer_name FROM stream WHERE stream = 'order/1'")).ShouldBe(Name);
    }

    private static async Task<TestHub> ShopAsync()
    {
        var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 100);
        await test.UntilAsync("SELECT on_hand FROM position", 100);
        return test;
    }

    private static OrderFacts Facts(string id) => TestHub.Facts(id, ("A", 1)) with
    {
        Buyer = new(Account, Name, Mail, Phone, "nl"),
        Note = "leave it at my husband's parcel shop",
        ShipTo = new(Name, null, Street, "2 hoog", Town, "NH", "9876 XQ", "NL", Phone),
        BillTo = new(Name, null, Street, null, Town, null, "9876 XQ", "NL", null),
    };

    private static Task PlaceAsync(TestHub test, string id) => test.SendAsync(TestHub.Order(id), new OrderSignal.Reported(Facts(id), "orders/create"));

    private static async Task EndAsync(TestHub test, string id)
    {
        await test.UntilAsync($"SELECT status FROM stream WHERE stream = 'order/{id}'", "submitted");
        await test.SendAsync(TestHub.Order(id), new OrderSignal.CancelAsked("no longer wanted", "ada"));
        await test.UntilAsync($"SELECT ended FROM stream WHERE stream = 'order/{id}'", true);
    }

    private static async Task<long> LinkAsync(TestHub test)
    {
        await using var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        // As the hub's own job does, so that the two are not at it at once.
        await using (var alone = new Npgsql.NpgsqlCommand("SELECT pg_advisory_lock(82, 6)", connection)) await alone.ExecuteNonQueryAsync(Cancel);
        await new OrderLinker(test.Hub.Plan, TimeProvider.System).LinkAllAsync(connection, Cancel);
        return (long)(await test.ScalarAsync($"SELECT person FROM person_key WHERE kind = 'email' AND value = '{Mail}'"))!;
    }

    private static async Task<List<string>> FindAsync(TestHub test)
    {
        await using var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        return [.. (await Traces.FindAsync(connection, null, Everything, Cancel)).Select(f => $"{f.Where} {f.Rows}")];
    }

    private static async Task<string> BooksAsync(TestHub test) => (string)(await test.ScalarAsync("""
        SELECT (SELECT string_agg(stream || status || total || currency || units, ',' ORDER BY stream) FROM stream WHERE placed_at IS NOT NULL) || (SELECT string_agg(sku || on_hand || reserved, ',') FROM position)
          || (SELECT string_agg(kind || on_hand || reserved || stream, ',' ORDER BY n) FROM movement) || (SELECT string_agg(name || value, ',' ORDER BY name) FROM (SELECT name, sum(value) AS value FROM tally GROUP BY name) t)
        """))!;
}
