using System.Text;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;
using static Quartermaster.Runtime.Tests.Customers.ErasureBed;

namespace Quartermaster.Runtime.Tests.Customers;

/// <summary>An erasure over time: asked for, waiting, withdrawn, done while things go on, and what comes afterwards.</summary>
public sealed class ErasureTurnTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

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
}
