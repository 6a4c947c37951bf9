using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;

namespace Quartermaster.Connectors.Dhl;

/// <summary>What MyDHL's answers mean: answer → outcome. Pure.</summary>
internal static class MyDhlAnswers
{
    public static Result Bought(Answer answer, Consignment parcel, Session session)
    {
        if (Trouble(answer) is { } trouble) return new(trouble, answer.Exchange);
        var told = answer.Read(DhlJson.Default.WireShipped);
        if (told?.ShipmentTrackingNumber is not { Length: > 0 } number) return new(new Outcome.Unsure("DHL answered without a shipment number."), Pictures.Without(answer.Exchange));
        var label = told.Documents?.FirstOrDefault(d => d?.TypeCode == "label") ?? (told.Documents is [{ } first, ..] ? first : null);
        return LabelAnswers.Issued(Label(number, parcel), label?.Content, label?.ImageFormat ?? session.Settings.Get("label_format", MyDhlConnector.DefaultFormat), parcel, session.Brand, found: false, answer.Exchange);
    }

    /// <summary>The answer to the question by reference. Only DHL's own "not found" says that nothing was bought; whatever else goes wrong leaves the doubt.</summary>
    /// <remarks>The picture of the label comes with the purchase alone: one that was found is printed from MyDHL+.</remarks>
    public static Result Found(Answer answer, Consignment parcel, string brand)
    {
        if (answer.Status == 404 && answer.Read(DhlJson.Default.WireProblem)?.Detail?.Contains(parcel.Reference, StringComparison.Ordinal) == true) return new(new Outcome.TryLater("There is no shipment under this reference."), answer.Exchange);
        if (LabelAnswers.LeavesDoubt(Trouble(answer, reads: true)) is { } doubt) return new(doubt, answer.Exchange);
        var found = (answer.Read(DhlJson.Default.WireTracked)?.Shipments ?? []).OfType<WireTrackedShipment>().FirstOrDefault(s => s.ShipmentTrackingNumber is { Length: > 0 });
        return found is null ? new(new Outcome.Unsure("DHL's answer could not be read."), answer.Exchange) : LabelAnswers.Issued(Label(found.ShipmentTrackingNumber!, parcel), parcel, brand, found: true, answer.Exchange);
    }

    public static Result Fetched(Answer answer, DispatchList list, string brand)
    {
        if (Trouble(answer) is { } trouble) return new(trouble, answer.Exchange);
        return answer.Read(DhlJson.Default.WirePickup)?.DispatchConfirmationNumbers is [{ Length: > 0 } number, ..]
            ? DispatchAnswers.Closed(list, brand, number, null, [], found: false, answer.Exchange)
            : new(new Outcome.Unsure("DHL answered without a number of the courier's visit."), answer.Exchange);
    }

    /// <exception cref="HttpRequestException">There is no answer to the question.</exception>
    public static IReadOnlyList<ShippingOffer> Offers(Answer answer)
    {
        if (Trouble(answer, reads: true) is { } trouble) throw new HttpRequestException(Outcome.Words(trouble));
        var products = answer.Read(DhlJson.Default.WireRates)?.Products ?? throw new HttpRequestException("DHL's prices could not be read.");
        return [.. from p in products
                   let price = (p?.TotalPrice ?? []).FirstOrDefault(t => t is { CurrencyType: "BILLC", Price: > 0 }) ?? (p?.TotalPrice ?? []).FirstOrDefault(t => t is { Price: > 0 })
                   where p?.ProductCode is not null && price?.Price is not null
                   orderby price.Price
                   select new ShippingOffer(p.ProductCode!, $"DHL {p.ProductName ?? p.ProductCode}", price.Price!.Value, price.PriceCurrency ?? "", p.DeliveryCapabilities?.TotalTransitDays, p.IsCustomerAgreement == true ? "By agreement with DHL only." : null)];
    }

    public static Outcome? Trouble(Answer answer, bool reads = false) => answer.Usual(reads) switch
    {
        Outcome.Refused no when answer.Read(DhlJson.Default.WireProblem) is { } problem => new Outcome.Refused(problem.Title ?? no.Code, Words(problem) ?? no.Why),
        var outcome => outcome,
    };

    private static string? Words(WireProblem problem)
    {
        var details = string.Join(" ", (problem.AdditionalDetails ?? []).OfType<string>().Prepend(problem.Detail ?? "")).Trim();
        return details.Length == 0 ? null : Remote.Shorten(details, 500);
    }

    private static IssuedLabel Label(string number, Consignment parcel) =>
        new(number, "dhl express", parcel.Service, number, $"https://www.dhl.com/global-en/home/tracking/tracking-express.html?submit=1&tracking-id={Uri.EscapeDataString(number)}", null, null, null);
}
