using System.Globalization;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Books;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Purchasing;

namespace Quartermaster.Connectors.Xero;

/// <summary>Drafts purchase orders, one by one: there are a few a day, and each is looked for before it is written.</summary>
/// <remarks>POST under a number that exists would change that order, whoever made it, so they are PUT: one that came between the look and the write is refused. One of ours is recognised by its reference, and somebody else's is left alone.</remarks>
internal sealed class XeroPurchases(XeroApi api, XeroTerms terms)
{
    private static readonly XeroKind Kind = XeroKind.PurchaseOrder;

    public async Task<Result> DraftAsync(Work work, CancellationToken cancel)
    {
        var draft = ((PurchaseEffect.Draft)work.Effect).Order;
        var seen = await api.GetAsync($"/PurchaseOrders/{Uri.EscapeDataString(draft.Number)}", cancel).ConfigureAwait(false);
        if (seen is not { Status: 404, Failure: null })
        {
            if (XeroAnswers.Usual(seen, api.Now, reads: true) is { } trouble) return new(trouble, seen.Exchange);
            if (XeroAnswers.Found(seen, Kind).GetValueOrDefault(draft.Number) is { } known) return new(Recognised(known, draft), seen.Exchange);
        }
        var body = Body(draft, terms);
        const string Path = "/PurchaseOrders?summarizeErrors=false";
        var answer = await api.WriteAsync(HttpMethod.Put, Path, body, XeroOutbound.IdempotencyKey([work.Key], body.Bytes.Span), cancel).ConfigureAwait(false);
        var (outcome, said) = Drafted(answer, draft);
        return new(outcome, body.Part(0, api.Line(HttpMethod.Put, Path), answer, said, api.Redactor));
    }

    public static BatchBody Body(PurchaseDraft draft, XeroTerms terms) => BatchBody.Write(Kind.Plural, [draft], (json, order) =>
    {
        json.WriteStartObject();
        json.WriteString("Status", "DRAFT");
        json.WriteString(Kind.NumberField, order.Number);
        json.WriteString("Reference", order.Reference);
        json.WriteStartObject("Contact");
        XeroOutbound.WriteContactFields(json, new BillContact(order.SupplierKey, order.Supplier, order.Email, ""));
        json.WriteEndObject();
        json.WriteString("Date", terms.DateOf(order.Date));
        json.WriteString("DeliveryDate", terms.DateOf(order.ExpectedAt));
        json.WriteString("DeliveryInstructions", Remote.Shorten($"Deliver to {order.DeliverTo}.", 500));
        json.WriteString("CurrencyCode", order.Currency);
        // Costs are agreed before tax; without a tax type of ours the account's own applies.
        json.WriteString("LineAmountTypes", "Exclusive");
        json.WriteStartArray("LineItems");
        foreach (var line in order.Lines) WriteLine(json, line, terms);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Whether an order that is there is ours.</summary>
    public static Outcome Recognised(XeroDocument there, PurchaseDraft draft) => there.Reference == draft.Reference
        ? new Outcome.AlreadyDone(there.Id)
        : new Outcome.Refused("number_taken", $"{draft.Number} exists in Xero for '{there.Reference}', not for '{draft.Reference}'. Give ours another purchasing.number_prefix, or Xero's own another prefix.");

    private (Outcome Outcome, string Said) Drafted(Answer answer, PurchaseDraft draft)
    {
        // With elements, a 400 speaks of the order itself.
        var slices = JsonSlices.Of(answer.Body, answer.Status == 400 ? "Elements" : Kind.Plural);
        if ((slices is null || answer.Status != 400) && XeroAnswers.Usual(answer, api.Now) is { } trouble) return (trouble, Remote.Shorten(answer.Text, 2_000));
        if (slices is not [var slice, ..] || XeroAnswers.Parse(slice, XeroJson.Default.XeroDocument) is not { } document)
            return (new Outcome.Unsure($"Xero answered {answer.Status.ToString(CultureInfo.InvariantCulture)} without a purchase order."), Remote.Shorten(answer.Text, 2_000));
        var said = Encoding.UTF8.GetString(slice.Span);
        // It came between the look and the write, ours from a call whose answer was lost or somebody else's: the next look tells.
        if (XeroAnswers.ErrorsOf(document.ValidationErrors) is { } why)
            return (why.Contains("number must be unique", StringComparison.OrdinalIgnoreCase) ? new Outcome.TryLater($"{draft.Number} came to be in Xero a moment ago: it is looked at again.") : new Outcome.Refused("ValidationException", why), said);
        if (answer.Status == 400 || document.HasErrors == true || document.StatusAttributeString == "ERROR") return (new Outcome.Refused("ValidationException", "Xero gave no reason."), said);
        return (document.SubTotal is { } before && before != draft.Total()
            ? new Outcome.Refused("total_differs", string.Create(CultureInfo.InvariantCulture, $"Xero computes {before} {draft.Currency} before tax for {draft.Number}, the order says {draft.Total()}. The draft is in Xero; check it there."))
            : new Outcome.Done(document.Id), said);
    }

    private static void WriteLine(System.Text.Json.Utf8JsonWriter json, PurchaseDraftLine line, XeroTerms terms)
    {
        json.WriteStartObject();
        // As of invoices: where no price with four places comes to the amount, the line is one unit that names its quantity.
        var unit = decimal.Round(line.UnitCost, 4, MidpointRounding.AwayFromZero);
        var whole = decimal.Round(unit * line.Quantity, 2, MidpointRounding.AwayFromZero) == line.Amount();
        var name = line.TheirSku is { Length: > 0 } theirs && theirs != line.Sku ? $"{line.Sku} (yours: {theirs})" : line.Sku;
        json.WriteString("Description", whole ? name : string.Create(CultureInfo.InvariantCulture, $"{line.Quantity} × {name}"));
        json.WriteNumber("Quantity", whole ? line.Quantity : 1);
        json.WriteNumber("UnitAmount", whole ? unit : line.Amount());
        json.WriteNumber("LineAmount", line.Amount());
        if (terms.PurchaseAccount is { } account) json.WriteString("AccountCode", account);
        if (terms.PurchaseTax is { } tax) json.WriteString("TaxType", tax);
        if (terms.ItemCodes && line.Sku is { Length: > 0 and <= 30 }) json.WriteString("ItemCode", line.Sku);
        json.WriteEndObject();
    }
}
