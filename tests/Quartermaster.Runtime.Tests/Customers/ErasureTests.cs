using System.Text;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.ReadModels;
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
        await test.UntilAsync("SELECT sent FROM run WHERE campaign = 'welcome'", 1);
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE key LIKE 'run/%' AND outcome = 'done'", 1L);
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

        var proof = await EraseAsync(test, person, "asked by letter");

        (await FindAsync(test)).ShouldBeEmpty();
        (proof.State, proof.Person, proof.LeftIn!.Count).ShouldBe(("proven", person, 0));
        proof.Rows!["stream"].ShouldBeGreaterThan(0);
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
        await EraseAsync(test, person);
        await test.SendAsync(TestHub.Order("1"), new OrderSignal.Reported(Facts("1") with { UpdatedAt = DateTimeOffset.UtcNow }, "orders/updated"));
        await test.UntilAsync("SELECT count(*) FROM signal s JOIN decision d USING (seq) WHERE s.stream = 'order/1' AND s.kind LIKE 'order.reported%'", 2L);
        (await test.ScalarAsync("SELECT coalesce(buyer_name, '') || coalesce(email, '') || coalesce(phone, '') FROM stream WHERE stream = 'order/1'")).ShouldBe("");
        await EraseNewsAsync(test);
        (await FindAsync(test)).ShouldBeEmpty();
    }

    [Fact]
    public async Task News_that_is_stored_late_under_an_earlier_number_is_not_passed_over()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await EndAsync(test, "1");
        await test.QuietAsync();
        await EraseAsync(test, await LinkAsync(test));
        // A number is drawn before the insert commits, and what is set apart is decided whenever it is released.
        var early = (long)(await test.ScalarAsync("SELECT nextval('signal_seq')"))!;
        await test.SendAsync(TestHub.Order("1"), new OrderSignal.Reported(Facts("1") with { UpdatedAt = DateTimeOffset.UtcNow }, "orders/updated"));
        await test.UntilAsync("SELECT count(*) FROM signal s JOIN decision d USING (seq) WHERE s.stream = 'order/1' AND s.kind LIKE 'order.reported%'", 2L);
        await EraseNewsAsync(test);
        await test.ScalarAsync($"""
            WITH s AS (INSERT INTO signal(seq, at, brand, stream, raw, kind, source, body) SELECT {early}, now(), brand, stream, raw, kind, source, convert_to('{Encoding.UTF8.GetString(Core.CoreJson.Write(new OrderSignal.Reported(Facts("1"), "orders/updated"))).Replace("'", "''", StringComparison.Ordinal)}', 'UTF8') FROM signal WHERE stream = 'order/1' LIMIT 1 RETURNING seq)
            INSERT INTO decision(brand, stream, seq, version, at) SELECT '{TestHub.Brand}', 'order/1', seq, 99, now() FROM s
            """);
        (await FindAsync(test)).ShouldNotBeEmpty();
        await EraseNewsAsync(test);
        (await FindAsync(test)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_they_were_before_the_shop_corrected_it_goes_as_well()
    {
        const string before = "Zenobia Featherquill", mail = "zenobia@elsewhere.test", street = "Oudelaan 3", phone = "+31600112233";
        await using var test = await ShopAsync();
        var facts = Facts("1");
        await test.SendAsync(TestHub.Order("1"), new OrderSignal.Reported(facts with { Buyer = facts.Buyer with { Name = before, Email = mail }, ShipTo = facts.ShipTo! with { Line1 = street, Phone = phone } }, "orders/create"));
        await test.UntilAsync("SELECT count(*) FROM stream WHERE stream = 'order/1'", 1L);
        await test.SendAsync(ContactPoint.Of("email", mail).On(TestHub.Brand), new ContactSignal.Bounced("email", true, $"no such user {mail}", DateTimeOffset.UtcNow));
        await test.SendAsync(ContactPoint.Of("sms", phone).On(TestHub.Brand), new ContactSignal.Wrote("sms", "is it here?", "sms.1", DateTimeOffset.UtcNow));
        await test.SendAsync(TestHub.Order("1"), new OrderSignal.Reported(facts with { UpdatedAt = facts.UpdatedAt.AddHours(1) }, "orders/updated"));
        await test.UntilAsync($"SELECT email FROM stream WHERE stream = 'order/1'", Mail);
        await EndAsync(test, "1");
        await test.QuietAsync();
        // A person's words about it, from then.
        await test.ScalarAsync($"UPDATE decision SET note = 'Asked {before} about it' WHERE stream = 'order/1'");
        string[] former = [before, mail, street, phone.TrimStart('+'), "is it here?"];
        (await FindAsync(test, former)).ShouldNotBeEmpty();

        await EraseAsync(test, await LinkAsync(test));
        (await FindAsync(test, former)).ShouldBeEmpty();
        (await FindAsync(test)).ShouldBeEmpty();
        (await test.ScalarAsync("SELECT string_agg(term, ',' ORDER BY term) FROM lookup WHERE stream = 'order/1'")).ShouldBe("1,a", "its number and what was in it");
    }

    [Fact]
    public async Task A_number_that_somebody_else_orders_by_stays_theirs()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await EndAsync(test, "1");
        var other = Facts("2") with { Buyer = new("55", "Bob Quillfeather", "bob@example.test", Phone, "nl"), ShipTo = null, BillTo = null };
        await test.SendAsync(TestHub.Order("2"), new OrderSignal.Reported(other, "orders/create"));
        await test.SendAsync(ContactPoint.Of("whatsapp", Phone).On(TestHub.Brand), new ContactSignal.Wrote("whatsapp", "Bob here, where is mine?", "wamid.7", DateTimeOffset.UtcNow));
        await test.UntilAsync("SELECT count(*) FROM stream WHERE stream LIKE 'order/2' OR stream LIKE 'contact/%'", 2L);
        await test.UntilAsync("SELECT count(*) FROM effect WHERE state < 3 AND stream <> 'order/2'", 0L);
        var proof = await EraseAsync(test, await LinkAsync(test));

        proof.LeftIn!.ShouldContain("stream.stream", "the number is told of, because it was not taken away");
        (await test.ScalarAsync($"SELECT count(*) FROM stream WHERE stream = 'contact/phone:{Phone}' AND encode(state, 'escape') LIKE '%Bob here%'")).ShouldBe(1L);
        (await test.ScalarAsync("SELECT phone FROM stream WHERE stream = 'order/2'")).ShouldBe(Phone);
        (await test.ScalarAsync("SELECT phone FROM stream WHERE stream = 'order/1'")).ShouldBeNull();
        (await test.ScalarAsync($"SELECT count(*) FROM lookup WHERE stream = 'order/1' AND term = '{Phone}'")).ShouldBe(0L);
    }

    [Fact]
    public async Task An_order_that_is_placed_while_they_are_erased_is_a_new_customers()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await EndAsync(test, "1");
        await test.QuietAsync();
        var person = await LinkAsync(test);
        // Their contact's partition is kept busy, so that the erasure stands where it has searched everything and waits for its locks.
        await using var worker = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        await using (var busy = new Npgsql.NpgsqlCommand($"SELECT pg_advisory_lock({Runtime.Partitions.ReadyBatch.LockClass}, {TestHub.Order("1").Partition})", worker)) await busy.ExecuteNonQueryAsync(Cancel);
        var erasing = EraseAsync(test, person);
        await test.UntilAsync("SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", true);
        // In a partition whose turn comes after the one that is busy.
        var id = Enumerable.Range(2, 500).Select(n => $"{n}").First(n => TestHub.Order(n).Partition > TestHub.Order("1").Partition);
        await PlaceAsync(test, id);
        await test.UntilAsync($"SELECT status FROM stream WHERE stream = 'order/{id}'", "submitted");
        await using (var free = new Npgsql.NpgsqlCommand($"SELECT pg_advisory_unlock({Runtime.Partitions.ReadyBatch.LockClass}, {TestHub.Order("1").Partition})", worker)) await free.ExecuteNonQueryAsync(Cancel);
        (await erasing).State.ShouldBe("waiting", "the new order is theirs, and somebody has to deliver it");
        (await test.ScalarAsync($"SELECT buyer_name FROM stream WHERE stream = 'order/{id}'")).ShouldBe(Name);
        (await test.ScalarAsync($"SELECT buyer_name FROM stream WHERE stream = 'order/1'")).ShouldBe(Name);

        await EndAsync(test, id);
        await test.QuietAsync();
        (await RunAsync(test, (long)(await test.ScalarAsync("SELECT id FROM erasure"))!)).State.ShouldBe("proven");
        (await FindAsync(test)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_process_began_and_did_not_live_to_prove_another_one_proves()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await EndAsync(test, "1");
        await test.QuietAsync();
        await EraseAsync(test, await LinkAsync(test));
        await test.ScalarAsync($"UPDATE erasure SET searched_at = NULL, left_in = NULL, marks = ARRAY['{Mail}']");
        var proof = await RunAsync(test, (long)(await test.ScalarAsync("SELECT id FROM erasure"))!);
        (proof.State, proof.LeftIn!.Count).ShouldBe(("proven", 0));
        (await FindAsync(test)).ShouldBeEmpty("what was looked for is gone from the proof as well");
    }

    [Fact]
    public async Task An_erasure_is_asked_for_once_and_can_be_withdrawn_while_it_waits()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "submitted");
        await test.QuietAsync();
        var person = await LinkAsync(test);
        await using var connections = new Database(test.Postgres.ConnectionString);
        var erasures = new Erasures(connections, test.Hub.Plan, TimeProvider.System);
        var first = await erasures.AskAsync(TestHub.Brand, person, "asked", "ada", Cancel);
        (await erasures.AskAsync(TestHub.Brand, person, "asked again", "bob", Cancel)).ShouldBe(first);
        await erasures.WithdrawAsync(TestHub.Brand, first, "ada", Cancel);
        await Should.ThrowAsync<InvalidOperationException>(() => erasures.WithdrawAsync(TestHub.Brand, first, "ada", Cancel));
        await test.ScalarAsync("UPDATE stream SET ended = true WHERE stream = 'order/1'");
        (await RunAsync(test, first)).State.ShouldBe("withdrawn");
        (await test.ScalarAsync("SELECT buyer_name FROM stream WHERE stream = 'order/1'")).ShouldBe(Name);
        await Should.ThrowAsync<InvalidOperationException>(() => erasures.AskAsync(TestHub.Brand, 4711, "asked", "ada", Cancel));
    }

    [Fact]
    public async Task A_contact_that_begins_again_at_the_same_version_does_not_get_its_erased_words_back()
    {
        await using var test = await ShopAsync();
        var contact = ContactPoint.Of("whatsapp", Phone).On(TestHub.Brand);
        await test.SendAsync(contact, new ContactSignal.Wrote("whatsapp", "where is my husband's parcel?", "wamid.1", DateTimeOffset.UtcNow));
        await test.UntilAsync($"SELECT version FROM stream WHERE stream = '{contact.Key}'", 1);
        // Another process erases it and decides the next word of it, which makes version 1 again.
        await test.ScalarAsync($"UPDATE stream SET state = '{{}}'::bytea WHERE stream = '{contact.Key}'");
        await test.SendAsync(contact, new ContactSignal.Wrote("whatsapp", "hello", "wamid.2", DateTimeOffset.UtcNow));
        await test.UntilAsync($"SELECT version FROM stream WHERE stream = '{contact.Key}'", 2);
        (await test.ScalarAsync($"SELECT encode(state, 'escape') FROM stream WHERE stream = '{contact.Key}'")).ShouldBeOfType<string>().ShouldNotContain("husband");
    }

    [Fact]
    public async Task Who_waits_for_a_parcel_is_not_erased()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await test.UntilAsync("SELECT sent FROM run WHERE campaign = 'welcome'", 1);
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "submitted");
        await test.QuietAsync();
        var person = await LinkAsync(test);
        var asked = await EraseAsync(test, person);
        (asked.State, asked.WaitsFor).ShouldBe(("waiting", "the order #1 has not ended (submitted)"));
        (await test.ScalarAsync("SELECT buyer_name FROM stream WHERE stream = 'order/1'")).ShouldBe(Name);

        await EndAsync(test, "1");
        await test.QuietAsync();
        (await RunAsync(test, asked.Id)).State.ShouldBe("proven");
        (await FindAsync(test)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_comes_back_after_an_erasure_can_be_erased_again_and_their_stronger_no_stays()
    {
        await using var test = await ShopAsync();
        foreach (var (id, what) in ((string, Extent)[])[("1", Extent.Marketing), ("2", Extent.All)])
        {
            await PlaceAsync(test, id);
            await EndAsync(test, id);
            await test.SendAsync(ContactPoint.Of("email", Mail).On(TestHub.Brand), new ContactSignal.OptedOut("email", "by a link", DateTimeOffset.UtcNow, what));
            await test.UntilAsync($"SELECT count(*) FROM suppressed WHERE address = '{Mail}'", 1L);
            await test.QuietAsync();
            (await EraseAsync(test, await LinkAsync(test))).State.ShouldBe("proven");
        }
        (await FindAsync(test)).ShouldBeEmpty();
        (await test.ScalarAsync("SELECT string_agg(what || ' ' || (address LIKE 'erased:%')::text, ',') FROM suppressed")).ShouldBe("all true");
        (await test.ScalarAsync("SELECT count(*) FROM erasure")).ShouldBe(2L);
    }

    [Fact]
    public async Task What_a_mail_server_or_one_of_us_said_of_them_goes_as_well()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await EndAsync(test, "1");
        await test.SendAsync(ContactPoint.Of("email", Mail).On(TestHub.Brand), new ContactSignal.Bounced("email", true, "550 5.1.1 <Zoë.Quillfeather@Example.test> user unknown", DateTimeOffset.UtcNow));
        await test.UntilAsync("SELECT count(*) FROM suppressed", 1L);
        await test.QuietAsync();
        var person = await LinkAsync(test);
        await test.ScalarAsync($"INSERT INTO audit(who, action, brand, subject, detail) VALUES ('ada', 'customer.note', '{TestHub.Brand}', 'customer/{person}', 'Mrs Quillfeather would rather be called')");
        await EraseAsync(test, person, $"asked by {Mail}");

        (await FindAsync(test)).ShouldBeEmpty();
        (await test.ScalarAsync("SELECT why FROM suppressed")).ShouldBe("550 5.1.1 <erased> user unknown");
        (await test.ScalarAsync("SELECT detail FROM audit WHERE action = 'customer.note'")).ShouldBe("erased");
        (await test.ScalarAsync("SELECT reason FROM erasure")).ShouldBe("asked by erased");
    }

    [Fact]
    public async Task What_is_told_of_others_in_one_webhook_stays_and_what_nobody_decided_on_is_waited_for()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await EndAsync(test, "1");
        await test.QuietAsync();
        var person = await LinkAsync(test);
        await test.Hub.Intake.WriteAsync(new Arrival(TestHub.Brand, "connection/mail", true, "events", "mail", "d1", null, Encoding.UTF8.GetBytes($$"""[{ "email": "{{Mail}}" }, { "email": "not.{{Mail}}" }, { "email": "bob@example.test" }]"""), DateTimeOffset.UtcNow), Cancel);
        await test.UntilAsync("SELECT count(*) FROM ready", 0L);
        // Set apart, whatever the hub made of it.
        await test.ScalarAsync("INSERT INTO parked(seq, part, brand, stream, kind, source, case_kind, reason, at) SELECT seq, 0, brand, stream, kind, source, 'not_understood', 'test', now() FROM signal WHERE stream = 'connection/mail' ON CONFLICT DO NOTHING");
        (await EraseAsync(test, person)).WaitsFor.ShouldBe("something about them that came for connection/mail is still to be decided on, or is set apart");
        (await test.ScalarAsync("SELECT convert_from(body, 'UTF8') FROM signal WHERE stream = 'connection/mail'")).ShouldBeOfType<string>().ShouldContain("bob@example.test");

        await test.ScalarAsync("DELETE FROM parked");
        var proof = await RunAsync(test, (long)(await test.ScalarAsync("SELECT id FROM erasure"))!);
        System.Text.Json.Nodes.JsonNode.Parse((byte[])(await test.ScalarAsync("SELECT body FROM signal WHERE stream = 'connection/mail'"))!)!.AsArray().Select(e => (string?)e!["email"]).ShouldBe([null, "not." + Mail, "bob@example.test"]);
        proof.LeftIn.ShouldBe(["signal.body"], "a longer address is somebody else's, and is told of");
    }

    [Fact]
    public async Task An_order_whose_email_was_corrected_is_somebody_elses()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await EndAsync(test, "1");
        await test.PlaceAsync("other", ("A", 1));
        await EndAsync(test, "other");
        await test.QuietAsync();
        var person = await LinkAsync(test);
        // The order was entered with their e-mail by mistake.
        await test.ScalarAsync($"INSERT INTO lookup(brand, term, stream) VALUES ('{TestHub.Brand}', '{Mail}', 'order/other')");
        await test.ScalarAsync("UPDATE person_order SET person = NULL WHERE stream = 'order/other'");
        var before = await test.ScalarAsync("SELECT state FROM stream WHERE stream = 'order/other'");
        await EraseAsync(test, person);
        (await test.ScalarAsync("SELECT state FROM stream WHERE stream = 'order/other'")).ShouldBe(before);
    }

    [Fact]
    public void Goods_places_and_words_of_the_machine_stay_when_a_town_or_a_note_is_called_the_same()
    {
        var body = """{"kind":"order.shipped.v1","sku":"BATIK-BANDUNG-L","location":"bandung","channel":"aurora-shop","title":"Batik Bandung","shipTo":{"city":"Bandung","country":"ID"},"text":"We send it to Bandung, Zoe Quill"}""";
        Encoding.UTF8.GetString(new Redaction(["Zoe Quill"], ["Bandung", "Aurora", "shipped"]).Body(Encoding.UTF8.GetBytes(body), own: true)).ShouldBe(
            """{"kind":"order.shipped.v1","sku":"BATIK-BANDUNG-L","location":"bandung","channel":"aurora-shop","title":"Batik Bandung","shipTo":{"city":null,"country":"ID"},"text":"erased"}""");
    }

    [Fact]
    public void The_subject_of_a_letter_goes_whatever_it_names_and_that_of_a_parcel_stays()
    {
        var letter = """{"to":"li@example.test","subject":"Li Wu, your order #1 has left","text":"Hello Li Wu"}""";
        Encoding.UTF8.GetString(new Redaction(["Li Wu"]).Body(Encoding.UTF8.GetBytes(letter), own: true)).ShouldBe("""{"to":"erased","subject":"erased","text":"erased"}""");
        var planned = """[{"kind":"message.planned.v1","body":{"occasion":"shipped","subject":"P1","channel":"email"}}]""";
        Encoding.UTF8.GetString(new Redaction(["Li Wu"]).Body(Encoding.UTF8.GetBytes(planned), own: true)).ShouldBe(planned);
    }

    [Theory]
    [InlineData("From=whatsapp%3A%2B31687654321&Body=hi", "{}")]
    [InlineData("From=whatsapp%3A%2B316876543219&Body=hi", null)]
    [InlineData("""{"from":"31687654321","profile":{"name":"Zoe"}}""", "{}")]
    [InlineData("""{"a":1,"a":2}""", null)]
    public void A_vendors_body_goes_where_it_bears_them(string body, string? left) =>
        Encoding.UTF8.GetString(new Redaction(["31687654321"]).Raw(Encoding.UTF8.GetBytes(body))).ShouldBe(left ?? body);

    private static async Task<TestHub> ShopAsync()
    {
        var test = await TestHub.NewAsync(Cancel);
        // A brand that writes of its own accord knows somebody in more places.
        test.Change = plan => plan with { Brands = plan.Brands.ToDictionary(b => b.Key, b => b.Value with { Terms = b.Value.Terms with { Contact = new(NeedsOptIn: false, Quiet: null), Campaigns = Flows } }) };
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 100);
        await test.UntilAsync("SELECT on_hand FROM position", 100);
        return test;
    }

    /// <summary>Something is said at once, with a code, and something is waited for.</summary>
    private static readonly CampaignTerms Flows = new([
        new("welcome", "Welcome", CampaignTrigger.Purchased, [new(TimeSpan.Zero, "checkout_offer", Offer: "ten"), new(TimeSpan.FromDays(3), "thank_you")]) { HoldOut = 0m },
        new("win-back", "Win-back", CampaignTrigger.Silent, [new(TimeSpan.FromDays(100), "win_back")]) { HoldOut = 0m }])
    { Offers = new Dictionary<string, OfferTerms> { ["ten"] = new(["TEN"], new Dictionary<string, string>(), 100) } };

    private static OrderFacts Facts(string id) => TestHub.Facts(id, ("A", 1)) with
    {
        PlacedAt = DateTimeOffset.UtcNow,
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
        await using (var free = new Npgsql.NpgsqlCommand("SELECT pg_advisory_unlock(82, 6)", connection)) await free.ExecuteNonQueryAsync(Cancel);
        return (long)(await test.ScalarAsync($"SELECT person FROM person_key WHERE kind = 'email' AND value = '{Mail}'"))!;
    }

    private static async Task<ErasureRow> EraseAsync(TestHub test, long person, string reason = "asked")
    {
        await using var connections = new Database(test.Postgres.ConnectionString);
        return await RunAsync(test, await new Erasures(connections, test.Hub.Plan, TimeProvider.System).AskAsync(TestHub.Brand, person, reason, "ada", Cancel));
    }

    /// <summary>As the hub does within a minute.</summary>
    private static async Task<ErasureRow> RunAsync(TestHub test, long erasure)
    {
        await using var connections = new Database(test.Postgres.ConnectionString);
        await test.ScalarAsync("UPDATE erasure SET tried_at = NULL");
        await new Erasures(connections, test.Hub.Plan, TimeProvider.System).RunAloneAsync(Cancel);
        return (await new ErasureReads(connections, test.Hub.Plan).OfAsync([TestHub.Brand], erasure, Cancel))!;
    }

    private static async Task EraseNewsAsync(TestHub test)
    {
        await using var connections = new Database(test.Postgres.ConnectionString);
        await using var connection = await connections.General.OpenConnectionAsync(Cancel);
        await new Eraser(test.Hub.Plan, new(connections), TimeProvider.System).EraseNewsAsync(connection, Cancel);
    }

    private static async Task<List<string>> FindAsync(TestHub test, params string[] words)
    {
        await using var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        return [.. (await Traces.FindAsync(connection, null, words.Length > 0 ? words : Everything, Cancel)).Select(f => $"{f.Where} {f.Rows}")];
    }

    private static async Task<string> BooksAsync(TestHub test) => (string)(await test.ScalarAsync("""
        SELECT (SELECT string_agg(stream || status || total || currency || units, ',' ORDER BY stream) FROM stream WHERE placed_at IS NOT NULL) || (SELECT string_agg(sku || on_hand || reserved, ',') FROM position)
          || (SELECT string_agg(kind || on_hand || reserved || stream, ',' ORDER BY n) FROM movement) || (SELECT string_agg(name || value, ',' ORDER BY name) FROM (SELECT name, sum(value) AS value FROM tally GROUP BY name) t)
        """))!;
}
