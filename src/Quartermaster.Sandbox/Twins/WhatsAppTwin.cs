using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>Meta's Cloud API in a box: takes template messages, and reports sent, delivered and read in signed webhooks.</summary>
/// <remarks>
/// A number that ends in 0199 has no WhatsApp: such a message is accepted and then fails with 131026, as it does at Meta.
/// One that ends in 0198 is refused at once. A repeat under the same key answers with the first message's id.
/// Knobs: <c>sandbox_answer</c> (0.7), the share of shoppers who say yes to a question with buttons, <c>sandbox_answer_ms</c> (20000) after it; the others say nothing.
/// </remarks>
[TwinOf("whatsapp")]
public sealed class WhatsAppTwin(TwinContext context) : ITwin
{
    public const string Unreachable = "0199";
    public const string RefusedAtOnce = "0198";

    /// <summary>Whoever has this number reads what is sent there.</summary>
    public static bool Hears(string phone) => !phone.EndsWith(Unreachable, StringComparison.Ordinal) && !phone.EndsWith(RefusedAtOnce, StringComparison.Ordinal);

    private readonly Outbox outbox = new(context.Clock);
    private readonly RegisteredTexts texts = new();

    /// <summary>How Meta rates the number, and to how many people it may write in 24 hours.</summary>
    public string Quality { get; private set; } = "GREEN";
    public string Tier { get; private set; } = "TIER_UNLIMITED";

    /// <summary>What went out, newest first.</summary>
    public IReadOnlyList<Sent> Messages => outbox.Newest();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapOutbox("WhatsApp", context, outbox);
        // With or without the version that base_url may end in.
        foreach (var prefix in (string[])["", "/{version}"])
        {
            routes.MapPost(prefix + "/{number}/messages", TakeAsync);
            routes.MapGet(prefix + "/{number}", ShowNumber);
            routes.MapGet(prefix + "/{account}/message_templates", ListTexts);
            routes.MapPost(prefix + "/{account}/message_templates/{name}/status", SetStatus);
        }
    }

    private IResult ShowNumber(string number, HttpRequest request) =>
        IsAuthorised(request)
            ? Results.Json(new JsonObject { ["id"] = number, ["display_phone_number"] = "+1 555 010 0000", ["verified_name"] = context.Brand, ["quality_rating"] = Quality, ["messaging_limit_tier"] = Tier })
            : Error(401, 190, "Invalid OAuth access token.", "The access token could not be decrypted");

    /// <summary>What the brand has registered, page by page; the state of each is what <see cref="SetStatus"/> made it.</summary>
    private IResult ListTexts(string account, HttpRequest request)
    {
        if (!IsAuthorised(request)) return Error(401, 190, "Invalid OAuth access token.", "The access token could not be decrypted");
        var from = int.TryParse(request.Query["after"], CultureInfo.InvariantCulture, out var after) ? after : 0;
        const int Page = 20;
        var all = texts.All;
        var page = all.Skip(from).Take(Page).Select(t => (JsonNode)t.ToJson()).ToArray();
        var paging = new JsonObject { ["cursors"] = new JsonObject { ["before"] = $"{from}", ["after"] = $"{from + page.Length}" } };
        if (from + page.Length < all.Count) paging["next"] = $"{request.Scheme}://{request.Host}{request.Path}?after={from + page.Length}";
        return Results.Json(new JsonObject { ["data"] = new JsonArray(page), ["paging"] = paging });
    }

    /// <summary><c>?language=en&amp;status=PAUSED</c>, or <c>category=MARKETING</c>.</summary>
    private IResult SetStatus(string account, string name, HttpRequest request) =>
        Change(name, request.Query["language"].FirstOrDefault() ?? "en", request.Query["status"].FirstOrDefault(), request.Query["category"].FirstOrDefault()) ? Results.Ok() : Results.NotFound();

    /// <summary>Meta makes another thing of the number. The hub hears of it by webhook, and asks.</summary>
    public void Rate(string quality, string tier)
    {
        (Quality, Tier) = (quality, tier);
        if (context.Settings.TryGetValue("app_secret", out var secret))
            Send(new JsonObject { ["display_phone_number"] = "15550100000", ["event"] = quality == "RED" ? "FLAGGED" : "UNFLAGGED", ["current_limit"] = tier }, secret, TimeSpan.Zero, "phone_number_quality_update");
    }

    /// <summary>What a person does to a text at Meta, or Meta by itself. The hub hears of it by webhook.</summary>
    /// <returns>False when there is no such text.</returns>
    public bool Change(string name, string language, string? status, string? category = null)
    {
        if (!texts.Change(name, language, status, category)) return false;
        if (context.Settings.TryGetValue("app_secret", out var secret))
        {
            var value = new JsonObject { ["message_template_id"] = 1, ["message_template_name"] = name, ["message_template_language"] = language };
            if (category is not null) (value["previous_category"], value["new_category"]) = ("UTILITY", category);
            else (value["event"], value["reason"]) = (status, "NONE");
            Send(value, secret, TimeSpan.Zero, category is null ? "message_template_status_update" : "template_category_update");
        }
        return true;
    }

    private async Task<IResult> TakeAsync(string number, HttpRequest request)
    {
        if (!IsAuthorised(request)) return Error(401, 190, "Invalid OAuth access token.", "The access token could not be decrypted");
        JsonNode? body;
        try
        {
            body = await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            return Error(400, 100, "(#100) Invalid parameter", "The request body is not JSON");
        }
        var template = body?["template"];
        // Words of their own go to whoever wrote lately; who did is not kept here.
        var own = body?["type"]?.ToString() == "text" ? body["text"]?["body"]?.ToString() : null;
        if (body?["messaging_product"]?.ToString() != "whatsapp" || body["to"]?.ToString() is not { Length: > 0 } to || (own is null ? template?["name"]?.ToString() : "text") is not { Length: > 0 } name)
            return Error(400, 100, "(#100) Invalid parameter", "messaging_product, to and template.name or text.body are required");
        if (own is null && texts.Refusal(name, template!["language"]?["code"]?.ToString() ?? "") is { } refused) return Error(400, refused.Code, $"(#{refused.Code}) {refused.Title}", refused.Details);
        if (to.EndsWith(RefusedAtOnce, StringComparison.Ordinal)) return Error(400, 131026, "(#131026) Message undeliverable", "Message Undeliverable.");

        var key = body["biz_opaque_callback_data"]?.ToString() ?? request.Headers["Idempotency-Key"].ToString();
        var fails = to.EndsWith(Unreachable, StringComparison.Ordinal);
        var (message, repeated) = outbox.Keep(key, to, name, own ?? Parameters(template!), "sent");
        var id = $"wamid.{context.Connection}.{message.Id}";
        if (!repeated) Report(number, message, id, fails ? ["failed"] : ["sent", "delivered", "read"]);
        if (!repeated && !fails && own is null && FirstPayload(template!) is { } payload) Answer(number, to, key, payload);
        var digits = to.TrimStart('+');
        return Results.Json(new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["contacts"] = new JsonArray(new JsonObject { ["input"] = to, ["wa_id"] = digits }),
            ["messages"] = new JsonArray(new JsonObject { ["id"] = id, ["message_status"] = "accepted" }),
        });
    }

    /// <summary>Somebody writes to the brand. The hub hears of it by webhook.</summary>
    public void Write(string from, string text)
    {
        if (!context.Settings.TryGetValue("app_secret", out var secret)) return;
        var at = context.Clock.GetUtcNow();
        Send(new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["metadata"] = new JsonObject { ["display_phone_number"] = "15550100000", ["phone_number_id"] = context.Settings.GetValueOrDefault("phone_number_id", "") },
            ["messages"] = new JsonArray(new JsonObject
            {
                ["from"] = from.TrimStart('+'), ["id"] = "wamid.wrote." + Knobs.Hash($"{from} {text} {at.Ticks}").ToString("x", CultureInfo.InvariantCulture),
                ["timestamp"] = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), ["type"] = "text", ["text"] = new JsonObject { ["body"] = text },
            }),
        }, secret, TimeSpan.Zero);
    }

    /// <summary>The shopper wants what a question asks about and presses its first button, or does not answer at all.</summary>
    private void Answer(string number, string from, string key, string payload)
    {
        if (!context.Settings.TryGetValue("app_secret", out var secret) || Knobs.Fate("answer " + key) >= context.Number("sandbox_answer", 0.7)) return;
        var value = new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["metadata"] = new JsonObject { ["display_phone_number"] = "15550100000", ["phone_number_id"] = number },
            ["messages"] = new JsonArray(new JsonObject
            {
                ["from"] = from.TrimStart('+'), ["id"] = "wamid.pressed." + Knobs.Hash(payload).ToString("x", CultureInfo.InvariantCulture),
                ["timestamp"] = context.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                ["type"] = "button", ["button"] = new JsonObject { ["payload"] = payload, ["text"] = payload.Split(':')[0] },
            }),
        };
        Send(value, secret, context.Milliseconds("sandbox_answer_ms", 20_000));
    }

    private void Report(string number, Sent message, string id, string[] states)
    {
        if (!context.Settings.TryGetValue("app_secret", out var secret)) return;
        message.State = states[^1];
        for (var i = 0; i < states.Length; i++)
        {
            Send(Status(number, message, id, states[i]), secret, TimeSpan.FromSeconds(0.3 + 2 * i));
        }
    }

    private void Send(JsonObject value, string secret, TimeSpan after, string field = "messages")
    {
        var hook = new JsonObject
        {
            ["object"] = "whatsapp_business_account",
            ["entry"] = new JsonArray(new JsonObject { ["id"] = "sandbox", ["changes"] = new JsonArray(new JsonObject { ["field"] = field, ["value"] = value }) }),
        };
        var body = Encoding.UTF8.GetBytes(hook.ToJsonString());
        var signature = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
        context.Hub.Send(context, "", body, new Dictionary<string, string> { ["X-Hub-Signature-256"] = signature, ["Content-Type"] = "application/json" }, after);
    }

    private JsonObject Status(string number, Sent message, string id, string state)
    {
        var status = new JsonObject
        {
            ["id"] = id,
            ["status"] = state,
            ["timestamp"] = context.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["recipient_id"] = message.To.TrimStart('+'),
            ["biz_opaque_callback_data"] = message.Key,
        };
        if (state == "failed")
            status["errors"] = new JsonArray(new JsonObject { ["code"] = 131026, ["title"] = "Message undeliverable", ["error_data"] = new JsonObject { ["details"] = "Message Undeliverable." } });
        return new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["metadata"] = new JsonObject { ["display_phone_number"] = "15550100000", ["phone_number_id"] = number },
            ["statuses"] = new JsonArray(status),
        };
    }

    private static string? FirstPayload(JsonNode template) =>
        template["components"]?.AsArray().FirstOrDefault(c => c?["type"]?.ToString() == "button")?["parameters"]?[0]?["payload"]?.ToString();

    private static string Parameters(JsonNode template) =>
        string.Join(" · ", template["components"]?.AsArray().SelectMany(c => c?["type"]?.ToString() == "body" ? c["parameters"]?.AsArray() ?? [] : []).Select(p => p?["text"]?.ToString() ?? "") ?? []);

    private bool IsAuthorised(HttpRequest request) => !context.Settings.TryGetValue("token", out var token) || request.Headers.Authorization == "Bearer " + token;

    private static IResult Error(int status, int code, string message, string details) => Results.Json(
        new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["message"] = message,
                ["type"] = "OAuthException",
                ["code"] = code,
                ["error_data"] = new JsonObject { ["messaging_product"] = "whatsapp", ["details"] = details },
            },
        }, statusCode: status);
}
