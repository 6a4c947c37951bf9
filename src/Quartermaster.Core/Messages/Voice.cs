using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Messages;

/// <summary>A brand's voice at one moment: its templates, and what channels say of the texts that they hold for them.</summary>
public sealed class Voice(BrandTerms brand, TemplateBook templates, HeldTexts? texts = null) : IVoice
{
    public BrandTerms Brand => brand;

    public TemplateBook Templates => templates;

    public HeldTexts Texts => texts ?? HeldTexts.Unread;

    /// <summary>That of a situation; where none is given, the program's words.</summary>
    public static IVoice Of(Situation s) => s.Voice ?? new Voice(s.Terms, TemplateBook.Shipped);

    public Writing Write(string occasion, MessageChannel channel, string locale, MessageFacts facts) => Write(Known(occasion), channel, locale, facts);

    public string LanguageOf(string occasion, string locale) => templates.For(Known(occasion), locale, brand).Language;

    public Writing Write(Occasion occasion, MessageChannel channel, string locale, MessageFacts facts)
    {
        var template = templates.For(occasion, locale, brand);
        return Write(template, channel, facts, HeldIn(template, locale));
    }

    /// <summary>The language in which a channel holds the text that goes with a template in force.</summary>
    public string HeldIn(MessageTemplate template) => template == templates.For(template.Occasion, null, brand) ? HeldIn(template, null) : template.Language;

    private static Occasion Known(string occasion) => Occasions.Find(occasion) ?? throw new ArgumentException($"There is no occasion '{occasion}'.", nameof(occasion));

    // English that stands in for a brand's own language has its words there.
    private string HeldIn(MessageTemplate template, string? locale) => TemplateBook.Chain(locale, brand).Contains(template.Language) ? template.Language : brand.Language;

    /// <summary>Writes with a template that need not be in force.</summary>
    /// <param name="heldIn">The language of the channel's own text; null = the template's.</param>
    public Writing Write(MessageTemplate template, MessageChannel channel, MessageFacts facts, string? heldIn = null)
    {
        if (channel.Kind != "whatsapp") return template.Write(brand, channel, facts, $"order_{Occasions.Name(template.Occasion)}");
        var language = heldIn ?? template.Language;
        var refused = Texts.Refusal(channel.Connection, template.HeldName, language, template);
        if (refused is null) return template.Write(brand, channel, facts) with { Language = language };
        if (template.HeldBackup is { } backup && Texts.Refusal(channel.Connection, backup, language, template) is null)
            return template.Write(brand, channel, facts, backup) with { Language = language };
        return template.Write(brand, channel, facts) with { Language = language, Unusable = refused };
    }
}
