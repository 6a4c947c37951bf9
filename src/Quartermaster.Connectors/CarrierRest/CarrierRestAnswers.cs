using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.CarrierRest;

/// <summary>What a carrier's answer means: answer → outcome. Pure.</summary>
internal static class CarrierRestAnswers
{
    /// <summary>The carrier answered the question about a number that may well be unknown to it.</summary>
    public static Outcome Tested(Answer answer) => answer.Usual(reads: true) switch
    {
        null => new Outcome.Done(),
        // "I do not know that number" in the contract's own words proves address and credentials as well as a parcel would.
        Outcome.Refused when answer.Status == 404 && CodeOf(answer) == "unknown_tracking_number" => new Outcome.Done(),
        { } trouble => trouble,
    };

    private static string? CodeOf(Answer answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body.Span, CarrierJson.Default.CarrierError)?.Error?.Code;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
