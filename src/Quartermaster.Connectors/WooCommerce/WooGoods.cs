using System.Globalization;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.WooCommerce;

/// <summary>What the shop knows of its goods: weights and sizes as texts, in units that only the shop's own pages tell. It has no field for customs.</summary>
internal sealed class WooGoods(Settings settings)
{
    public const string DefaultWeightUnit = "kg", DefaultSizeUnit = "cm";

    /// <summary>The units that WooCommerce offers, in grams and in centimetres.</summary>
    public static readonly IReadOnlyDictionary<string, decimal>
        Grams = new Dictionary<string, decimal> { ["kg"] = 1000m, ["g"] = 1m, ["lbs"] = 453.59237m, ["oz"] = 28.349523125m },
        Centimetres = new Dictionary<string, decimal> { ["cm"] = 1m, ["m"] = 100m, ["mm"] = 0.1m, ["in"] = 2.54m, ["yd"] = 91.44m };

    private readonly decimal _grams = Grams.GetValueOrDefault(settings.Get("weight_unit", DefaultWeightUnit), 1000m);
    private readonly decimal _centimetres = Centimetres.GetValueOrDefault(settings.Get("dimension_unit", DefaultSizeUnit), 1m);

    /// <param name="family">The product of a variation, which stands in for what the variation leaves open.</param>
    public SkuSeen Of(ProductBody product, ProductBody? family = null) => new(product.Sku?.Trim() ?? "", new(WeightOf(product) is > 0 and var own ? own : family is null ? 0 : WeightOf(family), SizeOf(product) ?? (family is null ? null : SizeOf(family))));

    private int WeightOf(ProductBody product) => Measure(product.Weight, _grams, SkuFacts.MostGrams);

    /// <summary>Rounded up: what does not fit is no smaller for being rounded down.</summary>
    private ParcelSize? SizeOf(ProductBody product)
    {
        var (a, b, c) = (Side(product.Dimensions?.Length), Side(product.Dimensions?.Width), Side(product.Dimensions?.Height));
        return a > 0 && b > 0 && c > 0 ? SkuFacts.SizeOf(a, b, c) : null;

        int Side(string? text) => Measure(text, _centimetres, SkuFacts.MostCentimetres);
    }

    /// <summary>0 where nothing is written, or nothing that a unit can be.</summary>
    private static int Measure(string? text, decimal unit, int most) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most / unit
            ? (int)decimal.Ceiling(number * unit) : 0;
}
