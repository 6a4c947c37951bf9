using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>HubSpot in a box: takes contacts, knows only properties that were made, keeps subscriptions, and tells of opt-outs by workflow webhooks and when asked.</summary>
/// <remarks>An address at <c>refused.example</c> is refused as invalid, alone or within a batch.</remarks>
[TwinOf("hubspot")]
public sealed class HubSpotTwin(TwinContext context) : ITwin
{
    private static readonly HashSet<string> Born = ["email", "firstname", "lastname", "phone", "country", "hs_language"];

    private readonly Audience audience = new(context, (n, _) => (501_000_000L + n).ToString(CultureInfo.InvariantCulture));
    private readonly HashSet<string> properties = [.. Born];

    public IReadOnlyList<Subscriber> All => audience.All;

    public IReadOnlyList<string> Deleted => audience.Deleted;

    public Subscriber? Of(string email) => audience.Find(email);

    public void Map(IEndpointRouteBuilder routes)
    {
        audience.MapPage(routes, "HubSpot");
        var api = routes.MapGroup("");
        api.AddEndpointFilter(async (call, next) => call.HttpContext.Request.Headers.Authorization == "Bearer " + context.Settings.GetValueOrDefault("access_token") ? await next(call) : Error(401, "INVALID_AUTHENTICATION", "Authentication credentials not found."));
        api.MapGet("/crm/v3/objects/contacts", () => Results.Json(new JsonObject { ["results"] = new JsonArray() }));
        api.MapPost("/crm/v3/objects/contacts/batch/upsert", UpsertAsync);
        api.MapPost("/crm/v3/objects/contacts/gdpr-delete", DeleteAsync);
        api.MapPost("/crm/v3/objects/contacts/search", () => Results.Json(new JsonObject { ["total"] = audience.All.Count(SaidNo), ["results"] = new JsonArray([.. audience.All.Where(SaidNo).Select(s => Shown(s, false))]) }));
        api.MapPost("/crm/v3/objects/contacts/batch/read", ReadAsync);
        api.MapPost("/crm/v3/properties/contacts/batch/create", MakeAsync);
        api.MapPost("/communication-preferences/v3/{what}", SubscribeAsync);
    }

    /// <summary>A shopper ends the one subscription that marketing stands for; nobody tells of it.</summary>
    public void Unsubscribe(string email) => audience.Say(audience.Take(email), "unsubscribed");

    /// <summary>A shopper opts out of all mails, and the brand's workflow tells of it.</summary>
    public void OptOut(string email)
    {
        var person = audience.Take(email);
        audience.Say(person, "suppressed");
        if (context.Settings.GetValueOrDefault("client_secret") is not { Length: > 0 } secret) return;
        var now = context.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var body = Encoding.UTF8.GetBytes(new JsonObject { ["objectId"] = person.Id, ["properties"] = new JsonObject { ["email"] = person.Email, ["hs_email_optout"] = "true" }, ["occurredAt"] = now }.ToJsonString());
        byte[] signed = [.. Encoding.UTF8.GetBytes("POST" + context.Callback.AbsoluteUri), .. body, .. Encoding.UTF8.GetBytes(now.ToString(CultureInfo.InvariantCulture))];
        context.Hub.Send(context, "", body, new Dictionary<string, string>
        {
            ["X-HubSpot-Signature-v3"] = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed)),
            ["X-HubSpot-Request-Timestamp"] = now.ToString(CultureInfo.InvariantCulture),
            ["Content-Type"] = "application/json",
        });
    }

    private async Task<IResult> UpsertAsync(HttpRequest request)
    {
        if ((await Audience.ReadAsync(request).ConfigureAwait(false))?["inputs"] is not JsonArray { Count: > 0 and <= 100 } inputs) return Error(400, "VALIDATION_ERROR", "Between 1 and 100 inputs are needed.");
        foreach (var input in inputs)
        {
            if (input?["id"]?.ToString() is not { } id || id.EndsWith("@refused.example", StringComparison.Ordinal)) return Error(400, "VALIDATION_ERROR", "Property values were not valid: Email address is invalid", "INVALID_EMAIL");
            if (input["properties"]?.AsObject().Select(p => p.Key).FirstOrDefault(p => !properties.Contains(p)) is { } unknown) return Error(400, "VALIDATION_ERROR", $"Property values were not valid: Property \"{unknown}\" does not exist", "PROPERTY_DOESNT_EXIST");
        }
        List<JsonNode?> results = [];
        foreach (var input in inputs)
        {
            var email = input!["id"]!.ToString();
            var isNew = audience.Find(email) is null;
            var person = audience.Take(email);
            audience.Keep(person, input["properties"]!);
            results.Add(Shown(person, isNew));
        }
        var now = context.Clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        // In an order of its own, as HubSpot's.
        results.Reverse();
        return Results.Json(new JsonObject { ["status"] = "COMPLETE", ["results"] = new JsonArray([.. results]), ["startedAt"] = now, ["completedAt"] = now });
    }

    private async Task<IResult> ReadAsync(HttpRequest request)
    {
        if ((await Audience.ReadAsync(request).ConfigureAwait(false)) is not { } body || body["inputs"] is not JsonArray { Count: > 0 and <= 50 } inputs) return Error(400, "VALIDATION_ERROR", "Between 1 and 50 inputs are needed.");
        List<JsonNode?> results = [];
        foreach (var person in inputs.Select(i => audience.Find(i?["id"]?.ToString())).OfType<Subscriber>())
        {
            var shown = Shown(person, false);
            shown["propertiesWithHistory"] = new JsonObject([.. body["propertiesWithHistory"]!.AsArray().Select(n => n!.ToString()).Where(n => shown["properties"]![n] is not null)
                .Select(n => KeyValuePair.Create(n, (JsonNode?)new JsonArray(new JsonObject { ["value"] = "true", ["timestamp"] = person.SaidAt.ToString("O", CultureInfo.InvariantCulture), ["sourceType"] = "CRM" })))]);
            results.Add(shown);
        }
        return Results.Json(new JsonObject { ["status"] = "COMPLETE", ["results"] = new JsonArray([.. results]) });
    }

    private async Task<IResult> MakeAsync(HttpRequest request)
    {
        foreach (var input in (await Audience.ReadAsync(request).ConfigureAwait(false))?["inputs"]?.AsArray() ?? []) properties.Add(input!["name"]!.ToString());
        return Results.Json(new JsonObject { ["status"] = "COMPLETE", ["results"] = new JsonArray() }, statusCode: 201);
    }

    private async Task<IResult> SubscribeAsync(string what, HttpRequest request)
    {
        var body = await Audience.ReadAsync(request).ConfigureAwait(false);
        if (body?["emailAddress"]?.ToString() is not { } email || body["subscriptionId"] is null) return Error(400, "VALIDATION_ERROR", "An address and a subscription are needed.");
        var person = audience.Take(email);
        if (what == "subscribe" && person.State == "suppressed") return Error(400, "VALIDATION_ERROR", "The contact has opted out of all e-mail and cannot be subscribed.", "CANNOT_SUBSCRIBE");
        audience.Say(person, what == "subscribe" ? "subscribed" : "unsubscribed");
        return Results.Json(new JsonObject { ["id"] = body["subscriptionId"]!.DeepClone(), ["status"] = what == "subscribe" ? "SUBSCRIBED" : "NOT_SUBSCRIBED", ["sourceOfStatus"] = "SUBSCRIPTION_STATUS", ["name"] = "Marketing", ["description"] = "" });
    }

    private async Task<IResult> DeleteAsync(HttpRequest request) =>
        audience.Delete((await Audience.ReadAsync(request).ConfigureAwait(false))?["objectId"]?.ToString()) ? Results.NoContent() : Error(404, "OBJECT_NOT_FOUND", "resource not found");

    private static bool IsOut(Subscriber person) => person.State == "suppressed";

    private static bool SaidNo(Subscriber person) => person.State is "suppressed" or "unsubscribed";

    private JsonObject Shown(Subscriber person, bool isNew) => new()
    {
        ["id"] = person.Id,
        ["properties"] = new JsonObject { ["email"] = person.Email, ["hs_email_optout"] = IsOut(person) ? "true" : null, ["hs_email_optout_" + context.Settings.GetValueOrDefault("subscription_id")] = SaidNo(person) ? "true" : null, ["lastmodifieddate"] = person.SaidAt.ToString("O", CultureInfo.InvariantCulture) },
        ["createdAt"] = "2026-01-01T00:00:00Z",
        ["updatedAt"] = "2026-01-01T00:00:00Z",
        ["archived"] = false,
        ["new"] = isNew,
    };

    private static IResult Error(int status, string category, string message, string? code = null) => Results.Json(new JsonObject
    {
        ["status"] = "error", ["message"] = message, ["category"] = category, ["correlationId"] = "aeb5f871-7f07-4993-9211-075dc63e7cbf",
        ["errors"] = code is null ? null : new JsonArray(new JsonObject { ["message"] = message, ["code"] = code }),
    }, statusCode: status);
}
