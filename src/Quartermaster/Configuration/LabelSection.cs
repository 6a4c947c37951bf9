using System.Collections.Frozen;
using System.Globalization;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;

namespace Quartermaster.Configuration;

/// <summary>Reads <c>brands.NAME.locations.CODE.labels</c>.</summary>
internal static class LabelSection
{
    /// <summary>A person closes the day, not the clock.</summary>
    public const string ByHand = "by_hand";

    public static LabelTerms? Read(Section location, string brand, string country, ConnectionNames connections)
    {
        var section = location.Child("labels");
        if (!section.Names().Any()) return null;
        section.Require("connection", "the key of a carrier connection that sells labels");
        section.Require("service", "the vendor's name of the service");
        var service = section.Text("service", "");
        var from = section.Child("from");
        from.Require("name", "what stands on the label as sender");
        from.Require("line1", "street and number");
        from.Require("city", "the city");
        from.Require("postal_code", "\"560100\"");
        from.Require("phone", "\"+918000000000\"");
        var parcel = section.Child("parcel");
        parcel.Require("grams", "500");
        var terms = new LabelTerms(
            connections.ReferToDo(section, "connection", brand, Capability.Carrier, Wire.KindOf(typeof(LabelEffect.Buy)), "sells no labels") ?? "",
            service,
            section.Text("service_abroad", service),
            new(Maybe(from, "name"), Maybe(from, "company"), Maybe(from, "line1"), Maybe(from, "line2"), Maybe(from, "city"), Maybe(from, "province"), Maybe(from, "postal_code"), country, Maybe(from, "phone"), Maybe(from, "email")),
            parcel.Whole("grams", 500, least: 1, most: 1_000_000),
            parcel.Whole("packaging_grams", 0, most: 100_000),
            ReadSize(parcel))
        {
            Services = section.Child("services").Values().Where(v => v.Value is not null).ToFrozenDictionary(v => v.Name, v => v.Value!.Text),
            CashWithout = section.Checked("cash", "buy", c => c is "buy" or "without", "a word about cash orders", "Write buy (their labels are bought too) or without (they are handed over without our label).") == "without",
        };
        terms = ReadClosing(section, terms, connections);
        from.NothingElse();
        parcel.NothingElse();
        section.NothingElse();
        return terms;
    }

    private static LabelTerms ReadClosing(Section section, LabelTerms terms, ConnectionNames connections)
    {
        if (section.Find("close_day") is not { } written) return terms;
        if (terms.Connection.Length > 0 && connections.ConnectorOf(terms.Connection) is { Manifest: { DispatchBatch: 0 } manifest })
            written.IsWrong($"{terms.Connection} ({manifest.Title}) takes no list at the end of a day", "Leave close_day out: this carrier learns of each parcel when its label is bought");
        if (written.Text == ByHand) return terms with { Closes = true };
        if (TimeOnly.TryParseExact(written.Text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)) return terms with { Closes = true, CloseAt = at };
        written.IsWrong($"'{written.Text}' is no time of day", $"Write hours and minutes by the brand's clock, close_day: \"17:30\", or close_day: {ByHand}");
        return terms;
    }

    private static ParcelSize? ReadSize(Section parcel)
    {
        if (parcel.Find("cm") is not { } written) return null;
        int[] sides = [.. written.Text.Split('x', StringSplitOptions.TrimEntries).Select(side => int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out var cm) && cm is >= 1 and <= 500 ? cm : 0).OrderDescending()];
        if (sides.Length == 3 && sides[2] > 0) return new(sides[0], sides[1], sides[2]);
        written.IsWrong($"'{written.Text}' is not the size of a parcel", "Write three sides in whole centimetres: cm: 30x20x10");
        return null;
    }

    private static string? Maybe(Section section, string key) => section.Find(key)?.Text;
}
