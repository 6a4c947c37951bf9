// The one place in Core that names tasks and HTTP: the boundary that connectors implement.
#pragma warning disable RS0030

using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Connecting;

/// <summary>Speaks with one kind of remote system. Stateless: everything about one connection arrives in its <see cref="Session"/>.</summary>
/// <remarks>
/// A connector is one folder and is found, never listed. It translates at the edge: payload → canonical signals, effect → request,
/// answer → <see cref="Outcome"/>. It never decides, never stores, never retries: the runtime does.
/// </remarks>
public interface IConnector
{
    Manifest Manifest { get; }

    /// <summary>Verify a webhook over its raw bytes and find, with a shallow read, what it is and which stream it belongs to.</summary>
    /// <remarks>Called in the request, before the commit that precedes the 2xx: no I/O, no full parse, no exception for bad input.</remarks>
    Knock Receive(Session session, Delivery delivery) => Knock.Refuse;

    /// <summary>Full, pure translation of a stored webhook body; called while deciding.</summary>
    /// <exception cref="NotUnderstoodException">The body cannot be read; it becomes a case with this message.</exception>
    Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) => Reading.Ignored("this connector takes no webhooks");

    /// <summary>Do a batch of effects (1 … <see cref="Limits.Batch"/>, all of one kind). One result per effect, in order.</summary>
    /// <remarks>
    /// Exceptions are allowed: the runtime turns a failure before sending into TryLater and anything after it into Unsure. An
    /// exception is the fate of the whole batch, so whoever makes several calls keeps the answers he has and answers
    /// <see cref="Result.NotNow"/> for what was not begun.
    /// </remarks>
    Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel);

    /// <summary>Find out by reference whether an effect of unknown fate arrived. Done/AlreadyDone = it did; TryLater = it did not, send it; Unsure = cannot tell.</summary>
    /// <remarks>Called only where the manifest says <see cref="RepeatSafety.ByLookUp"/>.</remarks>
    Task<Result> LookUpAsync(Session session, Work work, CancellationToken cancel) =>
        Task.FromResult(new Result(new Outcome.Unsure("this vendor cannot be asked"), Exchange.None));

    /// <summary>Where a person sees this thing in the remote system's own pages; null when it has none. Pure, and never with a secret in it.</summary>
    /// <param name="remoteId">The remote system's id, as an outcome or an order carries it.</param>
    Uri? PageOf(Settings settings, RemoteThing thing, string remoteId) => null;

    /// <summary>A harmless call that proves address and credentials; the test button.</summary>
    Task<Result> TestAsync(Session session, CancellationToken cancel);

    /// <summary>Find what webhooks lost: everything changed since an instant, as the same bodies a webhook would have brought. Windows overlap.</summary>
    IAsyncEnumerable<Found> PollAsync(Session session, DateTimeOffset since, CancellationToken cancel) => AsyncEnumerable.Empty<Found>();

    /// <summary>Every shelf of a warehouse as it was counted last, at the locations this connection knows. Paged and paced by the connector.</summary>
    IAsyncEnumerable<ShelfSeen> ReadShelvesAsync(Session session, CancellationToken cancel) => AsyncEnumerable.Empty<ShelfSeen>();

    /// <summary>Tell a storefront how many units may be sold: 1 … <see cref="Manifest.StockBatch"/> levels, one answer each, in order. Exceptions as for <see cref="ActAsync"/>.</summary>
    /// <remarks>Absolute numbers, so a repeat is harmless; a channel that can compare leaves a listing alone that somebody else changed meanwhile.</remarks>
    Task<IReadOnlyList<LevelAnswer>> SetStockAsync(Session session, IReadOnlyList<LevelToSet> levels, CancellationToken cancel) => throw new NotSupportedException($"{Manifest.Key} takes no stock.");

    /// <summary>Every listing that the storefront counts stock for, at the places this connection knows. Paged and paced by the connector.</summary>
    IAsyncEnumerable<ListingSeen> ReadStockAsync(Session session, CancellationToken cancel) => AsyncEnumerable.Empty<ListingSeen>();

    /// <summary>What the storefront knows of its goods: weights, sizes, tariff numbers, origins. Read once a day; paged and paced by the connector.</summary>
    IAsyncEnumerable<SkuSeen> ReadSkusAsync(Session session, CancellationToken cancel) => AsyncEnumerable.Empty<SkuSeen>();

    /// <summary>How the storefront shows these products now: 1 … <see cref="Hiding.Batch"/>, one answer each, in order. Exceptions as for <see cref="ActAsync"/>.</summary>
    Task<IReadOnlyList<ShownAnswer>> ReadShownAsync(Session session, IReadOnlyList<string> products, CancellationToken cancel) => throw new NotSupportedException($"{Manifest.Key} hides no products.");

    /// <summary>Show these products in another way: 1 … <see cref="Hiding.Batch"/>, one outcome each, in order. A repeat is harmless.</summary>
    Task<IReadOnlyList<Outcome>> ShowAsync(Session session, IReadOnlyList<ShowAs> products, CancellationToken cancel) => throw new NotSupportedException($"{Manifest.Key} hides no products.");

    /// <summary>What each service would charge for a parcel; asked by people before they choose one. Nothing is bought.</summary>
    /// <exception cref="NotSupportedException">The vendor has no such question.</exception>
    /// <exception cref="HttpRequestException">It did not answer it; the message is for a person.</exception>
    Task<IReadOnlyList<ShippingOffer>> QuoteAsync(Session session, Consignment parcel, CancellationToken cancel) => throw new NotSupportedException($"{Manifest.Title} tells no prices.");

    /// <summary>Where parcels are that nothing tells of by itself: 1 … <see cref="Manifest.TrackBatch"/>, one answer each, in order. Exceptions as for <see cref="ActAsync"/>.</summary>
    Task<IReadOnlyList<Whereabouts>> TrackAsync(Session session, IReadOnlyList<ParcelToFind> parcels, CancellationToken cancel) => throw new NotSupportedException($"{Manifest.Title} is not asked for parcels.");

    /// <summary>Every text that the channel holds for us. Paced by the connector. Null = this connection does not say where they are.</summary>
    Task<IReadOnlyList<HeldText>?> ReadTextsAsync(Session session, CancellationToken cancel) => throw new NotSupportedException($"{Manifest.Title} holds no texts.");

    /// <summary>What the channel says of the number that messages come from. Null = this connection cannot tell.</summary>
    Task<SenderStanding?> ReadSenderAsync(Session session, CancellationToken cancel) => throw new NotSupportedException($"{Manifest.Title} rates no senders.");

    /// <summary>With which of the vendor's accounts this connection shares what its number may do: connections that answer the same are counted together. Null = with nobody. Pure.</summary>
    string? SharesLimit(Settings settings) => null;

    /// <summary>What a warehouse has and has said of an order that it was handed, asked because nothing came of it. Null = this connector cannot ask.</summary>
    /// <exception cref="HttpRequestException">It did not answer; the message is for a person.</exception>
    Task<HandoffSeen?> AskHandoffAsync(Session session, string orderRef, CancellationToken cancel) => Task.FromResult<HandoffSeen?>(null);

    /// <summary>How many orders the storefront counts in a period; null when it cannot say. Compared with ours, day by day.</summary>
    Task<int?> CountOrdersAsync(Session session, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) => Task.FromResult<int?>(null);

    /// <summary>List, and where needed renew, the vendor's subscriptions to our webhooks. Returns what was wrong, empty when all is well.</summary>
    Task<IReadOnlyList<SubscriptionTrouble>> MendSubscriptionsAsync(Session session, Uri publicAddress, CancellationToken cancel) => Task.FromResult<IReadOnlyList<SubscriptionTrouble>>([]);
}

/// <summary>A warehouse's answer to the question for one order.</summary>
/// <param name="Word">How it stands there, in the warehouse's own word; null = it knows no such order.</param>
/// <param name="Told">What it has told of it, each as the webhook that brought it, or was lost.</param>
public sealed record HandoffSeen(string? Word, IReadOnlyList<Found> Told);

/// <summary>What was wrong with a vendor's subscription to our webhooks, and how it stands now.</summary>
/// <param name="What">One sentence for a person.</param>
public sealed record SubscriptionTrouble(string What, Subscribed Now)
{
    public static SubscriptionTrouble Again(string what) => new(what, Subscribed.Again);

    public static SubscriptionTrouble Not(string what) => new(what, Subscribed.Not);

    public static SubscriptionTrouble Unknown(string what) => new(what, Subscribed.Unknown);
}

/// <summary>How a subscription stands after it was seen to.</summary>
public enum Subscribed
{
    /// <summary>The vendor would not say; it is asked again.</summary>
    Unknown,

    /// <summary>It was missing, and was made.</summary>
    Again,

    /// <summary>It is missing, and only a person can change that.</summary>
    Not,
}

/// <summary>What a link on the dashboard may lead to.</summary>
public enum RemoteThing { Order, Shipment, Invoice, CreditNote }

/// <summary>One configured connection as its connector sees it.</summary>
/// <param name="Connection">Its key in configuration, unique in the hub.</param>
/// <param name="OrderPrefix">Put before this storefront's order ids to make stream ids; empty for a brand's only storefront.</param>
/// <param name="Locations">Our location code → this system's own id, and back through <see cref="LocationOf"/>.</param>
/// <param name="Http">The only way out: paced, recorded, stopped by switches. Base address is not set.</param>
public sealed record Session(string Brand, string Connection, Settings Settings, string OrderPrefix, IReadOnlyDictionary<string, string> Locations, HttpClient Http, TimeProvider Clock)
{
    /// <summary>Waits for the connection's turn before a call that does not go through <see cref="Http"/>, and counts it.</summary>
    /// <exception cref="NotNowException">A switch, the pace or the day's budget stands in the way: do not call.</exception>
    public Func<CancellationToken, Task> TurnAsync { get; init; } = _ => Task.CompletedTask;

    /// <summary>Where the vendor reaches this connection: <c>https://hub.example.com/webhooks/aurora-sms</c>; null when nobody said how this hub is reached.</summary>
    public Uri? Callback { get; init; }

    /// <summary>Makes the one thing of a device, card or network that may be kept of it; null where the brand counts nothing of what orders share, and nothing is told of them.</summary>
    public Func<string, string>? HashTrait { get; init; }

    /// <summary>Says that a text was written by this hub for this brand, so that it is known when it comes back from outside; null = nothing can be said so.</summary>
    /// <remarks>22 letters, the same from every connection of the brand and on every day.</remarks>
    public Func<string, string>? ProofOf { get; init; }

    public string? LocationOf(string theirs) => Locations.FirstOrDefault(l => l.Value == theirs).Key;

    public StreamId OrderStream(string externalId) => new(Brand, "order", OrderPrefix + externalId);
}

/// <summary>Settings of one connection, secrets resolved.</summary>
public sealed class Settings(IReadOnlyDictionary<string, string> values)
{
    public static readonly Settings Empty = new(new Dictionary<string, string>());

    /// <summary>Everything that is set, secrets included: for a twin that stands in for the vendor, never for a log.</summary>
    public IReadOnlyDictionary<string, string> Values => values;

    /// <exception cref="SettingMissingException">It is not set and has no default.</exception>
    public string this[string key] => values.TryGetValue(key, out var value) && value.Length > 0 ? value : throw new SettingMissingException(key);

    public string? Find(string key) => values.TryGetValue(key, out var value) && value.Length > 0 ? value : null;

    public string Get(string key, string otherwise) => Find(key) ?? otherwise;
}

public sealed class SettingMissingException(string key) : Exception($"The setting '{key}' is missing.")
{
    public string Key { get; } = key;
}

/// <summary>An HTTP request that knocked at a webhook address.</summary>
/// <param name="Path">What follows the connection in the address: <c>orders-create</c>; may be empty.</param>
/// <param name="Header">Header by name, case-insensitive; null when absent.</param>
public sealed record Delivery(string Method, string Path, string Query, Func<string, string?> Header, ReadOnlyMemory<byte> Body, DateTimeOffset ReceivedAt);

/// <summary>What a look at a delivery found.</summary>
public abstract record Knock
{
    private Knock() { }

    /// <summary>Signature wrong or missing: 401, nothing is stored but a counter.</summary>
    public static readonly Knock Refuse = new Refused("signature");

    public sealed record Refused(string Why) : Knock;

    /// <summary>Answer this and store nothing: a handshake or ping.</summary>
    public sealed record Answer(int Status, string Body, string ContentType = "text/plain") : Knock;

    /// <summary>Nothing follows from it (a message was delivered, read), so nothing of it is kept but a count for the day. Answered 200.</summary>
    /// <param name="News">How often each word was said; few different ones, in the connector's choice. A repeated delivery counts again.</param>
    public sealed record Counted(IReadOnlyDictionary<string, int> News) : Knock;

    /// <summary>Store it, then 2xx.</summary>
    /// <param name="Topic">The vendor's name for what it is: <c>orders/create</c>.</param>
    /// <param name="DeliveryId">The vendor's id of this event or delivery, same on its retries.</param>
    /// <param name="BusinessKey">Object id and version, same for every delivery that says the same; null when there is none.</param>
    /// <param name="Stream">Where it belongs.</param>
    public sealed record Take(string Topic, string DeliveryId, string? BusinessKey, StreamId Stream) : Knock
    {
        /// <summary>What is stored of it, where that is not all of it; null = the bytes as they came.</summary>
        public ReadOnlyMemory<byte>? Keep { get; init; }
    }
}

/// <summary>A body read: signals for streams, or a reason why it means nothing to us.</summary>
public sealed record Reading(IReadOnlyList<Forwarded> Signals, string? Note = null)
{
    public static Reading Ignored(string why) => new([], why);

    public static Reading One(StreamId to, Signal signal) => new([new(to, signal)]);
}

/// <summary>A body cannot be read, or says something impossible. The message says what, where and what would be right.</summary>
/// <param name="caseKind">Groups such cases: <c>shopify.bad_json</c>, <c>shopify.unknown_currency</c>.</param>
public sealed class NotUnderstoodException(string caseKind, string message, Exception? inner = null) : Exception(message, inner)
{
    public string CaseKind { get; } = caseKind;
}

/// <summary>One effect to be done.</summary>
/// <param name="Key">Idempotency key, the same at every attempt.</param>
/// <param name="Attempt">1 at first.</param>
public sealed record Work(string Key, Effect Effect, int Attempt)
{
    /// <summary>An earlier call of it may have arrived, although nobody heard so.</summary>
    public bool MayHaveArrived { get; init; }
}

/// <summary>What came of one effect, with the exact request and answer for the timeline.</summary>
/// <param name="Learned">Signals found in the answer, e.g. the fetched order.</param>
public sealed record Result(Outcome Outcome, Exchange Exchange, IReadOnlyList<Forwarded>? Learned = null)
{
    /// <summary>False: nothing of it was sent. It costs the effect no attempt and says nothing about the remote system.</summary>
    public bool Begun { get; init; } = true;

    /// <summary>Documents in the answer. Kept with its outcome, in the same transaction, each under its name.</summary>
    public IReadOnlyList<Paper> Papers { get; init; } = [];

    /// <summary>It could not begin; the rest of its batch keeps the answers it has.</summary>
    public static Result NotNow(string why, TimeSpan wait) => new(new Outcome.TryLater(why, wait), Exchange.None) { Begun = false };
}

/// <summary>The exact request and answer, secrets redacted.</summary>
/// <param name="Request">Method, address and the part of the body that belongs to this effect.</param>
public sealed record Exchange(string Request, string Answer)
{
    public static readonly Exchange None = new("", "");
}

/// <summary>Something a poll found, in the shape of a webhook body, so that it takes the same road.</summary>
/// <param name="UpTo">All that changed before then has been told by now, so that a poll which is cut short goes on from there; null = the order of what is found says nothing.</param>
public sealed record Found(string Topic, string DeliveryId, string? BusinessKey, StreamId Stream, ReadOnlyMemory<byte> Body, DateTimeOffset? UpTo = null);
