using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.WarehouseRest;

/// <summary>Any warehouse or 3PL that speaks the open warehouse contract (docs/contracts/warehouse-rest.md).</summary>
public sealed class WarehouseRestConnector : IConnector
{
    internal static readonly Manifest Described = new()
    {
        Key = "warehouse-rest",
        Title = "Warehouse (open REST contract)",
        Capabilities = [Capability.Warehouse],
        Settings =
        [
            new("base_url", "Address of the warehouse's system, without the path: https://wms.example.com"),
            new("token", "Sent as 'Authorization: Bearer …'; leave it out when the warehouse knows you by network address", Required: false, Secret: true),
            .. OpenCallback.Settings,
            new("orders_path", "Where orders are handed over", Required: false, Default: WarehouseRestApi.OrdersPath),
            new("stock_path", "Where stock counts are read", Required: false, Default: WarehouseRestApi.StockPath),
        ],
        Limits = new Limits(Batch: 50, Concurrency: 4),
        Does = [Wire.KindOf(typeof(FulfilmentEffect.SubmitToWarehouse)), Wire.KindOf(typeof(FulfilmentEffect.WithdrawFromWarehouse))],
        RepeatSafety = RepeatSafety.ByKey,
        Polls = true,
        TellsShelves = true,
        Documentation = "docs/contracts/warehouse-rest.md",
    };

    public Manifest Manifest => Described;

    public Knock Receive(Session session, Delivery delivery) => WarehouseRestInbound.Receive(session, delivery);

    public Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) =>
        WarehouseRestInbound.Read(session, body, receivedAt);

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var api = new WarehouseRestApi(session);
        return batch[0].Effect switch
        {
            FulfilmentEffect.SubmitToWarehouse => api.SubmitAsync(batch, cancel),
            FulfilmentEffect.WithdrawFromWarehouse => api.WithdrawAsync(batch, cancel),
            var other => throw new NotSupportedException($"warehouse-rest does not do {Wire.KindOf(other.GetType())}"),
        };
    }

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => new WarehouseRestApi(session).TestAsync(cancel);

    public async Task<HandoffSeen?> AskHandoffAsync(Session session, string orderRef, CancellationToken cancel) =>
        await new WarehouseRestApi(session).AskAsync(orderRef, cancel).ConfigureAwait(false);

    public IAsyncEnumerable<ShelfSeen> ReadShelvesAsync(Session session, CancellationToken cancel) => new WarehouseRestApi(session).ShelvesAsync(cancel);

    public IAsyncEnumerable<Found> PollAsync(Session session, DateTimeOffset since, CancellationToken cancel) =>
        new WarehouseRestApi(session).StockSinceAsync(since, cancel);
}
