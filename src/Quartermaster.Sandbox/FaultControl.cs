using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Quartermaster.Sandbox;

/// <summary>Knobs as they travel: milliseconds and seconds as numbers, all else probabilities from 0 to 1.</summary>
public sealed record FaultSettings(
    double LatencyMs = 0, double TooMany = 0, double RetryAfterSeconds = 1, double FailBefore = 0, double FailAfter = 0, double Reset = 0, double Duplicate = 0, double Reorder = 0, double Lose = 0)
{
    public static FaultSettings Of(Faults f) =>
        new(f.Latency.TotalMilliseconds, f.TooMany, f.RetryAfter.TotalSeconds, f.FailBefore, f.FailAfter, f.Reset, f.Duplicate, f.Reorder, f.Lose);

    /// <summary>What is wrong with these settings; null when they can be applied.</summary>
    public string? Mistake()
    {
        if (LatencyMs is not (>= 0 and <= 60_000)) return "latencyMs is from 0 to 60000.";
        if (RetryAfterSeconds is not (>= 0 and <= 3600)) return "retryAfterSeconds is from 0 to 3600.";
        foreach (var (name, value) in new[] { ("tooMany", TooMany), ("failBefore", FailBefore), ("failAfter", FailAfter), ("reset", Reset), ("duplicate", Duplicate), ("reorder", Reorder), ("lose", Lose) })
            if (value is not (>= 0 and <= 1)) return $"{name} is a probability from 0 to 1.";
        return TooMany + FailBefore + FailAfter + Reset > 1 ? "tooMany, failBefore, failAfter and reset together must not pass 1." : null;
    }

    public void ApplyTo(Faults f)
    {
        f.Latency = TimeSpan.FromMilliseconds(LatencyMs);
        f.RetryAfter = TimeSpan.FromSeconds(RetryAfterSeconds);
        (f.TooMany, f.FailBefore, f.FailAfter, f.Reset, f.Duplicate, f.Reorder, f.Lose) = (TooMany, FailBefore, FailAfter, Reset, Duplicate, Reorder, Lose);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FaultSettings))]
[JsonSerializable(typeof(SortedDictionary<string, FaultSettings>))]
internal sealed partial class FaultJson : JsonSerializerContext;

/// <summary>Turns knobs while the box runs.</summary>
internal static class FaultControl
{
    public static void Map(WebApplication app, IReadOnlyDictionary<string, Faults> faults)
    {
        app.MapGet("/_sandbox/faults", Task (HttpContext http) => http.Response.WriteAsJsonAsync(
            new SortedDictionary<string, FaultSettings>(faults.ToDictionary(f => f.Key, f => FaultSettings.Of(f.Value))), FaultJson.Default.SortedDictionaryStringFaultSettings));
        app.MapGet("/_sandbox/faults/{connection}", (HttpContext http, string connection) => faults.TryGetValue(connection, out var found)
            ? http.Response.WriteAsJsonAsync(FaultSettings.Of(found), FaultJson.Default.FaultSettings)
            : SayAsync(http, 404, $"There is no sandboxed connection '{connection}'."));
        app.MapPut("/_sandbox/faults/{connection}", async (HttpContext http, string connection) =>
        {
            if (!faults.TryGetValue(connection, out var found))
            {
                await SayAsync(http, 404, $"There is no sandboxed connection '{connection}'.").ConfigureAwait(false);
                return;
            }
            FaultSettings? wanted = null;
            try
            {
                wanted = await http.Request.ReadFromJsonAsync(FaultJson.Default.FaultSettings, http.RequestAborted).ConfigureAwait(false);
            }
            catch (System.Text.Json.JsonException e)
            {
                await SayAsync(http, 400, $"The knobs could not be read: {e.Message}").ConfigureAwait(false);
                return;
            }
            if ((wanted is null ? "The knobs are missing." : wanted.Mistake()) is { } mistake)
            {
                await SayAsync(http, 400, mistake).ConfigureAwait(false);
                return;
            }
            wanted!.ApplyTo(found);
            await http.Response.WriteAsJsonAsync(FaultSettings.Of(found), FaultJson.Default.FaultSettings, cancellationToken: http.RequestAborted).ConfigureAwait(false);
        });
    }

    private static Task SayAsync(HttpContext http, int status, string what)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsync(what, http.RequestAborted);
    }
}
