using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Sandbox;

/// <summary>Shoppers who keep ordering at a demo brand: every few seconds one, later fewer, and now and then one who pays later, changes his mind, cancels or sends something back.</summary>
/// <remarks>Sleeps between two shoppers; what happens to an order later sleeps with it. Nothing polls.</remarks>
public sealed class OrderTrickle : IAsyncDisposable
{
    // Who has just come wants to see something; who leaves the sandbox open all day wants his machine back.
    private const int Brisk = 30, Calm = 4;

    // So many orders after its brand opened the shop sells its unexplained code for the first time.
    private const int Settled = 2;

    private readonly DemoBrand brand;
    private readonly ShopifyTwin shop;
    private readonly WarehouseTwin? warehouse;
    private readonly DemoOrders orders;
    private readonly TimeProvider clock;
    private readonly TimeSpan pace;
    private readonly bool opens;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task ordering;
    private readonly Random chance = new();

    private OrderTrickle(DemoBrand brand, ShopifyTwin shop, WarehouseTwin? warehouse, TimeProvider clock, TimeSpan pace, bool opens)
    {
        (this.brand, this.shop, this.warehouse, this.clock, this.pace, this.opens) = (brand, shop, warehouse, clock, pace, opens);
        orders = new DemoOrders(brand);
        shop.Recall = orders.Recall;
        ordering = OrderAsync(stopping.Token);
    }

    /// <param name="pace">Average time between two orders at first; after the first thirty the shop calms down to a quarter of that.</param>
    /// <param name="opens">Nobody has ever ordered here.</param>
    public static OrderTrickle Start(DemoBrand brand, SandboxHost host, TimeProvider clock, TimeSpan pace, bool opens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(pace, TimeSpan.Zero);
        var key = brand.Connections.FirstOrDefault(c => c.Connector == "warehouse-rest")?.Key;
        return new(brand, host.Twin<ShopifyTwin>(brand.Storefront), key is null ? null : host.Twin<WarehouseTwin>(key), clock, pace, opens);
    }

    public int Placed { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await ordering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task OrderAsync(CancellationToken cancel)
    {
        await Task.Yield();
        shop.Announce(brand.Offered.Select(p => new NewLine(p.Sku, p.Title, p.Price, 1, p.Grams)));
        var number = DemoOrders.NumberAt(clock.GetUtcNow());
        while (!cancel.IsCancellationRequested)
        {
            // Never two orders of one number, even when the pace is quicker than the clock's five seconds.
            number = Math.Max(number + 1, DemoOrders.NumberAt(clock.GetUtcNow()));
            // Who has just come should see what a hub asks of people. In a shop that opens no number of the past was ever sold.
            if (opens && Placed == Settled && brand.Unexplained is not null) shop.Place(orders.Make(DemoOrders.LastUnexplained(number)));
            if (opens && Placed == Settled && brand.HasDoubtfulShoppers) shop.Place(orders.Make(DemoOrders.LastDoubtful(number)));
            var order = shop.Place(orders.Make(number));
            Placed++;
            _ = LiveAsync(order, cancel);
            if (Placed % 25 == 0) Restock();
            await Task.Delay((Placed > Brisk ? pace * Calm : pace) * (0.4 + 1.2 * chance.NextDouble()), clock, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>What becomes of one order, apart from what the hub does with it.</summary>
    private async Task LiveAsync(ShopOrder order, CancellationToken cancel)
    {
        var fate = Knobs.Fate("life of " + order.Placed.Name);
        try
        {
            if (!order.Placed.Paid && order.Placed.Gateway == brand.Gateway)
            {
                await Wait(20, 60, fate, cancel).ConfigureAwait(false);
                // One in ten never comes back to pay; the hub holds it until its patience ends.
                if (fate < 0.9) shop.Pay(order.Id);
            }
            else if (fate < 0.03)
            {
                await Wait(1, 12, fate * 30, cancel).ConfigureAwait(false);
                shop.Cancel(order.Id, "customer");
            }
            else if (fate < 0.06 && order.Lines.Count > 1)
            {
                await Wait(1, 8, fate * 15, cancel).ConfigureAwait(false);
                shop.Remove(order.Id, order.Lines.Count - 1, 1);
            }
            else if (fate < 0.11)
            {
                await Wait(90, 240, fate * 9, cancel).ConfigureAwait(false);
                shop.Refund(order.Id, 0, 1, goodsBack: fate < 0.09);
            }
        }
        catch (OperationCanceledException)
        {
            // The sandbox closes; the order stays as it is.
        }
    }

    private Task Wait(double least, double most, double where, CancellationToken cancel) =>
        Task.Delay(TimeSpan.FromSeconds(least + (most - least) * Math.Clamp(where, 0, 1)), clock, cancel);

    // A delivery arrived at one shelf of a warehouse, so that goods never run out for good.
    private void Restock()
    {
        var shelves = brand.Shelves().ToList();
        var (sku, location, units) = shelves[Placed / 25 * 7 % shelves.Count];
        warehouse?.CountShelf(new ShelfCount(sku, location, units + 150));
    }
}
