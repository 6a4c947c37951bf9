using System.Collections.Frozen;
using System.Globalization;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Configuration;

/// <summary>Reads <c>brands.NAME.routing</c> and when a location packs.</summary>
internal static class RoutingSection
{
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    public static RoutingTerms Read(Section section, IReadOnlyList<LocationTerms> locations, IReadOnlyList<string> channels)
    {
        var usual = RoutingTerms.Plain;
        var terms = new RoutingTerms
        {
            MaxParcels = section.Whole("max_parcels", usual.MaxParcels, least: 1, most: 5),
            SplitCost = section.Number("split_cost", usual.SplitCost),
            PromiseDays = section.Find("promise_days") is null ? null : section.Whole("promise_days", 3, most: 90),
            LateCost = section.Number("late_cost", usual.LateCost),
            DamageCost = section.Number("damage_cost", usual.DamageCost),
            RedeliveryCost = section.Number("redelivery_cost", usual.RedeliveryCost),
            ReturnCost = section.Number("return_cost", usual.ReturnCost),
            HistoryDays = section.Whole("history_days", usual.HistoryDays, most: 400),
            BusyCost = section.Number("busy_cost", usual.BusyCost),
            CoverDays = section.Find("cover_days") is null ? null : section.Whole("cover_days", 14, least: 1, most: 365),
            CoverCost = section.Number("cover_cost", usual.CoverCost),
            Pools = [.. section.Child("pools").Children().Select(p => ReadPool(p.Name, p.Section, locations, channels))],
            Rates = ReadRates(section, locations),
        };
        terms = terms with { Methods = ReadMethods(section.Child("methods"), terms.Rates) };
        section.NothingElse();
        return terms;
    }

    private static FrozenDictionary<string, string> ReadMethods(Section section, IReadOnlyList<ShippingRate> rates)
    {
        Dictionary<string, string> methods = new(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, written, place) in section.Values())
        {
            if (written is null) section.Problems.Add(place, $"{section.Path}.{name}", "it means no service", "Write the service that an order with this method travels by, or leave the method out.");
            else if (rates.Count > 0 && !rates.Any(r => r.Service == written.Text))
                written.IsWrong($"'{written.Text}' is not a service of this brand's rates", NearestWord.Hint(written.Text, [.. rates.Select(r => r.Service).Distinct()], "Give a rate under rates that service."));
            else if (!methods.TryAdd(name, written.Text)) section.Problems.Add(place, $"{section.Path}.{name}", "the method is named twice", "Methods are told apart without regard to case: keep one of the two.");
        }
        return methods.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    public static IReadOnlyList<ShippingRate> ReadRates(Section section, IReadOnlyList<LocationTerms> locations) => [.. section.Items("rates").Select(item => ReadRate(item, locations))];

    public static WorkCalendar ReadCalendar(Section section, string timeZone)
    {
        var calendar = new WorkCalendar(
            ReadTime(section, "packs_until"),
            [.. section.Words("closed").Select(ReadDay).OfType<DayOfWeek>()],
            [.. section.Words("holidays").Select(ReadDate).OfType<DateOnly>()],
            timeZone,
            section.Whole("handling_days", 0, most: 30));
        if (calendar.Closed.Distinct().Count() == Days.Length)
            section.Problems.Add(section.Place, section.Path, "it is closed on every day of the week", "Leave a day open, or write paused: true.");
        return calendar;
    }

    public static string Name(DayOfWeek day) => Days[(int)day];

    private static LocationPool ReadPool(string name, Section section, IReadOnlyList<LocationTerms> locations, IReadOnlyList<string> channels)
    {
        if (!WrittenValues.IsKey(name)) section.Problems.Add(section.Place, section.Path, $"'{name}' cannot be a pool's name", "Use lower-case letters, digits and hyphens, at most 40: south.");
        var from = section.Words("locations");
        if (from.Count == 0) section.Problems.Add(section.Place, $"{section.Path}.locations", "the pool is empty", "Write locations: [BLR, DEL]");
        CheckLocations(from, locations);
        foreach (var channel in section.Words("channels"))
            if (!channels.Contains(channel.Text)) channel.IsWrong($"'{channel.Text}' is not a storefront of this brand", NearestWord.Hint(channel.Text, channels, "Add it under connections."));
        var pool = new LocationPool(name, [.. from.Select(w => w.Text)], [.. section.Words("channels").Select(w => w.Text)]);
        section.NothingElse();
        return pool;
    }

    private static void CheckLocations(IEnumerable<Written> words, IReadOnlyList<LocationTerms> locations)
    {
        foreach (var word in words)
            if (!locations.Any(l => l.Code == word.Text))
                word.IsWrong($"'{word.Text}' is not a location of this brand", NearestWord.Hint(word.Text, [.. locations.Select(l => l.Code)], "Write the codes of its locations, or leave it out for all."));
    }

    private static ShippingRate ReadRate(Section item, IReadOnlyList<LocationTerms> locations)
    {
        item.Require("service", "Surface");
        item.Require("to", "IN:56");
        item.Require("first", "45");
        CheckLocations(item.Words("from"), locations);
        var rate = new ShippingRate(
            item.Text("service", ""),
            [.. item.Words("from").Select(w => w.Text)],
            item.Checked("to", "*", IsPlace, "a destination", "Write a country with the beginning of its postal codes, a country, or all: IN:56, IN, *."),
            item.Number("first", 0m),
            item.Whole("first_grams", 500, least: 1),
            item.Number("each", 0m),
            item.Whole("step_grams", 500, least: 1),
            item.Whole("max_grams", 0),
            item.Whole("days", 3, most: 90))
        { Carrier = item.Find("carrier")?.Text, WithinKm = item.Find("within_km") is null ? null : item.Whole("within_km", 500, least: 1, most: ShippingRate.Farthest), VolumetricDivisor = item.Find("volumetric_divisor") is null ? 0 : item.Whole("volumetric_divisor", 5000, least: 1000, most: 10_000) };
        if (rate.WithinKm is not null && !locations.Any(l => l.PostalCode is not null && (rate.From.Count == 0 || rate.From.Contains(l.Code))))
            item.Problems.Add(item.Place, $"{item.Path}.within_km", "no location says where it is", "Write postal_code: \"560001\" at the locations that it is measured from.");
        item.NothingElse();
        return rate;
    }

    private static bool IsPlace(string text)
    {
        if (text == "*") return true;
        var parts = text.Split(':');
        return parts.Length <= 2 && Countries.IsKnown(parts[0]) && (parts.Length == 1 || (parts[1].Length is > 0 and <= 10 && parts[1].All(char.IsAsciiLetterOrDigit)));
    }

    private static TimeOnly ReadTime(Section section, string key)
    {
        if (section.Find(key) is not { } written) return TimeOnly.MaxValue;
        if (TimeOnly.TryParseExact(written.Text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return time;
        written.IsWrong($"'{written.Text}' is not a time of day", $"Write hours and minutes of the location's own clock in quotes: {key}: \"14:00\"");
        return TimeOnly.MaxValue;
    }

    private static DayOfWeek? ReadDay(Written written)
    {
        var at = Array.IndexOf(Days, written.Text.ToLowerInvariant());
        if (at >= 0) return (DayOfWeek)at;
        written.IsWrong($"'{written.Text}' is not a day of the week", "Write mon, tue, wed, thu, fri, sat, sun.");
        return null;
    }

    private static DateOnly? ReadDate(Written written)
    {
        if (DateOnly.TryParseExact(written.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return date;
        written.IsWrong($"'{written.Text}' is not a day", "Write year, month and day: 2026-12-25.");
        return null;
    }
}
