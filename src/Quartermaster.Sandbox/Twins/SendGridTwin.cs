using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>SendGrid in a box: takes mails and shows them.</summary>
/// <remarks>
/// An address at <c>refused.example</c> is refused as invalid. The event webhook is signed with a key that only SendGrid has, so
/// this twin reports events only when the connection carries the private half as <c>sandbox_private_key</c>; then an address at
/// <c>bounce.example</c> bounces and every other is delivered.
/// </remarks>
[TwinOf("sendgrid")]
public sealed class SendGridTwin(TwinContext context) : ITwin
{
    private readonly Outbox outbox = new(context.Clock);

    /// <summary>What went out, newest first.</summary>
    public IReadOnlyList<Sent> Messages => outbox.Newest();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapOutbox("SendGrid", context, outbox);
        routes.MapPost("/v3/mail/send", TakeAsync);
        routes.MapGet("/v3/scopes", (HttpRequest request) => IsAuthorised(request) ? Results.Json(new JsonObject { ["scopes"] = new JsonArray("mail.send") }) : Unauthorised());
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        if (!IsAuthorised(request)) return Unauthorised();
        JsonNode? mail;
        try
        {
            mail = await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            return Error(400, "Bad Request", null);
        }
        if (mail?["personalizations"] is not JsonArray { Count: > 0 } people) return Error(400, "The personalizations field is required and must have at least one personalization.", "personalizations");
        if (mail["from"]?["email"] is null) return Error(400, "The from object must be provided for every email send.", "from.email");
        if (mail["content"] is not JsonArray { Count: > 0 } content) return Error(400, "The content field is required.", "content");
        var to = string.Join(", ", people.SelectMany(p => p?["to"]?.AsArray() ?? []).Select(t => t?["email"]?.ToString()));
        if (!to.Contains('@', StringComparison.Ordinal) || to.EndsWith("@refused.example", StringComparison.Ordinal))
            return Error(400, "Does not contain a valid address.", "personalizations.0.to.0.email");

        // No idempotency at SendGrid: a repeat is a second mail, and the page shows both.
        var key = people[0]?["custom_args"]?["qm_key"]?.ToString() ?? "";
        var (message, _) = outbox.Keep("", to, mail["subject"]?.ToString() ?? "", $"{content[0]?["value"]}", "sent");
        Report(message, to, key);
        request.HttpContext.Response.Headers["X-Message-Id"] = $"{context.Connection}-{message.Id}";
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    private void Report(Sent message, string to, string key)
    {
        if (!context.Settings.TryGetValue("sandbox_private_key", out var privateKey)) return;
        var bounced = to.EndsWith("@bounce.example", StringComparison.Ordinal);
        message.State = bounced ? "failed" : "delivered";
        var happened = new JsonObject
        {
            ["email"] = to,
            ["event"] = bounced ? "bounce" : "delivered",
            ["timestamp"] = context.Clock.GetUtcNow().ToUnixTimeSeconds(),
            ["sg_event_id"] = $"{context.Connection}-{message.Id}",
            ["qm_key"] = key,
        };
        if (bounced) (happened["type"], happened["status"], happened["reason"]) = ("bounce", "5.1.1", "550 5.1.1 no such mailbox");
        var body = Encoding.UTF8.GetBytes(new JsonArray(happened).ToJsonString() + "\r\n");
        var (signature, timestamp) = Sign(privateKey, body);
        context.Hub.Send(context, "", body, new Dictionary<string, string>
        {
            ["X-Twilio-Email-Event-Webhook-Signature"] = signature,
            ["X-Twilio-Email-Event-Webhook-Timestamp"] = timestamp,
            ["Content-Type"] = "application/json",
        }, TimeSpan.FromSeconds(0.5));
    }

    private (string Signature, string Timestamp) Sign(string privateKey, byte[] body)
    {
        var timestamp = context.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var key = System.Security.Cryptography.ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(privateKey), out _);
        var signature = key.SignData([.. Encoding.UTF8.GetBytes(timestamp), .. body],
            System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.DSASignatureFormat.Rfc3279DerSequence);
        return (Convert.ToBase64String(signature), timestamp);
    }

    private bool IsAuthorised(HttpRequest request) => !context.Settings.TryGetValue("api_key", out var key) || request.Headers.Authorization == "Bearer " + key;

    private static IResult Unauthorised() => Error(401, "The provided authorization grant is invalid, expired, or revoked", null);

    private static IResult Error(int status, string message, string? field) =>
        Results.Json(new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["message"] = message, ["field"] = field, ["help"] = null }) }, statusCode: status);
}
