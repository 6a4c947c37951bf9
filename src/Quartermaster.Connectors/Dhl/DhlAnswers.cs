using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.Dhl;

/// <summary>What DHL's answers mean: answer → scans. Pure.</summary>
internal static class DhlAnswers
{
    public static Whereabouts Way(Answer answer, string tracking, DateTimeOffset now)
    {
        // DHL knows the number from the first scan on; until then "not found" is no trouble.
        if (answer.Status == 404) return new(Nearness.Unseen, []);
        if (Trouble(answer) is { } trouble) return Whereabouts.Unanswered(trouble);
        if (answer.Read(DhlJson.Default.WireAnswer)?.Shipments is not { } shipments) return Whereabouts.Unanswered(new Outcome.Unsure("DHL's answer could not be read."));
        var id = Followed.IdOf(tracking);
        // One number may be a parcel of several divisions; only an exact one is ours, and of two the one that was seen last.
        var ours = shipments.OfType<WireShipment>().Where(s => s.Id is { } number && Followed.IdOf(number) == id).MaxBy(s => ScanTimes.OfIso(s.Status?.Timestamp));
        var events = ours?.Events is { Count: > 0 } all ? all : [ours?.Status];
        return ScanReading.Of(CarrierOf(ours?.Service), tracking, events.OfType<WireEvent>().Select(e => Read(e, ours!.Service)), now);
    }

    public static Outcome? Trouble(Answer answer) => answer.Usual(reads: true) switch
    {
        Outcome.Refused when answer.Read(DhlJson.Default.WireProblem) is { Detail: { } why } problem => new Outcome.Refused(problem.Title ?? "refused", why),
        var outcome => outcome,
    };

    private static string CarrierOf(string? service) => service is null ? "dhl" : $"dhl {service}";

    private static ReadScan Read(WireEvent e, string? service) =>
        new(DhlStatus.Of(service, e.StatusCode, e.Status), $"{e.StatusCode ?? "no code"} {e.Status} {e.Description}".Replace("  ", " ", StringComparison.Ordinal).TrimEnd(), ScanTimes.OfIso(e.Timestamp), e.Location?.Address?.AddressLocality, DhlStatus.SaysDamaged(service, e.Status));
}
