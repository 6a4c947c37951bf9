using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Books;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Xero;

/// <summary>What Xero's answers mean: answer → outcome. Pure.</summary>
internal static class XeroAnswers
{
    /// <summary>A document under this number has left the draft state, so Xero will not let it be written again; who it is has to be looked up.</summary>
    public static readonly Outcome Locked = new Outcome.Refused("locked", "A document with this number exists and can no longer be changed.");

    /// <summary>What an answer means for the call as a whole; null when it went through.</summary>
    public static Outcome? Usual(Answer answer, DateTimeOffset now, bool reads = false) => answer.Usual(reads) switch
    {
        // The daily budget is counted by the UTC day; anything sooner would be refused again.
        Outcome.TryLater when answer.Status == 429 && answer.Header("X-Rate-Limit-Problem")?.Contains("day", StringComparison.OrdinalIgnoreCase) == true =>
            new Outcome.TryLater("Xero's daily limit of calls is used up; it starts again at midnight UTC.", now.UtcDateTime.Date.AddDays(1) - now.UtcDateTime),
        Outcome.TryLater later when answer.Status == 429 =>
            new Outcome.TryLater($"Xero asks for a slower pace ({answer.Header("X-Rate-Limit-Problem") ?? "429"}).", later.After ?? TimeSpan.FromMinutes(1)),
        Outcome.Refused when Parse(answer.Body, XeroJson.Default.XeroError) is { } error && (error.Message ?? error.Detail ?? error.Title) is { } why =>
            new Outcome.Refused(error.Type ?? error.Title ?? $"{answer.Status}", why),
        var outcome => outcome,
    };

    /// <summary>Xero could not read the call as a whole and names no document; the halves of the batch show which one it is.</summary>
    public static bool MayBeOneBadDraft(Answer answer) => answer is { Status: 400 or 413, Failure: null } && JsonSlices.Of(answer.Body, "Elements") is null;

    /// <summary>One outcome and its part of the answer for each draft, in their order.</summary>
    public static IReadOnlyList<(Outcome Outcome, string Said)> Drafted(Answer answer, XeroKind kind, IReadOnlyList<InvoiceDraft> drafts, DateTimeOffset now)
    {
        // With elements, a 400 speaks of each draft by itself, and of those without a fault it means "not saved".
        var slices = JsonSlices.Of(answer.Body, answer.Status == 400 ? "Elements" : kind.Plural);
        if ((slices is null || answer.Status != 400) && Usual(answer, now) is { } trouble) return All(trouble);
        if (slices is null) return All(new Outcome.Unsure($"Xero answered {answer.Status} without '{kind.Plural}'."));
        var read = slices.Select(slice => (Slice: slice, Document: Parse(slice, XeroJson.Default.XeroDocument))).ToArray();
        return [.. drafts.Select((draft, i) => Find(draft, i))];

        (Outcome, string) Find(InvoiceDraft draft, int i)
        {
            var at = i < read.Length && read.Length == drafts.Count && (read[i].Document?.Number ?? draft.Number) == draft.Number
                ? i : Array.FindIndex(read, r => r.Document?.Number == draft.Number);
            return at < 0 || read[at].Document is not { } document
                ? (new Outcome.Unsure($"Xero's answer does not name {draft.Number}."), "")
                : (OfDocument(document, draft, answer.Status), Encoding.UTF8.GetString(read[at].Slice.Span));
        }

        (Outcome, string)[] All(Outcome outcome) => [.. drafts.Select(_ => (outcome, Remote.Shorten(answer.Text, 2_000)))];
    }

    /// <summary>Which documents are there, by number; deleted and voided ones do not count.</summary>
    public static IReadOnlyDictionary<string, XeroDocument> Found(Answer answer, XeroKind kind) =>
        (JsonSlices.Of(answer.Body, kind.Plural) ?? [])
            .Select(slice => Parse(slice, XeroJson.Default.XeroDocument))
            .Where(d => d is { Number: not null, Status: not ("DELETED" or "VOIDED") })
            .GroupBy(d => d!.Number!)
            .ToDictionary(g => g.Key, g => g.First()!);

    /// <summary>Whether a document that is there is ours. Somebody else's under our number is a question for a person.</summary>
    public static Outcome Recognised(XeroDocument? document, InvoiceDraft draft) => document switch
    {
        null => new Outcome.TryLater($"Xero does not have {draft.Number}."),
        { Reference: { } other } when other != draft.Reference => new Outcome.Refused("number_taken",
            $"{draft.Number} exists in Xero for '{other}', not for '{draft.Reference}'. Choose an invoice prefix that nothing else uses."),
        { Total: { } total } when total != draft.Total => Differs(total, draft),
        _ => new Outcome.AlreadyDone(document.Id),
    };

    public static string? ErrorsOf(IReadOnlyList<XeroValidationError?>? errors) =>
        errors is { Count: > 0 } ? string.Join(" ", errors.Select(e => e?.Message).OfType<string>().Distinct()) : null;

    public static T? Parse<T>(ReadOnlyMemory<byte> json, JsonTypeInfo<T> type) where T : class
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

    private static Outcome OfDocument(XeroDocument document, InvoiceDraft draft, int status)
    {
        if (ErrorsOf(document.ValidationErrors) is { } why)
            return why.Contains("not of valid status for modification", StringComparison.OrdinalIgnoreCase) ? Locked : new Outcome.Refused("ValidationException", why);
        if (status == 400) return new Outcome.TryLater($"Xero refused another document of the same call; {draft.Number} was not saved.");
        if (document.HasErrors == true || document.StatusAttributeString == "ERROR") return new Outcome.Refused("ValidationException", "Xero gave no reason.");
        return document.Total is { } total && total != draft.Total ? Differs(total, draft) : new Outcome.Done(document.Id);
    }

    private static Outcome.Refused Differs(decimal total, InvoiceDraft draft) => new("total_differs",
        FormattableString.Invariant($"Xero computes {total} {draft.Currency} for {draft.Number}, the order says {draft.Total}. The draft is in Xero; check its tax types and accounts."));
}
