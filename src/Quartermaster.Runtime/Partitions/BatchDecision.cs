using Quartermaster.Core;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.Campaigns;
using Quartermaster.Runtime.Channels;
using Quartermaster.Runtime.Codes;
using Quartermaster.Runtime.Dispatching;
using Quartermaster.Runtime.Goods;
using Quartermaster.Runtime.Purchasing;
using Quartermaster.Runtime.Risk;
using Quartermaster.Runtime.Stock;
using Quartermaster.Runtime.Switches;
using Quartermaster.Runtime.Tracking;

namespace Quartermaster.Runtime.Partitions;

/// <summary>Decides on a batch of signals in memory: everything between reading the rows and writing them.</summary>
/// <param name="held">States that this worker wrote and that still stand.</param>
/// <param name="stored">States of the other streams that exist, as JSON.</param>
/// <remarks>
/// Streams are decided one signal after another. A stream that asks the database something waits while the others go on; then
/// all questions are answered together, oldest signal first and those for shelves last, and the round begins anew.
/// </remarks>
internal sealed class BatchDecision(
    Switchboard switches, Readers readers, StockRoom stock, ListingRoom listings, PurchaseRoom purchases, TrackingRoom tracking, DispatchRoom dispatches, CodeRoom codes, BuyerRoom buyers, RunRoom runs, ShopperLinks links, SkuFactsShelf skus, CallOffs callOffs, IReadOnlyDictionary<(string Brand, string Stream), object> held, IReadOnlyDictionary<(string Brand, string Stream), byte[]> stored, IReadOnlyDictionary<long, string> poison, DateTimeOffset now)
{
    private const int MostQuestions = 16;

    // Enough for a person; what a vendor wrote may be longer than a row is meant to be.
    private const int MostOfANote = 2000;

    private readonly Dictionary<(string, string), StreamEntry> _streams = [];

    public IEnumerable<StreamEntry> Touched => _streams.Values;
    public List<OpenDecision> Decisions { get; } = [];
    public List<Parking> Parked { get; } = [];
    public DateTimeOffset Now => now;

    public async Task RunAsync(List<ReadySignal> signals, CancellationToken cancel)
    {
        foreach (var signal in signals) Entry(signal)?.Waiting.Enqueue(signal);
        List<(OpenDecision Decision, Request Request)> asked = [];
        while (true)
        {
            foreach (var stream in _streams.Values)
            {
                while (stream.Open is { Waits: false } || stream.Open is null && stream.Waiting.Count > 0)
                {
                    if (!Advance(stream, asked)) break;
                }
            }
            if (asked.Count == 0) return;
            // Stable: the requests of one decision stay in its order, so that what is given back is free before it is asked for anew.
            asked = [.. asked.OrderBy(a => a.Decision.Cause.Seq)];
            var later = ShelvesLast(asked);
            await callOffs.AnswerAsync(asked, Decisions, now, cancel);
            listings.Take(asked);
            purchases.Take(asked);
            tracking.Take(asked);
            dispatches.Take(asked);
            await codes.AnswerAsync(asked, cancel);
            await buyers.AnswerAsync(asked, now, cancel);
            await runs.AnswerAsync(asked, now, cancel);
            await stock.AnswerAsync(asked, now, cancel);
            foreach (var (decision, _) in asked) (decision.Waits, decision.Answered) = (false, true);
            asked = later;
        }
    }

    /// <summary>Takes out who asks for shelves while others ask for something else, and returns them.</summary>
    /// <remarks>
    /// An order asks of its shopper first and for its goods then, a parcel that left asks for goods at once. Were those locked now and the others in the next round, a neighbour
    /// that meets them the other way round would stand in a deadlock with us, and one of the two begin again: 10 times in 90 s at 200 orders a second.
    /// </remarks>
    private static List<(OpenDecision Decision, Request Request)> ShelvesLast(List<(OpenDecision Decision, Request Request)> asked)
    {
        HashSet<OpenDecision> waiting = [];
        foreach (var (decision, request) in asked) if (request is StockRequest) waiting.Add(decision);
        var later = asked.FindAll(a => waiting.Contains(a.Decision));
        if (later.Count == asked.Count) return [];
        asked.RemoveAll(a => waiting.Contains(a.Decision));
        return later;
    }

    private StreamEntry? Entry(ReadySignal signal)
    {
        if (_streams.TryGetValue((signal.Brand, signal.Stream), out var begun)) return begun;
        StreamEntry? entry = null;
        var slash = signal.Stream.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || StreamKinds.Find(signal.Stream[..slash]) is not { } kind)
        {
            Parked.Add(new(signal, "hub.unknown_stream", $"There is no kind of stream for '{signal.Stream}'.", false));
            return null;
        }
        try
        {
            var key = (signal.Brand, signal.Stream);
            var state = signal.Version == 0 ? kind.Empty : held.TryGetValue(key, out var known) ? known : kind.Load(stored[key]);
            entry = new(StreamId.Parse(signal.Brand, signal.Stream), kind, state, signal.Version, signal.Status, signal.Behind && kind.Kind == "order");
        }
        catch (Exception e)
        {
            Parked.Add(new(signal, "hub.state_unreadable", $"The stream's state cannot be read: {e.Message}", false));
            return null;
        }
        return _streams[(signal.Brand, signal.Stream)] = entry;
    }

    /// <summary>Goes on with a stream until it asks or has nothing left. False: it waits for an answer.</summary>
    private bool Advance(StreamEntry stream, List<(OpenDecision, Request)> asked)
    {
        if (stream.Open is null)
        {
            var signal = stream.Waiting.Dequeue();
            var mode = switches.ModeOf(signal.Brand);
            if (mode == BrandMode.Off)
            {
                PutAside(stream, signal);
                return true;
            }
            if (stream.Blocked)
            {
                Parked.Add(new(signal, "behind", "An earlier signal of this stream is set apart.", true));
                return true;
            }
            if (poison.TryGetValue(signal.Seq, out var reason))
            {
                Park(stream, signal, "hub.poison", reason);
                return true;
            }
            if (!Begin(stream, signal, mode)) return true;
        }
        var open = stream.Open!;
        try
        {
            while (open.Signals.First is { } first)
            {
                open.Signals.RemoveFirst();
                if (first.Value is CaseSettled settled)
                {
                    open.Settle(settled);
                    if (!stream.Kind.HearsOfSettledCases) continue;
                }
                var turn = stream.Kind.Decide(stream.State, first.Value, new(stream.Id, now, Terms(stream.Id.Brand), switches.TakesFrom) { OnSince = switches.OnSince(stream.Id.Brand), Shadow = open.Mode == BrandMode.Shadow, AnswerAt = links.To, PageAt = links.PageOf, PaperAt = links.PaperOf, UnsubscribeAt = links.Unsubscribe, Voice = switches.Voices.Of(stream.Id.Brand, now), Paused = switches.PausedIn(stream.Id.Brand), Skus = skus.Of(stream.Id.Brand), PreferenceOf = switches.Preferences.Of(stream.Id.Brand) });
                if (!ReferenceEquals(turn.State, stream.State)) (stream.State, stream.Changed) = (turn.State, true);
                open.Add(turn);
                if (turn.Requests.Count == 0) continue;
                if (open.Asked++ == MostQuestions) throw new InvalidOperationException("The decision keeps asking the database without coming to an end.");
                foreach (var request in turn.Requests) asked.Add((open, request));
                open.Waits = true;
                return false;
            }
        }
        catch (Exception e) when (!open.Answered)
        {
            (stream.State, stream.Changed) = (open.StateBefore, open.ChangedBefore);
            stream.Open = null;
            Park(stream, open.Cause, "hub.poison", $"{e.GetType().Name}: {e.Message}");
            return true;
        }
        catch (Exception e)
        {
            throw new PoisonException(open.Cause.Seq, $"{e.GetType().Name}: {e.Message}");
        }
        open.VersionAfter = open.Events.Count > 0 || stream.Changed ? ++stream.Version : stream.Version;
        Decisions.Add(open);
        stream.Open = null;
        return true;
    }

    /// <summary>Reads the body. False: there is nothing to decide, or it was set apart.</summary>
    private bool Begin(StreamEntry stream, ReadySignal signal, BrandMode mode)
    {
        var open = new OpenDecision(stream, signal, mode);
        try
        {
            if (signal.Raw)
            {
                var reading = readers.Read(signal.Source, signal.Kind, signal.Body, signal.At);
                // A stranger's words may stand in it: what the database refuses would make the whole batch fail.
                if (reading.Note is { } note) open.Notes.Add(Storable.Cut(Storable.Text(note), MostOfANote));
                foreach (var found in reading.Signals.Count > 1 ? ShippingSignal.Scanned.Marked(reading.Signals, f => f.Signal, (f, scan) => f with { Signal = scan }) : reading.Signals)
                {
                    if (found.To == stream.Id) open.Signals.AddLast(found.Signal);
                    else open.Forwarded.Add(found);
                }
            }
            else open.Signals.AddLast((Signal)CoreJson.Read(signal.Kind, signal.Body));
        }
        // A vendor's word that nobody understands says nothing of what comes after it: every signal may come late, so its order goes on without it.
        catch (NotUnderstoodException e)
        {
            Parked.Add(new(signal, e.CaseKind, PlainReading.Of(e, signal.Body), Behind: false, Alone: true));
            return false;
        }
        catch (Exception e) when (signal.Raw)
        {
            Parked.Add(new(signal, "hub.unreadable", PlainReading.Of(e, signal.Body), Behind: false, Alone: true));
            return false;
        }
        catch (Exception e)
        {
            Park(stream, signal, "hub.unreadable", PlainReading.Of(e, signal.Body));
            return false;
        }
        stream.Open = open;
        return true;
    }

    /// <summary>The brand is off: an order that is none of ours stays with whoever has it; all else waits until the brand is on again.</summary>
    private void PutAside(StreamEntry stream, ReadySignal signal)
    {
        if (!signal.Raw || stream.Version > 0 || stream.Id.Kind != "order")
        {
            Parked.Add(new(signal, Parking.BrandOff, "The brand is off. It is decided when the brand is on again.", Behind: false));
            return;
        }
        var open = new OpenDecision(stream, signal, BrandMode.Off) { VersionAfter = stream.Version };
        open.Notes.Add("The brand is off, and this order is none of ours: stored, nothing decided.");
        Decisions.Add(open);
    }

    private void Park(StreamEntry stream, ReadySignal signal, string caseKind, string reason)
    {
        Parked.Add(new(signal, caseKind, reason, false));
        // Only an order's history depends on its order.
        stream.Blocked = stream.Id.Kind == "order";
    }

    private BrandTerms Terms(string brand) => switches.Editions.TermsOf(brand, now) ?? throw new InvalidOperationException($"The brand '{brand}' is not configured.");
}

/// <summary>One signal makes the whole batch fail; it is set apart and the batch is decided again.</summary>
internal sealed class PoisonException(long seq, string reason) : Exception(reason)
{
    public long Seq { get; } = seq;
}
