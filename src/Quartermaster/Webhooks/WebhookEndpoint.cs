using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Quartermaster.Core.Connecting;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Intake;

namespace Quartermaster.Webhooks;

/// <summary>The door: verify, find out what it is, store, and only then answer 2xx.</summary>
/// <remarks>A wrong signature is 401 and leaves a counter; too large is 413; everything that is signed is stored, understood or not.</remarks>
internal static class WebhookEndpoint
{
    /// <summary>Maps <c>/webhooks/{connection}/{what is this about}</c> for every configured connection.</summary>
    public static void MapWebhooks(this IEndpointRouteBuilder routes, long bodyLimit)
    {
        var hub = routes.ServiceProvider.GetRequiredService<HubRuntime>();
        var clock = routes.ServiceProvider.GetRequiredService<TimeProvider>();
        routes.Map("/webhooks/{connection}/{**path}", context => TakeAsync(context, hub, clock, bodyLimit)).DisableAntiforgery().ExcludeFromDescription();
    }

    private static async Task TakeAsync(HttpContext context, HubRuntime hub, TimeProvider clock, long bodyLimit)
    {
        var connection = (string)context.Request.RouteValues["connection"]!;
        if (!hub.Plan.Connections.TryGetValue(connection, out var plan))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (!hub.Ready)
        {
            // Draining: the sender tries again and finds the next process.
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "2";
            return;
        }
        if (await ReadAsync(context, bodyLimit) is not { } body)
        {
            hub.TurnedAway.Count(connection, "too large");
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }
        var delivery = new Delivery(context.Request.Method, context.Request.RouteValues["path"] as string ?? "", context.Request.QueryString.Value ?? "",
            name => context.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null, body, clock.GetUtcNow());
        switch (plan.Connector.Receive(hub.Readers.SessionOf(connection), delivery))
        {
            case Knock.Take take:
                await StoreAsync(context, hub, plan, take, delivery);
                break;
            case Knock.Answer answer:
                context.Response.StatusCode = answer.Status;
                context.Response.ContentType = answer.ContentType;
                await context.Response.WriteAsync(answer.Body, context.RequestAborted);
                break;
            case Knock.Refused refused:
                hub.TurnedAway.Count(connection, refused.Why);
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                break;
        }
    }

    private static async Task StoreAsync(HttpContext context, HubRuntime hub, ConnectionPlan plan, Knock.Take take, Delivery delivery)
    {
        try
        {
            // Not cancelled with the request: the group commits anyway, and the sender's retry is then a duplicate.
            await hub.Intake.WriteAsync(new Arrival(take.Stream.Brand, take.Stream.Key, true, take.Topic, plan.Key, take.DeliveryId, take.BusinessKey, delivery.Body, delivery.ReceivedAt), CancellationToken.None);
            context.Response.StatusCode = StatusCodes.Status200OK;
            context.Response.ContentLength = 0;
        }
        catch (Exception)
        {
            // Not stored, so not acknowledged; the intake has logged why.
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
        }
    }

    /// <summary>The raw bytes as they were signed; null when there are more than the limit.</summary>
    private static async ValueTask<byte[]?> ReadAsync(HttpContext context, long limit)
    {
        if (context.Request.ContentLength > limit) return null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limit + 1;
        var reader = context.Request.BodyReader;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(context.RequestAborted);
                if (result.Buffer.Length > limit) return null;
                if (result.IsCompleted)
                {
                    var body = result.Buffer.ToArray();
                    reader.AdvanceTo(result.Buffer.End);
                    return body;
                }
                reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            }
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }
}
