using Quartermaster.Runtime;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.Dashboard.Shown;

/// <summary>Groups of trouble in words, with the address of their list.</summary>
public static class FailureWords
{
    public static string Title(FailureGroup group) => group.What switch
    {
        Trouble.Effect => $"{Words.Effect(group.EffectKind ?? "")}: {Words.Outcome(group.State ?? "").Label.ToLowerInvariant()}",
        _ => Words.Kind(group.Cause),
    };

    public static string Where(FailureGroup group, HubPlan plan)
    {
        var brand = plan.Brands.TryGetValue(group.Brand, out var found) ? found.Terms.Title : group.Brand;
        return group.What switch
        {
            Trouble.Effect => $"{brand} · {group.Lane}",
            Trouble.Parked => $"{brand} · parked signals",
            _ => $"{brand} · open cases",
        };
    }

    public static string Link(FailureGroup group) =>
        $"/failures?what={group.What.ToString().ToLowerInvariant()}&brand={Uri.EscapeDataString(group.Brand)}&cause={Uri.EscapeDataString(group.Cause)}" +
        (group.Lane is null ? "" : $"&lane={Uri.EscapeDataString(group.Lane)}") + (group.EffectKind is null ? "" : $"&kind={Uri.EscapeDataString(group.EffectKind)}");

    /// <summary>What the runbook calls it.</summary>
    public static string Kind(FailureGroup group) => group.What == Trouble.Effect ? "effect." + group.State : group.Cause;
}
