using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>One person as a played marketing tool knows them.</summary>
public sealed class Subscriber(string id, string email)
{
    public string Id { get; } = id;
    public string Email { get; } = email;

    /// <summary>What it was told last, in the vendor's own words.</summary>
    public JsonNode? Fields { get; set; }

    /// <summary>Whether it writes to them: <c>unsaid</c>, <c>subscribed</c>, <c>unsubscribed</c>, <c>suppressed</c>.</summary>
    public string State { get; set; } = "unsaid";

    public DateTimeOffset SaidAt { get; set; }
    public IReadOnlyList<string> Tags { get; set; } = [];

    /// <summary>How often it was told of them.</summary>
    public int Told { get; set; }
}

/// <summary>Everybody whom a played marketing tool knows.</summary>
/// <param name="makeId">The tool's own id of a new one, from a running number and the address.</param>
internal sealed class Audience(TwinContext context, Func<int, string, string> makeId)
{
    private readonly Lock gate = new();
    private readonly Outbox outbox = new(context.Clock);
    private readonly Dictionary<string, Subscriber> known = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> deleted = [];
    private int count;

    /// <summary>Ids of those who were deleted for good.</summary>
    public IReadOnlyList<string> Deleted
    {
        get { lock (gate) return [.. deleted]; }
    }

    public IReadOnlyList<Subscriber> All
    {
        get { lock (gate) return [.. known.Values]; }
    }

    public void MapPage(IEndpointRouteBuilder routes, string title) => routes.MapOutbox(title, context, outbox);

    public Subscriber? Find(string? idOrEmail)
    {
        lock (gate) return idOrEmail is null ? null : known.GetValueOrDefault(idOrEmail) ?? known.Values.FirstOrDefault(s => s.Id == idOrEmail);
    }

    /// <summary>Somebody by that address, known from now on.</summary>
    public Subscriber Take(string email)
    {
        lock (gate)
        {
            if (known.TryGetValue(email, out var before)) return before;
            return known[email] = new(makeId(++count, email), email);
        }
    }

    public void Keep(Subscriber of, JsonNode fields)
    {
        lock (gate) (of.Fields, of.Told) = (fields.DeepClone(), of.Told + 1);
        outbox.Keep("", of.Email, "Profile", fields.ToJsonString(), of.State);
    }

    public void Say(Subscriber of, string state)
    {
        lock (gate) (of.State, of.SaidAt) = (state, context.Clock.GetUtcNow());
        outbox.Keep("", of.Email, "Consent", state, state);
    }

    public bool Delete(string? idOrEmail)
    {
        if (Find(idOrEmail) is not { } gone) return false;
        lock (gate)
        {
            known.Remove(gone.Email);
            deleted.Add(gone.Id);
        }
        outbox.Keep("", gone.Id, "Deleted for good", "", "deleted");
        return true;
    }

    /// <summary>The JSON of a request, or null where it is none.</summary>
    public static async Task<JsonNode?> ReadAsync(HttpRequest request)
    {
        try { return await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted).ConfigureAwait(false); }
        catch (System.Text.Json.JsonException) { return null; }
    }
}
