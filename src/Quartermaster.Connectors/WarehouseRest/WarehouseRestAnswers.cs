using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.WarehouseRest;

/// <summary>What a warehouse's answer means: answer → outcome. Pure.</summary>
internal static class WarehouseRestAnswers
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(5);

    /// <summary>One outcome and its part of the answer for each order handed over, in their order.</summary>
    public static IReadOnlyList<(Outcome Outcome, string Said)> Submitted(Answer answer, IReadOnlyList<string> orderRefs)
    {
        if (Usual(answer) is { } trouble) return All(trouble);
        if (answer.Body.IsEmpty) return All(new Outcome.Done());
        if (JsonSlices.Of(answer.Body, "results") is { } results) return PerOrder(results, orderRefs);
        return All(OfStatus(Parse(answer.Body, WarehouseJson.Default.SubmitAnswer)?.Status, null));

        (Outcome, string)[] All(Outcome outcome) => [.. orderRefs.Select(_ => (outcome, Remote.Shorten(answer.Text, 2_000)))];
    }

    /// <summary>The warehouse refused the call as a whole; one bad order may have taken its neighbours along.</summary>
    public static bool MayBeOneBadOrder(Answer answer) => answer.Status is 400 or 413 or 422;

    /// <summary>What a warehouse says to a cancellation. Only <c>withdrawn</c>, or never having had the order, is Done: it will send nothing more of it.</summary>
    public static Outcome Withdrawn(Answer answer)
    {
        // It never had the order, so nothing will ship; a bare 404 could as well be a wrong address.
        if (answer.Status == 404 && ErrorOf(answer)?.Code == "unknown_order") return new Outcome.Done();
        if (Usual(answer) is { } trouble) return trouble;
        var said = Parse(answer.Body, WarehouseJson.Default.CancelAnswer);
        return said?.Status switch
        {
            "withdrawn" => new Outcome.Done(),
            "too_late" => new Outcome.Refused("too_late", said.Message ?? "It is too late."),
            // The event withdrawal_answered is quicker; asking again finds the answer when that event is lost.
            "pending" => new Outcome.TryLater("The warehouse decides later whether it can be stopped.", AskAgainAfter),
            var other => new Outcome.Refused("unknown_status", $"The warehouse answered the status '{other}'; expected withdrawn, too_late or pending."),
        };
    }

    public static Outcome? Usual(Answer answer, bool reads = false) => answer.Usual(reads) switch
    {
        // The contract's own code says more than the number of the status.
        Outcome.Refused when ErrorOf(answer) is { Code: { } code } error => new Outcome.Refused(code, error.Message ?? code),
        var outcome => outcome,
    };

    private static (Outcome, string)[] PerOrder(IReadOnlyList<ReadOnlyMemory<byte>> results, IReadOnlyList<string> orderRefs)
    {
        var read = results.Select(slice => (Slice: slice, Result: Parse(slice, WarehouseJson.Default.OrderResult))).ToArray();
        var outcomes = new (Outcome, string)[orderRefs.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            // Nearly always in our order; the contract does not demand it.
            var at = i < read.Length && read[i].Result?.OrderRef == orderRefs[i] ? i : Array.FindIndex(read, r => r.Result?.OrderRef == orderRefs[i]);
            outcomes[i] = at < 0
                ? (new Outcome.Unsure($"The answer names {read.Length} orders, this one is not among them."), "")
                : (OfStatus(read[at].Result!.Status, read[at].Result), Encoding.UTF8.GetString(read[at].Slice.Span));
        }
        return outcomes;
    }

    private static Outcome OfStatus(string? status, OrderResult? result) => status switch
    {
        "accepted" => new Outcome.Done(result?.WarehouseRef),
        "already_accepted" => new Outcome.AlreadyDone(result?.WarehouseRef),
        "rejected" => new Outcome.Refused(result?.Code ?? "rejected", result?.Message ?? "The warehouse rejected it and gave no reason."),
        null => new Outcome.Unsure("The warehouse answered 2xx without a status that the contract knows."),
        var other => new Outcome.Unsure($"The warehouse answered the status '{other}'; expected accepted, already_accepted or rejected."),
    };

    private static ErrorBody? ErrorOf(Answer answer) => Parse(answer.Body, WarehouseJson.Default.ErrorAnswer)?.Error;

    private static T? Parse<T>(ReadOnlyMemory<byte> json, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return json.IsEmpty ? null : JsonSerializer.Deserialize(json.Span, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
