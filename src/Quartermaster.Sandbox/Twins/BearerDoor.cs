using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>A played vendor's door: gives tokens to whoever knows client id and secret, and lets in who has one.</summary>
/// <param name="refused">The vendor's way of saying that a caller is not known.</param>
internal sealed class BearerDoor(TwinContext context, Func<IResult> refused)
{
    private readonly ConcurrentDictionary<string, byte> given = new(StringComparer.Ordinal);
    private int count;

    /// <summary>Forgets every token, as a vendor does now and then.</summary>
    public void Revoke() => given.Clear();

    /// <summary>Where a token is asked for by form: with the secret in it, or as basic authentication.</summary>
    public void MapTokens(IEndpointRouteBuilder routes, string path) => routes.MapPost(path, async (HttpRequest request) =>
    {
        var form = await request.ReadFormAsync();
        var basic = BasicOf(context.Settings.GetValueOrDefault("client_id"), context.Settings.GetValueOrDefault("client_secret"));
        var knows = request.Headers.Authorization == basic || (form["client_id"] == context.Settings.GetValueOrDefault("client_id") && form["client_secret"] == context.Settings.GetValueOrDefault("client_secret"));
        if (!knows || form["grant_type"] != "client_credentials") return refused();
        var token = $"token-{Interlocked.Increment(ref count)}-{Knobs.Hash(context.Connection)}";
        given[token] = 0;
        return Results.Json(new { token_type = "Bearer", access_token = token, expires_in = "3599", status = "approved" });
    });

    /// <summary>Lets whoever brings this token in, for vendors with a way of their own to ask for one.</summary>
    public string Give(string token)
    {
        given[token] = 0;
        return token;
    }

    /// <summary>What is behind the door.</summary>
    public RouteGroupBuilder Behind(IEndpointRouteBuilder routes, string path)
    {
        var group = routes.MapGroup(path);
        group.AddEndpointFilter(async (call, next) => call.HttpContext.Request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var token] && given.ContainsKey(token) ? await next(call) : refused());
        return group;
    }

    private static string BasicOf(string? name, string? secret) => "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{name}:{secret}"));
}
