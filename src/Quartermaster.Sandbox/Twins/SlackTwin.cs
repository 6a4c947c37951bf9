using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>Slack in a box: <c>chat.postMessage</c>, <c>auth.test</c> and an incoming webhook at <c>/services/…</c>. Says no inside a 200, as Slack does.</summary>
[TwinOf("slack")]
public sealed class SlackTwin(TwinContext context) : ITwin
{
    private readonly Outbox outbox = new(context.Clock);

    /// <summary>What went out, newest first.</summary>
    public IReadOnlyList<Sent> Messages => outbox.Newest();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapOutbox("Slack", context, outbox);
        // base_url ends in /api at Slack and need not here.
        foreach (var prefix in (string[])["", "/api"])
        {
            routes.MapPost(prefix + "/chat.postMessage", PostAsync);
            routes.MapPost(prefix + "/auth.test", (HttpRequest request) =>
                IsAuthorised(request) ? Results.Json(new JsonObject { ["ok"] = true, ["team"] = context.Brand, ["user"] = "quartermaster" }) : No("invalid_auth"));
        }
        routes.MapPost("/services/{**secret}", HookAsync);
    }

    private async Task<IResult> PostAsync(HttpRequest request)
    {
        if (!IsAuthorised(request)) return No("invalid_auth");
        if (await BodyAsync(request).ConfigureAwait(false) is not { } message) return No("invalid_json");
        if (message["channel"]?.ToString() is not { Length: > 0 } channel) return No("channel_not_found");
        if (message["text"]?.ToString() is not { Length: > 0 } text) return No("no_text");
        var kept = Keep(channel, text, message);
        var ts = $"{context.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}.{kept.Id.PadLeft(6, '0')}";
        return Results.Json(new JsonObject { ["ok"] = true, ["channel"] = channel, ["ts"] = ts, ["message"] = new JsonObject { ["text"] = text, ["ts"] = ts, ["type"] = "message" } });
    }

    private async Task<IResult> HookAsync(HttpRequest request)
    {
        if (await BodyAsync(request).ConfigureAwait(false) is not { } message) return Results.Text("invalid_payload", statusCode: 400);
        if (message["text"]?.ToString() is not { Length: > 0 } text) return Results.Text("no_text", statusCode: 400);
        Keep("the webhook's channel", text, message);
        return Results.Text("ok");
    }

    private Sent Keep(string channel, string text, JsonNode message)
    {
        var section = message["blocks"]?.AsArray().FirstOrDefault(b => b?["type"]?.ToString() == "section")?["text"]?["text"]?.ToString() ?? "";
        return outbox.Keep("", channel, Plain(text), Plain(section), "posted").Message;
    }

    private static string Plain(string text) =>
        text.Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);

    private static async Task<JsonNode?> BodyAsync(HttpRequest request)
    {
        try
        {
            return await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool IsAuthorised(HttpRequest request) => !context.Settings.TryGetValue("token", out var token) || request.Headers.Authorization == "Bearer " + token;

    private static IResult No(string error) => Results.Json(new JsonObject { ["ok"] = false, ["error"] = error });
}
