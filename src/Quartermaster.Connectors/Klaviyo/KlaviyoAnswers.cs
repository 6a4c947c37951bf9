using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;

namespace Quartermaster.Connectors.Klaviyo;

/// <summary>Answer → outcome.</summary>
internal static class KlaviyoAnswers
{
    public static Outcome JudgeProfile(Answer answer) => answer switch
    {
        { Status: 200 or 201 } when ProfileIn(answer)?.Id is { } id => new Outcome.Done(id),
        { IsSuccess: true } => new Outcome.NotConnected("The answer is not Klaviyo's: check base_url."),
        _ => Trouble(answer),
    };

    /// <summary>202 = queued. What a job meets later, Klaviyo shows only on its own pages.</summary>
    public static Outcome JudgeJob(Answer answer) => answer.IsSuccess ? new Outcome.Done() : Trouble(answer);

    public static Outcome JudgeDeletion(Answer answer) => answer.Status is 404 || FirstError(answer)?.Code == "not_found" ? new Outcome.AlreadyDone() : JudgeJob(answer);

    public static Outcome JudgeTest(Answer answer)
    {
        if (answer.Failure is not null || !answer.IsSuccess) return answer.Usual(reads: true) is Outcome.Refused ? Trouble(answer) : answer.Usual(reads: true)!;
        try
        {
            return JsonSerializer.Deserialize(answer.Body.Span, KlaviyoJson.Default.KlaviyoAccounts)?.Data is { Count: > 0 } ? new Outcome.Done() : new Outcome.NotConnected("The answer is not Klaviyo's: check base_url.");
        }
        catch (JsonException)
        {
            return new Outcome.NotConnected("The answer is not Klaviyo's: check base_url.");
        }
    }

    /// <summary>The number is another profile's, or none that Klaviyo takes.</summary>
    public static bool IsAboutThePhone(Answer answer) => answer.Status == 409 || (answer.Status == 400 && FirstError(answer)?.Source?.Pointer?.Contains("phone_number", StringComparison.Ordinal) == true);

    private static Outcome Trouble(Answer answer) => answer switch
    {
        // A revision or an address that Klaviyo does not know is for whoever set up the connection.
        { Failure: null, Status: 404 or 405 or 410 or 406 } => new Outcome.NotConnected($"Klaviyo answered {answer.Status}: {FirstError(answer)?.Detail ?? "the address or the revision is not known"}"),
        _ when answer.Usual() is Outcome.Refused usual => FirstError(answer) is { Detail: { } detail } error ? new Outcome.Refused(error.Code ?? usual.Code, detail) : usual,
        { Failure: null, Status: 401 or 403 } when FirstError(answer)?.Detail is { } why => new Outcome.NotConnected($"Klaviyo answered {answer.Status}: {why}"),
        _ => answer.Usual() ?? new Outcome.NotConnected("The answer is not Klaviyo's: check base_url."),
    };

    /// <summary>Channels by which they said no to Klaviyo itself after they had said yes to us: that stands, and is heard when profiles are asked for.</summary>
    public static IReadOnlyList<string> NoesSince(Answer answer, CustomerEffect.Push profile) =>
        [.. KlaviyoInbound.Against(ProfileIn(answer), DateTimeOffset.MaxValue).Where(no => profile.By(KlaviyoInbound.ChannelOf(no)) is { Wish: Wish.Marketing } yes && (yes.At is null || KlaviyoInbound.SaidAt(no) > yes.At))
            .Select(KlaviyoInbound.ChannelOf).Distinct()];

    private static KlaviyoProfile? ProfileIn(Answer answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body.Span, KlaviyoJson.Default.KlaviyoOne)?.Data;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static KlaviyoError? FirstError(Answer answer)
    {
        try
        {
            return answer.Status == 0 ? null : JsonSerializer.Deserialize(answer.Body.Span, KlaviyoJson.Default.KlaviyoErrors)?.Errors?.OfType<KlaviyoError>().FirstOrDefault();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
