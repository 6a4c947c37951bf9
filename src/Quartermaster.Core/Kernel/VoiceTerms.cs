namespace Quartermaster.Core.Kernel;

/// <summary>How a brand speaks, apart from the words of its templates.</summary>
public sealed record VoiceTerms
{
    /// <summary>The name that mails come from; null = as the connection says.</summary>
    public string? Sender { get; init; }

    /// <summary>For whoever writes templates: how this brand sounds. Sent to nobody.</summary>
    public string? Tone { get; init; }

    /// <summary>By language, how a message ends; the entry without a language is for all others. None = the brand's title.</summary>
    public IReadOnlyDictionary<string, string> SignOff { get; init; } = new Dictionary<string, string>();

    /// <summary>Where shoppers ask: an address or a phone number.</summary>
    public string? Support { get; init; }

    /// <summary>Languages the brand writes in; null = every language that it has templates in.</summary>
    public IReadOnlyList<string>? Languages { get; init; }

    /// <summary>What a reader of a language without templates reads instead, before the brand's own language: <c>mr</c> → <c>hi</c>.</summary>
    public IReadOnlyDictionary<string, string> Fallback { get; init; } = new Dictionary<string, string>();
}
