using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Stock;

/// <summary>Which locations serve a demand, each with its units, in the order of the lines; none when it cannot be served, with the SKUs to wait for.</summary>
/// <param name="Places">The days it takes a place in, where these are counted.</param>
public sealed record LocationChoice(IReadOnlyList<Units> Units, IReadOnlyList<Candidate> Candidates, IReadOnlyList<string> Short, IReadOnlyList<DayPlace>? Places = null)
{
    /// <summary>Locations that send nothing now, and may send it later: paused, or full for the day.</summary>
    public IReadOnlyList<string> Shut { get; init; } = [];

    /// <summary>Locations that never send this demand as it is.</summary>
    public IReadOnlyList<string> Barred { get; init; } = [];
}

/// <summary>One entry of the append-only stock ledger.</summary>
/// <param name="OnHand">Change of units on hand.</param>
/// <param name="Reserved">Change of reserved units.</param>
/// <param name="At">When it happened, where that is known; null = when it was written.</param>
/// <param name="Damaged">Change of units that cannot be sold.</param>
public sealed record Movement(string Sku, string Location, MovementKind Kind, int OnHand, int Reserved, string Reason, DateTimeOffset? At = null, int Damaged = 0);

/// <summary>Answers stock requests of one brand, one after another, against positions that the caller has loaded and locked.</summary>
/// <remarks>
/// In memory and pure: the runtime loads the rows of every SKU it is asked about, asks, and writes the sums and the movements in the same
/// transaction. Nothing here ever lets <c>0 ≤ reserved ≤ on hand</c> break; the database checks the same.
/// </remarks>
/// <param name="choose">Picks the locations for a demand, given what may be promised of a SKU at a location.</param>
public sealed class StockDesk(Func<StockRequest.Reserve, Func<string, string, int>, LocationChoice> choose)
{
    private readonly Dictionary<(string Sku, string Location), Position> positions = [];
    private readonly Dictionary<(string Sku, string Location), int> availableBefore = [];
    private readonly List<Movement> movements = [];
    private readonly List<(string Sku, string Location, int OnHand, DateTimeOffset At)> moved = [];
    private readonly Dictionary<(string Sku, string Location), int> expected = [];

    /// <summary>When units of a SKU were last seen at a location: counted, delivered, brought back.</summary>
    private readonly Dictionary<(string Sku, string Location), DateTimeOffset> seen = [];

    private readonly PromisedQueues queues = new();
    private readonly OddCounts odd = new();

    /// <summary>SKUs of which units were kept for a pre-order that does not want them any more.</summary>
    private readonly HashSet<string> unkept = [];

    /// <summary>What has to be written to the ledger, in order.</summary>
    public IReadOnlyList<Movement> Movements => movements;

    /// <summary>Positions as they are now, of those that changed.</summary>
    public IEnumerable<Position> Changed => availableBefore.Keys.Select(key => positions[key]);

    /// <summary>By how much what is on its way changed.</summary>
    public IReadOnlyDictionary<(string Sku, string Location), int> Expected => expected;

    /// <summary>SKUs of which more may be promised than before, somewhere: orders that wait for them are to be woken, oldest first.</summary>
    /// <remarks>What was given back and taken again wakes nobody.</remarks>
    public IReadOnlyCollection<string> Risen => [.. availableBefore.Where(b => positions[b.Key].Available is > 0 and var now && now > b.Value).Select(b => b.Key.Sku).Union(unkept.Where(sku => Free(sku) > 0))];

    /// <summary>SKUs of which more or fewer may be promised than before, somewhere: channels are to be told.</summary>
    public IReadOnlyCollection<string> Shifted => [.. availableBefore.Where(b => positions[b.Key].Available != b.Value).Select(b => b.Key.Sku).Distinct()];

    /// <summary>SKUs whose positions, at every location, have to be loaded and locked before <see cref="Answer"/> is called, or before an order leaves a queue in which units are kept.</summary>
    public static IEnumerable<string> SkusOf(StockRequest request) => request switch
    {
        StockRequest.Reserve { Instead: null } r => r.Lines.Select(l => l.Sku),
        StockRequest.Reserve r => r.Lines.Select(l => l.Sku).Concat(r.Instead.SelectMany(a => a.Skus)),
        StockRequest.Release r => r.Units.Select(u => u.Sku),
        StockRequest.Ship r => r.Units.Select(u => u.Sku),
        StockRequest.WriteOff r => r.Units.Select(u => u.Sku),
        StockRequest.TakeBack r => r.Units.Select(u => u.Sku),
        StockRequest.SetCount r => [r.Sku],
        StockRequest.Adjust r => [r.Sku],
        StockRequest.SetSafety r => [r.Sku],
        StockRequest.MoveDamaged r => [r.Sku],
        StockRequest.Receive r => [r.Sku],
        StockRequest.Expect r => r.Units.Select(u => u.Sku),
        _ => [],
    };

    public void Load(Position position) => positions[(position.Sku, position.Location)] = position;

    /// <summary>A change of units on hand that was written before and may be newer than a count that is asked about.</summary>
    public void LoadMoved(string sku, string location, int onHand, DateTimeOffset at) => moved.Add((sku, location, onHand, at));

    /// <summary>Units of a SKU were seen at a location.</summary>
    public void LoadSeen(string sku, string location, DateTimeOffset at)
    {
        if (at > seen.GetValueOrDefault((sku, location))) seen[(sku, location)] = at;
    }

    /// <summary>Counts that jump, and what is known of others of their locations.</summary>
    public OddCounts Odd => odd;

    /// <summary>The order stands last in the queue for a SKU, unless it has a place there.</summary>
    public void Join(Waiter waiter) => queues.Join(waiter);

    /// <summary>The order stands in the queue for a SKU no more. What was kept for it, and what it did not take, is anybody's.</summary>
    public void Leave(string sku, string stream)
    {
        if (queues.Leave(sku, stream)) unkept.Add(sku);
    }

    /// <summary>Units of a SKU that are on their way, wherever to.</summary>
    public void LoadComing(string sku, long units) => queues.LoadComing(sku, units);

    public Position Find(string sku, string location) => positions.TryGetValue((sku, location), out var position) ? position : new(sku, location, 0, 0);

    /// <summary>Units of a SKU that may be promised now, over all locations.</summary>
    public long Free(string sku) => FreeBut([], sku);

    /// <summary>Does what is asked and says what came of it.</summary>
    /// <param name="cause">What asked, for the ledger: the stream's key.</param>
    /// <returns>The signal for the stream that asked; null when the request is not answered.</returns>
    /// <exception cref="InvalidOperationException">The request contradicts the positions: a mistake in the program, never clamped away.</exception>
    public StockSignal? Answer(StockRequest request, string cause)
    {
        switch (request)
        {
            case StockRequest.Reserve r: return Reserve(r.Missed is null ? r : r with { NotFrom = [.. r.NotFrom, .. r.Missed.Where(m => !(seen.GetValueOrDefault((m.Sku, m.Location)) > m.Since)).Select(m => m.Location)] }, cause);
            case StockRequest.Release r: return Each(r.Units, MovementKind.Released, 0, -1, $"{cause}: {r.Why}");
            case StockRequest.Ship r: return Each(r.Units, MovementKind.Shipped, -1, -1, cause, r.At);
            case StockRequest.WriteOff r: return Each(r.Units, MovementKind.Adjusted, -1, -1, $"{cause}: {r.Why}");
            case StockRequest.TakeBack r: return Each(r.Units, MovementKind.Returned, 1, 0, $"{cause}: {r.Why}");
            case StockRequest.SetCount r: return Count(r);
            case StockRequest.Adjust r: return Change(r.Sku, r.Location, r.By, MovementKind.Adjusted, r.Why, r.At);
            case StockRequest.Receive r: LoadSeen(r.Sku, r.Location, r.At); return Change(r.Sku, r.Location, r.Units, MovementKind.Received, r.Why, r.At);
            case StockRequest.MoveDamaged r: return MoveDamaged(r);
            case StockRequest.Expect r: return Expect(r);
            case StockRequest.SetSafety r: return Keep(Find(r.Sku, r.Location) with { Safety = r.Units });
            case StockRequest.Wait or StockRequest.LeaveDays: return null; // The queue and the days are the runtime's; the desk only counts.
            default: throw new System.Diagnostics.UnreachableException(request.GetType().Name);
        }
    }

    private StockSignal Reserve(StockRequest.Reserve ask, string cause)
    {
        var choice = choose(ask, AvailableTo(ask, cause));
        IReadOnlyList<Offer>? offers = null;
        if (choice.Units.Count == 0 && WithInstead(ask, choice, cause) is { } other)
        {
            // To choose is to take a place in a location's day: what a person has to ask about first is only told of.
            var swapped = other.Lines.Where((line, i) => line.Sku != ask.Lines[i].Sku).ToList();
            if (swapped.Exists(l => ask.Instead!.Any(a => a.LineId == l.LineId && a.NeedsConsent))) offers = [.. swapped.Select(l => new Offer(l.LineId, l.Sku))];
            else if (choose(other, AvailableTo(other, cause)) is { Units.Count: > 0 } instead) choice = instead;
        }
        if (choice.Units.Count == 0) return new StockSignal.ReserveDenied(choice.Candidates, choice.Short, Offers: offers);
        foreach (var units in choice.Units)
        {
            if (Find(units.Sku, units.Location).Available < units.Quantity)
                throw new InvalidOperationException($"{units.Location} was chosen for {cause} but has only {Find(units.Sku, units.Location).Available} of {units.Quantity} {units.Sku}.");
            Move(units.Sku, units.Location, MovementKind.Reserved, 0, units.Quantity, cause);
        }
        queues.Leave(cause);
        return new StockSignal.ReserveGranted(choice.Units, choice.Candidates, choice.Places);
    }

    // All of a demand is reserved or nothing: a SKU of which too little is left beside what was promised to others is not there at all.
    private Func<string, string, int> AvailableTo(StockRequest.Reserve ask, string cause)
    {
        if (queues.IsEmpty) return (sku, location) => Find(sku, location).Available;
        var spoken = ask.Lines.GroupBy(l => l.Sku).Where(g => Promised(g.Key, cause) is > 0 and var kept && Free(g.Key) - kept < g.Sum(l => l.Quantity)).Select(g => g.Key).ToHashSet();
        return (sku, location) => spoken.Contains(sku) ? 0 : Find(sku, location).Available;
    }

    /// <summary>Units of a SKU that are kept for pre-orders before this one.</summary>
    private long Promised(string sku, string cause) => queues.IsEmpty ? 0 : queues.Before(sku, cause, Free(sku) + expected.Where(e => e.Key.Sku == sku).Sum(e => (long)e.Value));

    /// <summary>The same, each line that is short replaced by the first of its alternatives of which there is enough; null when there is nothing to replace, or nothing to replace it by.</summary>
    private StockRequest.Reserve? WithInstead(StockRequest.Reserve ask, LocationChoice choice, string cause)
    {
        if (ask.Instead is not { } alternatives) return null;
        var lacking = ask.Lines.Where(l => choice.Short.Contains(l.Sku) && alternatives.Any(a => a.LineId == l.LineId)).ToList();
        if (lacking.FindAll(l => FreeBut(choice.Barred, l.Sku) - Promised(l.Sku, cause) < Wanted(l.Sku)) is { Count: > 0 } gone) lacking = gone;
        // All of it lies at a location that is only shut for now: what was sold leaves when that opens.
        else if (choice.Shut.Any(location => ask.Lines.All(l => Find(l.Sku, location).Available >= Wanted(l.Sku)))) return null;
        // What is there, only not all at one location, is replaced when nothing else is the trouble.
        if (lacking.Count == 0) return null;
        List<Wanted> lines = [];
        Dictionary<string, long> taken = [];
        foreach (var line in ask.Lines)
        {
            var sku = lacking.Contains(line) ? alternatives.First(a => a.LineId == line.LineId).Skus.FirstOrDefault(s => FreeBut(choice.Barred, s) - Promised(s, cause) - taken.GetValueOrDefault(s) >= line.Quantity) : line.Sku;
            if (sku is null) return null;
            taken[sku] = taken.GetValueOrDefault(sku) + line.Quantity;
            lines.Add(line with { Sku = sku });
        }
        return ask with { Lines = lines };

        int Wanted(string sku) => ask.Lines.Where(l => l.Sku == sku).Sum(l => l.Quantity);
    }

    private long FreeBut(IReadOnlyList<string> without, string sku) => positions.Values.Where(p => p.Sku == sku && !without.Contains(p.Location)).Sum(p => (long)int.Max(0, p.Available));

    private StockSignal Count(StockRequest.SetCount r)
    {
        var (before, onHand, heard) = (Find(r.Sku, r.Location).OnHand, r.OnHand + MovedSince(r, r.At), new HeardCount(r.OnHand, r.Source, r.At));
        var again = r.Doubt?.Asked is { } known && (r.OnHand == known.Count.OnHand || onHand == known.Count.OnHand + MovedSince(r, known.Count.At));
        if (r.Doubt is { Terms: { } terms } doubt && !(again && doubt.Asked!.IsConfirmedAt(r.At)))
        {
            var jumps = CountTerms.OfMany.IsJump(before, doubt.Highest, onHand);
            var many = jumps && (odd.Jumped(r.Location) || (again && doubt.Asked!.Many));
            if (many || terms.IsJump(before, doubt.Highest, onHand))
            {
                // What a person denied is not put before anybody again, unless it is said still when it should have been counted again.
                var asked = again && !doubt.Anew;
                if (!(asked && doubt.Asked!.Denied)) odd.Asks(r, heard, before, many);
                return new StockSignal.CountDoubted(r.Sku, r.Location, heard, before, many, asked);
            }
            if (jumps) odd.Believes(r, heard, before);
        }
        if (r.Doubt?.Asked is not null) odd.Settles(r);
        LoadSeen(r.Sku, r.Location, r.At);
        return Set(r.Sku, r.Location, onHand, r.Why, r.At) with { Count = heard };
    }

    /// <summary>What left or came after a count was taken, and before we heard of the count: a late count must not put it back on the shelf.</summary>
    private int MovedSince(StockRequest.SetCount count, DateTimeOffset since)
    {
        var sum = 0;
        foreach (var (sku, location, onHand, at) in moved)
            if (sku == count.Sku && location == count.Location && at > since) sum += onHand;
        foreach (var m in movements)
            if (m.Kind != MovementKind.Counted && m.Sku == count.Sku && m.Location == count.Location && (m.At is null || m.At > since)) sum += m.OnHand;
        return sum;
    }

    private StockSignal? Expect(StockRequest.Expect ask)
    {
        foreach (var units in ask.Units) expected[(units.Sku, units.Location)] = expected.GetValueOrDefault((units.Sku, units.Location)) + units.By;
        return null;
    }

    private StockSignal? Each(IReadOnlyList<Units> all, MovementKind kind, int onHand, int reserved, string reason, DateTimeOffset? at = null)
    {
        foreach (var units in all) Move(units.Sku, units.Location, kind, onHand * units.Quantity, reserved * units.Quantity, reason, at);
        return null;
    }

    /// <summary>By how much what cannot be sold changes.</summary>
    internal static int DamagedBy(Damage what, int units) => what is Damage.Found or Damage.Came ? units : -units;

    private StockSignal.PositionSet? MoveDamaged(StockRequest.MoveDamaged r)
    {
        var (onHand, damaged) = (r.What switch { Damage.Found => -r.Units, Damage.Repaired => r.Units, _ => 0 }, DamagedBy(r.What, r.Units));
        // What nobody could sell before or after says nothing of what is promised: an incident stays open.
        if (onHand != 0) return Change(r.Sku, r.Location, onHand, MovementKind.Damaged, r.Why, null, damaged);
        Move(r.Sku, r.Location, MovementKind.Damaged, 0, 0, r.Why, null, damaged);
        return null;
    }

    /// <summary>Reserved units are promised: a count below them leaves on hand at reserved and tells how many are short.</summary>
    private StockSignal.PositionSet Set(string sku, string location, int onHand, string why, DateTimeOffset? at)
    {
        var before = Find(sku, location);
        var after = int.Max(int.Max(0, onHand), before.Reserved);
        Keep(before with { Short = 0 });
        if (after != before.OnHand) Move(sku, location, MovementKind.Counted, after - before.OnHand, 0, why, at);
        Keep(Find(sku, location) with { Short = after - onHand });
        return new(sku, location, before.OnHand, after, before.Reserved, after - onHand);
    }

    /// <summary>Units came, or are gone: of what is reserved and gone, on hand stays where it is and tells how many are short.</summary>
    private StockSignal.PositionSet Change(string sku, string location, int by, MovementKind kind, string why, DateTimeOffset? at, int damaged = 0)
    {
        var before = Find(sku, location);
        var after = int.Max(before.OnHand + by, before.Reserved);
        if (after != before.OnHand || damaged != 0) Move(sku, location, kind, after - before.OnHand, 0, why, at, damaged);
        var moved = Find(sku, location);
        if (after > before.OnHand + by) Keep(moved = moved with { Short = moved.Short + after - before.OnHand - by });
        return new(sku, location, before.OnHand, moved.OnHand, before.Reserved, moved.Short);
    }

    private void Move(string sku, string location, MovementKind kind, int onHand, int reserved, string reason, DateTimeOffset? at = null, int damaged = 0)
    {
        var before = Find(sku, location);
        var after = before with { OnHand = before.OnHand + onHand, Reserved = before.Reserved + reserved, Damaged = before.Damaged + damaged };
        if (after.Reserved < 0 || after.Reserved > after.OnHand || after.Damaged < 0)
            throw new InvalidOperationException($"{kind} of {sku} at {location} would leave {after.Reserved} reserved of {after.OnHand} on hand, and {after.Damaged} damaged ({reason}).");
        movements.Add(new(sku, location, kind, onHand, reserved, reason, at, damaged));
        Keep(before.Short == 0 || onHand == 0 && reserved == 0 ? after : Cover(before, after, kind));
    }

    /// <summary>What came, or is promised no more, is first of all what nobody had found: the ledger has it as what the count changed, only later.</summary>
    private Position Cover(Position before, Position after, MovementKind kind)
    {
        // What was looked for in vain and is written off is what was missing. What left after all was there.
        var missing = kind == MovementKind.Adjusted && after.Reserved < before.Reserved ? before.Short - (before.Reserved - after.Reserved) : before.Short;
        missing = int.Clamp(missing, 0, int.Min(before.OnHand, after.OnHand));
        var covered = int.Min(missing, after.OnHand - after.Reserved);
        if (covered > 0) movements.Add(new(after.Sku, after.Location, MovementKind.Counted, -covered, 0, "promised and not found"));
        return after with { OnHand = after.OnHand - covered, Short = missing - covered };
    }

    private StockSignal? Keep(Position after)
    {
        availableBefore.TryAdd((after.Sku, after.Location), Find(after.Sku, after.Location).Available);
        positions[(after.Sku, after.Location)] = after;
        return null;
    }
}
