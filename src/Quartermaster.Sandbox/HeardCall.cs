using Microsoft.AspNetCore.Http;

namespace Quartermaster.Sandbox;

/// <summary>A call whose work a twin did, whether or not the caller got to know.</summary>
/// <param name="Key">The call's <c>Idempotency-Key</c>.</param>
public sealed record HeardCall(string Method, string Path, ReadOnlyMemory<byte> Body, string? Key)
{
    internal static async Task ListenAsync(HttpContext http, RequestDelegate next, Action<HeardCall> listener)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted).ConfigureAwait(false);
        body.Position = 0;
        http.Request.Body = body;
        await next(http).ConfigureAwait(false);
        if (http.Response.StatusCode is >= 200 and < 300)
            listener(new HeardCall(http.Request.Method, http.Request.Path.Value ?? "", body.ToArray(), http.Request.Headers.TryGetValue("Idempotency-Key", out var key) ? key.ToString() : null));
    }
}
