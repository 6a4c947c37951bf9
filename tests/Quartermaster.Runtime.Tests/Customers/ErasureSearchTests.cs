using System.Text;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;
using static Quartermaster.Runtime.Tests.Customers.ErasureBed;

namespace Quartermaster.Runtime.Tests.Customers;

/// <summary>The proof of an erasure: the whole database is searched for more than addresses, and what was kept of somebody beside their orders is theirs as well.</summary>
public sealed class ErasureSearchTests
{
    private const string Second = "Rue du Merle 12 bis", Work = "Quillfeather & Daughters";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_one_person_with_everything_that_is_kept_of_people_only_the_tombstone_is_left()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await EndAsync(test, "1");
        var facts = Facts("2") with { Note = "gift: For Zoë, happy birthday from aunt Petronella" };
        await test.SendAsync(TestHub.Order("2"), new OrderSignal.Reported(facts with { ShipTo = facts.ShipTo! with { Line1 = Second, Company = Work, City = "Merleville" } }, "orders/create"));
        await EndAsync(test, "2");
        var contact = ContactPoint.Of("whatsapp", Phone).On(TestHub.Brand);
        await test.SendAsync(contact, new ContactSignal.Wrote("whatsapp", "it is Zoë Quillfeather, where is my husband's parcel?", "wamid.1", DateTimeOffset.UtcNow));
        await test.SendAsync(contact, new ContactSignal.AnswerAsked("whatsapp", "Dear Mrs Quillfeather, it went to Rue du Merle 12 bis.", "a1", "ada"));
        await test.SendAsync(contact, new ContactSignal.PreferenceTold("whatsapp", "said on the phone", DateTimeOffset.UtcNow, "ada"));
        await test.QuietAsync();
        await EverywhereAsync(test, await LinkAsync(test));

        string[] everything = [Mail, Phone.TrimStart('+'), Name, "Quillfeather", Street, Second, "Merleville", Town, Account, "Petronella", "husband's parcel", "9876 XQ"];
        var before = await FindAsync(test, everything);
        foreach (var place in (string[])["signal.body", "decision.events", "decision.note", "stream.state", "effect_log.body", "effect_log.request", "effect_log.answer", "lookup.term", "person.name", "api_request.body", "audit.detail", "open_case.detail", "preference.address", "marketing_sent.address"])
            before.ShouldContain(b => b.StartsWith(place + " ", StringComparison.Ordinal), place);
        (await test.ScalarAsync("SELECT count(*) FROM trait WHERE stream = 'order/1'")).ShouldBe(1L);

        var person = (long)(await test.ScalarAsync("SELECT id FROM person"))!;
        var kept = (await new CustomerReads(test.Postgres.Source, test.Hub.Plan).ExportAsync([TestHub.Brand], TestHub.Brand, person, DateTimeOffset.UtcNow, Cancel))!["kept"]!.AsObject();
        var proof = await EraseAsync(test, person);
        // What may be about many at once is no document of one person's: what was theirs in it is in their own tables.
        proof.Rows!.Keys.Where(table => PersonalTables.Of(table, false) != Whose.Anybodys).ShouldBeSubsetOf(kept.Select(k => k.Key), "whatever an erasure goes through is handed over to whoever asks for it");
        var handed = kept.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        foreach (var word in (string[])[Mail, Phone, Name, Street, Second, "Merleville", Account, "Petronella", "Dear Mrs Quillfeather", "signed_by", "would rather be called", "card:0123456789abcdef"]) handed.ShouldContain(word);
        (await FindAsync(test, everything)).ShouldBeEmpty();
        (proof.State, proof.LeftIn!.Count).ShouldBe(("proven", 0), string.Join(", ", proof.LeftIn));
        proof.Searched.ShouldBe(new Dictionary<string, int> { ["address"] = 2, ["name"] = 1, ["street"] = 2, ["id"] = 1 }, ignoreOrder: true);
        (await test.ScalarAsync("SELECT count(*) FROM trait WHERE stream = 'order/1'")).ShouldBe(0L);
        (await test.ScalarAsync("SELECT (marks IS NULL AND words IS NULL)::text || ' ' || cardinality(keys) FROM erasure")).ShouldBe("true 3", "what is left is what stands for who they were");
        (await test.ScalarAsync("SELECT state FROM stream WHERE stream = 'parcel/JD0009'")).ShouldNotBeNull("whose parcel it was is still known");
    }

    /// <summary>What came to be beside their orders, in the places where the hub keeps such things.</summary>
    private static async Task EverywhereAsync(TestHub test, long person)
    {
        // A parcel of hers, as its carrier tells of it: with a name and no address that anybody could be written to by.
        await test.ScalarAsync($$"""UPDATE stream SET state = convert_to(jsonb_set(convert_from(state, 'UTF8')::jsonb, '{shipping}', '{"all":[{"id":"JD0009","carrier":"bird","tracking":"JD0009","delivered":true}]}')::text, 'UTF8') WHERE stream = 'order/1'""");
        await test.SendAsync(new(TestHub.Brand, Waybill.Stream, "JD0009"), new WaybillSignal.BelongsTo("1"));
        await RawAsync(test, $"{Waybill.Stream}/JD0009", $$"""{ "number": "JD0009", "signed_by": "{{Name}}", "place": "front door" }""");
        await RawAsync(test, "connection/bird", $$"""{ "parcels": [{ "tracking": "JD0009", "name": "{{Name.ToUpperInvariant()}}", "street": "{{Street}}" }, { "tracking": "JD0010", "name": "Bob", "street": "Elsewhere 1" }] }""");
        await test.UntilAsync("SELECT count(*) FROM ready", 0L);
        await test.ScalarAsync($$"""
            UPDATE effect_log SET request = 'POST /send {"to": "{{Phone}}", "name": "Zo\u00eb Quillfeather" }', answer = '{"deliver_to": "{{Second}}"}' WHERE stream = 'order/2' AND kind LIKE 'message.%';
            UPDATE decision SET note = 'Held by ada: Mrs Quillfeather called about it.' WHERE stream = 'order/1';
            INSERT INTO open_case(brand, stream, key, kind, title, detail, seq, opened_at, closed_at) VALUES ('{{TestHub.Brand}}', 'order/1', 'wrote/x', 'order.shopper_wrote', 'The shopper wrote', '“I am at my husband''s parcel shop. Zoë”', 1, now(), now());
            INSERT INTO api_request(who, key, fingerprint, at, status, content_type, body) SELECT 'app', 'k1', '\x00', now(), 200, 'application/json', convert_to('{ "order": { "buyer": { "name": "{{Name}}" }, "shipTo": {"line1": "{{Street}}" } } }', 'UTF8');
            INSERT INTO audit(who, action, brand, subject, detail) VALUES ('ada', 'customer.note', '{{TestHub.Brand}}', 'customer/{{person}}', 'Mrs Quillfeather would rather be called'), ('ada', 'order.address', '{{TestHub.Brand}}', 'order/1', 'to {{Name}}, {{Second}}');
            INSERT INTO trait(brand, trait, at, stream, name, email, place) VALUES ('{{TestHub.Brand}}', 'card:0123456789abcdef', now(), 'order/1', 1, 2, 3);
            INSERT INTO marketing_sent(brand, address, key, channel, at) VALUES ('{{TestHub.Brand}}', '{{Mail}}', 'run/x/1', 'email', now());
            """);
    }

    private static Task RawAsync(TestHub test, string stream, string body) =>
        test.Hub.Intake.WriteAsync(new Arrival(TestHub.Brand, stream, true, "tracking", "chat", "d-" + stream, null, Encoding.UTF8.GetBytes(body), DateTimeOffset.UtcNow), Cancel);

    [Fact]
    public async Task Every_table_says_whose_rows_it_holds()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await using var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        var tables = (await Traces.ColumnsAsync(connection, null, Cancel)).Select(c => c.Table).Distinct().ToList();
        tables.Except(PersonalTables.All.Keys).ShouldBeEmpty("a table that can hold a text is named in PersonalTables, so that an erasure and a document that is handed over know what of a person stands in it");
        PersonalTables.All.Keys.Except(tables).ShouldBeEmpty("there is no such table");
        foreach (var (whose, columns) in ((Whose, string[])[])[(Whose.OfStreams, ["brand", "stream"]), (Whose.OfAddresses, ["brand"]), (Whose.OfPeople, ["realm"]), (Whose.OfSubjects, ["subject"])])
            foreach (var table in PersonalTables.All.Where(t => t.Value == whose).Select(t => t.Key))
                foreach (var column in columns)
                    (await test.ScalarAsync($"SELECT count(*) FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '{table}' AND column_name = '{column}'")).ShouldBe(1L, $"{table}.{column}");
    }

    [Fact]
    public async Task Others_parcels_in_the_same_webhook_stay_and_a_namesake_is_somebody_else()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await EndAsync(test, "1");
        var namesake = Facts("2") with { Buyer = new("55", Name, "zoe.other@example.test", "+31611112222", "nl"), ShipTo = new(Name, null, "Elders 4", null, "Elders", null, "1000 AA", "NL", null), BillTo = null };
        await test.SendAsync(TestHub.Order("2"), new OrderSignal.Reported(namesake, "orders/create"));
        await EndAsync(test, "2");
        await test.QuietAsync();
        await RawAsync(test, "connection/bird", $$"""[{ "name": "{{Name}}", "street": "{{Street}}" }, { "name": "Bob", "street": "Elsewhere 1" }]""");
        await RawAsync(test, "connection/other-bird", $$"""[{ "name": "{{Name}}", "street": "Elders 4" }]""");
        await test.UntilAsync("SELECT count(*) FROM ready", 0L);
        var before = await test.ScalarAsync("SELECT state FROM stream WHERE stream = 'order/2'");

        var proof = await EraseAsync(test, await LinkAsync(test));
        (await test.ScalarAsync("SELECT state FROM stream WHERE stream = 'order/2'")).ShouldBe(before);
        (await test.ScalarAsync("SELECT convert_from(body, 'UTF8') FROM signal WHERE stream = 'connection/bird'")).ShouldBe("""[{},{"name":"Bob","street":"Elsewhere 1"}]""");
        (await test.ScalarAsync("SELECT convert_from(body, 'UTF8') FROM signal WHERE stream = 'connection/other-bird'")).ShouldBeOfType<string>().ShouldContain("Elders 4");
        proof.LeftIn!.ShouldBe(["person.name (name)", "person_key.value (name)", "signal.body (name)"], ignoreOrder: true, "a name alone may be a namesake's, and is told of; her order is not looked into");
    }

    [Fact]
    public async Task A_name_that_is_a_word_of_many_is_looked_for_only_in_what_was_theirs_and_where_it_stands_alone()
    {
        await using var test = await ShopAsync();
        var facts = Facts("1");
        await test.SendAsync(TestHub.Order("1"), new OrderSignal.Reported(facts with { Buyer = facts.Buyer with { Name = "Li" }, ShipTo = facts.ShipTo! with { Name = "Li" }, BillTo = null }, "orders/create"));
        await EndAsync(test, "1");
        await test.QuietAsync();
        await test.ScalarAsync("CREATE TABLE of_tomorrow (brand text, stream text, words text, doc jsonb); INSERT INTO of_tomorrow VALUES ('acme', 'order/9', 'Li', '{}'), ('acme', 'stock/LI', 'like', '{\"sku\": \"Li\"}')");
        var proof = await EraseAsync(test, await LinkAsync(test));
        (proof.LeftIn!.Count, proof.Searched!["name alone"]).ShouldBe((0, 1), string.Join(", ", proof.LeftIn));
        proof.Searched.Keys.ShouldNotContain("name");

        // What an erasure missed is found.
        await test.ScalarAsync("""INSERT INTO of_tomorrow VALUES ('acme', 'order/1', 'Li', '{"who": "Li"}')""");
        await test.ScalarAsync("UPDATE erasure SET searched_at = NULL, left_in = NULL, marks = '{}', words = '{\"name alone\": [\"Li\"]}'");
        (await RunAsync(test, proof.Id)).LeftIn!.ShouldBe(["of_tomorrow.doc (name)", "of_tomorrow.words (name)"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{"who":"Ann Lee"}""", true)]
    [InlineData("""{"who":"Joann Leeds"}""", false)]
    [InlineData("""{"text":"Dear\nAnn Lee,"}""", true)]
    [InlineData("ann lee", true)]
    public async Task A_name_stands_where_it_stands_as_words(string text, bool found)
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.ScalarAsync($"CREATE TABLE of_tomorrow (doc bytea); INSERT INTO of_tomorrow VALUES (convert_to('{text}', 'UTF8'))");
        await using var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        (await WordSearch.FindAsync(connection, new(["Ann Lee"], [], [], []), Cancel)).ShouldBe(found ? ["of_tomorrow.doc (name)"] : []);
    }
}
