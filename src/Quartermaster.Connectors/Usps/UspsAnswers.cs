using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Labels;

namespace Quartermaster.Connectors.Usps;

/// <summary>What USPS's answers mean: answer → outcome, scans and prices. Pure.</summary>
internal static class UspsAnswers
{
    /// <param name="format">Of the picture that was asked for.</param>
    /// <param name="found">The label was bought by an earlier call.</param>
    public static Result Bought(Answer answer, Consignment parcel, string brand, string format, bool found)
    {
        if (Trouble(answer, reads: false) is { } trouble) return new(trouble, answer.Exchange);
        var told = answer.Read(UspsJson.Default.WireLabel);
        var label = told?.LabelMetadata ?? told;
        if (label?.TrackingNumber is not { Length: > 0 } number) return new(new Outcome.Unsure("USPS answered without a tracking number."), Pictures.Without(answer.Exchange));
        var cost = label.Postage + (label.ExtraServices ?? []).Concat(label.Fees ?? []).Sum(f => f?.Price ?? 0);
        return LabelAnswers.Issued(new(number, "usps", parcel.Service, number, TrackingPage(number), null, cost, cost is null ? null : "USD"), told!.LabelImage, format, parcel, brand, found, answer.Exchange);
    }

    /// <summary>Cancelled, or its refund asked for where it had been manifested.</summary>
    public static Outcome Voided(Answer answer, LabelEffect.Void taken, Settings settings) => Trouble(answer, reads: false) switch
    {
        null => answer.Read(UspsJson.Default.WireCancelled) switch
        {
            { Status: "CANCELED" } => new Outcome.Done(),
            { Status: "DISPUTED" } refund => new Outcome.Done(refund.DisputeId),
            _ => new Outcome.Unsure("The answer could not be read."),
        },
        Outcome.Refused no when IsAbsent(no, settings) => new Outcome.Done(),
        Outcome.Refused no when taken.LabelId is null => no with { Why = $"{no.Why} Whether a label was made is not known: look for {taken.Reference}, idempotency key {UspsOutbound.KeyOf(taken.Reference)}, in USPS's portal." },
        var trouble => trouble,
    };

    /// <summary>USPS says that it has no such label, or none that is good. It does not publish the codes by which it says so.</summary>
    public static bool IsAbsent(Outcome.Refused no, Settings settings) => settings.Get("absent_codes", "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Contains(no.Code);

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

    public static Outcome? Trouble(Answer answer, bool reads = true) => answer.Usual(reads) switch
    {
        Outcome.Refused when answer.Read(UspsJson.Default.WireProblem)?.Error is { } error => OfError(error, error.Errors is [{ } first, ..] ? first : null),
        var outcome => outcome,
    };

    private static Outcome.Refused OfError(WireError error, WireDetail? first) => new(first?.Code ?? error.Code ?? "unspecified", first?.Detail ?? error.Message ?? "USPS gives no reason.");

    private static string TrackingPage(string number) => $"https://tools.usps.com/go/TrackConfirmAction?tLabels={Uri.EscapeDataString(number)}";

    private static ReadScan Read(WireScan scan) =>
        new(UspsStatus.Of(scan.EventCode, scan.EventType), $"{scan.EventCode ?? "no code"} {scan.EventType}".TrimEnd(), ScanTimes.OfIso(scan.GmtTimestamp) ?? ScanTimes.OfIso(scan.EventTimestamp, scan.GmtOffset), scan.EventCity, UspsStatus.SaysDamaged(scan.EventType));
}
