using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>Mailchimp in a box: one audience whose members are known by the MD5 of their address, and form webhooks about what shoppers do.</summary>
/// <remarks>An address at <c>refused.example</c> is refused as made up. Whoever unsubscribed by Mailchimp's own link cannot be subscribed from outside, as there.</remarks>
[TwinOf("mailchimp")]
public sealed class MailchimpTwin(TwinContext context) : ITwin
{
    private readonly Audience audience = new(context, (_, email) => HashOf(email));
    private readonly HashSet<string> byTheirLink = [];

    public IReadOnlyList<Subscriber> All => audience.All;

    public IReadOnlyList<string> Deleted => audience.Deleted;

    public Subscriber? Of(string email) => audience.Find(email);

    public void Map(IEndpointRouteBuilder routes)
    {
        audience.MapPage(routes, "Mailchimp");
        var api = routes.MapGroup("/3.0");
        var known = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"quartermaster:{context.Settings.GetValueOrDefault("api_key")}"));
        api.AddEndpointFilter(async (call, next) => call.HttpContext.Request.Headers.Authorization == known ? await next(call) : Error(401, "API Key Invalid", "Your API key may be invalid."));
        api.MapGet("/lists/{list}", (string list) => IsOurs(list) ? Results.Json(new JsonObject { ["id"] = list, ["name"] = context.Brand }) : NotFound());
        api.MapPut("/lists/{list}/members/{hash}", PutAsync);
        api.MapPost("/lists/{list}/members/{hash}/tags", TagAsync);
        api.MapPost("/lists/{list}/members/{hash}/actions/delete-permanent", (string list, string hash) => IsOurs(list) && audience.Delete(hash) ? Results.NoContent() : NotFound());
    }

    /// <summary>A shopper uses the link at the foot of one of Mailchimp's mails.</summary>
    public void Unsubscribe(string email) => Tell(email, "unsubscribe", "unsubscribed", ("action", "unsub"), ("reason", "manual"));

    /// <summary>A shopper reports one of Mailchimp's mails as spam.</summary>
    public void Complain(string email) => Tell(email, "unsubscribe", "unsubscribed", ("action", "unsub"), ("reason", "abuse"));

    /// <summary>Mails to the address come back.</summary>
    public void Clean(string email) => Tell(email, "cleaned", "suppressed", ("reason", "hard"));

    private void Tell(string email, string type, string state, params (string Key, string Value)[] data)
    {
        var person = audience.Take(email);
        audience.Say(person, state);
        lock (byTheirLink) byTheirLink.Add(person.Id);
        if (context.Settings.GetValueOrDefault("webhook_secret") is not { Length: > 0 } secret) return;
        List<(string Key, string Value)> form = [("type", type), ("fired_at", context.Clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)), .. data.Select(d => ($"data[{d.Key}]", d.Value)), ("data[id]", person.Id[..10]), ("data[email]", email), ("data[list_id]", context.Settings.GetValueOrDefault("list_id", ""))];
        var body = Encoding.UTF8.GetBytes(string.Join('&', form.Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(f.Value)}")));
        context.Hub.Send(context, Uri.EscapeDataString(secret), body, new Dictionary<string, string> { ["Content-Type"] = "application/x-www-form-urlencoded" });
    }

    private async Task<IResult> PutAsync(string list, string hash, HttpRequest request)
    {
        if (!IsOurs(list)) return NotFound();
        var member = await Audience.ReadAsync(request).ConfigureAwait(false);
        if (member?["email_address"]?.ToString() is not { } email || HashOf(email) != hash) return Error(400, "Invalid Resource", "The resource submitted could not be validated.");
        if (email.EndsWith("@refused.example", StringComparison.Ordinal)) return Error(400, "Invalid Resource", $"{email} looks fake or invalid, please enter a real email address.");
        var before = audience.Find(email);
        var asked = before is null ? member["status"] ?? member["status_if_new"] : member["status"];
        if (before is null && asked is null) return Error(400, "Invalid Resource", "A status is required for a new member.");
        lock (byTheirLink)
            if (asked?.ToString() == "subscribed" && byTheirLink.Contains(hash)) return Error(400, "Member In Compliance State", $"{email} is already a list member in compliance state due to unsubscribe, bounce, or compliance review and cannot be subscribed.");
        var person = audience.Take(email);
        if (asked?.ToString() is { } status) audience.Say(person, status == "transactional" ? "unsaid" : status);
        audience.Keep(person, member);
        return Results.Json(new JsonObject { ["id"] = hash, ["email_address"] = email, ["status"] = person.State == "unsaid" ? "transactional" : person.State, ["list_id"] = list });
    }

    private async Task<IResult> TagAsync(string list, string hash, HttpRequest request)
    {
        if (!IsOurs(list) || audience.Find(hash) is not { } person) return NotFound();
        var tags = (await Audience.ReadAsync(request).ConfigureAwait(false))?["tags"]?.AsArray() ?? [];
        var off = tags.Where(t => t?["status"]?.ToString() == "inactive").Select(t => t!["name"]!.ToString()).ToList();
        person.Tags = [.. person.Tags.Except(off).Union(tags.Where(t => t?["status"]?.ToString() == "active").Select(t => t!["name"]!.ToString()))];
        return Results.NoContent();
    }

    private bool IsOurs(string list) => list == context.Settings.GetValueOrDefault("list_id");

    // MD5 is how Mailchimp names a member; it protects nothing.
    private static string HashOf(string email) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(email.ToLowerInvariant())));

    private static IResult NotFound() => Error(404, "Resource Not Found", "The requested resource could not be found.");

    private static IResult Error(int status, string title, string detail) =>
        Results.Json(new JsonObject { ["type"] = "https://mailchimp.com/developer/marketing/docs/errors/", ["title"] = title, ["status"] = status, ["detail"] = detail, ["instance"] = "i1" }, statusCode: status);
}
