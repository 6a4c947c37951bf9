using System.Collections.Frozen;
using System.Reflection;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Messages;

/// <summary>The templates of a brand by occasion and language, as they are at one moment.</summary>
public sealed class TemplateBook
{
    /// <summary>What the program brings along: every occasion in English, Hindi and Bahasa Indonesia.</summary>
    public static readonly TemplateBook Shipped = new(ReadEmbedded(typeof(TemplateBook).Assembly, "words/"));

    private readonly FrozenDictionary<(Occasion, string), MessageTemplate> _all;

    private TemplateBook(IEnumerable<MessageTemplate> all) => _all = all.ToFrozenDictionary(t => (t.Occasion, t.Language));

    /// <summary>In the order of the occasions, then by language.</summary>
    public IReadOnlyList<MessageTemplate> All => [.. _all.Values.OrderBy(t => t.Occasion).ThenBy(t => t.Language, StringComparer.Ordinal)];

    public MessageTemplate? Find(Occasion occasion, string language) => _all.GetValueOrDefault((occasion, language));

    /// <summary>These in place of those of the same occasion and language.</summary>
    public TemplateBook With(IEnumerable<MessageTemplate> better)
    {
        var all = _all.ToDictionary();
        foreach (var template in better) all[(template.Occasion, template.Language)] = template;
        return new(all.Values);
    }

    /// <summary>Those of an assembly's resources in place of these: <c>PREFIXen/shipped</c>.</summary>
    public TemplateBook WithEmbedded(Assembly assembly, string prefix) => With(ReadEmbedded(assembly, prefix));

    /// <summary>These but one.</summary>
    public TemplateBook Without(Occasion occasion, string language) => new(_all.Values.Where(t => t.Occasion != occasion || t.Language != language));

    /// <summary>The template that a reader of a locale gets: of the locale, its language, what the brand says stands in for that, the brand's language, English.</summary>
    public MessageTemplate For(Occasion occasion, string? locale, BrandTerms brand)
    {
        foreach (var language in Chain(locale, brand))
            if (brand.Voice.Languages?.Contains(language) != false && Find(occasion, language) is { } found) return found;
        // English is shipped for every occasion.
        return Find(occasion, brand.Language) ?? Find(occasion, "en")!;
    }

    /// <summary><c>pt-BR</c> → <c>pt-br</c>, <c>pt</c>, what stands in for it, and so on to the brand's own.</summary>
    internal static IEnumerable<string> Chain(string? locale, BrandTerms brand)
    {
        var next = locale?.Replace('_', '-').ToLowerInvariant();
        for (var step = 0; step < 8 && next is { Length: >= 2 }; step++)
        {
            yield return next;
            next = brand.Voice.Fallback.GetValueOrDefault(next) ?? (next.IndexOf('-', StringComparison.Ordinal) is > 0 and var region ? next[..region] : null);
        }
        yield return brand.Language;
    }

    // Embedded, so that what was checked by the tests is what runs.
    private static IEnumerable<MessageTemplate> ReadEmbedded(Assembly assembly, string prefix)
    {
        foreach (var name in assembly.GetManifestResourceNames())
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal)) continue;
            var (language, occasion) = (name[prefix.Length..].Split('/')[0], name[prefix.Length..].Split('/')[1]);
            yield return MessageTemplate.Read(Occasions.Find(occasion) ?? throw new InvalidOperationException($"There is no occasion '{occasion}'."), language, Text(assembly, name));
        }
    }

    private static string Text(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        using var reader = new System.IO.StreamReader(stream);
        return reader.ReadToEnd();
    }
}
