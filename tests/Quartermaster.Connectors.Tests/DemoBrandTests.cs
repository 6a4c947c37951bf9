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
            order.Shopper.Email!.ShouldMatch("^[a-z.]+@example[.]com$");
        }
    }

    private static DemoBrand Of(string key) => DemoBrands.All.Single(b => b.Terms.Brand == key);
}
