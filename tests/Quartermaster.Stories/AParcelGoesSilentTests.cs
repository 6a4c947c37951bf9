using System.Net;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Shipping;
using Quartermaster.Sandbox;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>A parcel goes silent: its shopper hears once, with a new day, follows it on the order's page, and gets it.</summary>
public sealed class AParcelGoesSilentTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_shopper_hears_once_with_a_new_day_opens_the_page_and_the_parcel_comes()
    {
        var demo = DemoBrands.All[0];
        await using var day = await BusinessDay.BeginAsync(demo with { Terms = demo.Terms with { Delays = new() { SilentAfter = TimeSpan.FromHours(24) } } }, null, Cancel, units: 100,
            ("sandbox_short", "0"), ("sandbox_split", "0"), ("sandbox_reject", "0"), ("sandbox_step_ms", "3600000"));
        var order = day.Order();
        await day.UntilAsync(order, "shipped");
        var parcel = (string)(await day.SoonAsync("SELECT parcel FROM under_way"))!;
        // What its lane is like: sixty parcels that took two days, scanned every few hours.
        await day.ScalarAsync("INSERT INTO journey(brand, stream, parcel, day, carrier, service, origin, country, zone, outcome, hours, first_try, damaged, area, on_delivery, gap) SELECT brand, stream, parcel, current_date, carrier, service, origin, country, zone, 'Delivered', 48, true, false, area, false, 5 FROM under_way, generate_series(1, 60)");
        await day.Hub.Times.ReadAsync(Cancel);

        // Nobody has seen it for two days.
        await day.TellAsync(order, Scan(parcel, ScanStatus.InTransit, DateTimeOffset.UtcNow.AddDays(-2), "Nagpur"));
        (await day.SoonAsync("SELECT seen_at FROM under_way WHERE seen_at IS NOT NULL")).ShouldNotBeNull();
        await day.Hub.LookForDelaysAsync(Cancel);
        (await day.SoonAsync("SELECT title FROM open_case WHERE kind = 'shipping.silent' AND closed_at IS NULL")).ShouldBe("A parcel has not been scanned for longer than usual");
        await UntilToldAsync(day);
        await day.Hub.LookForDelaysAsync(Cancel);

        var told = day.Chat.Messages.Where(m => m.Title == "order_delayed").ShouldHaveSingleItem();
        var expected = demo.Terms.DayOf(DateTimeOffset.UtcNow).AddDays(2);
        told.Text.ShouldMatch(@"/t/[A-Za-z0-9_-]{40,}");

        using var browser = new HttpClient();
        var link = System.Text.RegularExpressions.Regex.Match(told.Text, @"http://127[^\s""]+/t/[A-Za-z0-9_-]+").Value;
        var page = WebUtility.HtmlDecode(await browser.GetStringAsync(new Uri(link), Cancel));
        page.ShouldContain("Your order is on its way");
        page.ShouldContain("Nagpur");
        page.ShouldContain("Expected by");
        (page.Contains(Words(expected), StringComparison.Ordinal) || page.Contains(Words(expected.AddDays(1)), StringComparison.Ordinal)).ShouldBeTrue(page);

        await day.TellAsync(order, Scan(parcel, ScanStatus.OutForDelivery, DateTimeOffset.UtcNow, "Pune"));
        await day.TellAsync(order, Scan(parcel, ScanStatus.Delivered, DateTimeOffset.UtcNow.AddSeconds(1), "Pune"));
        await day.UntilAsync(order, "closed");
        WebUtility.HtmlDecode(await browser.GetStringAsync(new Uri(link), Cancel)).ShouldContain("Your order has arrived");
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L);
        (await day.ScalarAsync("SELECT count(*) FROM under_way")).ShouldBe(0L);
        (await day.ScalarAsync("SELECT count(*) FROM decision WHERE convert_from(events, 'UTF8') LIKE '%shipping.fell_behind.v1%'")).ShouldBe(1L);
    }

    private static string Words(DateOnly day) => Core.Flows.ShopperWords.In("en").Day(day);

    private static ShippingSignal.Scanned Scan(string parcel, ScanStatus status, DateTimeOffset at, string place) => new("BlueDart", parcel, status, status.ToString(), at, place);

    private static async Task UntilToldAsync(BusinessDay day)
    {
        for (var i = 0; i < 400 && !day.Chat.Messages.Any(m => m.Title == "order_delayed"); i++) await Task.Delay(25, Cancel);
    }
}
