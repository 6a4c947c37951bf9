using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Kernel;
using Quartermaster.Sandbox;

namespace Quartermaster.Connectors.Tests;

public sealed class DemoBrandTests
{
    public static TheoryData<string> Brands() => [.. DemoBrands.All.Select(b => b.Terms.Brand)];

    [Theory, MemberData(nameof(Brands))]
    public void A_demo_brand_is_whole(string key)
    {
        var brand = Of(key);
        var connections = brand.Connections.Select(c => c.Key).ToList();
        connections.ShouldBeUnique();
        brand.Products.Count.ShouldBeInRange(35, 45);
        brand.Products.Select(p => p.Sku).ShouldBeUnique();
        Currencies.IsKnown(brand.Terms.Currency).ShouldBeTrue();
        brand.Terms.Locations.ShouldAllBe(l => connections.Contains(l.Connection) && Countries.IsKnown(l.Country));
        new[] { brand.Storefront, brand.Terms.Accounting, brand.Terms.Alerts }.Concat(brand.Terms.MessageChannels.Select(m => m.Connection)).ShouldAllBe(c => connections.Contains(c!));
        brand.Shelves().Count().ShouldBe(brand.Products.Count * brand.Terms.Locations.Count);
        brand.Shelves().ShouldContain(s => s.Units < 10, "somebody has to wait now and then");
    }

    [Theory, MemberData(nameof(Brands))]
    public void Its_connections_have_the_settings_their_connectors_ask_for(string key)
    {
        var connectors = ConnectorCatalogue.Find();
        var checkedAny = false;
        foreach (var connection in Of(key).Connections.Where(c => connectors.ContainsKey(c.Connector)))
        {
            var settings = connectors[connection.Connector].Manifest.Settings;
            settings.Where(s => s.Required && s.Key != "base_url" && !connection.Settings.ContainsKey(s.Key)).Select(s => s.Key).ShouldBeEmpty(connection.Key);
            connection.Settings.Keys.Where(k => !k.StartsWith("sandbox_", StringComparison.Ordinal)).Except(settings.Select(s => s.Key)).ShouldBeEmpty(connection.Key);
            SandboxHost.Known().Keys.ShouldContain(connection.Connector);
            checkedAny = true;
        }
        checkedAny.ShouldBeTrue();
    }

    [Theory, MemberData(nameof(Brands))]
    public void Its_orders_depend_on_their_number_alone_and_look_like_orders(string key)
    {
        var orders = new DemoOrders(Of(key));
        foreach (var number in Enumerable.Range(5_600_000, 500))
        {
            var order = orders.Make(number);
            order.ShouldBeEquivalentTo(orders.Recall(order.Id));
            order.Id.ShouldBeGreaterThan(1L << 53);
            order.Lines.Select(l => l.Sku).ShouldBeUnique();
            order.Lines.ShouldAllBe(l => l.Quantity > 0 && l.Discount < l.Price * l.Quantity);
            if (order.Shopper.Phone is { } phone) PhoneNumber.ToE164(phone, order.Shopper.CountryCode).ShouldBe(phone);
            order.Shopper.Email!.ShouldMatch("^[a-z.]+@(example[.]com|throwaway[.]example)$");
        }
    }

    [Fact]
    public void A_doubtful_shopper_comes_now_and_then_and_nobody_comes_all_day()
    {
        var brand = DemoBrands.All.Single(b => b.HasDoubtfulShoppers);
        var orders = Enumerable.Range(5_600_000, 1500).Select(n => new DemoOrders(brand).Make(n)).ToList();
        orders.Where(o => o.Shopper.Email!.EndsWith(DemoOrders.Throwaway, StringComparison.Ordinal)).ToList().ShouldSatisfyAllConditions(d => d.Count.ShouldBe(20), d => d.ShouldAllBe(o => !o.Paid && o.Shopper.Phone == null && CashOnDelivery.Is(o.Gateway)));
        orders.GroupBy(o => o.Shopper.Email).Max(g => g.Count()).ShouldBe(1);
    }

    [Fact]
    public void A_kit_is_ordered_now_and_then_and_a_code_that_nobody_explained_hardly_ever()
    {
        var brand = DemoBrands.All.Single(b => b.Kits.Count > 0);
        brand.Offered.Select(p => p.Sku).ShouldBeUnique();
        foreach (var kit in brand.Kits)
        {
            Part.Fault(kit.Parts).ShouldBeNull();
            kit.Parts.ShouldAllBe(part => brand.Shelves().Where(s => s.Sku == part.Sku).Any(s => s.Units > 100), "a newcomer sees it leave");
        }
        var odd = brand.Unexplained.ShouldNotBeNull();
        var orders = Enumerable.Range(5_600_000, 2400).Select(n => new DemoOrders(brand).Make(n)).ToList();
        orders.Count(o => o.Lines.Any(l => brand.Kits.Any(k => k.Product.Sku == l.Sku))).ShouldBeInRange(360, 600);
        var waiting = orders.Where(o => o.Lines.Any(l => l.Sku == odd.Sku)).ToList();
        waiting.Count.ShouldBe(10);
        waiting.ShouldAllBe(o => o.Paid && o.Lines.Count == 1);
        new DemoOrders(brand).Make(DemoOrders.LastUnexplained(5_600_123)).Lines.ShouldHaveSingleItem().Sku.ShouldBe(odd.Sku);
    }

    private static DemoBrand Of(string key) => DemoBrands.All.Single(b => b.Terms.Brand == key);
}
