using Microsoft.Extensions.Logging.Abstractions;
using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Tests.Machine;
using Quartermaster.Runtime.Watching;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Watching;

/// <summary>What is compared with a storefront day by day, and whether it tells us at all.</summary>
public sealed class StorefrontWatchTests
{
    private const string Open = "SELECT string_agg(key, ',' ORDER BY key) FROM open_case WHERE closed_at IS NULL";
    private static readonly DateTimeOffset Noon = new(2026, 3, 6, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Days_on_which_the_hub_was_down_are_compared_and_a_case_closes_when_the_poll_found_what_was_missing()
    {
        await using var test = await BeganAsync(Noon.AddDays(-30));
        var (shop, counts) = (test.Hub.Plan.Connections["shop"], new DailyCounts(test.Hub, NullLogger.Instance));
        test.Shop.Counts = from => from.Day == 4 ? 2 : 0;
        await test.ScalarAsync("INSERT INTO poll(connection, since) VALUES ('shop', '2026-03-06T11:00:00Z')");

        await counts.CompareAsync(shop, SessionOf(shop), Noon, Cancel);
        (await test.ScalarAsync("SELECT string_agg(to_char(day, 'DD') || ' ' || theirs || ' ' || ours, ',' ORDER BY day) FROM daily_count")).ShouldBe("03 0 0,04 2 0,05 0 0");
        (await test.ScalarAsync(Open)).ShouldBe("count/2026-03-04");
        (await test.ScalarAsync("SELECT since = '2026-03-04T00:00:00Z' FROM poll")).ShouldBe(true);

        // The poll has looked back and found one of the two.
        await test.ScalarAsync("UPDATE poll SET since = '2026-03-06T12:05:00Z'");
        await HoldAsync(test, "1");
        await counts.CompareAsync(shop, SessionOf(shop), Noon.AddMinutes(5), Cancel);
        (await test.ScalarAsync("SELECT ours FROM daily_count WHERE day = '2026-03-04'")).ShouldBe(0, "a poll first, then the comparison");
        await counts.CompareAsync(shop, SessionOf(shop), Noon.AddMinutes(20), Cancel);
        (await test.ScalarAsync("SELECT title FROM open_case WHERE closed_at IS NULL")).ShouldBe("shop counts 2 orders for 2026-03-04, we hold 1");
        await test.ScalarAsync("UPDATE poll SET since = '2026-03-06T12:25:00Z'");

        await counts.CompareAsync(shop, SessionOf(shop), Noon.AddMinutes(40), Cancel);
        (await test.ScalarAsync("SELECT since = '2026-03-06T12:25:00Z' FROM poll")).ShouldBe(true, "what was looked for once is not looked for at every turn");
        await HoldAsync(test, "2");
        await counts.CompareAsync(shop, SessionOf(shop), Noon.AddMinutes(60), Cancel);
        (await test.ScalarAsync(Open)).ShouldBeNull();
    }

    [Fact]
    public async Task A_case_that_a_person_closed_comes_back_only_with_other_numbers()
    {
        await using var test = await BeganAsync(Noon.AddDays(-30));
        var (shop, counts) = (test.Hub.Plan.Connections["shop"], new DailyCounts(test.Hub, NullLogger.Instance));
        test.Shop.Counts = from => from.Day == 5 ? 1 : 0;
        await counts.CompareAsync(shop, SessionOf(shop), Noon, Cancel);
        await test.ScalarAsync("UPDATE open_case SET closed_at = now()");
        await counts.CompareAsync(shop, SessionOf(shop), Noon.AddMinutes(20), Cancel);
        (await test.ScalarAsync(Open)).ShouldBeNull();
        test.Shop.Counts = from => from.Day == 5 ? 3 : 0;
        await counts.CompareAsync(shop, SessionOf(shop), Noon.AddMinutes(40), Cancel);
        (await test.ScalarAsync(Open)).ShouldBe("count/2026-03-05");
    }

    [Fact]
    public async Task Days_from_before_the_storefront_was_connected_are_nobodys_to_compare()
    {
        await using var test = await BeganAsync(Noon.AddHours(-30));
        test.Shop.Counts = _ => 9;
        var (shop, counts) = (test.Hub.Plan.Connections["shop"], new DailyCounts(test.Hub, NullLogger.Instance));
        await counts.CompareAsync(shop, SessionOf(shop), Noon, Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM daily_count")).ShouldBe(0L);
        await counts.CompareAsync(shop, SessionOf(shop), Noon.AddDays(1), Cancel);
        (await test.ScalarAsync("SELECT string_agg(day::text, ',') FROM daily_count")).ShouldBe("2026-03-06");
    }

    [Fact]
    public async Task What_was_placed_while_the_brand_was_off_is_nobodys_to_compare()
    {
        await using var test = await BeganAsync(Noon.AddDays(-30));
        test.Shop.Counts = _ => 9;
        await test.ScalarAsync("INSERT INTO poll(connection, since) VALUES ('shop', '2026-03-06T11:00:00Z')");
        var (shop, counts) = (test.Hub.Plan.Connections["shop"], new DailyCounts(test.Hub, NullLogger.Instance));
        async Task ComparedAsync(string days)
        {
            await test.Hub.Switches.ReadAsync(Cancel);
            await counts.CompareAsync(shop, SessionOf(shop), Noon, Cancel);
            (await test.ScalarAsync("SELECT string_agg(day::text, ',' ORDER BY day) FROM daily_count") ?? "").ShouldBe(days);
        }

        await test.Hub.Desk.SetModeAsync("acme", BrandMode.Off, "ann", Cancel);
        await ComparedAsync("");
        // Shadow, because the day of going live would hide what is meant.
        await test.Hub.Desk.SetModeAsync("acme", BrandMode.Shadow, "ann", Cancel);
        await ComparedAsync("");
        (await test.ScalarAsync("SELECT since = '2026-03-06T11:00:00Z' FROM poll")).ShouldBe(true, "nothing of that time is fetched");
        await test.ScalarAsync("UPDATE brand SET on_since = '2026-03-05T00:00:00Z'");
        await ComparedAsync("2026-03-05");
        await test.Hub.Desk.SetModeAsync("acme", BrandMode.Live, "ann", Cancel);
        (await test.ScalarAsync("SELECT on_since = '2026-03-05T00:00:00Z' FROM brand")).ShouldBe(true, "it was not off");
    }

    [Fact]
    public async Task A_subscription_that_only_a_person_can_make_is_a_case_until_it_stands()
    {
        await using var test = await BeganAsync(Noon);
        var (check, shop, address) = (new SubscriptionCheck(test.Hub), test.Hub.Plan.Connections["shop"], new Uri("https://hub.test/webhooks/shop"));
        test.Shop.Subscriptions = [SubscriptionTrouble.Again("orders were made again."), SubscriptionTrouble.Not("refunds may not be subscribed to.")];
        (await check.MendAsync(shop, SessionOf(shop), address, Noon, Cancel)).ShouldBe("orders were made again.\nrefunds may not be subscribed to.");
        (await test.ScalarAsync("SELECT kind || ': ' || detail FROM open_case WHERE closed_at IS NULL")).ShouldBe("connection.not_subscribed: refunds may not be subscribed to. Until then it is asked every few minutes.");
        test.Shop.Subscriptions = [SubscriptionTrouble.Unknown("The shop did not answer.")];
        await check.MendAsync(shop, SessionOf(shop), address, Noon, Cancel);
        (await test.ScalarAsync(Open)).ShouldBe("subscriptions", "nobody has said that they stand");
        test.Shop.Subscriptions = [SubscriptionTrouble.Again("refunds were made again.")];
        await check.MendAsync(shop, SessionOf(shop), address, Noon, Cancel);
        (await test.ScalarAsync(Open)).ShouldBeNull();
    }

    /// <summary>A hub whose storefront was connected then; nothing runs by itself.</summary>
    private static async Task<TestHub> BeganAsync(DateTimeOffset connected)
    {
        var test = await TestHub.NewAsync(Cancel);
        test.Shop.Capabilities = [Capability.Storefront];
        await test.ScalarAsync($"INSERT INTO hub_value(key, value, at) VALUES ('connected/shop', '', '{connected:O}')");
        await test.ScalarAsync($"INSERT INTO brand(brand, mode, changed_by, changed_at) VALUES ('acme', 'live', 'test', '{connected:O}')");
        await test.Build(Roles.Act).Switches.ReadAsync(Cancel);
        return test;
    }

    private static Session SessionOf(ConnectionPlan storefront) => storefront.Open(new HttpClient(), TimeProvider.System);

    private static Task HoldAsync(TestHub test, string id) =>
        test.ScalarAsync($"INSERT INTO stream(brand, stream, version, updated_at, state, placed_at, channel) VALUES ('acme', 'order/{id}', 1, now(), '{{}}', '2026-03-04T10:00:00Z', 'shop')");
}
