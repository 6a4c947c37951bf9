using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Messages;

/// <summary>A brand's voice at one moment: its templates, and what channels say of the texts that they hold for them.</summary>
public sealed class Voice(BrandTerms brand, TemplateBook templates, HeldTexts? texts = null) : IVoice
{
    public BrandTerms Brand => brand;

    public TemplateBook Templates => templates;

    public HeldTexts Texts => texts ?? HeldTexts.Unread;

    public Writing Write(string occasion, MessageChannel channel, string locale, MessageFacts facts) =>
        Write(Occasions.Find(occasion) ?? throw new ArgumentException($"There is no occasion '{occasion}'.", nameof(occasion)), channel, locale, facts);

    public Writing Write(Occasion occasion, MessageChannel channel, string locale, MessageFacts facts) => Write(templates.For(occasion, locale, brand), channel, facts);

    /// <summary>Writes with a template that need not be in force.</summary>
    public Writing Write(MessageTemplate template, MessageChannel channel, MessageFacts facts)
    {
        if (channel.Kind != "whatsapp") return template.Write(brand, channel, facts, $"order_{Occasions.Name(template.Occasion)}");
        var refused = Texts.Refusal(channel.Connection, template.HeldName, template.Language, template.ParameterCount);
        if (refused is null) return template.Write(brand, channel, facts);
        if (template.HeldBackup is { } backup && Texts.Refusal(channel.Connection, backup, template.Language, template.ParameterCount) is null)
            return template.Write(brand, channel, facts, backup);
        return template.Write(brand, channel, facts) with { Unusable = refused };
    }
}
