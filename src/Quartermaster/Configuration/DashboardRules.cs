using Quartermaster.Core.Connecting;
using Quartermaster.Core.Rules;
using Quartermaster.Runtime;

namespace Quartermaster.Configuration;

/// <summary>Rules that a person typed, checked against the brand they are for.</summary>
public static class DashboardRules
{
    /// <exception cref="ConfigurationException">With everything that is wrong.</exception>
    /// <exception cref="ArgumentException">There is no such brand, or the text is too long.</exception>
    public static IReadOnlyList<Rule> Read(HubPlan plan, string brand, string text)
    {
        if (text.Length > RuleText.Longest) throw new ArgumentException($"The rules are longer than {RuleText.Longest:N0} characters.", nameof(text));
        var configured = plan.Brands.GetValueOrDefault(brand) ?? throw new ArgumentException($"There is no brand '{brand}'.", nameof(brand));
        return RuleText.Read(text, "rules", NamesOf(plan, configured), Rule.TheDashboard, [.. configured.Rules.Rules.Select(r => r.Name)]);
    }

    /// <summary>Reads a file of rules that is tried in place of all rules of a brand.</summary>
    /// <exception cref="ConfigurationException">With everything that is wrong.</exception>
    public static IReadOnlyList<Rule> ReadAll(HubPlan plan, string brand, string text, string file) =>
        RuleText.Read(text, file, NamesOf(plan, plan.Brands[brand]), Rule.TheFile, []);

    private static RuleNames NamesOf(HubPlan plan, BrandPlan brand)
    {
        var terms = brand.Terms;
        return new(
            [.. plan.Connections.Values.Where(c => c.Brand == terms.Brand && c.Connector.Manifest.Capabilities.Contains(Capability.Storefront)).Select(c => c.Key)],
            [.. terms.Routing.Pools.Select(p => p.Name)], [.. terms.Routing.Rates.Select(r => r.Service).Distinct()], terms.Alerts is not null);
    }
}
