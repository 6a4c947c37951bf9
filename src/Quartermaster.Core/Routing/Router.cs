using System.Globalization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Routing;

/// <summary>Chooses the location, or the few locations, from which an order costs least.</summary>
/// <remarks>
/// Every location is priced for the whole order first; splits are searched only where the brand allows them, and are exact unless
/// <see cref="MostSteps"/> ends the search (<see cref="Route.Exact"/> tells). Units of one SKU are divided only when no location has
/// all of them. Ties go to the lower code. The limit counts steps and not time, so that every process and every replay chooses alike.
/// </remarks>
public static class Router
{
    /// <summary>Steps after which the search for a split ends with the best it has found.</summary>
    public const int MostSteps = 20_000;

    /// <param name="available">Units of a SKU that may be promised at a location.</param>
    public static Route Choose(RoutingAsk ask, BrandTerms terms, Func<string, string, int> available)
    {
        var places = new List<Place>(terms.Locations.Count);
        var whole = default(Load);
        foreach (var demand in ask.Wanted) whole += demand.Of(demand.Quantity);
        var to = new Destination(ask, terms.Routing);
        foreach (var location in terms.Locations) places.Add(new(location, ask, to, terms, available, whole));

        Place? best = null;
        foreach (var place in places)
            if (place.Whole is { } cost && (best is null || cost < best.Whole || (cost == best.Whole && string.CompareOrdinal(place.Code, best.Code) < 0))) best = place;

        List<Share> shares = best is null ? [] : [.. ask.Wanted.Select(d => new Share(best.Code, d.Sku, d.Quantity))];
        var exact = true;
        if (terms.Routing.MaxParcels > 1 && ask.Wanted.Count > 0 && Usable(places) is var usable && (best is not null || IsThere(ask, usable)))
        {
            var search = new SplitSearch(ask.Wanted, usable, terms.Routing, best?.Whole);
            search.Run();
            (shares, exact) = (search.Best ?? shares, search.Exact);
        }
        return new(shares, [.. places.Select(p => p.Option(shares, ask))], exact);
    }

    /// <summary>All of it is somewhere. What is not there at all would be searched for to the last step.</summary>
    private static bool IsThere(RoutingAsk ask, List<Place> places)
    {
        for (var i = 0; i < ask.Wanted.Count; i++)
        {
            var left = ask.Wanted[i].Quantity;
            foreach (var place in places) left -= place.Stock[i];
            if (left > 0) return false;
        }
        return true;
    }

    /// <summary>Cheap ones first: a good split found early spares the rest of the search.</summary>
    private static List<Place> Usable(List<Place> places) =>
        [.. places.Where(p => p.Out is null).OrderBy(p => p.Cost.Of(default) ?? decimal.MaxValue).ThenBy(p => p.Code, StringComparer.Ordinal)];

    /// <summary>One location and what it could do for this order.</summary>
    internal sealed class Place
    {
        private readonly List<string> missing = [];
        private readonly List<string> lacks = [];
        private readonly Load whole;
        private readonly IReadOnlyList<SkuDemand> wanted;
        private readonly decimal[]? worn;

        public Place(LocationTerms location, RoutingAsk ask, Destination to, BrandTerms terms, Func<string, string, int> available, Load whole)
        {
            (Code, this.whole, wanted) = (location.Code, whole, ask.Wanted);
            Cost = new(location, ask, to, terms);
            Health = ShelfHealth.For(location.Code, ask, terms.Routing);
            var barred = ask.NotFrom.Contains(location.Code) ? "turned this order down" : terms.Routing.Excludes(location.Code, ask.Wish);
            Out = location.Paused ? "paused" : barred ?? Cost.Full;
            Standing = barred is not null ? Standing.Barred : Out is not null ? Standing.Shut : Standing.Open;
            Stock = new int[ask.Wanted.Count];
            if (Out is not null) return;
            for (var i = 0; i < Stock.Length; i++)
            {
                var (sku, quantity) = (ask.Wanted[i].Sku, ask.Wanted[i].Quantity);
                Stock[i] = int.Max(0, available(sku, location.Code));
                if (Stock[i] >= quantity) continue;
                missing.Add(string.Create(CultureInfo.InvariantCulture, $"{sku}: {Stock[i]} of {quantity}"));
                lacks.Add(sku);
            }
            if (Health is not null) worn = [.. Enumerable.Range(0, Stock.Length).Select(i => Health.Of(wanted[i].Sku, Stock[i], wanted[i].Quantity))];
            if (lacks.Count > 0) return;
            Whole = Cost.Of(whole);
            if (Whole is null) missing.Add(Cost.Refusal(whole));
            else if (worn is not null) Whole += worn.Sum();
        }

        public string Code { get; }
        public ParcelCost Cost { get; }
        public ShelfHealth? Health { get; }

        /// <summary>Why nothing leaves from here; null when it may.</summary>
        public string? Out { get; }

        public Standing Standing { get; }

        /// <summary>Units of each demand that may be promised here.</summary>
        public int[] Stock { get; }

        /// <summary>Cost of sending everything from here; null when it cannot.</summary>
        public decimal? Whole { get; }

        /// <summary>What taking units of a demand costs its shelf.</summary>
        public decimal Worn(int demand, int units) =>
            worn is null ? 0m : units == wanted[demand].Quantity ? worn[demand] : Health!.Of(wanted[demand].Sku, Stock[demand], units);

        public Option Option(List<Share> shares, RoutingAsk ask)
        {
            if (Out is not null) return new(Code, null, [], [Out], []) { Standing = Standing };
            var (units, load) = Sent(shares, ask);
            if (units == 0) return new(Code, Whole, Whole is null ? [] : [.. Cost.Terms(whole), .. Shelves(ask.Wanted, ask).Select(s => s.Term)], missing, lacks);
            var shelves = Shelves(shares.Where(s => s.Location == Code).Select(s => new SkuDemand(s.Sku, s.Quantity)), ask);
            List<string> parts = [.. Cost.Terms(load), .. shelves.Select(s => s.Term)];
            var wanted = ask.Wanted.Sum(d => d.Quantity);
            if (units < wanted) parts.Insert(0, string.Create(CultureInfo.InvariantCulture, $"{units} of {wanted} units"));
            return new(Code, Cost.Of(load) + shelves.Sum(s => s.Cost), parts, missing, lacks, Chosen: true) { Parcel = Cost.Sent(load) };
        }

        private List<(decimal Cost, string Term)> Shelves(IEnumerable<SkuDemand> taken, RoutingAsk ask)
        {
            if (Health is null) return [];
            List<(decimal, string)> worn = [];
            foreach (var (sku, units, _, _) in taken)
                for (var i = 0; i < Stock.Length; i++)
                    if (ask.Wanted[i].Sku == sku && Health.Term(sku, Stock[i], units) is { } term) worn.Add((Health.Of(sku, Stock[i], units), term));
            return worn;
        }

        private (int Units, Load Load) Sent(List<Share> shares, RoutingAsk ask)
        {
            var (units, load) = (0, default(Load));
            foreach (var share in shares)
            {
                if (share.Location != Code) continue;
                units += share.Quantity;
                foreach (var demand in ask.Wanted)
                    if (demand.Sku == share.Sku) load += demand.Of(share.Quantity);
            }
            return (units, load);
        }
    }
}
