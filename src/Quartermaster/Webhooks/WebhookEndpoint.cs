using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Quartermaster.Core.Connecting;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Intake;

namespace Quartermaster.Webhooks;

/// <summary>The door: verify, find out what it is, store, and only then answer 2xx.</summary>
/// <remarks>A wrong signature is 401 and leaves a counter; too large is 413; everything that is signed is stored, understood or not. A few vendors' letters may be larger than the rest, see <see cref="LargeBodies"/>.</remarks>
internal static class WebhookEndpoint
{
    private const string Prefix = "/webhooks/";

    /// <summary>Letters with photos that a connection holds in memory at once; the others wait for their turn before they are read, and not for long.</summary>
    private const int LargeAtOnce = 2;

    // Whoever waits holds a request open. Vendors come again for days.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // Whoever needs longer for a large letter holds up the others. Vendors send from a data centre.
    private static readonly Microsoft.AspNetCore.Server.Kestrel.Core.MinDataRate AtLeast = new(bytesPerSecond: 50_000, gracePeriod: TimeSpan.FromSeconds(10));

    /// <summary>Takes <c>/webhooks/{connection}/{what is this about}</c> before anything else looks at the request.</summary>
    /// <remarks>The busiest road of the hub: it needs no routing, no sign-in and no session, so it meets none of them.</remarks>
    public static void UseWebhooks(this IApplicationBuilder app, long bodyLimit)
    {
        var hub = app.ApplicationServices.GetRequiredService<HubRuntime>();
        var clock = app.ApplicationServices.GetRequiredService<TimeProvider>();
        var large = new ConcurrentDictionary<string, SemaphoreSlim>();
        app.Use((HttpContext context, RequestDelegate next) => context.Request.Path.Value is { } path && path.StartsWith(Prefix, StringComparison.Ordinal)
            ? TakeAsync(context, path[Prefix.Length..], hub, clock, bodyLimit, large) : next(context));
    }

    private static async Task TakeAsync(HttpContext context, string address, HubRuntime hub, TimeProvider clock, long bodyLimit, ConcurrentDictionary<string, SemaphoreSlim> large)
    {
        var slash = address.IndexOf('/', StringComparison.Ordinal);
        var (connection, about) = slash < 0 ? (address, "") : (address[..slash], address[(slash + 1)..]);
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
        if (plan.Connector.Manifest.LargeBodies is { } may && may.Are(about) && may.Bytes > bodyLimit && !(context.Request.ContentLength <= bodyLimit))
            await TakeLargeAsync(context, hub, plan, about, clock, may, large.GetOrAdd(connection, _ => new(LargeAtOnce)));
        else await TakeAsync(context, hub, plan, about, clock, bodyLimit);
    }

    private static async Task TakeLargeAsync(HttpContext context, HubRuntime hub, ConnectionPlan plan, string about, TimeProvider clock, LargeBodies may, SemaphoreSlim room)
    {
        if (!may.MayBeTheirs(hub.Readers.SessionOf(plan.Key).Settings, DeliveryOf(context, about, default, clock)))
        {
            Refuse(context, hub, plan, "signature");
            return;
        }
        try
        {
            if (!await room.WaitAsync(Patience, context.RequestAborted))
            {
                hub.TurnedAway.Count(plan.Key, "no room");
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.Headers.RetryAfter = "30";
                return;
            }
        }
        catch (OperationCanceledException) { return; }
        try
        {
            if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = AtLeast;
            await TakeAsync(context, hub, plan, about, clock, may.Bytes);
        }
        finally { room.Release(); }
    }

    private static async Task TakeAsync(HttpContext context, HubRuntime hub, ConnectionPlan plan, string about, TimeProvider clock, long bodyLimit)
    {
        var connection = plan.Key;
        byte[]? body;
        try { body = await ReadAsync(context, bodyLimit); }
        // The sender hung up or fell silent: nothing was stored, nobody listens, and it tries again.
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested || e is IOException)
        {
            context.Response.StatusCode = (e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest;
            return;
        }
        if (body is null)
        {
            hub.TurnedAway.Count(connection, "too large");
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }
        var delivery = DeliveryOf(context, about, body, clock);
        switch (plan.Connector.Receive(hub.Readers.SessionOf(connection), delivery))
        {
            case Knock.Take take:
                await StoreAsync(context, hub, plan, take, delivery);
                break;
            case Knock.Counted counted:
                foreach (var (what, times) in counted.News) hub.Told.Count(connection, what, times);
                context.Response.ContentLength = 0;
                break;
            case Knock.Answer answer:
                context.Response.StatusCode = answer.Status;
                context.Response.ContentType = answer.ContentType;
                await context.Response.WriteAsync(answer.Body, context.RequestAborted);
                break;
            case Knock.Refused refused:
                Refuse(context, hub, plan, refused.Why);
                break;
        }
    }

    private static Delivery DeliveryOf(HttpContext context, string about, ReadOnlyMemory<byte> body, TimeProvider clock) => new(context.Request.Method, about, context.Request.QueryString.Value ?? "",
        name => context.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null, body, clock.GetUtcNow());

    private static void Refuse(HttpContext context, HubRuntime hub, ConnectionPlan plan, string why)
    {
        hub.TurnedAway.Count(plan.Key, why);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
    }

    private static async Task StoreAsync(HttpContext context, HubRuntime hub, ConnectionPlan plan, Knock.Take take, Delivery delivery)
    {
        try
        {
            // Not cancelled with the request: the group commits anyway, and the sender's retry is then a duplicate.
            await hub.Intake.WriteAsync(new Arrival(take.Stream.Brand, take.Stream.Key, true, take.Topic, plan.Key, take.DeliveryId, take.BusinessKey, take.Keep ?? delivery.Body, delivery.ReceivedAt), CancellationToken.None);
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
