using System.Net;
using System.Net.Http.Json;
using Quartermaster.SignIn;

namespace Quartermaster.Tests.Dashboard;

/// <summary>What people see and say of counts that jump, numbers that were changed elsewhere, damaged units and locations that are paused.</summary>
public sealed class StockPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_count_that_was_not_believed_is_taken_by_a_lead_of_its_brand()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.SqlAsync("INSERT INTO odd_count(brand, location, sku, on_hand, was, source, counted_at, seen_at, waits, many) VALUES ('aurora', 'BER', 'JKT-BLUE-M', 0, 320, 'aurora-warehouse', now(), now(), true, false), ('aurora', 'ROT', 'JKT-BLUE-M', 4, 90, 'aurora-warehouse', now(), now(), true, true)");
        using var lead = await host.SignedInAsync("lea", Role.Lead, "aurora");
        using var agent = await host.SignedInAsync("ann", Role.Agent, "aurora");
        using var other = await host.SignedInAsync("bo", Role.Lead, "banyan");

        (await lead.GetStringAsync("/stock", Cancel)).ShouldContain("0 instead of 320");
        (await other.GetStringAsync("/stock", Cancel)).ShouldNotContain("instead of 320");
        (await lead.GetStringAsync("/stock/aurora/JKT-BLUE-M", Cancel)).ShouldContain("counted 0 at BER, where 320 were: not believed");
        (await agent.GetStringAsync("/stock/aurora/JKT-BLUE-M", Cancel)).ShouldNotContain("Take it");
        await DashboardHost.PostAsync(agent, "/stock", "/do/counts/aurora/take", ("location", "BER"));
        await DashboardHost.PostAsync(other, "/stock", "/do/counts/aurora/take", ("location", "BER"));
        (await host.ScalarAsync("SELECT count(*) FROM signal")).ShouldBe(0L);
        await DashboardHost.PostAsync(lead, "/stock", "/do/counts/aurora/take", ("location", "BER"), ("sku", "JKT-BLUE-M"));
        (await host.ScalarAsync("SELECT source || ' ' || kind || ' ' || stream FROM signal")).ShouldBe("operator/lea stock.counted.v1 stock/JKT-BLUE-M");
        await DashboardHost.PostAsync(lead, "/stock", "/do/counts/aurora/leave", ("location", "ROT"));
        (await host.ScalarAsync("SELECT string_agg(location, ',') FROM odd_count WHERE waits")).ShouldBe("BER");
        (await host.ScalarAsync("SELECT string_agg(action || ' ' || subject, ',' ORDER BY at) FROM audit WHERE action LIKE 'counts.%'")).ShouldBe("counts.taken stock/JKT-BLUE-M,counts.left location/ROT");
    }

    [Fact]
    public async Task A_location_is_paused_and_resumed_where_its_stock_is_seen()
    {
        await using var host = await DashboardHost.StartAsync();
        using var lead = await host.SignedInAsync("lea", Role.Lead, "aurora");
        await DashboardHost.PostAsync(lead, "/stock", "/do/switch", ("scope", "location/aurora/BER"), ("on", "false"), ("reason", "flooded"));
        (await host.ScalarAsync("SELECT reason FROM switch WHERE scope = 'location/aurora/BER'")).ShouldBe("flooded");
        (await lead.GetStringAsync("/stock", Cancel)).ShouldContain("flooded (lea)");
        await DashboardHost.PostAsync(lead, "/stock", "/do/switch", ("scope", "location/aurora/NOWHERE"), ("on", "false"), ("reason", "x"));
        await DashboardHost.PostAsync(lead, "/stock", "/do/switch", ("scope", "location/banyan/BLR"), ("on", "false"), ("reason", "x"));
        (await host.ScalarAsync("SELECT count(*) FROM switch")).ShouldBe(1L);
        await DashboardHost.PostAsync(lead, "/stock", "/do/switch", ("scope", "location/aurora/BER"), ("on", "true"), ("reason", "dry"));
        (await host.ScalarAsync("SELECT count(*) FROM switch")).ShouldBe(0L);
    }

    [Fact]
    public async Task Damaged_units_are_noted_and_no_more_of_them_are_gone_than_were_there()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.SqlAsync("INSERT INTO position(brand, sku, location, on_hand, damaged, updated_at) VALUES ('aurora', 'A', 'BER', 12, 3, now())");
        using var lead = await host.SignedInAsync("lea", Role.Lead, "aurora");
        (await lead.GetStringAsync("/stock/aurora/A", Cancel)).ShouldContain("<dt>Damaged</dt>");
        await DashboardHost.PostAsync(lead, "/stock/aurora/A", "/do/stock/aurora/damaged", ("sku", "A"), ("location", "BER"), ("units", "4"), ("what", "Discarded"), ("reason", "thrown away"), ("intent", "i1"));
        (await lead.GetStringAsync("/stock/aurora/A", Cancel)).ShouldContain("Only 3 damaged units of A lie at BER.");
        await DashboardHost.PostAsync(lead, "/stock/aurora/A", "/do/stock/aurora/damaged", ("sku", "A"), ("location", "BER"), ("units", "4"), ("what", "Found"), ("reason", "it fell"), ("intent", "i2"));
        (await host.ScalarAsync("SELECT string_agg(detail, ',') FROM audit WHERE action = 'stock.damage_told.v1'")).ShouldBe("Found: 4 at BER: it fell");
    }
}
