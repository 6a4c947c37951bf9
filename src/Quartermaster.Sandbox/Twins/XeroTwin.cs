using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>One organisation in Xero: contacts, invoices, credit notes, tokens, idempotency keys, and its limits where asked for.</summary>
/// <remarks>Knobs: <c>sandbox_per_minute</c> and <c>sandbox_per_day</c> calls (0 = no limit; the vendor's are 60 and 5,000).</remarks>
[TwinOf("xero")]
public sealed class XeroTwin(TwinContext context) : ITwin
{
    private readonly XeroLedger ledger = new();
    private readonly XeroMeter meter = new(context);
    private readonly ConcurrentDictionary<string, byte> tokens = new(StringComparer.Ordinal);
    private long lastToken;

    /// <summary>How many invoices and credit notes there are under this number. One, or something went wrong.</summary>
    public int DocumentsNumbered(string number) => ledger.Count(number);

    /// <summary>How many contacts there are.</summary>
    public int Contacts => ledger.ContactCount;

    /// <summary>An accountant approves a draft: from now on it can be written no more.</summary>
    public bool Approve(string number) => ledger.Approve(number);

    /// <summary>Every access token given out so far is good for nothing.</summary>
    public void RevokeTokens() => tokens.Clear();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/connect/token", GiveTokenAsync);
        routes.MapGet("/Organisation", (HttpContext http) => Refuse(http) ?? Results.Json(new { Status = "OK", Organisations = new[] { new { Name = context.Brand, OrganisationID = Tenant } } }));
        foreach (var kind in XeroLedger.Kinds)
        {
            routes.MapPost($"/{kind.Plural}", (HttpContext http, CancellationToken cancel) => WriteAsync(http, body => ledger.Write(kind, body, create: false), cancel));
            routes.MapPut($"/{kind.Plural}", (HttpContext http, CancellationToken cancel) => WriteAsync(http, body => ledger.Write(kind, body, create: true), cancel));
        }
        routes.MapPost("/Contacts", (HttpContext http, CancellationToken cancel) => WriteAsync(http, ledger.WriteContacts, cancel));
        routes.MapGet("/Invoices", (HttpContext http, string? InvoiceNumbers) =>
            Refuse(http) ?? Json(ledger.Find(XeroLedger.Kinds[0], (InvoiceNumbers ?? "").Split(','))));
        routes.MapGet("/PurchaseOrders/{number}", (HttpContext http, string number) =>
            Refuse(http) ?? (ledger.Count(number) == 0 ? Results.NotFound() : Json(ledger.Find(XeroLedger.Kinds[2], [number]))));
        // Of the filter language only what is needed to find credit notes by number: field=="value", joined by OR.
        routes.MapGet("/CreditNotes", (HttpContext http, string? where) =>
            Refuse(http) ?? Json(ledger.Find(XeroLedger.Kinds[1], [.. (where ?? "").Split(" OR ").Select(term => term.Split("==").Last().Trim('"'))])));
    }

    private string Tenant => context.Settings.GetValueOrDefault("tenant_id", "");

    private async Task<IResult> GiveTokenAsync(HttpContext http, CancellationToken cancel)
    {
        var form = await http.Request.ReadFormAsync(cancel);
        var client = $"{context.Settings.GetValueOrDefault("client_id")}:{context.Settings.GetValueOrDefault("client_secret")}";
        var basic = $"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(client))}";
        if (form["grant_type"] != "client_credentials" || http.Request.Headers.Authorization != basic)
            return Results.Json(new { error = "invalid_client" }, statusCode: 400);
        var token = string.Create(CultureInfo.InvariantCulture, $"sandbox-access-{Interlocked.Increment(ref lastToken)}");
        tokens[token] = 1;
        return Results.Json(new { access_token = token, expires_in = 1800, token_type = "Bearer" });
    }

    private async Task<IResult> WriteAsync(HttpContext http, Func<JsonElement, byte[]> write, CancellationToken cancel)
    {
        if (Refuse(http) is { } refusal) return refusal;
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: cancel);
            var key = http.Request.Headers["Idempotency-Key"].ToString();
            if (key.Length > 128) return Problem("Idempotency-Key is longer than 128 characters.");
            return Json(key.Length == 0 ? write(body.RootElement) : ledger.Once(key, () => write(body.RootElement)));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return Problem($"The JSON for post data was invalid: {e.Message}");
        }
    }

    /// <summary>What the vendor checks before it looks at a call: who asks, for which organisation, and how often.</summary>
    private IResult? Refuse(HttpContext http)
    {
        var bearer = http.Request.Headers.Authorization.ToString();
        var token = bearer.StartsWith("Bearer ", StringComparison.Ordinal) ? bearer["Bearer ".Length..] : "";
        if (token.Length == 0 || (token != context.Settings.GetValueOrDefault("token") && !tokens.ContainsKey(token)))
            return Results.Json(new { Title = "Unauthorized", Status = 401, Detail = "AuthenticationUnsuccessful" }, statusCode: 401);
        if (http.Request.Headers["xero-tenant-id"] != Tenant)
            return Results.Json(new { Title = "Forbidden", Status = 403, Detail = "AuthenticationUnsuccessful" }, statusCode: 403);
        if (meter.Refuses() is not { } limit) return null;
        http.Response.Headers.RetryAfter = limit.RetryAfter.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["X-Rate-Limit-Problem"] = limit.Problem;
        return Results.StatusCode(429);
    }

    private static IResult Json(byte[] body) => Results.Bytes(body, "application/json");

    private static IResult Problem(string message) => Results.Json(new { ErrorNumber = 14, Type = "PostDataInvalidException", Message = message }, statusCode: 400);
}

/// <summary>Counts calls per minute and per day like the vendor, in fixed windows.</summary>
internal sealed class XeroMeter(TwinContext context)
{
    private readonly Lock gate = new();
    private readonly int perMinute = (int)context.Number("sandbox_per_minute", 0);
    private readonly int perDay = (int)context.Number("sandbox_per_day", 0);
    private (long Minute, int Calls) minute;
    private (long Day, int Calls) day;

    public (string Problem, int RetryAfter)? Refuses()
    {
        if (perMinute == 0 && perDay == 0) return null;
        var now = context.Clock.GetUtcNow().ToUnixTimeSeconds();
        lock (gate)
        {
            if (minute.Minute != now / 60) minute = (now / 60, 0);
            if (day.Day != now / 86_400) day = (now / 86_400, 0);
            if (perDay > 0 && day.Calls >= perDay) return ("day", (int)(86_400 - (now % 86_400)));
            if (perMinute > 0 && minute.Calls >= perMinute) return ("minute", (int)(60 - (now % 60)));
            minute.Calls++;
            day.Calls++;
            return null;
        }
    }
}
