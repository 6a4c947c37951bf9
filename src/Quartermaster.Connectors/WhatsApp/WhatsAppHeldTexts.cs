using System.Text.Json;
using System.Text.RegularExpressions;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.WhatsApp;

/// <summary>Reads the texts that Meta holds for an account, page by page.</summary>
internal static partial class WhatsAppHeldTexts
{
    /// <summary>Meta lets an account have 6,000 of them; whoever has more pages than this sees a mistake of ours.</summary>
    private const int MostPages = 100;

    /// <exception cref="HttpRequestException">Meta did not answer with a list.</exception>
    public static async Task<IReadOnlyList<HeldText>?> ReadAsync(Session session, Redactor redactor, string account, CancellationToken cancel)
    {
        List<HeldText> all = [];
        string? after = null;
        for (var page = 0; page < MostPages; page++)
        {
            var answer = await WhatsAppApi.TemplatesAsync(session, redactor, account, after, cancel).ConfigureAwait(false);
            if (!answer.IsSuccess) throw new HttpRequestException(Outcome.Words(WhatsAppAnswers.JudgeTest(answer)));
            (var found, after) = Read(answer.Body.Span, session.Settings.Find("languages"));
            all.AddRange(found);
            // Two of Meta's codes may be one language of ours (en and en_US), and a list that moves while it is read repeats itself.
            if (after is null) return [.. all.DistinctBy(t => (t.Name, t.Language))];
        }
        throw new HttpRequestException($"Meta's list of texts has no end after {MostPages} pages.");
    }

    /// <summary>One page, and where the next begins.</summary>
    /// <exception cref="HttpRequestException">It is not the list that Meta publishes.</exception>
    internal static (IReadOnlyList<HeldText> Texts, string? After) Read(ReadOnlySpan<byte> body, string? languages)
    {
        WhatsAppTemplates? page;
        try
        {
            page = JsonSerializer.Deserialize(body, WhatsAppJson.Default.WhatsAppTemplates);
        }
        catch (JsonException e)
        {
            throw new HttpRequestException($"Meta's list of texts cannot be read: {e.Message}", e);
        }
        List<HeldText> texts = [];
        foreach (var template in page?.Data ?? [])
        {
            if (template is not { Name: { } name, Language: { } language }) continue;
            var words = template.Components?.FirstOrDefault(c => c?.Type == "BODY")?.Text ?? "";
            texts.Add(new(name, Ours(language, languages), template.Status ?? "UNKNOWN", template.Category ?? "UNKNOWN", template.QualityScore?.Score is "UNKNOWN" ? null : template.QualityScore?.Score, words, Gaps(words)));
        }
        // Without a next page Meta still names the cursor.
        return (texts, page?.Paging?.Next is null ? null : page.Paging.Cursors?.After);
    }

    /// <summary>Our language for Meta's code: the reverse of <see cref="WhatsAppOutbound.LanguageCode"/>.</summary>
    private static string Ours(string code, string? languages)
    {
        foreach (var pair in languages?.Split(',', StringSplitOptions.TrimEntries) ?? [])
            if (pair.Split('=', StringSplitOptions.TrimEntries) is [var language, var theirs] && theirs == code) return language.ToLowerInvariant();
        return code.Replace('_', '-').ToLowerInvariant();
    }

    /// <summary>How many different gaps a body has: one may stand there twice, and is filled once.</summary>
    private static int Gaps(string body) => Gap().Matches(body).Select(m => m.Groups[1].Value).Distinct().Count();

    [GeneratedRegex(@"\{\{\s*(\w+)\s*\}\}")]
    private static partial Regex Gap();
}
