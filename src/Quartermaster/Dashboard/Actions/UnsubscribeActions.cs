using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.Risk;

namespace Quartermaster.Dashboard.Actions;

/// <summary>Takes the click of somebody who wants no more marketing. The link itself is what entitles to it, so no cookie and no seal are asked for.</summary>
internal static class UnsubscribeActions
{
    /// <summary>What a mail program posts by itself (RFC 8058).</summary>
    private const string OneClickName = "List-Unsubscribe", OneClickValue = "One-Click";

    public static void MapUnsubscribe(this IEndpointRouteBuilder routes) =>
        // Only a post unsubscribes: programs that look into mail follow links. Mail programs post to the very address that stands in the mail, so this
        // comes before the page of the same address, which would take posts too.
        routes.MapPost("/unsubscribe/{token}", async (string token, HttpContext context, ShopperLinks links, HubPlan plan, Desk desk, TimeProvider clock) =>
        {
            if (Find(token, links, plan) is not { } contact) return Results.NotFound();
            var isOneClick = context.Request.HasFormContentType && (await context.Request.ReadFormAsync(context.RequestAborted))[OneClickName] == OneClickValue;
            var how = isOneClick ? "unsubscribed with one click in the mail program" : "unsubscribed on the page behind the mail's link";
            await desk.SendAsync(contact, new ContactSignal.OptedOut(ContactPoint.Email, how, clock.GetUtcNow()), "the customer", context.RequestAborted);
            // A mail program reads the status and nothing else; it must not be sent elsewhere.
            return isOneClick ? Results.Ok() : Results.Redirect($"/unsubscribe/{token}?done=1");
        }).AllowAnonymous().DisableAntiforgery().Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = -1);

    /// <summary>Whom a link unsubscribes; null when it is none of ours.</summary>
    public static StreamId? Find(string token, ShopperLinks links, HubPlan plan) =>
        links.Read(token, LinkKind.Unsubscribe) is { } contact && plan.Brands.ContainsKey(contact.Brand) ? contact : null;
}
