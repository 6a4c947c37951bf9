using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.CarrierRest;

/// <summary>Any carrier, or a tracking service in front of many, that speaks the open carrier contract (docs/contracts/carrier-rest.md).</summary>
/// <remarks>It listens only: nothing is ordered from a carrier under this contract.</remarks>
public sealed class CarrierRestConnector : IConnector
{
    internal static readonly Manifest Described = new()
    {
        Key = "carrier-rest",
        Title = "Carrier (open REST contract)",
        Capabilities = [Capability.Carrier],
        Settings =
        [
            new("base_url", "Address of the carrier's system, without the path: https://api.carrier.example"),
            new("token", "Sent as 'Authorization: Bearer …'; leave it out when the carrier wants none", Required: false, Secret: true),
            .. OpenCallback.Settings,
        ],
        Limits = new Limits(Batch: 1, Concurrency: 4),
        Does = [],
        RepeatSafety = RepeatSafety.None,
        Documentation = "docs/contracts/carrier-rest.md",
    };

    public Manifest Manifest => Described;

    public Knock Receive(Session session, Delivery delivery) => CarrierRestInbound.Receive(session, delivery);

    public Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) =>
        CarrierRestInbound.Read(session, body, receivedAt);

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<Result>>(
            [.. batch.Select(_ => new Result(new Outcome.Refused("not_supported", "Nothing is ordered from a carrier under the open contract."), Exchange.None))]);

    public async Task<Result> TestAsync(Session session, CancellationToken cancel)
    {
        var answer = await new CarrierRestApi(session).TrackAsync(CarrierRestOutbound.TestNumber, cancel).ConfigureAwait(false);
        return new(CarrierRestAnswers.Tested(answer), answer.Exchange);
    }
}
