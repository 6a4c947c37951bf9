using Quartermaster.Core.Channels;
using Quartermaster.Core.Connecting;
using Quartermaster.Runtime;

namespace Quartermaster.Configuration;

/// <summary>Reads <c>connections.NAME</c> and checks its settings against the connector's manifest.</summary>
internal static class ConnectionSection
{
    /// <returns>Null when connector or brand cannot be told, after saying so.</returns>
    public static ConnectionPlan? Read(
        string key, Section section, IReadOnlyDictionary<string, IConnector> connectors, IReadOnlyDictionary<string, BrandPlan> brands, IReadOnlyCollection<string>? twins)
    {
        if (!WrittenValues.IsKey(key))
            section.Problems.Add(section.Place, section.Path, $"'{key}' cannot be a connection's key: it is part of the webhook address", "Use lower-case letters, digits and hyphens, at most 40: aurora-shopify.");

        var connector = Known(section, "connector", connectors, "shopify", "connector", "Remove this connection.");
        var brand = Known(section, "brand", brands, "aurora", "brand", "Add it under brands.");
        var prefix = section.Text("order_prefix", "");
        var sandboxed = section.Flag("sandbox");
        var (settingsPart, locationsPart, limitsPart, stockPart, patiencePart) = (section.Child("settings"), section.Child("locations"), section.Child("limits"), section.Child("stock"), section.Child("patience"));
        section.NothingElse();

        var locations = ReadLocations(locationsPart, brand);
        // What is below an unknown connector cannot be judged: its own mistake is reported, once.
        if (connector is null)
            return null;
        if (sandboxed && twins?.Contains(connector.Manifest.Key) == false)
            section.Find("sandbox")!.IsWrong($"the sandbox has no twin of '{connector.Manifest.Key}'", $"Leave sandbox out, or use one of {string.Join(", ", twins.Order(StringComparer.Ordinal))}.");
        var settings = ReadSettings(settingsPart, connector.Manifest, sandboxed ? key : null);
        var limits = ReadLimits(limitsPart, connector.Manifest.Limits);
        var shelves = ReadShelves(stockPart, connector.Manifest);
        var stock = ReadStock(stockPart, connector.Manifest, brand);
        var patience = ReadPatience(patiencePart, connector.Manifest);
        return brand is null ? null : new(key, brand.Terms.Brand, connector, new Settings(settings), prefix, locations, limits, sandboxed) { Stock = stock, Patience = patience, ReadShelvesEvery = shelves };
    }

    private static T? Known<T>(Section section, string key, IReadOnlyDictionary<string, T> known, string example, string what, string none) where T : class
    {
        if (section.Require(key, known.Keys.FirstOrDefault() ?? example) is not { } written)
            return null;
        if (known.TryGetValue(written.Text, out var found))
            return found;
        written.IsWrong($"there is no {what} '{written.Text}'", NearestWord.Hint(written.Text, [.. known.Keys], none));
        return null;
    }

    /// <param name="sandbox">The connection's key when a twin stands in for the vendor: it needs no real credentials, so that variables may be unset, and has knobs of its own.</param>
    private static Dictionary<string, string> ReadSettings(Section section, Manifest manifest, string? sandbox)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in manifest.Settings)
        {
            var before = section.Problems.Count;
            var written = section.Find(setting.Key, mayBeUnset: sandbox is not null);
            if (written is not null) Judge(setting, written);
            var value = written?.Text ?? setting.Default ?? (sandbox is null ? null : Invented(setting, sandbox));
            if (value is not null)
                settings[setting.Key] = value;
            else if (setting.Required && section.Problems.Count == before)
                section.Problems.Add(section.Place, $"{section.Path}.{setting.Key}", $"{manifest.Title} needs it", $"{setting.Explanation.TrimEnd('.')}: write {setting.Key}: {(setting.Secret ? "${AN_ENVIRONMENT_VARIABLE}" : "…")}");
        }
        if (sandbox is not null)
            foreach (var name in section.Names().Where(n => n.StartsWith("sandbox_", StringComparison.Ordinal)))
                if (section.Find(name) is { } written)
                    settings[name] = written.Text;
        section.NothingElse();
        return settings;
    }

    private static void Judge(Setting setting, Written written)
    {
        var shown = setting.Secret ? "what is written" : $"'{written.Text}'";
        if (setting.IsAddress && !WebAddress.Is(written.Text)) written.IsWrong($"{shown} is no web address", $"Write it whole, with https:// or http://: {setting.Explanation}");
        else if (setting.Fits?.Invoke(written.Text) == false) written.IsWrong($"{shown} cannot be its value", setting.Explanation);
    }

    // Whatever opens only the twin. An optional address stays unset: it would lead out of the sandbox.
    private static string? Invented(Setting setting, string connection) =>
        setting.Required || (setting.Secret && !setting.IsAddress) ? $"sandbox-{connection}-{setting.Key.Replace('_', '-')}" : null;

    private static Dictionary<string, string> ReadLocations(Section section, BrandPlan? brand)
    {
        var locations = new Dictionary<string, string>(StringComparer.Ordinal);
        var known = brand?.Terms.Locations.Select(l => l.Code).ToArray();
        foreach (var (code, written, place) in section.Values())
        {
            if (known is not null && !known.Contains(code))
                section.Problems.Add(place, $"{section.Path}.{code}", $"the brand has no location '{code}'", NearestWord.Hint(code, known, "Add it under the brand's locations."));
            if (written is not null && locations.FirstOrDefault(l => l.Value == written.Text).Key is { } taken)
                written.IsWrong($"{taken} has the same id '{written.Text}'", "Give every location the id it has in the remote system.");
            else if (written is not null)
                locations[code] = written.Text;
        }
        return locations;
    }

    private static StockTerms? ReadStock(Section section, Manifest manifest, BrandPlan? brand)
    {
        var publish = section.Flag("publish");
        var from = section.Words("from");
        var known = brand?.Terms.Locations.Select(l => l.Code).ToArray() ?? [];
        foreach (var code in from)
            if (brand is not null && !known.Contains(code.Text)) code.IsWrong($"the brand has no location '{code.Text}'", NearestWord.Hint(code.Text, known, "Write the codes of its locations, or leave it out for all."));
        var terms = new StockTerms(section.Whole("buffer", 0), [.. from.Select(w => w.Text)]);
        terms = terms with
        {
            Calm = section.Period("calm", terms.Calm),
            Share = section.Whole("share", terms.Share, least: 1, most: 100),
            Most = section.Whole("most", terms.Most),
            Preorders = section.Flag("preorders"),
            HideAtZero = section.Flag("hide_at_zero"),
            HideAfter = section.Period("hide_after", terms.HideAfter),
            KeepShown = [.. section.Words("keep_shown").Select(w => w.Text)],
            AskFrom = ReadDrift(section),
        };
        if (terms.HideAtZero && manifest.Hiding is null) section.Find("hide_at_zero")!.IsWrong($"{manifest.Title} hides no products", "Write it at a storefront that can, or leave it out.");
        section.NothingElse();
        if (publish && manifest.StockBatch == 0) section.Problems.Add(section.Place, $"{section.Path}.publish", $"{manifest.Title} takes no stock", "Publish stock to a storefront, or remove this section.");
        return publish && manifest.StockBatch > 0 ? terms : null;
    }

    /// <returns>From how many units on a person is asked; null = the channel's number is overwritten.</returns>
    private static int? ReadDrift(Section section)
    {
        var asks = section.Checked("drift", "overwrite", text => text is "overwrite" or "ask", "a way to treat numbers that were changed there", "Write overwrite (it is put right) or ask (a person says so, from ask_from units on).") == "ask";
        if (!asks && section.Find("ask_from") is { } from) from.IsWrong("nobody is asked where drift is overwrite", "Write drift: ask, or leave ask_from out.");
        return asks ? section.Whole("ask_from", 20, least: 1) : null;
    }

    /// <returns>How often every shelf of a warehouse is read; null = never.</returns>
    private static TimeSpan? ReadShelves(Section section, Manifest manifest)
    {
        if (section.Find("read_every") is { } written && !manifest.TellsShelves) written.IsWrong($"{manifest.Title} cannot be asked for all that it counts", "Write it at a warehouse that can, or leave it out.");
        return section.Period("read_every", ConnectionPlan.ShelvesUsually) is { Ticks: > 0 } every && manifest.TellsShelves ? every : null;
    }

    private static HandoffPatience ReadPatience(Section section, Manifest manifest)
    {
        var usual = HandoffPatience.Usual;
        var (accepted, shipped) = (section.Find("accepted_within"), section.Find("shipped_within"));
        var patience = new HandoffPatience(section.Period("accepted_within", usual.AcceptedWithin), section.Period("shipped_within", usual.ShippedWithin));
        section.NothingElse();
        if ((accepted ?? shipped) is { } written && !manifest.Capabilities.Contains(Capability.Warehouse))
            written.IsWrong($"{manifest.Title} is handed no orders", "Write patience at the warehouse that is waited for, or remove this section.");
        return patience;
    }

    private static Limits? ReadLimits(Section section, Limits published)
    {
        var limits = new Limits(
            section.Whole("batch", published.Batch, least: 1, most: 1000),
            section.Whole("concurrency", published.Concurrency, least: 1, most: 1000),
            (double)section.Number("per_second", (decimal)published.PerSecond),
            section.Whole("burst", published.Burst, least: 1),
            section.Whole("per_day", published.PerDay));
        section.NothingElse();
        return limits == published ? null : limits;
    }
}
