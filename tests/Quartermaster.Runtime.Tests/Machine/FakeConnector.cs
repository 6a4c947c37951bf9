using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Connections;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Runtime.Tests.Machine;

/// <summary>A remote system in memory: remembers what was done under which key, answers as the test says.</summary>
public sealed class FakeConnector : IConnector
{
    public ConcurrentQueue<Work> Calls { get; } = new();
    public ConcurrentDictionary<string, int> DoneByKey { get; } = new();
    public ConcurrentQueue<Work> LookUps { get; } = new();

    /// <summary>What to answer; the default does the work.</summary>
    public Func<Work, Outcome> Answer { get; set; } = _ => new Outcome.Done("remote");
    public Func<Work, Outcome> LookUpAnswer { get; set; } = _ => new Outcome.TryLater("not there");

    /// <summary>Works that cannot begin when they are to be done.</summary>
    public Func<Work, bool> NotNow { get; set; } = _ => false;
    public Func<CancellationToken, Task>? Before { get; set; }
    public RepeatSafety Safety { get; set; } = RepeatSafety.ByKey;
    public Limits Limits { get; set; } = new(Batch: 10, Concurrency: 4);
    public Settings Settings { get; set; } = Settings.Empty;
    public TimeSpan CallLimit { get; set; } = TimeSpan.FromSeconds(30);

    public IReadOnlyList<Capability> Capabilities { get; set; } = [Capability.Warehouse];

    /// <summary>The sessions in which it was asked for a price.</summary>
    public ConcurrentQueue<Session> Priced { get; } = new();

    public bool TellsPrices { get; set; } = true;

    public Manifest Manifest => new()
    {
        Polls = true, Key = "fake", Title = "Fake", Capabilities = Capabilities, Settings = [], Limits = Limits, RepeatSafety = Safety, CallLimit = CallLimit, Documentation = "none", StockBatch = 50, Hiding = new("hidden", ["shown"], 10), TrackBatch = TrackBatch, AskAfterSilence = AskAfterSilence, DispatchBatch = DispatchBatch, ListIsAVisit = ListIsAVisit, TellsShelves = TellsShelves, RatesSenders = RatesSenders, Carriers = ["DHL"],
        Does = [.. Wire.All.Where(t => t.IsAssignableTo(typeof(Effect))).Select(Wire.KindOf)],
    };

    /// <summary>It rates the number that messages come from, and says this of it; null = it does not.</summary>
    public SenderStanding? Rated { get; set; }

    public bool RatesSenders { get; set; }

    /// <summary>With which account it shares what its number may do.</summary>
    public string? Shares { get; set; }

    public Task<SenderStanding?> ReadSenderAsync(Session session, CancellationToken cancel) => Task.FromResult(Rated);

    public string? SharesLimit(Settings settings) => Shares;

    public Knock Receive(Session session, Delivery delivery) => Knock.Refuse;

    /// <summary>Bodies of the tests: <c>strange</c> cannot be read, <c>crash</c> throws, <c>[]</c> is read as a number, nobody can decide on <c>poison</c>, no database takes the note of <c>noise</c>, anything else means nothing.</summary>
    public Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) => Encoding.UTF8.GetString(body.Span) switch
    {
        "strange" => throw new NotUnderstoodException("fake.strange", "nobody knows this word"),
        "poison" => Reading.One(new(session.Brand, "order", "9"), new ConnectionSignal.Noticed(session.Connection, "x", "not for an order", false, receivedAt)),
        "crash" => throw new InvalidOperationException("the reader has a bug"),
        "noise" => Reading.Ignored("a\0b" + new string('x', 50_000)),
        "[]" => Reading.Ignored(System.Text.Json.JsonSerializer.Deserialize<decimal>(body.Span).ToString(System.Globalization.CultureInfo.InvariantCulture)),
        _ => Reading.Ignored("nothing in it"),
    };

    /// <summary>What a poll finds.</summary>
    public List<Found> Changed { get; } = [];

    /// <summary>Set: a poll fails after it has told all of <see cref="Changed"/>.</summary>
    public Exception? PollFails { get; set; }

    public async IAsyncEnumerable<Found> PollAsync(Session session, DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.Yield();
        foreach (var found in Changed) yield return found;
        if (PollFails is { } trouble) throw trouble;
    }

    /// <summary>What it knows of its goods; null = it will not tell.</summary>
    public IReadOnlyList<SkuSeen>? Goods { get; set; } = [];

    public IAsyncEnumerable<SkuSeen> ReadSkusAsync(Session session, CancellationToken cancel) => Goods?.ToAsyncEnumerable() ?? throw new HttpRequestException("the catalogue is closed");

    /// <summary>How many orders it counts from a time on; null = it cannot say.</summary>
    public Func<DateTimeOffset, int?> Counts { get; set; } = _ => null;

    public Task<int?> CountOrdersAsync(Session session, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) => Task.FromResult(Counts(from));

    /// <summary>What it says of an order that it was handed; null = it cannot be asked.</summary>
    public Func<string, HandoffSeen?> Handoff { get; set; } = _ => null;

    public Task<HandoffSeen?> AskHandoffAsync(Session session, string orderRef, CancellationToken cancel) => Task.FromResult(Handoff(orderRef));

    /// <summary>What is wrong with its subscriptions.</summary>
    public IReadOnlyList<SubscriptionTrouble> Subscriptions { get; set; } = [];

    public Task<IReadOnlyList<SubscriptionTrouble>> MendSubscriptionsAsync(Session session, Uri publicAddress, CancellationToken cancel) => Task.FromResult(Subscriptions);

    public async Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        if (Before is not null) await Before(cancel);
        return [.. batch.Select(work =>
        {
            if (NotNow(work)) return Result.NotNow("the budget is used up", TimeSpan.FromMilliseconds(50));
            Calls.Enqueue(work);
            var outcome = Answer(work);
            if (outcome is Outcome.Done) DoneByKey.AddOrUpdate(work.Key, 1, (_, n) => n + 1);
            return new Result(outcome, new Exchange("request " + work.Key, "answer"));
        })];
    }

    public Task<Result> LookUpAsync(Session session, Work work, CancellationToken cancel)
    {
        LookUps.Enqueue(work);
        return Task.FromResult(new Result(LookUpAnswer(work), new Exchange("look-up", "")));
    }

    public Task<IReadOnlyList<ShippingOffer>> QuoteAsync(Session session, Consignment parcel, CancellationToken cancel)
    {
        if (!TellsPrices) throw new NotSupportedException("no prices");
        Priced.Enqueue(session);
        return Task.FromResult<IReadOnlyList<ShippingOffer>>([new("parcel", "Fake", 4.50m, parcel.Currency, 2, null)]);
    }

    /// <summary>Most parcels it is asked for at once; 0 = it is not asked.</summary>
    public int TrackBatch { get; set; }

    public TimeSpan? AskAfterSilence { get; init; }

    public int DispatchBatch { get; init; }

    public bool ListIsAVisit { get; init; }

    /// <summary>Every parcel it was asked for, in order.</summary>
    public ConcurrentQueue<ParcelToFind> AskedFor { get; } = new();

    /// <summary>Where a parcel is.</summary>
    public Func<ParcelToFind, Whereabouts> Where { get; set; } = _ => new(Nearness.Unseen, []);

    public Task<IReadOnlyList<Whereabouts>> TrackAsync(Session session, IReadOnlyList<ParcelToFind> parcels, CancellationToken cancel) => Task.FromResult<IReadOnlyList<Whereabouts>>([.. parcels.Select(parcel =>
    {
        AskedFor.Enqueue(parcel);
        return Where(parcel);
    })]);

    /// <summary>What it sells: item → units. A test changes it as a shopper or another app would.</summary>
    public ConcurrentDictionary<string, int> Shelf { get; } = new();

    /// <summary>Every level that was asked for, in order.</summary>
    public ConcurrentQueue<LevelToSet> Levels { get; } = new();

    /// <summary>What to answer instead of taking the level; null = take it if it is as expected.</summary>
    public Func<LevelToSet, Outcome?> Level { get; set; } = _ => null;

    public async Task<IReadOnlyList<LevelAnswer>> SetStockAsync(Session session, IReadOnlyList<LevelToSet> levels, CancellationToken cancel)
    {
        if (Before is not null) await Before(cancel);
        return [.. levels.Select(level =>
        {
            Levels.Enqueue(level);
            if (Level(level) is { } instead) return new LevelAnswer(instead);
            var found = Shelf.GetOrAdd(level.Listing.Item, 0);
            if (level.Was != found) return new LevelAnswer(new Outcome.TryLater("stale"), found);
            Shelf[level.Listing.Item] = level.Units;
            return new LevelAnswer(new Outcome.Done());
        })];
    }

    /// <summary>It is asked for all that it counts.</summary>
    public bool TellsShelves { get; set; }

    /// <summary>What lies on its shelves.</summary>
    public ConcurrentQueue<ShelfSeen> Shelves { get; } = new();

    public IAsyncEnumerable<ShelfSeen> ReadShelvesAsync(Session session, CancellationToken cancel) => Unreadable is { } why ? throw new HttpRequestException(why) : Shelves.ToAsyncEnumerable();

    /// <summary>How its products are shown: product → <c>shown</c>, <c>hidden</c>, or a person's word.</summary>
    public ConcurrentDictionary<string, string> Window { get; } = new();

    /// <summary>What became of the calls that change how a product is shown; the change was made all the same when it is Unsure.</summary>
    public Func<ShowAs, Outcome> Shown { get; set; } = _ => new Outcome.Done();
    public ConcurrentQueue<ShowAs> Shows { get; } = new();

    public Task<IReadOnlyList<ShownAnswer>> ReadShownAsync(Session session, IReadOnlyList<string> products, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<ShownAnswer>>([.. products.Select(p => new ShownAnswer(new Outcome.Done(), Window.GetOrAdd(p, "shown")))]);

    public Task<IReadOnlyList<Outcome>> ShowAsync(Session session, IReadOnlyList<ShowAs> products, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<Outcome>>([.. products.Select(product =>
        {
            Shows.Enqueue(product);
            var outcome = Shown(product);
            if (outcome is Outcome.Done or Outcome.Unsure) Window[product.Product] = product.As;
            return outcome;
        })]);

    /// <summary>How long a page of a hundred listings takes.</summary>
    public TimeSpan PageDelay { get; set; }

    /// <summary>Set: its catalogue cannot be read, and this is why.</summary>
    public string? Unreadable { get; set; }

    public async IAsyncEnumerable<ListingSeen> ReadStockAsync(Session session, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        if (Unreadable is { } why) throw new HttpRequestException(why);
        foreach (var page in Shelf.Chunk(100))
        {
            if (PageDelay > TimeSpan.Zero) await Task.Delay(PageDelay, cancel);
            foreach (var (item, units) in page) yield return new(new(item, ""), item.ToUpperInvariant(), item, "p-" + item, units);
        }
    }

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => Task.FromResult(new Result(new Outcome.Done(), Exchange.None));
}
