using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.__Name__;

/// <summary>Speaks with __Name__.</summary>
public sealed class __Name__Connector : IConnector
{
    internal static readonly Manifest Described = new()
    {
        Key = "__key__",
        Title = "__Name__",
        Capabilities = [Capability.Alerts],
        Settings =
        [
            new("base_url", "Address of the system, without a path: https://api.vendor.example"),
            new("token", "Sent as 'Authorization: Bearer …'", Secret: true),
            new("webhook_secret", "Signs what the vendor sends us", Secret: true),
        ],
        Limits = new Limits(Batch: 1, Concurrency: 4),
        Does = [],
        RepeatSafety = RepeatSafety.None,
        Documentation = "https://vendor.example/docs",
        Verified = false,
    };

    public Manifest Manifest => Described;

    public Knock Receive(Session session, Delivery delivery) => __Name__Inbound.Receive(session, delivery);

    public Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) =>
        __Name__Inbound.Read(body);

    public async Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var api = new __Name__Api(session);
        var results = new List<Result>(batch.Count);
        foreach (var work in batch)
            results.Add(await api.SendAsync(work, cancel).ConfigureAwait(false));
        return results;
    }

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => new __Name__Api(session).TestAsync(cancel);
}
