using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Usps;

/// <summary>What USPS's answers mean: answer → scans and prices. Pure.</summary>
internal static class UspsAnswers
{
    public static Whereabouts Way(Answer answer, string tracking, DateTimeOffset now)
    {
        // USPS knows the number from the first scan on; until then "not found" is no trouble.
        if (answer.Status == 404) return new(Nearness.Unseen, []);
        if (Trouble(answer) is { } trouble) return Whereabouts.Unanswered(trouble);
        if (answer.Read(UspsJson.Default.WireTracked) is not { } told) return Whereabouts.Unanswered(new Outcome.Unsure("USPS's answer could not be read."));
        return ScanReading.Of("usps", tracking, (told.TrackingEvents ?? []).OfType<WireScan>().Select(Read), now);
    }

    /// <exception cref="HttpRequestException">There is no answer to the question.</exception>
    public static IReadOnlyList<ShippingOffer> Offers(Answer answer)
    {
        if (Trouble(answer) is { } trouble) throw new HttpRequestException(Outcome.Words(trouble));
        var options = answer.Read(UspsJson.Default.WirePrices)?.RateOptions ?? throw new HttpRequestException("USPS's prices could not be read.");
        return [.. from o in options
                   let rate = o?.Rates is [{ } first, ..] ? first : null
                   where rate?.MailClass is not null && o!.TotalBasePrice is not null
                   orderby o.TotalBasePrice
                   select new ShippingOffer(rate.MailClass!, $"USPS {rate.Description ?? rate.MailClass}", o.TotalBasePrice!.Value, "USD", null, rate.Warnings is [{ WarningDescription: { } warning }, ..] ? warning : null)];
    }

    public static Outcome? Trouble(Answer answer) => answer.Usual(reads: true) switch
    {
        Outcome.Refused when answer.Read(UspsJson.Default.WireProblem)?.Error is { } error => new Outcome.Refused(error.Code ?? "unspecified", error.Errors is [{ Detail: { } detail }, ..] ? detail : error.Message ?? "USPS gives no reason."),
        var outcome => outcome,
    };

    private static ReadScan Read(WireScan scan) =>
        new(UspsStatus.Of(scan.EventCode, scan.EventType), $"{scan.EventCode ?? "no code"} {scan.EventType}".TrimEnd(), ScanTimes.OfIso(scan.GmtTimestamp) ?? ScanTimes.OfIso(scan.EventTimestamp, scan.GmtOffset), scan.EventCity, UspsStatus.SaysDamaged(scan.EventType));
}
