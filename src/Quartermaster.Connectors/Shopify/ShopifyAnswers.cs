using System.Globalization;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Shopify;

/// <summary>Answer → outcome. Pure. Shopify says most of its "no" inside a 200.</summary>
internal static class ShopifyAnswers
{
    /// <summary>The answer's content, or the outcome that says why there is none.</summary>
    /// <param name="reads">A query: a lost answer costs nothing and is asked again.</param>
    public static (Reply? Reply, Outcome? Trouble) Open(Answer answer, bool reads)
    {
        if (answer.Failure is null && ByStatus(answer) is { } known) return (null, known);
        if (answer.Usual(reads) is { } usual) return (null, usual);
        Reply? reply;
        try
        {
            reply = JsonSerializer.Deserialize(answer.Body.Span, ShopifyReplies.Default.Reply);
        }
        catch (JsonException e)
        {
            return (null, Lost(reads, $"The answer could not be read ({e.Path ?? "not JSON"})."));
        }
        if (reply is null) return (null, Lost(reads, "The answer was empty."));
        return reply.Errors is { ValueKind: JsonValueKind.Array or JsonValueKind.String } errors && (errors.ValueKind == JsonValueKind.String || errors.GetArrayLength() > 0)
            ? (reply, ByErrors(reply, errors, reads))
            : (reply, reply.Data is null ? Lost(reads, "The answer had neither data nor errors.") : null);
    }

    /// <summary>Outcome of writing one parcel's groups. One group that failed is the outcome: a repeat finds the others done.</summary>
    public static Outcome OfFulfilments(Answer answer, int groups)
    {
        var (reply, trouble) = Open(answer, reads: false);
        if (trouble is not null) return trouble;
        var parcels = reply!.Data!.Parcels(groups);
        foreach (var parcel in parcels)
        {
            if (parcel?.UserErrors is { Length: > 0 } no)
                return new Outcome.Refused(no[0].Field is { Length: > 0 } field ? string.Join('.', field) : "user_error", string.Join(" ", no.Select(e => e.Message)));
            if (parcel?.Fulfillment?.Id is null) return new Outcome.Unsure("Shopify confirmed the call but named no fulfilment.");
        }
        return new Outcome.Done(ShopifyGraph.Number(parcels[0]!.Fulfillment!.Id));
    }

    /// <summary>How long until a call of this cost fits the bucket again.</summary>
    public static TimeSpan WaitFor(ReplyCost? cost)
    {
        var status = cost?.ThrottleStatus;
        var missing = (cost?.RequestedQueryCost ?? 50) - (status?.CurrentlyAvailable ?? 0);
        var seconds = missing / Math.Max(1, status?.RestoreRate ?? 50);
        return TimeSpan.FromSeconds(Math.Clamp(double.IsFinite(seconds) ? seconds : 1, 0.5, 60));
    }

    public static bool IsTooCostly(Outcome? trouble) => trouble is Outcome.Refused { Code: "MAX_COST_EXCEEDED" };

    private static Outcome? ByStatus(Answer answer) => answer.Status switch
    {
        402 => new Outcome.NotConnected("The shop is frozen for an unpaid bill (402)."),
        404 => new Outcome.NotConnected("There is no shop or no API version at this address (404). Check the settings shop and api_version."),
        423 => new Outcome.NotConnected("Shopify has locked the shop (423)."),
        // 430 is Shopify's own: requests that look like abuse; slowing down is the cure.
        430 => new Outcome.TryLater("Shopify refused this pace (430).", answer.RetryAfter ?? TimeSpan.FromSeconds(30)),
        _ => null,
    };

    private static Outcome ByErrors(Reply reply, JsonElement errors, bool reads)
    {
        var first = errors.ValueKind == JsonValueKind.Array ? errors[0] : errors;
        var message = first.ValueKind switch
        {
            JsonValueKind.Object when first.TryGetProperty("message", out var m) && m.ValueKind == JsonValueKind.String => m.GetString()!,
            JsonValueKind.String => first.GetString()!,
            _ => first.GetRawText(),
        };
        var code = first.ValueKind == JsonValueKind.Object && first.TryGetProperty("extensions", out var x) && x.ValueKind == JsonValueKind.Object
            && x.TryGetProperty("code", out var c) && c.ValueKind == JsonValueKind.String ? c.GetString()! : "graphql_error";
        return code switch
        {
            "THROTTLED" => new Outcome.TryLater("Shopify's cost budget is used up for the moment.", WaitFor(reply.Extensions?.Cost)),
            "ACCESS_DENIED" or "SHOP_INACTIVE" or "UNAUTHORIZED" => new Outcome.NotConnected($"{message} ({code}): the app's access or scopes do not allow this."),
            "INTERNAL_SERVER_ERROR" or "TIMEOUT" => Lost(reads, $"Shopify failed inside: {message}"),
            _ => new Outcome.Refused(code, message),
        };
    }

    private static Outcome Lost(bool reads, string why) => reads ? new Outcome.TryLater(why) : new Outcome.Unsure(why);

    public static string Text(Outcome outcome) => outcome switch
    {
        Outcome.TryLater t => t.Why,
        Outcome.Refused r => string.Create(CultureInfo.InvariantCulture, $"{r.Why} ({r.Code})"),
        Outcome.NotConnected n => n.Why,
        Outcome.Unsure u => u.Why,
        _ => "",
    };
}
