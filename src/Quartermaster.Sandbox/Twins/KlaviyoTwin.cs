using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>Klaviyo in a box: takes profiles and consent, tells of whoever unsubscribes by a signed system webhook, and deletes on request.</summary>
/// <remarks>An address at <c>refused.example</c> is refused as invalid, and a phone number belongs to the first profile that brings it.</remarks>
[TwinOf("klaviyo")]
public sealed class KlaviyoTwin(TwinContext context) : ITwin
{
    private readonly Audience audience = new(context, (n, _) => $"01K{n:D23}");
    private readonly Dictionary<string, string> phones = [];

    public IReadOnlyList<Subscriber> All => audience.All;

    public IReadOnlyList<string> Deleted => audience.Deleted;

    public Subscriber? Of(string email) => audience.Find(email);

    public void Map(IEndpointRouteBuilder routes)
    {
        audience.MapPage(routes, "Klaviyo");
        var api = routes.MapGroup("/api");
        api.AddEndpointFilter(async (call, next) =>
            call.HttpContext.Request.Headers.Authorization != "Klaviyo-API-Key " + context.Settings.GetValueOrDefault("api_key") ? Error(401, "authentication_failed", "Incorrect authentication credentials.", "/data/")
            : call.HttpContext.Request.Headers["revision"].Count == 0 ? Error(400, "invalid", "A revision is required.", "/headers/revision")
            : await next(call));
        api.MapGet("/accounts", () => Results.Json(new JsonObject { ["data"] = new JsonArray(new JsonObject { ["type"] = "account", ["id"] = "AbC123" }) }));
        api.MapGet("/profiles", () => Results.Json(new JsonObject { ["data"] = new JsonArray([.. audience.All.Select(Shown)]), ["links"] = new JsonObject { ["next"] = null } }));
        api.MapPost("/profile-import", ImportAsync);
        api.MapPost("/profile-subscription-bulk-create-jobs", (HttpRequest request) => JobAsync(request, "subscribed"));
        api.MapPost("/profile-subscription-bulk-delete-jobs", (HttpRequest request) => JobAsync(request, "unsubscribed"));
        api.MapPost("/profile-suppression-bulk-create-jobs", (HttpRequest request) => JobAsync(request, "suppressed"));
        api.MapPost("/data-privacy-deletion-jobs", DeleteAsync);
    }

    /// <summary>A shopper uses the link at the foot of one of Klaviyo's mails.</summary>
    public void Unsubscribe(string email) => Tell(email, "unsubscribed_from_email_marketing", "unsubscribed");

    /// <summary>A shopper reports one of Klaviyo's mails as spam.</summary>
    public void Complain(string email) => Tell(email, "marked_email_as_spam", "suppressed");

    private void Tell(string email, string topic, string state)
    {
        var person = audience.Take(email);
        audience.Say(person, state);
        if (context.Settings.GetValueOrDefault("webhook_secret") is not { Length: > 0 } secret) return;
        var now = context.Clock.GetUtcNow();
        var body = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["data"] = new JsonArray(new JsonObject
            {
                ["topic"] = "event:klaviyo." + topic,
                ["external_id"] = Guid.NewGuid().ToString("N"),
                ["payload"] = new JsonObject
                {
                    ["data"] = new JsonObject { ["type"] = "event", ["id"] = "4vRpBT", ["attributes"] = new JsonObject { ["timestamp"] = now.ToUnixTimeSeconds(), ["datetime"] = now.ToString("O", CultureInfo.InvariantCulture), ["event_properties"] = new JsonObject() } },
                    ["included"] = new JsonArray(new JsonObject { ["type"] = "profile", ["id"] = person.Id, ["attributes"] = new JsonObject { ["email"] = person.Email } }),
                },
            }),
            ["meta"] = new JsonObject { ["klaviyo_account_id"] = "AbC123", ["klaviyo_webhook_id"] = "01HOOK", ["timestamp"] = now.ToString("O", CultureInfo.InvariantCulture) },
        }.ToJsonString());
        var timestamp = now.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
        context.Hub.Send(context, "", body, new Dictionary<string, string>
        {
            ["Klaviyo-Signature"] = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. body, .. Encoding.UTF8.GetBytes(timestamp)])),
            ["Klaviyo-Timestamp"] = timestamp,
            ["Klaviyo-Webhook-Id"] = "01HOOK",
            ["Content-Type"] = "application/json",
        });
    }

    private async Task<IResult> ImportAsync(HttpRequest request)
    {
        var attributes = (await Audience.ReadAsync(request).ConfigureAwait(false))?["data"]?["attributes"];
        if (attributes?["email"]?.ToString() is not { } email || !email.Contains('@', StringComparison.Ordinal) || email.EndsWith("@refused.example", StringComparison.Ordinal))
            return Error(400, "invalid", "Invalid email address", "/data/attributes/email");
        if (attributes["phone_number"]?.ToString() is { } phone)
            lock (phones)
                if (!phones.TryAdd(phone, email) && phones[phone] != email) return Error(409, "duplicate_profile", "A profile already exists with one of these identifiers.", "/data/attributes");
        var isNew = audience.Find(email) is null;
        var person = audience.Take(email);
        audience.Keep(person, attributes);
        return Results.Json(new JsonObject { ["data"] = Shown(person) }, statusCode: isNew ? 201 : 200);
    }

    private async Task<IResult> JobAsync(HttpRequest request, string state)
    {
        if ((await Audience.ReadAsync(request).ConfigureAwait(false))?["data"]?["attributes"]?["profiles"]?["data"] is not JsonArray { Count: > 0 } profiles) return Error(400, "invalid", "Profiles are required.", "/data/attributes/profiles");
        var emails = profiles.Select(p => p?["attributes"]?["email"]?.ToString()).ToList();
        for (var i = 0; i < emails.Count; i++)
            if (emails[i]?.EndsWith("@refused.example", StringComparison.Ordinal) == true) return Error(400, "invalid", "Invalid email address", $"/data/attributes/profiles/data/{i}/attributes/email");
        foreach (var email in emails.OfType<string>()) audience.Say(audience.Take(email), state);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    private async Task<IResult> DeleteAsync(HttpRequest request)
    {
        var profile = (await Audience.ReadAsync(request).ConfigureAwait(false))?["data"]?["attributes"]?["profile"]?["data"];
        var (id, email) = (profile?["id"]?.ToString(), profile?["attributes"]?["email"]?.ToString());
        if ((id is null) == (email is null)) return Error(400, "invalid", "Exactly one identifier is required.", "/data/attributes/profile");
        return audience.Delete(id ?? email) ? Results.StatusCode(StatusCodes.Status202Accepted) : Error(404, "not_found", "A profile with that identifier does not exist.", "/data/attributes/profile");
    }

    private static JsonObject Shown(Subscriber person) => new()
    {
        ["type"] = "profile",
        ["id"] = person.Id,
        ["attributes"] = new JsonObject
        {
            ["email"] = person.Email,
            ["subscriptions"] = new JsonObject { ["email"] = new JsonObject { ["marketing"] = Marketing(person) } },
        },
        ["links"] = new JsonObject { ["self"] = $"https://a.klaviyo.com/api/profiles/{person.Id}/" },
    };

    private static JsonObject Marketing(Subscriber person)
    {
        var marketing = new JsonObject { ["can_receive_email_marketing"] = person.State is not ("unsubscribed" or "suppressed"), ["consent"] = person.State switch { "subscribed" => "SUBSCRIBED", "unsubscribed" => "UNSUBSCRIBED", _ => "NEVER_SUBSCRIBED" } };
        if (person.State != "unsaid") marketing["consent_timestamp"] = person.SaidAt.ToString("O", CultureInfo.InvariantCulture);
        marketing["suppression"] = person.State == "suppressed" ? new JsonArray(new JsonObject { ["reason"] = "USER_SUPPRESSED", ["timestamp"] = person.SaidAt.ToString("O", CultureInfo.InvariantCulture) }) : new JsonArray();
        return marketing;
    }

    private static IResult Error(int status, string code, string detail, string pointer) => Results.Json(new JsonObject
    {
        ["errors"] = new JsonArray(new JsonObject { ["id"] = "e1", ["status"] = status, ["code"] = code, ["title"] = "Invalid input.", ["detail"] = detail, ["source"] = new JsonObject { ["pointer"] = pointer } }),
    }, statusCode: status);
}
