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
            texts.Add(new(name, Ours(language, languages), template.Status ?? "UNKNOWN", template.Category ?? "UNKNOWN", template.QualityScore?.Score is "UNKNOWN" ? null : template.QualityScore?.Score, words, Gaps(words, numbered: true), Others(template), template.Components?.Sum(c => c?.Buttons?.Count(b => b?.Type == "QUICK_REPLY") ?? 0) ?? 0));
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

    /// <summary>Gaps that a message of ours leaves open, for which Meta refuses it: a head with a gap or a picture, a button whose address or code is filled when it is sent, gaps with names.</summary>
    private static int Others(WhatsAppTemplate template)
    {
        var open = 0;
        foreach (var component in template.Components ?? [])
        {
            if (component is null) continue;
            if (component.Type == "HEADER") open += component.Format is null or "TEXT" ? Gaps(component.Text ?? "") : 1;
            if (component.Type == "BODY") open += Gaps(component.Text ?? "", numbered: false);
            foreach (var button in component.Buttons ?? []) open += button is { Type: "COPY_CODE" or "OTP" } ? 1 : Gaps(button?.Url ?? "");
        }
        return open;
    }

    /// <summary>How many different gaps a text has: one may stand there twice, and is filled once.</summary>
    /// <param name="numbered">Only those with a number, or only those with a name; null = all.</param>
    private static int Gaps(string text, bool? numbered = null) => Gap().Matches(text).Select(m => m.Groups[1].Value).Distinct().Count(gap => numbered is null || gap.All(char.IsAsciiDigit) == numbered);

    [GeneratedRegex(@"\{\{\s*(\w+)\s*\}\}")]
    private static partial Regex Gap();
}
