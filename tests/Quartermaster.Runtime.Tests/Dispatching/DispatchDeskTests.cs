using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Dispatching;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Dispatching;

/// <summary>The end of a day on a real database: who closes it, which labels are on the list, and what is found missing.</summary>
public sealed class DispatchDeskTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly PostalAddress Dock = new("Ann", "Acme", "1 Dock Road", null, "Amsterdam", null, "1011", "NL", "+31201234567", null);

    private readonly FakeConnector post = new() { DispatchBatch = 2 }, courier = new() { DispatchBatch = 2, ListIsAVisit = true }, other = new() { DispatchBatch = 2 };

    [Fact]
    public async Task Every_label_goes_on_one_list_and_a_list_holds_what_the_carrier_takes()
    {
        await using var test = await StartAsync();
        await BuyAsync(test, 1, 2, 3);
        var desk = Desk(test);
        var lists = await desk.CloseAsync(TestHub.Brand, "AMS", null, "mara", false, Cancel);
        lists.Select(l => l[^1]).ShouldBe(['1', '2']);
        await test.UntilAsync("SELECT count(*) FROM dispatch WHERE state = 'done' AND remote_id = 'remote'", 2L);
        var sent = post.Calls.Select(w => ((DispatchEffect.Close)w.Effect).List).ToList();
        sent.SelectMany(l => l.Labels).Select(l => l.Tracking).Order(StringComparer.Ordinal).ShouldBe(["T1", "T2", "T3"]);
        sent.Select(l => l.Reference).ShouldBeUnique();
        (await Should.ThrowAsync<InvalidOperationException>(() => desk.CloseAsync(TestHub.Brand, "AMS", null, "mara", false, Cancel))).Message.ShouldContain("No label of post waits at AMS");
        (await test.ScalarAsync("SELECT count(*) FROM audit WHERE action = 'dispatch.asked' AND who = 'mara'")).ShouldBe(2L);
    }

    [Fact]
    public async Task Two_who_close_at_once_list_no_label_twice()
    {
        await using var test = await StartAsync();
        await BuyAsync(test, [.. Enumerable.Range(1, 20)]);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            try { await Desk(test).CloseAsync(TestHub.Brand, "AMS", null, "mara", false, Cancel); }
            catch (InvalidOperationException) { /* The others were faster. */ }
        }));
        await test.UntilAsync("SELECT count(*) FROM dispatch WHERE state = 'done'", 10L);
        post.Calls.SelectMany(w => ((DispatchEffect.Close)w.Effect).List.Labels).Select(l => l.Reference).ToList().ShouldSatisfyAllConditions(all => all.Count.ShouldBe(20), all => all.ShouldBeUnique());
    }

    [Fact]
    public async Task What_was_turned_down_is_free_for_another_list()
    {
        await using var test = await StartAsync();
        post.Answer = _ => new Outcome.Refused("closed", "The depot is closed.");
        await BuyAsync(test, 1);
        await Desk(test).CloseAsync(TestHub.Brand, "AMS", null, "mara", false, Cancel);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'dispatch.turned_down' AND closed_at IS NULL", 1L);
        await test.UntilAsync("SELECT count(*) FROM label WHERE dispatch IS NULL", 1L);
        post.Answer = _ => new Outcome.Done("M-2");
        (await Desk(test).CloseAsync(TestHub.Brand, "AMS", null, "mara", false, Cancel)).Single().ShouldEndWith(".2");
        await test.UntilAsync("SELECT state || remote_id FROM dispatch WHERE id LIKE '%.2'", "doneM-2");
    }

    [Fact]
    public async Task A_label_the_carrier_left_out_stands_first_with_its_reason()
    {
        await using var test = await StartAsync();
        await BuyAsync(test, 1, 2);
        var id = (await Desk(test).CloseAsync(TestHub.Brand, "AMS", null, "mara", false, Cancel)).Single();
        await test.SendAsync(new(TestHub.Brand, "dispatch", id), new DispatchSignal.Closed("M-1", "https://post/m1.pdf", [new("L2", "it is void")]));
        await test.UntilAsync("SELECT reference || why FROM label WHERE dispatch IS NULL", "acme.2.1it is void");
        var reads = new DispatchReads(test.Hub.Database.General);
        (await reads.WaitingAsync([TestHub.Brand], Cancel)).Single().ShouldSatisfyAllConditions(w => w.Labels.ShouldBe(1), w => w.LeftOut.ShouldBe(1));
        (await reads.LatestAsync([TestHub.Brand], 10, Cancel)).Single().ShouldSatisfyAllConditions(l => l.LeftOut.ShouldBe(1), l => l.Document.ShouldBe("https://post/m1.pdf"), l => l.State.ShouldBe("done"));
        (await reads.LabelsOnAsync(TestHub.Brand, id, 10, Cancel)).Single().Tracking.ShouldBe("T1");
    }

    [Fact]
    public async Task One_courier_comes_for_all_of_a_day_and_a_second_only_when_it_is_asked_for_by_name()
    {
        var clock = new SetClock { Now = new(2026, 11, 23, 17, 0, 0, TimeSpan.Zero) };
        await using var test = await StartAsync(new TimeOnly(17, 30), clock, courier);
        await BuyAsync(test, 1, 2, 3, 4, 5);
        var desk = Desk(test);
        var first = (await desk.CloseAsync(TestHub.Brand, "AMS", null, "mara", false, Cancel)).Single();
        await test.UntilAsync("SELECT count(*) FROM dispatch WHERE state = 'done'", 1L);
        ((DispatchEffect.Close)courier.Calls.Single().Effect).List.Labels.Count.ShouldBe(5);

        await BuyAsync(test, 6);
        (await Should.ThrowAsync<InvalidOperationException>(() => desk.CloseAsync(TestHub.Brand, "AMS", null, "mara", false, Cancel))).Message.ShouldContain($"booked at AMS for today ({first})");
        clock.Now += TimeSpan.FromMinutes(45);
        await test.Hub.CloseDaysAsync(Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM dispatch")).ShouldBe(1L, "the clock books none beside a person's");
        (await desk.CloseAsync(TestHub.Brand, "AMS", null, "mara", again: true, Cancel)).ShouldHaveSingleItem();
        await test.UntilAsync("SELECT count(*) FROM dispatch WHERE state = 'done'", 2L);

        await BuyAsync(test, 7);
        clock.Now += TimeSpan.FromHours(24);
        await test.Hub.CloseDaysAsync(Cancel);
        await test.UntilAsync("SELECT string_agg(labels::text, ',' ORDER BY asked_at) FROM dispatch", "5,1,1");
    }

    [Fact]
    public async Task A_courier_that_was_turned_down_is_none()
    {
        await using var test = await StartAsync(connector: courier);
        courier.Answer = _ => new Outcome.Refused("closed", "No courier today.");
        await BuyAsync(test, 1);
        await Desk(test).CloseAsync(TestHub.Brand, "AMS", null, "mara", false, Cancel);
        await test.UntilAsync("SELECT count(*) FROM label WHERE dispatch IS NULL", 1L);
        courier.Answer = _ => new Outcome.Done("V-2");
        await Desk(test).CloseAsync(TestHub.Brand, "AMS", null, "mara", false, Cancel);
        await test.UntilAsync("SELECT state || remote_id FROM dispatch WHERE id LIKE '%.2'", "doneV-2");
    }

    [Fact]
    public async Task A_day_is_not_closed_while_nothing_would_be_sent()
    {
        await using var test = await StartAsync();
        await BuyAsync(test, 1);
        await test.ScalarAsync("UPDATE brand SET mode = 'shadow' WHERE brand = 'acme'");
        (await Should.ThrowAsync<InvalidOperationException>(() => Desk(test).CloseAsync(TestHub.Brand, "AMS", null, "mara", false, Cancel))).Message.ShouldContain("in mode shadow");
        (await test.ScalarAsync("SELECT count(*) FROM label WHERE dispatch IS NULL")).ShouldBe(1L);
        (await test.ScalarAsync("SELECT count(*) FROM dispatch")).ShouldBe(0L);
    }

    [Fact]
    public async Task The_clock_closes_a_day_once_and_not_in_the_middle_of_the_night()
    {
        var clock = new SetClock { Now = new(2026, 11, 23, 17, 0, 0, TimeSpan.Zero) };
        await using var test = await StartAsync(new TimeOnly(17, 30), clock);
        await BuyAsync(test, 1);
        await test.Hub.CloseDaysAsync(Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM dispatch")).ShouldBe(0L, "it is five o'clock");
        clock.Now += TimeSpan.FromMinutes(45);
        await test.Hub.CloseDaysAsync(Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM dispatch WHERE by_clock")).ShouldBe(1L);
        await BuyAsync(test, 2);
        await test.Hub.CloseDaysAsync(Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM dispatch")).ShouldBe(1L, "what comes later is a person's, or tomorrow's");
        clock.Now += TimeSpan.FromHours(8);
        await test.Hub.CloseDaysAsync(Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM dispatch")).ShouldBe(1L);
        clock.Now += TimeSpan.FromHours(16);
        await test.Hub.CloseDaysAsync(Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM dispatch")).ShouldBe(2L);
    }

    [Fact]
    public async Task A_label_that_was_bought_of_another_carrier_is_on_that_ones_list()
    {
        var clock = new SetClock { Now = new(2026, 11, 23, 17, 0, 0, TimeSpan.Zero) };
        await using var test = await StartAsync(new TimeOnly(17, 30), clock);
        await BuyAsync(test, 1, 2, 3);
        await test.ScalarAsync("UPDATE label SET connection = CASE reference WHEN 'acme.2.1' THEN 'other' ELSE 'gone' END, left_at = '2026-11-22T10:00:00Z' WHERE reference <> 'acme.1.1'");
        await test.Hub.CloseDaysAsync(Cancel);
        ((string)(await test.ScalarAsync("SELECT key || ' ' || detail FROM open_case WHERE kind = 'dispatch.not_listed' AND closed_at IS NULL"))!).ShouldStartWith("missing/other Their labels are on no list: T2.");
        await Desk(test).CloseAsync(TestHub.Brand, "AMS", "other", "mara", false, Cancel);
        await test.UntilAsync("SELECT count(*) FROM dispatch WHERE connection = 'other' AND state = 'done'", 1L);
        other.Calls.Select(w => ((DispatchEffect.Close)w.Effect).List.Labels.Single().Tracking).ShouldBe(["T2"]);
        await test.Hub.CloseDaysAsync(Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE kind = 'dispatch.not_listed' AND closed_at IS NULL")).ShouldBe(0L);

        await BuyAsync(test, 4);
        await test.ScalarAsync("UPDATE label SET connection = 'other' WHERE reference = 'acme.4.1'");
        clock.Now += TimeSpan.FromMinutes(45);
        await test.Hub.CloseDaysAsync(Cancel);
        (await test.ScalarAsync("SELECT string_agg(connection, ',' ORDER BY connection) FROM dispatch WHERE by_clock")).ShouldBe("other,post");
    }

    [Fact]
    public async Task A_parcel_that_left_without_its_label_on_a_list_is_a_case_until_it_is()
    {
        await using var test = await StartAsync();
        await BuyAsync(test, 1, 2);
        await test.ScalarAsync("UPDATE label SET left_at = now() - interval '25 hours' WHERE reference = 'acme.1.1'");
        await test.Hub.CloseDaysAsync(Cancel);
        ((string)(await test.ScalarAsync("SELECT detail FROM open_case WHERE kind = 'dispatch.not_listed' AND closed_at IS NULL"))!).ShouldContain("T1.");
        await Desk(test).CloseAsync(TestHub.Brand, "AMS", null, "mara", false, Cancel);
        await test.Hub.CloseDaysAsync(Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE kind = 'dispatch.not_listed' AND closed_at IS NULL")).ShouldBe(0L);
    }

    [Fact]
    public async Task Where_days_are_not_closed_any_more_nobody_is_called_about_their_parcels()
    {
        await using var test = await StartAsync();
        await BuyAsync(test, 1);
        await test.ScalarAsync("UPDATE label SET left_at = now() - interval '25 hours'");
        foreach (var location in (string[])["AMS", "BER"])
            await test.ScalarAsync($"INSERT INTO open_case(brand, stream, key, kind, title, detail, seq, opened_at) VALUES ('acme', 'dispatch/{location}', 'missing/post', 'dispatch.not_listed', '', '', 0, now()) ON CONFLICT DO NOTHING");
        await new DispatchRounds(test.Hub, TimeProvider.System).RunAsync(Cancel);
        (await test.ScalarAsync("SELECT string_agg(stream, ',') FROM open_case WHERE kind = 'dispatch.not_listed' AND closed_at IS NULL")).ShouldBe("dispatch/AMS");
    }

    private DispatchDesk Desk(TestHub test) => new(test.Hub.Database, test.Hub.Plan, test.Clock);

    private async Task<TestHub> StartAsync(TimeOnly? closeAt = null, TimeProvider? clock = null, FakeConnector? connector = null)
    {
        var test = await TestHub.NewAsync(Cancel);
        if (clock is not null) test.Clock = clock;
        var labels = new LabelTerms("post", "ground", "ground", Dock, 500) { Closes = true, CloseAt = closeAt };
        test.Locations[0] = test.Locations[0] with { Labels = labels };
        test.Change = plan => plan with { Connections = plan.Connections.Values.Append(Sells("post", connector ?? post)).Append(Sells("other", other)).ToDictionary(c => c.Key) };
        await test.StartAsync();
        return test;
    }

    private static ConnectionPlan Sells(string key, FakeConnector connector) => new(key, TestHub.Brand, connector, Settings.Empty, "", new Dictionary<string, string>(), null);

    // As the decision on a bought label leaves it.
    private static async Task BuyAsync(TestHub test, params int[] numbers)
    {
        foreach (var n in numbers)
            await test.ScalarAsync($"INSERT INTO label(brand, reference, stream, connection, location, label_id, tracking, service, grams, bought_at) VALUES ('acme', 'acme.{n}.1', 'order/{n}', 'post', 'AMS', 'L{n}', 'T{n}', 'ground', 500, now())");
    }

    // Timers go by the machine's own time: only what the clock shows is set.
    private sealed class SetClock : TimeProvider
    {
        public required DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
