using Quartermaster.Core.Kernel;
using Quartermaster.Core.Routing;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Flows;

/// <summary>One parcel of an order, as its shopper sees it.</summary>
/// <param name="Url">The carrier's own page of it; null when none is known.</param>
/// <param name="Last">Its newest scan; null = none yet.</param>
/// <param name="Expected">The day it comes by, as far as can be said; null when it has come to its end or too little is known.</param>
/// <param name="Story">What happened to it, newest first.</param>
public sealed record ShopperParcel(
    string Id, string Carrier, string Tracking, Uri? Url, IReadOnlyList<ShopperItem> Items, ScanStatus? Last, DateOnly? Expected, bool IsDelivered, bool IsOver, IReadOnlyList<ShopperMoment> Story)
{
    /// <summary>Its scans reach the hub; one that somebody else sent is only known to have left.</summary>
    public bool IsFollowed { get; init; } = true;

    internal static IEnumerable<ShopperParcel> Of(OrderFile file, List<ShippingEvent> story, BrandTerms terms, LaneTimes times, DateTimeOffset now)
    {
        foreach (var parcel in file.Shipping.All ?? [])
            if (parcel.IsKnown)
                yield return new(parcel.Id, parcel.Carrier!, parcel.Tracking, Web(parcel.TrackingUrl), ItemsIn(file, parcel.Id), parcel.Last, ExpectedDay(file, parcel, terms, times, now),
                    parcel.Delivered || parcel.End == ParcelEnd.Arrived, parcel.IsOver, Moments(parcel, story));
        foreach (var left in file.Order.Elsewhere ?? [])
            yield return new(left.FulfilmentId, "", left.Tracking ?? "", null, [.. left.Lines.Select(l => new ShopperItem(file.Order.LineOf(l.LineId)?.Title ?? l.Sku, l.Quantity))], null, null, false, true, []) { IsFollowed = false };
    }

    private static DateOnly? ExpectedDay(OrderFile file, Followed parcel, BrandTerms terms, LaneTimes times, DateTimeOffset now)
    {
        if (parcel.IsOver || parcel.LeftAt is null || parcel.Last == ScanStatus.ReturnedToOrigin) return null;
        if (parcel.Last == ScanStatus.OutForDelivery && terms.DayOf(parcel.LastAt!.Value) == terms.DayOf(now)) return terms.DayOf(now);
        var way = UnderWay.Of(file, parcel, terms);
        return way.Expected(times, terms, now) ?? (way.Due >= terms.DayOf(now) ? way.Due : null);
    }

    private static List<ShopperItem> ItemsIn(OrderFile file, string id)
    {
        List<ShopperItem> items = [];
        foreach (var group in (file.Fulfilment.Find(id)?.Lines ?? []).GroupBy(l => file.Order.LineOf(l.LineId)))
            if (group.Key is { } line) items.Add(new(line.Title, file.Order.MeantOf(line.LineId) is { IsKit: true } ? 0 : group.Sum(l => l.Quantity)));
        return items;
    }

    private static List<ShopperMoment> Moments(Followed parcel, List<ShippingEvent> story)
    {
        List<ShopperMoment> moments = [];
        foreach (var e in story)
        {
            if (e is ShippingEvent.Moved moved && moved.ParcelId == parcel.Id) moments.Add(new(moved.At, moved.Status, Place(moved.Place)));
            else if (e is ShippingEvent.Followed left && left.ParcelId == parcel.Id) moments.Add(new(left.ShippedAt, null, null));
        }
        return [.. moments.OrderByDescending(m => m.At)];
    }

    // Carriers write whole addresses of their depots now and then; the first words say where it is.
    private static string? Place(string? place) => place is { Length: > 0 } ? place.Length <= 60 ? place : place[..60] : null;

    /// <summary>The address came from outside; only the web's own schemes become a link.</summary>
    private static Uri? Web(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? uri : null;
}

/// <summary>Something that happened to a parcel.</summary>
/// <param name="What">Null = it left the warehouse.</param>
public sealed record ShopperMoment(DateTimeOffset At, ScanStatus? What, string? Place);
