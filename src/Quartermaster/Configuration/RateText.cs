using System.Globalization;
using Quartermaster.Core.Kernel;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Quartermaster.Configuration;

/// <summary>Rates as YAML text: written from what is in force, and read from what a person types.</summary>
public static class RateText
{
    /// <summary>Longest text of rates that is taken: it stands in a page's address.</summary>
    public const int Longest = 5_000;

    /// <summary>Reads text that begins with <c>rates:</c>, or with the list itself.</summary>
    /// <exception cref="ConfigurationException">With everything that is wrong.</exception>
    /// <exception cref="ArgumentException">It is too long.</exception>
    public static IReadOnlyList<ShippingRate> Read(string yaml, BrandTerms brand) =>
        yaml.Length > Longest ? throw new ArgumentException($"The rates are longer than {Longest:N0} characters: quartermaster whatif --with FILE takes any.", nameof(yaml))
            : TypedList.Read(yaml, "rates", "rates", section => RoutingSection.ReadRates(section, brand.Locations));

    /// <summary>One rate on a line, without what it leaves out.</summary>
    public static string Write(IEnumerable<ShippingRate> rates)
    {
        var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(new YamlMappingNode { { "rates", Nodes(rates) } })).Save(writer, assignAnchors: false);
        return writer.ToString().TrimEnd('.', '\n', '\r') + "\n";
    }

    internal static YamlSequenceNode Nodes(IEnumerable<ShippingRate> rates) => new(rates.Select(Node));

    private static YamlMappingNode Node(ShippingRate rate)
    {
        var node = new YamlMappingNode { { "service", rate.Service } };
        if (rate.Carrier is { } carrier) node.Add("carrier", carrier);
        if (rate.From.Count > 0) node.Add("from", new YamlSequenceNode(rate.From.Select(f => new YamlScalarNode(f))) { Style = SequenceStyle.Flow });
        node.Add("to", new YamlScalarNode(rate.To) { Style = YamlDotNet.Core.ScalarStyle.DoubleQuoted });
        if (rate.WithinKm is { } km) node.Add("within_km", Text(km));
        node.Add("first", Text(rate.First));
        if (rate.FirstGrams != 500) node.Add("first_grams", Text(rate.FirstGrams));
        if (rate.Each != 0m) node.Add("each", Text(rate.Each));
        if (rate.StepGrams != 500) node.Add("step_grams", Text(rate.StepGrams));
        if (rate.MaxGrams != 0) node.Add("max_grams", Text(rate.MaxGrams));
        if (rate.VolumetricDivisor != 0) node.Add("volumetric_divisor", Text(rate.VolumetricDivisor));
        node.Add("days", Text(rate.Days));
        node.Style = MappingStyle.Flow;
        return node;
    }

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}
