using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Quartermaster.Sandbox;

/// <summary>Makes a twin behave as badly as its <see cref="Faults"/> say, around whatever it does.</summary>
internal static class FaultInjection
{
    private enum Fate { Fair, TooMany, FailBefore, FailAfter, ResetBefore, ResetAfter }

    public static async Task InvokeAsync(HttpContext http, RequestDelegate next, Func<string, Faults?> faultsOf, TimeProvider clock)
    {
        if (faultsOf(FirstSegment(http.Request.Path)) is not { } faults)
        {
            await next(http).ConfigureAwait(false);
            return;
        }
        if (faults.Latency > TimeSpan.Zero) await Task.Delay(faults.Latency, clock, http.RequestAborted).ConfigureAwait(false);
        switch (Draw(faults))
        {
            case Fate.TooMany:
                http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                http.Response.Headers.RetryAfter = Math.Ceiling(faults.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                break;
            case Fate.FailBefore:
                http.Response.StatusCode = StatusCodes.Status500InternalServerError;
                break;
            case Fate.ResetBefore:
                http.Abort();
                break;
            case Fate.FailAfter:
                await WorkUnheardAsync(http, next).ConfigureAwait(false);
                http.Response.Clear();
                http.Response.StatusCode = StatusCodes.Status500InternalServerError;
                break;
            case Fate.ResetAfter:
                await WorkUnheardAsync(http, next).ConfigureAwait(false);
                http.Abort();
                break;
            default:
                await next(http).ConfigureAwait(false);
                break;
        }
    }

    // The work is done and its answer thrown away: nothing of it may have left before the fault shows.
    private static async Task WorkUnheardAsync(HttpContext http, RequestDelegate next)
    {
        var real = http.Features.Get<IHttpResponseBodyFeature>()!;
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        try
        {
            await next(http).ConfigureAwait(false);
        }
        finally
        {
            http.Features.Set(real);
        }
    }

    private static Fate Draw(Faults faults)
    {
        var p = Random.Shared.NextDouble();
        return (p -= faults.TooMany) < 0 ? Fate.TooMany
            : (p -= faults.FailBefore) < 0 ? Fate.FailBefore
            : (p -= faults.FailAfter) < 0 ? Fate.FailAfter
            : (p -= faults.Reset / 2) < 0 ? Fate.ResetBefore
            : p - faults.Reset / 2 < 0 ? Fate.ResetAfter
            : Fate.Fair;
    }

    private static string FirstSegment(PathString path)
    {
        var text = path.Value.AsSpan();
        if (text.Length < 2) return "";
        var slash = text[1..].IndexOf('/');
        return (slash < 0 ? text[1..] : text.Slice(1, slash)).ToString();
    }
}
