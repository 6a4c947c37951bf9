using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.Signifyd;

/// <summary>Answer → outcome, and what the decision in it means.</summary>
internal static class SignifydAnswers
{
    /// <param name="of">What was asked about; null when it was only looked up.</param>
    public static Result OfDecision(Session session, Answer answer, string orderId, string? of, bool reads)
    {
        // Nothing decided yet is an answer too.
        if (reads && answer.Status == 404) return new(new Outcome.Done(), answer.Exchange);
        if (Trouble(answer, reads) is { } trouble) return new(trouble, answer.Exchange);
        if (Body(answer) is not { } body) return new(reads ? new Outcome.TryLater("The answer is not Signifyd's.") : new Outcome.Unsure($"answered {answer.Status} with something that is not Signifyd's"), answer.Exchange);
        var told = Told(body, of, session.Clock.GetUtcNow());
        return new(new Outcome.Done(body.Id), answer.Exchange, told is null ? null : [new(new StreamId(session.Brand, "order", orderId), told)]);
    }

    public static Result OfNews(Answer answer) => new(Trouble(answer, reads: false) ?? new Outcome.Done(), answer.Exchange);

    /// <summary>What a decision says; null when there is none in it.</summary>
    public static OrderSignal.OpinionTold? Told(DecisionBody body, string? of, DateTimeOffset now)
    {
        if (body.Decision is not { CheckpointAction: { Length: > 0 } action } decision) return null;
        var verdict = action.ToUpperInvariant() switch
        {
            "ACCEPT" => Verdict.Approved,
            "REJECT" => Verdict.Declined,
            // Somebody at Signifyd is looking; the final word comes by webhook.
            "HOLD" => Verdict.Waiting,
            _ => Verdict.LeftToUs,
        };
        var covered = body.Coverage?.AllChargebacks ?? body.Coverage?.FraudChargebacks;
        return new(verdict, Remote.Shorten(action, 60), Why(decision), decision.Score, body.Id, verdict == Verdict.Approved ? covered?.Amount : null, (decision.CreatedAt ?? now).ToUniversalTime(), of);
    }

    private static string? Why(Decided decision)
    {
        var said = string.Join(", ", new[] { decision.CheckpointActionReason, decision.CheckpointActionPolicy }.Where(w => !string.IsNullOrWhiteSpace(w)).Distinct());
        return said.Length == 0 ? null : Remote.Shorten(said, 200);
    }

    // Its pages ask to repeat on 409 as on a fault of its own.
    private static Outcome? Trouble(Answer answer, bool reads) => answer.Status == 409 ? new Outcome.TryLater("Signifyd is busy with this order (409).", answer.RetryAfter) : answer.Usual(reads) switch
    {
        Outcome.Refused refused => new Outcome.Refused(refused.Code, Messages(answer) ?? refused.Why),
        var usual => usual,
    };

    private static string? Messages(Answer answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body.Span, SignifydJson.Default.ErrorBody)?.Messages is { Length: > 0 } said ? Remote.Shorten(string.Join(" ", said), 300) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static DecisionBody? Body(Answer answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body.Span, SignifydJson.Default.DecisionBody) is { } body && (body.Id is not null || body.OrderId is not null) ? body : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
