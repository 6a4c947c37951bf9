using Quartermaster.Core.Kernel;

namespace Quartermaster.Configuration;

/// <summary>Reads <c>brands.NAME.substitutions</c>.</summary>
internal static class SubstitutionSection
{
    public static IReadOnlyDictionary<string, SubstitutionTerms> Read(Section brand)
    {
        var all = new Dictionary<string, SubstitutionTerms>(StringComparer.Ordinal);
        foreach (var item in brand.Items("substitutions"))
        {
            item.Require("sku", "KUR-RED-M");
            // Left out, the shopper is asked: what nobody decided about is never sent in silence.
            var consent = item.Checked("consent", "required", c => c is "required" or "not", "a word about consent", "Write required (a person asks the shopper) or not (it is sent by itself).");
            var most = item.Find("max_difference") is null ? (decimal?)null : item.Number("max_difference", 0m);
            List<Substitute> by = [];
            foreach (var other in item.Items("by"))
            {
                other.Require("sku", "KUR-RED-L");
                var price = other.Find("price") is null ? (decimal?)null : other.Number("price", 0m);
                if (most is not null && price is null) other.Problems.Add(other.Place, $"{other.Path}.price", "it needs a price: the rule has a largest difference", "Write what one costs in the shop, or leave max_difference out.");
                other.NothingElse();
                if (other.Text("sku", "") is { Length: > 0 } sku) by.Add(new(sku, price));
            }
            var sold = item.Text("sku", "");
            if (by.Count == 0) item.Problems.Add(item.Place, $"{item.Path}.by", "nothing is named that may be sent instead", "Write by: [ {sku: KUR-RED-L, price: 1290} ]");
            if (by.Exists(b => b.Sku == sold)) item.Problems.Add(item.Place, $"{item.Path}.by", $"{sold} cannot be sent instead of itself", "Name other SKUs.");
            item.NothingElse();
            if (sold.Length > 0 && !all.TryAdd(sold, new(sold, by, most, consent == "required"))) item.Find("sku")!.IsWrong($"{sold} has a rule already", "Put all that may be sent instead under one entry.");
        }
        return all;
    }
}
