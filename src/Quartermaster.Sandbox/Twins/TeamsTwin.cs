using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>A Teams workflow in a box: 202 for a card, 400 for anything else, 413 above the size that Teams takes.</summary>
/// <remarks>Any address below the twin is its workflow: <c>workflow_url</c> may end in whatever it likes.</remarks>
[TwinOf("teams")]
public sealed class TeamsTwin(TwinContext context) : ITwin
{
    private const int SizeLimit = 28 * 1024;

    private readonly Outbox outbox = new(context.Clock);

    /// <summary>What went out, newest first.</summary>
    public IReadOnlyList<Sent> Messages => outbox.Newest();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapOutbox("Microsoft Teams", context, outbox);
        routes.MapPost("/{**workflow}", TakeAsync);
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted).ConfigureAwait(false);
        if (body.Length > SizeLimit) return Error(413, "RequestEntityTooLarge");
        var card = Card(body.ToArray());
        if (card?["type"]?.ToString() != "AdaptiveCard") return Error(400, "InvalidRequestContent");
        var texts = (card["body"] as JsonArray ?? []).Select(b => b?["text"]?.ToString() ?? "").ToArray();
        var (message, _) = outbox.Keep("", "the workflow's channel", texts.FirstOrDefault() ?? "", string.Join("\n", texts.Skip(1)), "queued");
        request.HttpContext.Response.Headers["x-ms-workflow-run-id"] = $"{context.Connection}-{message.Id}";
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    private static JsonNode? Card(byte[] body)
    {
        try
        {
            return (JsonNode.Parse(body)?["attachments"] as JsonArray)?.FirstOrDefault()?["content"];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static IResult Error(int status, string code) => Results.Json(new JsonObject { ["error"] = new JsonObject { ["code"] = code } }, statusCode: status);
}
