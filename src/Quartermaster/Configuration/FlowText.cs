using System.Globalization;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime;
using YamlDotNet.RepresentationModel;

namespace Quartermaster.Configuration;

/// <summary>Flows as YAML text: written from what is in force, and read from what a person typed, checked against the brand they are for.</summary>
public static class FlowText
{
    /// <summary>Longest text of flows that is taken.</summary>
    public const int Longest = 100_000;

    /// <summary>Reads text that begins with <c>flows:</c>.</summary>
    /// <param name="file">How the text is called in messages.</param>
    /// <exception cref="ConfigurationException">With everything that is wrong.</exception>
    /// <exception cref="ArgumentException">There is no such brand, or the text is too long.</exception>
    public static IReadOnlyList<Campaign> Read(HubPlan plan, string brand, string text, string file = "flow")
    {
        if (text.Length > Longest) throw new ArgumentException($"The flows are longer than {Longest:N0} characters.", nameof(text));
        if (text.Contains('\0', StringComparison.Ordinal)) throw new ArgumentException("The text holds a character that no text has.", nameof(text));
        var of = plan.Brands.GetValueOrDefault(brand) ?? throw new ArgumentException($"There is no brand '{brand}'.", nameof(brand));
        var names = new FlowNames([.. of.Terms.MessageChannels.Select(c => c.Kind).Distinct()], [.. of.Flows.Offers.Keys]) { NoMail = !plan.HasWayOut };
        return TypedList.Read(text, "flows", file, section => CampaignSection.ReadFlows(section, names));
    }

    /// <summary>Reads the one flow of this name.</summary>
    /// <inheritdoc cref="Read"/>
    public static Campaign ReadOne(HubPlan plan, string brand, string id, string text) =>
        Read(plan, brand, text) is [var flow] && flow.Id == id ? flow : throw new ArgumentException($"The text is to hold the flow '{id}' and no other.", nameof(text));

    public static string Write(Campaign flow) => Write(flow.Id, CampaignSection.Write(flow));

    internal static string Write(string id, YamlMappingNode flow)
    {
        var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(new YamlMappingNode { { "flows", new YamlMappingNode { { id, flow } } } })).Save(writer, assignAnchors: false);
        return writer.ToString().TrimEnd('.', '\n', '\r') + "\n";
    }
}
