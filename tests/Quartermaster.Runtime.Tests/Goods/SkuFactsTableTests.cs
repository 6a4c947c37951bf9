using Microsoft.Extensions.Logging.Abstractions;
using Quartermaster.Core.Channels;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Goods;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Goods;

/// <summary>What shops, files and people say of SKUs, and how it comes to the decisions.</summary>
public sealed class SkuFactsTableTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    private static async Task<SkuFacts?> Of(SkuFactsTable table, string sku = "TEA") => (await table.FindAsync(TestHub.Brand, sku, Cancel))?.Facts;

    private static Task<int> Say(SkuFactsTable table, SkuFacts facts, string source, FactsFrom from) => table.SaveAsync(TestHub.Brand, [("TEA", facts)], source, from, Now, Cancel);

    [Fact]
    public async Task A_persons_word_stands_before_a_shops_and_a_shops_before_its_own_older_one()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        var table = new SkuFactsTable(test.Postgres.Source);
        (await Of(table)).ShouldBeNull();
        (await Say(table, new(250, Origin: "IN"), "shop", FactsFrom.Shop)).ShouldBe(1);
        (await Say(table, new(250, Origin: "IN"), "shop", FactsFrom.Shop)).ShouldBe(0, "told twice, it changes nothing");
        await Say(table, new(260), "shop", FactsFrom.Shop);
        (await Of(table)).ShouldBe(new SkuFacts(260, Origin: "IN"));
        await Say(table, new(999, new(30, 20, 10)), "woo", FactsFrom.Shop);
        (await Of(table)).ShouldBe(new SkuFacts(260, new(30, 20, 10), Origin: "IN"), "another shop only fills in what is missing");
        await Say(table, new(270, TariffCode: "090230"), "ann", FactsFrom.File);
        (await Of(table)).ShouldBe(new SkuFacts(270, new(30, 20, 10), "090230", "IN"), "what a file leaves out stays");
        await Say(table, new(1), "shop", FactsFrom.Shop);
        (await Of(table))!.Grams.ShouldBe(270);
        await Say(table, new(280), "ann", FactsFrom.Form);
        (await Of(table)).ShouldBe(new SkuFacts(280), "a form is all of it");
        (await test.ScalarAsync("SELECT string_agg(detail, '; ' ORDER BY id) FROM audit WHERE action = 'sku_facts.saved'")).ShouldBe("270 g, 30 x 20 x 10 cm, tariff 090230, from IN; 280 g");
    }

    [Fact]
    public async Task A_running_hub_knows_it_without_asking_the_database_for_an_order()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        var hub = await test.StartAsync();
        hub.Knowledge.Skus.Of(TestHub.Brand).ShouldBeNull("nothing is known of any SKU");
        var table = new SkuFactsTable(test.Postgres.Source);
        await Say(table, new(250), "ann", FactsFrom.Form);
        await hub.Knowledge.Skus.ReadAsync(Cancel);
        hub.Knowledge.Skus.Of(TestHub.Brand)!("TEA").Grams.ShouldBe(250);
        hub.Knowledge.Skus.Of(TestHub.Brand)!("MUG").ShouldBe(SkuFacts.Unknown);
        await table.SaveAsync(TestHub.Brand, [("TEA", new(300))], "ann", FactsFrom.Form, Now.AddMinutes(1), Cancel);
        await hub.Knowledge.Skus.ReadAsync(Cancel);
        hub.Knowledge.Skus.Of(TestHub.Brand)!("TEA").Grams.ShouldBe(300);
    }

    [Fact]
    public async Task A_storefront_is_asked_once_a_day_and_its_codes_are_taken_for_what_they_mean()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Offers = new StockTerms(0, []);
        test.Shop.Goods = [new("TEA", new(250)), new("OLD-MUG", new(400)), new("KIT", new(650)), new("", new(1)), new("NONE", SkuFacts.Unknown)];
        foreach (var (code, sku, units) in ((string, string, int)[])[("OLD-MUG", "MUG", 1), ("KIT", "TEA", 1), ("KIT", "MUG", 1)])
            await test.ScalarAsync($"INSERT INTO meaning(brand, code, channel, sku, units, by_whom, at) VALUES ('acme', '{code}', '', '{sku}', {units}, 'ann', now())");
        await test.ScalarAsync("INSERT INTO poll(connection, since) VALUES ('shop', now())");
        var hub = test.Build(Roles.None);
        var (catalogue, plan) = (new ShopCatalogue(hub, NullLogger.Instance), hub.Plan.Connections["shop"]);
        async Task<string?> ReadAsync(DateTimeOffset at)
        {
            await catalogue.ReadAsync(plan, plan.Open(new HttpClient(), TimeProvider.System), at, Cancel);
            return (string?)await test.ScalarAsync("SELECT string_agg(sku || ' ' || grams, ', ' ORDER BY sku) FROM sku_facts");
        }
        (await ReadAsync(Now)).ShouldBe("MUG 400, TEA 250");
        test.Shop.Goods = [new("TEA", new(260))];
        (await ReadAsync(Now.AddHours(2))).ShouldBe("MUG 400, TEA 250", "it was asked today");
        (await ReadAsync(Now.AddHours(25))).ShouldBe("MUG 400, TEA 260");
        test.Shop.Goods = null;
        await ReadAsync(Now.AddHours(50));
        (await test.ScalarAsync("SELECT skus_error FROM poll WHERE connection = 'shop'")).ShouldBe("the catalogue is closed");
    }
}
