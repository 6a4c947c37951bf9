using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Partitions;

/// <summary>Replaying all of one cause leaves the other causes alone.</summary>
public sealed class ReplayTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_part_of_the_past_is_decided_again_and_what_it_caused_happens_once()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 10);
        // An order that comes before its goods is submitted by their signal, which no connection told.
        await test.UntilAsync("SELECT on_hand FROM position WHERE sku = 'A'", 10);
        var from = DateTimeOffset.UtcNow;
        foreach (var id in (string[])["o1", "o2", "o3"]) await test.PlaceAsync(id, ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM stream WHERE status = 'submitted'", 3L);
        await test.QuietAsync();
        var signals = (long)(await test.ScalarAsync("SELECT count(*) FROM signal"))!;
        // As if an hour ago: the log has no index by time, and is searched by its number.
        await test.ScalarAsync("UPDATE signal SET at = at - interval '1 hour'");
        var past = new Quartermaster.Runtime.Operations.PastFilter(TestHub.Brand, from.AddHours(-1), DateTimeOffset.UtcNow.AddHours(-1), Source: "test", Kind: "order.reported.v1");

        var preview = await test.Hub.Desk.PreviewPastAsync(past, Cancel);
        preview.Signals.ShouldBe(3);
        preview.Skipped.Select(s => $"{s.Stream}: {s.What}, {s.Why}").ShouldContain("3 effects: fulfilment.submit_to_warehouse.v1, already done");
        (await test.Hub.Desk.PreviewPastAsync(past with { Source = null }, Cancel)).Signals.ShouldBe(0, "no connection told it");
        (await test.Hub.Desk.PreviewPastAsync(past with { Kind = "order.unknown" }, Cancel)).Signals.ShouldBe(0);
        (await test.Hub.Desk.PreviewPastAsync(past with { From = past.Until, Until = past.Until.AddMinutes(30) }, Cancel)).Signals.ShouldBe(0);

        (await test.Hub.Desk.ReplayPastAsync(past, "ann", Cancel)).ShouldBe(3);
        await test.QuietAsync();
        (await test.ScalarAsync("SELECT count(*) FROM signal")).ShouldBe(signals + 3);
        test.Wms.DoneByKey.Values.ShouldBe([1, 1, 1]);
        (await test.Hub.Desk.PreviewPastAsync(past with { Until = DateTimeOffset.UtcNow.AddMinutes(1) }, Cancel)).Signals.ShouldBe(3, "a replay is not replayed");
    }

    [Fact]
    public async Task What_a_connection_told_is_read_again_as_its_own()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        var from = DateTimeOffset.UtcNow.AddMinutes(-1);
        await test.Hub.Intake.WriteAsync(new Arrival(TestHub.Brand, "order/9", true, "anything", "shop", "d1", null, "{}"u8.ToArray(), DateTimeOffset.UtcNow), Cancel);
        await test.UntilAsync("SELECT count(*) FROM decision WHERE stream = 'order/9'", 1L);
        (await test.Hub.Desk.ReplayPastAsync(new(TestHub.Brand, from, DateTimeOffset.UtcNow.AddMinutes(1)), "ann", Cancel)).ShouldBe(1);
        await test.UntilAsync("SELECT count(*) FROM decision WHERE stream = 'order/9'", 2L);
        (await test.ScalarAsync("SELECT count(*) FROM parked")).ShouldBe(0L);
        (await test.ScalarAsync("SELECT string_agg(source || ' ' || coalesce(delivery, ''), ',' ORDER BY seq) FROM signal WHERE raw")).ShouldBe($"shop d1,shop replay of {await test.ScalarAsync("SELECT min(seq) FROM signal WHERE raw")}");
    }

    [Fact]
    public async Task Of_two_who_try_again_at_once_the_second_leaves_alone_what_a_lane_has_claimed_for_the_first()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        var hub = test.Build(Quartermaster.Runtime.Hosting.Roles.Web);
        await test.ScalarAsync("INSERT INTO effect(id, brand, stream, lane, kind, key, seq, state, token, attempts, next_at, planned_at, why, body) VALUES (7, 'acme', 'order/o1', 'books', 'books.draft_invoice.v1', 'k', 1, 5, 0, 30, now(), now(), 'no', '')");
        await using var first = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        await using var claim = await first.BeginTransactionAsync(Cancel);
        await using (var taken = new Npgsql.NpgsqlCommand("UPDATE effect SET state = 1, token = 3, attempts = 1 WHERE id = 7", first, claim)) await taken.ExecuteNonQueryAsync(Cancel);

        var second = hub.Desk.ReplayAsync(new(EffectId: 7, What: "effects"), "bea", Cancel);
        await test.UntilAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'", 1L);
        await claim.CommitAsync(Cancel);
        (await second).ShouldBe(0);
        (await test.ScalarAsync("SELECT state::int * 10 + token::int FROM effect WHERE id = 7")).ShouldBe(13);
    }

    [Fact]
    public async Task Effects_are_replayed_by_the_cause_they_are_grouped_by()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Books.Answer = work => new Outcome.Refused("no", work.Key.Contains("o1", StringComparison.Ordinal) ? "The period 12 is locked." : "The contact 7 is archived.");
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 10);
        foreach (var id in (string[])["o1", "o2"])
        {
            await test.PlaceAsync(id, ("A", 1));
            await test.UntilAsync($"SELECT count(*) FROM effect_log WHERE lane = 'wms' AND stream = 'order/{id}'", 1L);
            await test.SendAsync(TestHub.Order(id), new Core.Fulfilment.FulfilmentSignal.Shipped(id, "AMS", "DHL", "T" + id, [new("A", 1)], DateTimeOffset.UtcNow, null));
        }
        await test.UntilAsync("SELECT count(*) FROM effect WHERE lane = 'books' AND state = 3", 2L);

        var cause = (string)(await test.ScalarAsync("SELECT cause FROM effect WHERE why LIKE '%locked%'"))!;
        var preview = await test.Hub.Desk.PreviewAsync(new(Brand: TestHub.Brand, Lane: "books", What: "effects", Cause: cause), Cancel);
        (preview.Signals, preview.Effects).ShouldBe((0, 1));
        test.Books.Answer = _ => new Outcome.Done("i");
        await test.ScalarAsync("INSERT INTO open_case(brand, stream, key, kind, title, detail, seq, opened_at) SELECT brand, stream, 'effect/' || key, 'effect.gave_up', 'given up', why, 0, now() FROM effect WHERE lane = 'books' AND state = 3");
        (await test.Hub.Desk.ReplayAsync(new(Brand: TestHub.Brand, Lane: "books", What: "effects", Cause: cause), "ann", Cancel)).ShouldBe(1);
        await test.UntilAsync("SELECT string_agg(why, ',') FROM effect WHERE lane = 'books'", "no: The contact 7 is archived.");
        (await test.ScalarAsync("SELECT string_agg(stream, ',') FROM open_case WHERE kind = 'effect.gave_up' AND closed_at IS NULL")).ShouldBe("order/o2", "what is tried again has not been given up");
    }
}
