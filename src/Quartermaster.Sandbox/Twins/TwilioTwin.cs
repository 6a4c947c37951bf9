using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>Twilio in a box: takes text messages, lists them, and tells in signed callbacks what became of them.</summary>
/// <remarks>
/// A number that ends in 0199 is a landline: such a message is taken and then undelivered with 30006. One that ends in 0198 is no number
/// and refused at once, one that ends in 0197 has answered STOP. A repeat is a second message, as at Twilio.
/// </remarks>
[TwinOf("twilio")]
public sealed class TwilioTwin(TwinContext context) : ITwin
{
    public const string Landline = "0199";
    public const string NoNumber = "0198";
    public const string Stopped = "0197";

    private readonly Outbox outbox = new(context.Clock);

    /// <summary>What went out, newest first.</summary>
    public IReadOnlyList<Sent> Messages => outbox.Newest();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapOutbox("Text messages", context, outbox);
        var api = routes.MapGroup("/2010-04-01/Accounts");
        var known = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{context.Settings.GetValueOrDefault("account_sid")}:{context.Settings.GetValueOrDefault("auth_token")}"));
        api.AddEndpointFilter(async (call, next) => call.HttpContext.Request.Headers.Authorization == known ? await next(call) : Error(401, 20003, "Authenticate"));
        api.MapGet("/{account}.json", (string account) => Results.Json(new JsonObject { ["sid"] = account, ["status"] = "active", ["type"] = "Full", ["friendly_name"] = context.Brand }));
        api.MapPost("/{account}/Messages.json", TakeAsync);
        api.MapGet("/{account}/Messages.json", List);
    }

    /// <summary>A shopper writes to the brand's number.</summary>
    public void Write(string from, string text) => Call(context.Callback.AbsoluteUri, new()
    {
        ["MessageSid"] = SidOf($"in-{Guid.NewGuid()}"), ["AccountSid"] = context.Settings.GetValueOrDefault("account_sid", ""), ["From"] = from, ["To"] = context.Settings.GetValueOrDefault("from", ""), ["Body"] = text, ["NumMedia"] = "0", ["NumSegments"] = "1",
    }, TimeSpan.Zero);

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted).ConfigureAwait(false);
        var (to, text) = (form["To"].ToString(), form["Body"].ToString());
        if (to.Length < 8 || to[0] != '+' || to.EndsWith(NoNumber, StringComparison.Ordinal)) return Error(400, 21211, $"The 'To' number {to} is not a valid phone number.");
        if (form["From"].Count + form["MessagingServiceSid"].Count == 0) return Error(400, 21603, "A 'From' phone number is required.");
        if (text.Length is 0 or > 1600) return text.Length == 0 ? Error(400, 21602, "Message body is required.") : Error(400, 21617, "The concatenated message body exceeds the 1600 character limit.");
        if (to.EndsWith(Stopped, StringComparison.Ordinal)) return Error(400, 21610, "Attempt to send to unsubscribed recipient");
        var (message, _) = outbox.Keep("", to, "Text message", text, "sent");
        if (form["StatusCallback"].ToString() is { Length: > 0 } callback) Report(message, callback);
        return Results.Json(Shown(message), statusCode: 201);
    }

    private IResult List(HttpRequest request)
    {
        var to = request.Query["To"].ToString();
        return Results.Json(new JsonObject
        {
            ["page"] = 0, ["page_size"] = 50, ["start"] = 0, ["next_page_uri"] = null, ["previous_page_uri"] = null,
            ["messages"] = new JsonArray([.. outbox.Newest().Where(m => to.Length == 0 || m.To == to).Take(50).Select(Shown)]),
        });
    }

    private void Report(Sent message, string callback)
    {
        var lands = message.To.EndsWith(Landline, StringComparison.Ordinal);
        message.State = lands ? "undelivered" : "delivered";
        var steps = (string[])["queued", "sent", message.State];
        for (var i = 0; i < steps.Length; i++)
        {
            Dictionary<string, string> form = new()
            {
                ["MessageSid"] = SidOf(message.Id), ["SmsSid"] = SidOf(message.Id), ["SmsStatus"] = steps[i], ["MessageStatus"] = steps[i], ["To"] = message.To, ["From"] = context.Settings.GetValueOrDefault("from", ""),
                ["AccountSid"] = context.Settings.GetValueOrDefault("account_sid", ""), ["ApiVersion"] = "2010-04-01",
            };
            if (steps[i] == "undelivered") form["ErrorCode"] = "30006";
            Call(callback, form, TimeSpan.FromSeconds(0.3 + 2 * i));
        }
    }

    // Twilio signs the address as it was given to it, query and all.
    private void Call(string address, Dictionary<string, string> form, TimeSpan after)
    {
        var signed = address + string.Concat(form.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Key + f.Value));
#pragma warning disable CA5350 // The vendor's algorithm.
        var signature = Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(context.Settings.GetValueOrDefault("auth_token", "")), Encoding.UTF8.GetBytes(signed)));
#pragma warning restore CA5350
        var body = Encoding.UTF8.GetBytes(string.Join('&', form.Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(f.Value)}")));
        context.Hub.Send(context, address[context.Callback.AbsoluteUri.Length..], body, new Dictionary<string, string> { ["X-Twilio-Signature"] = signature, ["Content-Type"] = "application/x-www-form-urlencoded" }, after);
    }

    private JsonNode Shown(Sent message) => new JsonObject
    {
        ["sid"] = SidOf(message.Id), ["account_sid"] = context.Settings.GetValueOrDefault("account_sid"), ["api_version"] = "2010-04-01", ["to"] = message.To, ["from"] = context.Settings.GetValueOrDefault("from"),
        ["body"] = message.Text, ["status"] = "queued", ["direction"] = "outbound-api", ["num_media"] = "0", ["num_segments"] = "1", ["price"] = null, ["error_code"] = null, ["error_message"] = null,
        ["date_created"] = message.At.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture), ["date_sent"] = null,
    };

    private string SidOf(string id) => $"SM{Knobs.Hash(context.Connection + id):x16}{Knobs.Hash(id + context.Connection):x16}";

    private static IResult Error(int status, int code, string message) =>
        Results.Json(new JsonObject { ["code"] = code, ["message"] = message, ["more_info"] = $"https://www.twilio.com/docs/errors/{code}", ["status"] = status }, statusCode: status);
}
