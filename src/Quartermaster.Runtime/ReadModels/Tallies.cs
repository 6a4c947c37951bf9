using System.Collections.Concurrent;
using Quartermaster.Core.Books;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>Counts what the overview shows, in the transaction that makes it true. Days are the brand's own.</summary>
internal sealed class Tallies(HubPlan plan)
{
    private static readonly ConcurrentDictionary<string, TimeZoneInfo> Zones = [];

    internal const string Placed = "placed";
    internal const string PlacedIn = "placed/";
    internal const string PlacedTotal = "placed_total/";
    internal const string CreditOffered = "credit_offered";

    private readonly Dictionary<(string Brand, string Name, DateOnly Day), decimal> _values = [];

    public void Count(string brand, IReadOnlyList<Event> events, DateTimeOffset at)
    {
        if (events.Count == 0) return;
        var day = Day(brand, at);
        foreach (var e in events)
        {
            switch (e)
            {
                case OrderEvent.Placed p:
                    Add(brand, Placed, day, 1);
                    Add(brand, PlacedTotal + p.Facts.Currency, day, p.Facts.Total);
                    // Those in the brand's own currency are the rest, so a brand that sells in one keeps no further row.
                    if (p.Facts.Currency != plan.Brands[brand].Terms.Currency) Add(brand, PlacedIn + p.Facts.Currency, day, 1);
                    break;
                case OrderEvent.Ruled r: foreach (var rule in r.New) Add(brand, "rule/" + rule, day, 1); break;
                case OrderEvent.RiskAssessed r: Add(brand, RiskTally.Scored(r.Assessment.Score), day, 1); break;
                case OrderEvent.OpinionKnown o: if (RiskTally.Of(o) is { } said) Add(brand, said, day, 1); break;
                case OrderEvent.QuestionCounted q: foreach (var name in RiskTally.Of(q)) Add(brand, name, day, 1); break;
                case OrderEvent.Cancelled: Add(brand, "cancelled", day, 1); break;
                case OrderEvent.Refunded r: Add(brand, "refunded_total/" + r.Currency, day, r.Amount); break;
                case StockEvent.Backordered { Expected: null, Again: null }: Add(brand, "backordered", day, 1); break;
                case FulfilmentEvent.ParcelLeft: Add(brand, "shipped", day, 1); break;
                case ShippingEvent.FellBehind b:
                    Add(brand, "delayed", day, 1);
                    if (b is { Credit: { } credit, ToApprove: false }) Add(brand, CreditOffered, day, credit);
                    break;
                case ShippingEvent.CreditApproved c: Add(brand, CreditOffered, day, c.Amount); break;
                case ShippingEvent.CreditGiven c: Add(brand, "credit_given", day, c.Amount); break;
                // Of the day on which it took it: another month's limit is no wider for it.
                case ShippingEvent.CreditLapsed { OfferedAt: { } offered } c: Add(brand, CreditOffered, Day(brand, offered), -c.Amount); break;
                case ShippingEvent.CreditNotGiven { OfferedAt: { } offered } c: Add(brand, CreditOffered, Day(brand, offered), -c.Amount); break;
                case ShippingEvent.Delivered: Add(brand, "delivered", day, 1); break;
                case BooksEvent.Invoiced i: Add(brand, "invoiced_total/" + i.Currency, day, i.Total); break;
            }
        }
    }

    public void Moved(string brand, string? from, string to)
    {
        if (from == to) return;
        if (from is not null) Add(brand, "status/" + from, DateOnly.MinValue, -1);
        Add(brand, "status/" + to, DateOnly.MinValue, 1);
    }

    public List<(string Brand, string Name, DateOnly Day, decimal Value)> Rows() =>
        [.. _values.Where(v => v.Value != 0).OrderBy(v => v.Key.Brand, StringComparer.Ordinal).ThenBy(v => v.Key.Name, StringComparer.Ordinal).ThenBy(v => v.Key.Day).Select(v => (v.Key.Brand, v.Key.Name, v.Key.Day, v.Value))];

    private void Add(string brand, string name, DateOnly day, decimal by)
    {
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_values, (brand, name, day), out _) += by;
    }

    private DateOnly Day(string brand, DateTimeOffset at) => DayOf(plan, brand, at);

    internal static DateOnly DayOf(HubPlan plan, string brand, DateTimeOffset at)
    {
        var zone = Zones.GetOrAdd(plan.Brands[brand].Terms.TimeZone, id => TimeZoneInfo.TryFindSystemTimeZoneById(id, out var found) ? found : TimeZoneInfo.Utc);
        return DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
    }
}

/// <summary>What makes an order findable by something new.</summary>
internal static class Listing
{
    public static bool ChangesTerms(Event e) => e is OrderEvent.Placed or OrderEvent.RiskAssessed or OrderEvent.ImportedAsHistory or OrderEvent.Edited or OrderEvent.CodesMeant or OrderEvent.SkuSet or OrderEvent.FulfilledElsewhere or FulfilmentEvent.ParcelLeft or ShippingEvent.Followed;
}
