namespace Quartermaster.Core.Kernel;

/// <summary>One kind of stream as the machine sees it: load its state, decide on a signal, save it again. Pure.</summary>
/// <remarks>
/// The machine calls <see cref="Decide"/> for one signal after another and answers the requests of a turn, in the same
/// transaction, with further signals to the same stream. State is opaque to the machine.
/// </remarks>
public interface IStreamKind
{
    /// <summary><see cref="StreamId.Kind"/> that this handles.</summary>
    string Kind { get; }

    /// <summary>It decides on <see cref="CaseSettled"/> too; for all others the machine closes the case, and nothing follows.</summary>
    bool HearsOfSettledCases => false;

    /// <summary>State of a stream nobody has heard of yet.</summary>
    object Empty { get; }

    object Load(ReadOnlySpan<byte> state);

    byte[] Save(object state);

    /// <exception cref="Exception">Any exception sets this signal apart as poison; the rest of the batch is unharmed.</exception>
    Turn Decide(object state, Signal signal, Situation situation);

    /// <summary>What lists and searches show of this stream; null when it is not listed.</summary>
    StreamRow? Row(StreamId id, object state);
}

/// <summary>What came of one signal at one stream, flows included.</summary>
/// <param name="Shadow">Its effects are recorded and not sent, also while the brand is live.</param>
public sealed record Turn(
    object State,
    IReadOnlyList<Event> Events,
    IReadOnlyList<PlannedEffect> Effects,
    IReadOnlyList<Request> Requests,
    IReadOnlyList<Timer> Timers,
    IReadOnlyList<CaseChange> Cases,
    IReadOnlyList<Forwarded> Forwarded,
    string? Note,
    bool Shadow = false);

/// <summary>Everything a decision may depend on besides state and signal.</summary>
/// <param name="At">Now, as the machine's clock has it; the same for a whole batch.</param>
/// <param name="Terms">How this brand wants things done.</param>
/// <param name="TakesFrom">Since when the orders of each storefront are this hub's to work on; null or not named: always.</param>
public sealed record Situation(StreamId Stream, DateTimeOffset At, BrandTerms Terms, IReadOnlyDictionary<string, DateTimeOffset>? TakesFrom = null)
{
    /// <summary>When its brand was last turned on after it had been off; null = it never was off.</summary>
    public DateTimeOffset? OnSince { get; init; }

    /// <summary>What is planned now is recorded and not sent; nobody outside will hear of it or answer.</summary>
    public bool Shadow { get; init; }

    /// <summary>What the brand's messages are written with; null = the words that the program brings along.</summary>
    public IVoice? Voice { get; init; }

    /// <summary>The address under which a shopper answers for an order, signed; null = there is none.</summary>
    public Func<StreamId, string>? AnswerAt { get; init; }

    /// <summary>The address at which the reader of a brand's mail at some e-mail address unsubscribes, signed; null = there is none.</summary>
    public Func<string, string, string>? UnsubscribeAt { get; init; }

    /// <summary>The address of a kept document by brand and name, signed, for whoever prints it; null = there is none.</summary>
    public Func<string, string, string>? PaperAt { get; init; }

    /// <summary>The address of an order's page for its shopper, signed; null = there is none.</summary>
    public Func<StreamId, string>? PageAt { get; init; }

    /// <summary>What is known of the brand's SKUs; null = nothing is.</summary>
    public AboutSku? Skus { get; init; }

    public SkuFacts About(string sku) => Skus?.Invoke(sku) ?? SkuFacts.Unknown;

    /// <summary>By e-mail address and phone number, the channel by which whoever has them asked to be written to; null = nobody asked for any.</summary>
    public Func<string?, string?, string?>? PreferenceOf { get; init; }

    /// <summary>Campaigns of the brand that somebody switched off, by their ids; null = none.</summary>
    public IReadOnlySet<string>? Paused { get; init; }
}

/// <summary>One row in the list of orders.</summary>
/// <param name="Status">One of the order's states, e.g. <c>held</c>.</param>
/// <param name="Shadow">It began in shadow, or something of it was only recorded, and nobody has taken it over.</param>
/// <param name="Terms">What a search finds it by: number, e-mail, phone, SKUs, tracking numbers; lower case.</param>
/// <param name="Attention">Why it needs a person; null when it does not.</param>
/// <param name="Kept">Of the total what was not given back.</param>
public sealed record StreamRow(
    string Number, string Status, string Channel, string Currency, decimal Total, DateTimeOffset PlacedAt,
    string? BuyerName, string? Email, string? Phone, string? Country, string? Location, int Units, string? Attention, bool Ended,
    IReadOnlyList<string> Terms, bool Shadow = false, decimal Kept = 0m);
