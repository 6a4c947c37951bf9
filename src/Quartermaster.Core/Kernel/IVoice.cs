namespace Quartermaster.Core.Kernel;

/// <summary>Writes what a shopper reads, in the brand's voice and in a language the shopper reads.</summary>
/// <remarks>Pure: the same words for the same facts. One voice is what a brand's templates are at one moment.</remarks>
public interface IVoice
{
    /// <param name="occasion">As keys and templates name it: <c>out_for_delivery</c>.</param>
    /// <param name="locale">BCP 47, as the channel gave it; the voice says which language it wrote.</param>
    Writing Write(string occasion, MessageChannel channel, string locale, MessageFacts facts);

    /// <summary>The language of the words that a reader gets.</summary>
    string LanguageOf(string occasion, string locale);
}

/// <summary>A message that is written and not yet sent.</summary>
public sealed record Writing
{
    /// <summary>The name under which the channel knows the template.</summary>
    public required string Template { get; init; }

    /// <summary>The language it is in.</summary>
    public required string Language { get; init; }

    /// <summary>Which of the brand's editions of the template it is; 0 = the words of the program or of the configuration.</summary>
    public int Edition { get; init; }

    /// <summary>For channels that hold the text themselves: what goes into its gaps, in their order.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    public required string Subject { get; init; }
    public required string Text { get; init; }

    /// <summary>Null = the channel makes it of the text.</summary>
    public string? Html { get; init; }

    /// <summary>The name it comes from; null = as the connection says.</summary>
    public string? Sender { get; init; }

    /// <summary>It may only go to who agreed to be advertised to.</summary>
    public bool IsMarketing { get; init; }

    /// <summary>Why the channel would refuse it today; null = it would not.</summary>
    public string? Unusable { get; init; }
}

/// <summary>What a message may tell. What is null or empty is not known, and no template can name it without asking first.</summary>
public sealed record MessageFacts
{
    /// <summary>As the shopper knows it: <c>#1001</c>; empty where no order is meant.</summary>
    public required string Number { get; init; }
    public string? Name { get; init; }
    public IReadOnlyList<ItemFacts> Items { get; init; } = [];

    /// <summary>In the currency that the shopper saw.</summary>
    public Money Total { get; init; }

    /// <summary>Where it goes.</summary>
    public string? City { get; init; }
    public string? Carrier { get; init; }
    public string? Tracking { get; init; }
    public string? TrackingLink { get; init; }

    /// <summary>The day it is expected, on the brand's calendar.</summary>
    public DateOnly? Expected { get; init; }

    /// <summary>Why, in words for the shopper.</summary>
    public string? Reason { get; init; }

    /// <summary>Where the shopper sees more.</summary>
    public string? Link { get; init; }

    /// <summary>A code that the shop takes, what it is worth, and its last day.</summary>
    public string? Code { get; init; }
    public string? Offer { get; init; }
    public DateOnly? OfferUntil { get; init; }

    /// <summary>Store credit that was given for a delay.</summary>
    public Money? Credit { get; init; }

    /// <summary>What is to be paid at the door.</summary>
    public Money? Due { get; init; }

    /// <summary>The shopper was asked before, and something is another now.</summary>
    public bool IsChanged { get; init; }

    /// <summary>Where it would go, on one line.</summary>
    public string? Address { get; init; }

    /// <summary>Where the shopper answers.</summary>
    public string? AnswerLink { get; init; }

    /// <summary>Where the reader ends what is no news of an order; known in a mail that advertises, and where the brand offers it in every mail.</summary>
    public string? Unsubscribe { get; init; }
}

/// <summary>One line of an order as its shopper bought it.</summary>
public sealed record ItemFacts(string Title, int Quantity);
