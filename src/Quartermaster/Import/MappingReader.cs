using Quartermaster.Configuration;
using Quartermaster.Connectors.Shared;

namespace Quartermaster.Import;

/// <summary>Reads a mapping file; its mistakes are told like those of the configuration, all at once and with their lines.</summary>
public static class MappingReader
{
    private static readonly OrderField[] Indispensable = [OrderField.PlacedAt, OrderField.Quantity, OrderField.UnitPrice];

    /// <exception cref="ConfigurationException">With everything that is wrong.</exception>
    public static OrderMapping Read(string yaml, string file)
    {
        var source = new Source(file, EnvironmentValues.OfThisProcess, new Problems());
        var root = new Section(YamlText.Parse(yaml, source), "", new(file, 1, 1), source);
        var zone = root.Checked("time_zone", "Etc/UTC", id => TimeZoneInfo.TryFindSystemTimeZoneById(id, out _), "a time zone", "Write its IANA name: Europe/London.");
        var mapping = new OrderMapping
        {
            Title = file,
            GroupBy = root.Require("group_by", "the column that names the order")?.Text ?? "",
            Fields = ReadFields(root.Child("columns")),
            Delimiter = root.Checked("delimiter", ",", d => d is "," or ";" or "|" or "tab", "a delimiter", "Write \",\", \";\", \"|\" or tab.") is var d && d == "tab" ? "\t" : d,
            DecimalPoint = root.Checked("decimal_point", ".", p => p is "." or ",", "a decimal point", "Write \".\" or \",\".")[0],
            DateFormat = root.Find("date_format")?.Text,
            TimeZone = TimeZoneInfo.FindSystemTimeZoneById(zone),
            TaxesIncluded = root.Find("taxes_included") is null || root.Flag("taxes_included"),
            Cut = ReadWords(root.Child("cut")),
            Countries = ReadCountries(root.Child("countries")),
            ShippingRows = ReadRules(root, "shipping_rows"),
            Skip = ReadRules(root, "skip"),
            Note = ReadRules(root, "note"),
        };
        root.NothingElse();
        return source.Problems.Count == 0 ? mapping : throw new ConfigurationException(source.Problems.Found);
    }

    private static Dictionary<OrderField, Origin> ReadFields(Section section)
    {
        var fields = new Dictionary<OrderField, Origin>();
        foreach (var (name, written, place) in section.Values())
        {
            if (!OrderFields.ByName.TryGetValue(name, out var field))
                section.Problems.Add(place, $"{section.Path}.{name}", $"'{name}' is not a field of an order", NearestWord.Hint(name, [.. OrderFields.ByName.Keys], ""));
            else if (written is not null)
                fields[field] = written.Text.StartsWith('=') ? new(null, written.Text[1..].Trim()) : new(written.Text);
        }
        foreach (var missing in Indispensable.Where(f => !fields.ContainsKey(f)).Select(OrderFields.NameOf))
            section.Problems.Add(section.Place, $"{section.Path}.{missing}", "it is missing", $"Write {missing}: the column it is in, or {missing}: \"=value\" for all rows.");
        return fields;
    }

    private static Dictionary<string, string> ReadWords(Section section) =>
        section.Values().Where(v => v.Value is not null).ToDictionary(v => v.Name, v => v.Value!.Text);

    private static Dictionary<string, string> ReadCountries(Section section)
    {
        var countries = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, written, _) in section.Values())
        {
            if (written is not null && !Countries.IsKnown(written.Text))
                written.IsWrong($"'{written.Text}' is not a country", "Write its ISO 3166 code in capitals: GB. Leave an unclear country empty: it is then asked for.");
            countries[name] = written?.Text ?? "";
        }
        return countries;
    }

    private static List<RowRule> ReadRules(Section root, string key)
    {
        var rules = new List<RowRule>();
        foreach (var item in root.Items(key))
        {
            var column = item.Require("column", "the column to look at")?.Text ?? "";
            var reason = item.Require("reason", "cancellation")?.Text ?? "";
            var rule = new RowRule(column, reason)
            {
                In = [.. item.Words("in").Select(w => w.Text)],
                StartsWith = [.. item.Words("starts_with").Select(w => w.Text)],
                AtMost = item.Find("at_most") is null ? null : item.Signed("at_most"),
                Empty = item.Flag("empty"),
            };
            item.NothingElse();
            if (rule is { In.Count: 0, StartsWith.Count: 0, AtMost: null, Empty: false })
                item.Problems.Add(item.Place, item.Path, "it recognises no row", "Add in: [a, b], starts_with: x, at_most: 0 or empty: true.");
            rules.Add(rule);
        }
        return rules;
    }

    private static decimal? Signed(this Section section, string key)
    {
        var written = section.Find(key)!;
        if (decimal.TryParse(written.Text, System.Globalization.CultureInfo.InvariantCulture, out var value))
            return value;
        written.IsWrong($"'{written.Text}' is not a number", $"Write for example {key}: 0");
        return null;
    }
}
