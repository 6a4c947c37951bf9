using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Operations;
using Quartermaster.SignIn;

namespace Quartermaster.Dashboard.Shopper;

/// <summary>The page on which shoppers follow their order, and what they may ask for there. The link itself is what entitles to it, so no cookie and no seal are asked for.</summary>
internal static class ShopperPages
{
    private const int LongestText = 2000;

    // A letter of Hindi is nine bytes in a form, so the longest text is 18,000, and an address may be as long again.
    private const int MostBytes = 32 * 1024;

    public static void MapShopperPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/t/{token}", ShowAsync).AllowAnonymous();
        routes.MapPost("/t/{token}/{what}", TakeAsync).AllowAnonymous().DisableAntiforgery().WithMetadata(new RequestSizeLimitAttribute(MostBytes));
        // For whoever works on the order: the same page without its link, and without anything that could be done in the shopper's name.
        routes.MapGet("/seen-by-shopper/{brand}/{*id}", async (string brand, string id, HttpContext context, ShopperOrders orders, Reader reader) =>
            reader.Sees(brand) && !id.Contains('\0', StringComparison.Ordinal) && await orders.FindAsync(new StreamId(brand, "order", id), context.RequestAborted) is { } order ? await PageAsync(context, orders, order, new()) : Results.NotFound())
            .RequireAuthorization(Role.Viewer.Text());
    }

    private static async Task<IResult> ShowAsync(string token, HttpContext context, ShopperOrders orders, [FromQuery] string? said)
    {
        if (await orders.FindAsync(token, context.RequestAborted) is not { } order) return Nowhere();
        return said is null && context.Request.Headers.IfNoneMatch == order.Tag
            ? Unchanged(context, order)
            : await PageAsync(context, orders, order, new() { At = $"/t/{token}", Said = said });
    }

    private static async Task<IResult> TakeAsync(string token, string what, HttpContext context, ShopperOrders orders, ShopperPace pace, Desk desk, TimeProvider clock)
    {
        if (await orders.FindAsync(token, context.RequestAborted) is not { } order) return Nowhere();
        if (!context.Request.HasFormContentType) return Nowhere();
        var at = $"/t/{token}";
        IFormCollection fields;
        try { fields = await context.Request.ReadFormAsync(context.RequestAborted); }
        catch (Exception e) when (e is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } or InvalidDataException)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return await PageAsync(context, orders, order, new() { At = at, Asked = what, Trouble = ShopperTrouble.NothingWritten });
        }
        var (signal, trouble) = pace.Allows($"{what} {order.Id}", context.Connection.RemoteIpAddress?.ToString() ?? "") ? await AskedAsync(what, fields, orders, order, clock.GetUtcNow(), context.RequestAborted) : (null, ShopperTrouble.TooOften);
        if (signal is null && trouble is null) return Nowhere();
        if (trouble is { } wrong)
        {
            context.Response.StatusCode = wrong == ShopperTrouble.TooOften ? StatusCodes.Status429TooManyRequests : StatusCodes.Status422UnprocessableEntity;
            return await PageAsync(context, orders, order, new() { At = at, Asked = what, Trouble = wrong, Fields = fields });
        }
        foreach (var to in order.WhoHears(signal!)) await desk.SendAsync(to, signal!, OrderSignal.TheShopper, context.RequestAborted);
        // Found again by a reload, and not done again.
        return Results.Redirect($"{at}?said={(signal is OrderSignal.ShopperAsked { Answer: not null } ? ShopperAsking.Answered : what)}");
    }

    /// <returns>What the shopper asks for, or what is wrong with it; neither when there is nothing of that name.</returns>
    private static async Task<(Signal? Signal, ShopperTrouble? Trouble)> AskedAsync(string what, IFormCollection fields, ShopperOrders orders, FoundOrder order, DateTimeOffset now, CancellationToken cancel)
    {
        var text = fields["text"].ToString().Trim();
        var written = text.Length is > 0 and <= LongestText && !text.Contains('\0', StringComparison.Ordinal);
        switch (what)
        {
            case "address":
                if (!(await orders.ViewAsync(order, cancel)).MayChangeAddress) return (null, ShopperTrouble.TooLate);
                if (!order.Proves(fields["proof"].ToString())) return (null, ShopperTrouble.WrongProof);
                if (PostedAddress.Read(fields, order.File.Order.ShipTo, takesName: false) is not { } address) return (null, ShopperTrouble.WrongAddress);
                // Asked once: whoever sends the same code again knows better than the table.
                return fields["sure"] != address.PostalCode && await orders.IsDoubtfulAsync(address, cancel) ? (null, ShopperTrouble.DoubtfulPostcode) : (new OrderSignal.AddressCorrected(address, OrderSignal.TheShopper), null);
            case "return":
                var arrived = (await orders.ViewAsync(order, cancel)).Arrived;
                List<string> items = [.. arrived.Where(i => fields["item"].Contains(i.Title)).Select(ShopperText.Of)];
                return written && items.Count > 0 ? (new OrderSignal.ShopperAsked(IdOf(fields, [.. items]), text, items), null) : (null, ShopperTrouble.NothingChosen);
            case "day":
                if ((await orders.ViewAsync(order, cancel)).WishDays is not { } days) return (null, ShopperTrouble.TooLate);
                if (text.Length > 0 && !written) return (null, ShopperTrouble.NothingWritten);
                return DateOnly.TryParseExact(fields["day"].ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day >= days.First && day <= days.Last
                    ? (new OrderSignal.ShopperAsked(IdOf(fields, $"{day:yyyy-MM-dd}"), text, Day: day), null) : (null, ShopperTrouble.WrongDay);
            case "message":
                if (!written) return (null, ShopperTrouble.NothingWritten);
                // Who was answered, and writes all the same, means a person.
                var answer = order.Terms.AnswersAtOnce && fields["again"].Count == 0 && WhereItIsAsked.By(text) ? WhereIsMyOrder.Answer(await orders.ViewAsync(order, cancel), order.Terms, null) : null;
                return (new OrderSignal.ShopperAsked(IdOf(fields), text, Answer: answer), null);
            // Only what the page offered; anything else was typed by hand.
            case "channel" when order.Channels is { Count: > 1 } offered && offered.Contains(fields["channel"].ToString()):
                return (new ContactSignal.PreferenceTold(fields["channel"].ToString(), $"on the page of order {order.File.Order.Facts!.Number}", now), null);
            default:
                return (null, null);
        }
    }

    // Of the form and its words: a second click, or a page that is sent again, makes no second case; the same words on a page of another day do.
    private static string IdOf(IFormCollection fields, params ReadOnlySpan<string> items) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', [fields["form"].FirstOrDefault() ?? Guid.NewGuid().ToString(), fields["text"].ToString(), .. items]))))[..32];

    private static async Task<IResult> PageAsync(HttpContext context, ShopperOrders orders, FoundOrder order, ShopperAsking asking)
    {
        Guard(context, order);
        var view = await orders.ViewAsync(order, context.RequestAborted);
        return new RazorComponentResult<OrderPage>(new Dictionary<string, object?> { [nameof(OrderPage.Order)] = order, [nameof(OrderPage.View)] = view, [nameof(OrderPage.Asking)] = asking }) { StatusCode = context.Response.StatusCode };
    }

    private static StatusCodeHttpResult Unchanged(HttpContext context, FoundOrder order)
    {
        Guard(context, order);
        return TypedResults.StatusCode(StatusCodes.Status304NotModified);
    }

    private static void Guard(HttpContext context, FoundOrder order)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = order.Look.Policy;
        headers["X-Robots-Tag"] = "noindex, nofollow";
        // The address entitles to the page: it is told to nobody that is linked to.
        headers["Referrer-Policy"] = "no-referrer";
        // For this browser alone, and only after asking whether it is still so.
        headers.CacheControl = "private, no-cache";
        headers.ETag = order.Tag;
    }

    // Wrong, unknown and forged look the same, and name neither a shop nor the hub.
    private static ContentHttpResult Nowhere() => TypedResults.Content(
        """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>404</title></head><body><main><h1>404</h1><p>There is nothing at this address.</p><p lang="hi">इस पते पर कुछ नहीं है।</p><p lang="id">Tidak ada apa-apa di alamat ini.</p></main></body></html>""",
        "text/html; charset=utf-8", statusCode: StatusCodes.Status404NotFound);
}

/// <summary>What is wrong with something that a shopper asked for.</summary>
public enum ShopperTrouble { TooOften, TooLate, WrongProof, WrongAddress, DoubtfulPostcode, WrongDay, NothingChosen, NothingWritten }

/// <summary>What somebody is asking for on an order's page.</summary>
public sealed record ShopperAsking
{
    /// <summary>Address of the page; null = it is only looked at, by an operator.</summary>
    public string? At { get; init; }

    /// <summary>Word of <see cref="Said"/>: they asked where it is, and read the answer.</summary>
    public const string Answered = "answer";

    /// <summary>Asked for and taken.</summary>
    public string? Said { get; init; }

    /// <summary>Asked for and wrong.</summary>
    public string? Asked { get; init; }

    public ShopperTrouble? Trouble { get; init; }

    /// <summary>What was typed, so that it need not be typed again.</summary>
    public IFormCollection Fields { get; init; } = FormCollection.Empty;
}
