using Microsoft.AspNetCore.Http.HttpResults;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Dashboard.Shopper;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Risk;
using Quartermaster.Runtime.Routing;

namespace Quartermaster.Dashboard.Actions;

/// <summary>What a shopper is asked, as the page behind the link shows it.</summary>
/// <param name="Waits">The order still waits for an answer; when not, nothing of it is shown.</param>
/// <param name="Of">Tells what is shown from another amount or address; an answer carries it.</param>
/// <param name="PayAt">Where to pay instead; null = cash it stays.</param>
/// <param name="Language">Two letters: the shopper's where we have words for it, else the brand's.</param>
/// <param name="IsDoubtful">The country's postal codes are known, and the one it goes to is none of them.</param>
public sealed record AskedShopper(StreamId Order, string Shop, string Number, bool Waits, string Amount, IReadOnlyList<string> Lines, Address? ShipTo, string Of, string? PayAt, string Language, bool IsDoubtful = false);

/// <summary>An address that a shopper typed and is asked about once more, as its postal code is not known.</summary>
public sealed record DoubtedAddress(string Token, Address Address);

/// <summary>Finds what a link is about.</summary>
public sealed class ShopperQuestions(ShopperLinks links, HubPlan plan, StreamHistory history, PostcodeTable postcodes)
{
    private static readonly OrderStream Orders = new();

    /// <summary>Null when the link is none of ours, or its order is not known.</summary>
    public async Task<AskedShopper?> FindAsync(string token, CancellationToken cancel)
    {
        if (links.Read(token) is not { } id || !plan.Brands.TryGetValue(id.Brand, out var brand) || await history.StateAsync(id.Brand, id.Key, cancel) is not { } state) return null;
        if (Orders.Load(state.State) is not OrderFile { Order: { Facts: { } facts } order }) return null;
        var language = ShopperWords.LanguageOf(facts.Buyer.Locale, brand.Terms.Language);
        if (!order.Has(HoldKind.Confirmation)) return new(id, brand.Terms.Title, facts.Number, false, "", [], null, "", null, language);
        var about = AskedAbout.Of(order);
        return new(id, brand.Terms.Title, facts.Number, true, about.Due.ToString(), [.. facts.Lines.Where(l => l.Quantity > 0).Select(l => $"{l.Quantity} × {l.Title}")], about.ShipTo, about.Print,
            brand.Terms.Risk?.Confirm?.PayAddress(facts.Number, facts.ExternalId, about.Due.Amount, facts.Currency), language,
            about.ShipTo is { } to && await IsDoubtfulAsync(to, cancel));
    }

    public Task<bool> IsDoubtfulAsync(Address address, CancellationToken cancel) => postcodes.IsUnknownAsync(address.Country, address.PostalCode, cancel);
}

/// <summary>Takes a shopper's answer. The link itself is what entitles to it, so no cookie and no seal are asked for.</summary>
internal static class ShopperActions
{
    public static void MapShopperActions(this IEndpointRouteBuilder routes) =>
        // Only a post answers: programs that look into messages follow links.
        routes.MapPost("/confirm/{token}/answer", async (string token, HttpContext context, ShopperQuestions questions, Desk desk) =>
        {
            if (await questions.FindAsync(token, context.RequestAborted) is not { } asked) return Results.NotFound();
            var fields = await context.Request.ReadFormAsync(context.RequestAborted);
            var said = fields["answer"].ToString();
            if (asked.Waits && fields["of"] != asked.Of) return Results.Redirect($"/confirm/{token}?changed=1");
            if (Answer(said, fields, asked) is not { } answer) return Results.Redirect($"/confirm/{token}?wrong=1");
            if (!asked.Waits) return Results.Redirect($"/confirm/{token}");
            // Asked once: whoever sends the same code again knows better than the table.
            if (answer is { Answer: Confirmation.Corrected, ShipTo: { } there } && fields["sure"] != there.PostalCode && await questions.IsDoubtfulAsync(there, context.RequestAborted))
                return new RazorComponentResult<Page>(new Dictionary<string, object?> { [nameof(Page.Doubted)] = new DoubtedAddress(token, there) });
            await desk.SendAsync(asked.Order, answer, OrderSignal.TheShopper, context.RequestAborted);
            return Results.Redirect($"/confirm/{token}?said={said}");
        }).AllowAnonymous().DisableAntiforgery();

    private static OrderSignal.ShopperAnswered? Answer(string said, IFormCollection fields, AskedShopper asked) => said switch
    {
        "confirmed" => new(Confirmation.Confirmed, "link", asked.Of),
        "declined" => new(Confirmation.Declined, "link", asked.Of),
        "prepay" when asked.PayAt is not null => new(Confirmation.Prepay, "link", asked.Of),
        "corrected" when PostedAddress.Read(fields, asked.ShipTo) is { } address => new(Confirmation.Corrected, "link", asked.Of, address),
        _ => null,
    };
}
