using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Routing;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Flows;

/// <summary>What the shopper of an order may know of it: how far it is, its parcels, and what can still be done. No address, no way to reach anybody, no carrier's raw code.</summary>
/// <param name="Stage">Where the order as a whole is.</param>
/// <param name="FirstName">How the shopper is greeted; null when no name is known.</param>
/// <param name="City">Where it goes.</param>
/// <param name="Open">What has not left yet.</param>
/// <param name="Expected">The last day of all that is on its way or still to leave; null when nothing is known or left to expect.</param>
/// <param name="IsLate">It comes after the day that was promised, as it goes now.</param>
public sealed record ShopperView(
    string Number, DateTimeOffset PlacedAt, ShopperStage Stage, string Language, string? FirstName, string? City, decimal Total, string Currency,
    IReadOnlyList<ShopperParcel> Parcels, IReadOnlyList<OpenItem> Open, DateOnly? Expected, bool IsLate)
{
    /// <summary>Nothing has left, and whoever has it can still give it back.</summary>
    public bool MayChangeAddress { get; init; }

    /// <summary>A warehouse has it already and would be asked to give it back first.</summary>
    public bool IsAtWarehouse { get; init; }

    /// <summary>Whoever has it can be asked to deliver it on another day; null = nobody can. The first and the last day that can be wished for.</summary>
    public (DateOnly First, DateOnly Last)? WishDays { get; init; }

    /// <summary>What has arrived, and could be sent back.</summary>
    public IReadOnlyList<ShopperItem> Arrived { get; init; } = [];

    /// <param name="story">What shipping went through, oldest first, in the order of the decisions.</param>
    /// <param name="times">How long parcels take there.</param>
    /// <returns>Null when the order is not known, or was only taken in as history.</returns>
    public static ShopperView? Of(OrderFile file, IEnumerable<ShippingEvent> story, BrandTerms terms, LaneTimes times, DateTimeOffset now)
    {
        if (file.Order is not { Facts: { } facts, Phase: not OrderPhase.History }) return null;
        List<ShopperParcel> parcels = [.. ShopperParcel.Of(file, [.. story], terms, times, now)];
        var open = OpenItem.Of(file);
        var stage = StageOf(file, parcels, open.Count > 0);
        var isOver = stage is ShopperStage.Cancelled or ShopperStage.Delivered;
        // Of what waits for stock nobody knows the day, and then nobody knows it for the whole.
        var promised = isOver || parcels.Count > 0 || open.Any(i => i.IsShort) ? null : Promised(file, terms, now);
        return new(facts.Number, facts.PlacedAt, stage, ShopperWords.LanguageOf(facts.Buyer.Locale, terms.Language), FirstOf(facts.Buyer.Name ?? file.Order.ShipTo?.Name), file.Order.ShipTo?.City, facts.Total, facts.Currency,
            parcels, open, isOver ? null : Latest(parcels) ?? promised, UnderWay.Of(file, terms).Any(way => way.IsPastPromise(times, terms, now)))
        {
            MayChangeAddress = !file.Order.Ended && !file.HasSent && file.Order.Elsewhere is null && !file.Order.CancelRefused && (!file.Fulfilment.IsOpen || PlanAgain.CanBeWithdrawn(file)),
            IsAtWarehouse = file.Fulfilment.IsOpen,
            WishDays = !isOver && TakesDay(file, terms) ? (terms.DayOf(now).AddDays(1), terms.DayOf(now).AddDays(LongestWish)) : null,
            Arrived = [.. parcels.Where(p => p.IsDelivered).SelectMany(p => p.Items).GroupBy(i => i.Title).Select(g => new ShopperItem(g.Key, g.Sum(i => i.Units)))],
        };
    }

    private const int LongestWish = 30;

    /// <summary>All that is still to come is with somebody who can be asked.</summary>
    private static bool TakesDay(OrderFile file, BrandTerms terms)
    {
        if (terms.TakesDays.Count == 0 || file.Order.Ended || file.Order.Elsewhere is not null) return false;
        var holders = (file.Shipping.All ?? []).Where(p => p is { IsKnown: true, IsOver: false }).Select(p => p.Carrier!).Concat((file.Stock.Held ?? []).Select(h => h.Location)).ToList();
        return holders.Count > 0 && holders.TrueForAll(holder => terms.TakesDays.Contains(holder, StringComparer.OrdinalIgnoreCase));
    }

    private static ShopperStage StageOf(OrderFile file, List<ShopperParcel> parcels, bool hasOpen)
    {
        if (file.Order.Phase == OrderPhase.Cancelled) return ShopperStage.Cancelled;
        var underWay = parcels.Where(p => !p.IsOver).ToList();
        if (underWay.Count > 0)
            return underWay.Exists(p => p.Last == ScanStatus.OutForDelivery) ? ShopperStage.AtTheDoor : underWay.TrueForAll(p => p.Last == ScanStatus.ReturnedToOrigin) ? ShopperStage.ComingBack : ShopperStage.OnItsWay;
        if (!hasOpen && parcels.Count > 0)
        {
            // Of what somebody else sent, and of what is lost, nobody can say that it has arrived.
            if (parcels.Exists(p => !p.IsFollowed) || file.Shipping.All?.Any(p => p.End == ParcelEnd.Lost) == true) return ShopperStage.OnItsWay;
            return parcels.Exists(p => p.IsDelivered) ? ShopperStage.Delivered : ShopperStage.ComingBack;
        }
        if (file.Stock.IsWaiting) return ShopperStage.Waiting;
        return file.Order.Phase is OrderPhase.Open or OrderPhase.Unknown ? ShopperStage.Placed : ShopperStage.Preparing;
    }

    private static DateOnly? Latest(List<ShopperParcel> parcels) => parcels.Exists(p => !p.IsOver && p.Expected is null) ? null : parcels.Max(p => p.Expected);

    /// <summary>The latest of the days that its locations, or all of the brand's, promised; never a day that has passed.</summary>
    private static DateOnly? Promised(OrderFile file, BrandTerms terms, DateTimeOffset now)
    {
        var from = (file.Stock.Held ?? []).Select(h => h.Location).ToHashSet();
        DateOnly? latest = null;
        foreach (var location in terms.Locations)
            if ((from.Count == 0 || from.Contains(location.Code)) && WhenJourneyEndsReckonIt.PromisedDay(file, location.Code, terms) is { } day && !(day <= latest)) latest = day;
        return latest >= terms.DayOf(now) ? latest : null;
    }

    private static string? FirstOf(string? name) => name?.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [{ Length: > 0 and <= 40 } first, ..] ? first : null;
}

/// <summary>How far an order is, as its shopper sees it.</summary>
public enum ShopperStage { Placed, Preparing, Waiting, OnItsWay, AtTheDoor, Delivered, ComingBack, Cancelled }

/// <param name="Units">0: part of what is sold as one; how many is not the shopper's count.</param>
public sealed record ShopperItem(string Title, int Units);

/// <summary>What of an order has not left yet.</summary>
/// <param name="IsShort">It is out of stock and follows when it is back.</param>
public sealed record OpenItem(string Title, int Units, bool IsShort)
{
    internal static List<OpenItem> Of(OrderFile file)
    {
        List<OpenItem> open = [];
        foreach (var group in file.StillWanted().GroupBy(w => file.Order.LineOf(w.LineId)))
        {
            if (group.Key is not { } line) continue;
            var isKit = file.Order.MeantOf(line.LineId) is { IsKit: true };
            open.Add(new(line.Title, isKit ? file.Order.Promised(line) - file.LeftOf(line.LineId) : group.Sum(w => w.Quantity), file.Stock.Short is { } missing && group.Any(w => missing.Contains(w.Sku))));
        }
        return open;
    }
}
