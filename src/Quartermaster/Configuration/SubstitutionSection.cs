using Quartermaster.Core.Kernel;

namespace Quartermaster.Configuration;

/// <summary>Reads <c>brands.NAME.substitutions</c>: entries for one SKU, and for categories, in which each may be sent instead of each other.</summary>
internal static class SubstitutionSection
{
    // Each of a category is a substitute of all others.
    private const int MostInCategory = 100;

    public static IReadOnlyDictionary<string, SubstitutionTerms> Read(Section brand)
    {
        var all = new Dictionary<string, SubstitutionTerms>(StringComparer.Ordinal);
        List<(Section Item, string Category, IReadOnlyList<SubstitutionTerms> Of)> categories = [];
        foreach (var item in brand.Items("substitutions"))
        {
            // Left out, the shopper is asked: what nobody decided about is never sent in silence.
            var consent = item.Checked("consent", "required", c => c is "required" or "not", "a word about consent", "Write required (a person asks the shopper) or not (it is sent by itself).");
            var most = item.Find("max_difference") is null ? (decimal?)null : item.Number("max_difference", 0m);
            if (item.Find("category") is not null) categories.Add((item, item.Text("category", ""), Category(item, most, consent == "required")));
            else if (One(item, most, consent == "required") is { } terms && !all.TryAdd(terms.Sku, terms)) item.Find("sku")!.IsWrong($"{terms.Sku} has a rule already", "Put all that may be sent instead under one entry.");
            item.NothingElse();
        }
        // What is written of a SKU itself stands before what is written of its category, wherever it stands.
        var own = all.Keys.ToHashSet(StringComparer.Ordinal);
        Dictionary<string, string> known = [];
        foreach (var (item, category, of) in categories)
            foreach (var terms in of)
            {
                if (!known.TryAdd(terms.Sku, category)) item.Problems.Add(item.Place, $"{item.Path}.skus", $"{terms.Sku} is in {known[terms.Sku]} already", "Leave it in one category, or give it an entry of its own.");
                else if (!own.Contains(terms.Sku)) all.Add(terms.Sku, terms);
            }
        return all;
    }

    private static SubstitutionTerms? One(Section item, decimal? most, bool asks)
    {
        item.Require("sku", "KUR-RED-M");
        var by = Substitutes(item, "by", most);
        var sold = item.Text("sku", "");
        if (by.Count == 0) item.Problems.Add(item.Place, $"{item.Path}.by", "nothing is named that may be sent instead", "Write by: [ {sku: KUR-RED-L, price: 1290} ]");
        if (by.Exists(b => b.Sku == sold)) item.Problems.Add(item.Place, $"{item.Path}.by", $"{sold} cannot be sent instead of itself", "Name other SKUs.");
        return sold.Length > 0 ? new(sold, by, most, asks) : null;
    }

    private static List<SubstitutionTerms> Category(Section item, decimal? most, bool asks)
    {
        var skus = Substitutes(item, "skus", most);
        if (skus.Select(s => s.Sku).Distinct(StringComparer.Ordinal).Count() is < 2 or > MostInCategory || skus.GroupBy(s => s.Sku, StringComparer.Ordinal).Any(g => g.Count() > 1))
        {
            item.Problems.Add(item.Place, $"{item.Path}.skus", $"a category is 2 to {MostInCategory} SKUs, each once", "Write skus: [ {sku: KUR-RED-M, price: 1290}, {sku: KUR-RED-L, price: 1290} ]");
            return [];
        }
        return [.. skus.Select(s => new SubstitutionTerms(s.Sku, [.. skus.Where(other => other.Sku != s.Sku)], most, asks))];
    }

    private static List<Substitute> Substitutes(Section item, string key, decimal? most)
    {
        List<Substitute> all = [];
        foreach (var other in item.Items(key))
        {
            other.Require("sku", "KUR-RED-L");
            var price = other.Find("price") is null ? (decimal?)null : other.Number("price", 0m);
            if (most is not null && price is null) other.Problems.Add(other.Place, $"{other.Path}.price", "it needs a price: the rule has a largest difference", "Write what one costs in the shop, or leave max_difference out.");
            other.NothingElse();
            if (other.Text("sku", "") is { Length: > 0 } sku) all.Add(new(sku, price));
        }
        return all;
    }
}
