using Quartermaster.Runtime;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.Dashboard.Shown;

/// <summary>Groups of trouble in words, with the address of their list.</summary>
public static class FailureWords
{
    public static string Title(FailureGroup group) => group.What switch
    {
        Trouble.Effect => $"{Words.Effect(group.EffectKind ?? "")}: {Words.Outcome(group.State ?? "").Label.ToLowerInvariant()}",
        Trouble.Parked => Words.Kind(group.Cause),
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

    /// <summary>Page of the runbook for a cause: the alarm's own name.</summary>
    public static string Runbook(FailureGroup group) => group.What switch
    {
        Trouble.Effect => "effect-" + (group.State ?? "").Replace('_', '-'),
        _ => group.Cause.Replace('.', '-').Replace('_', '-'),
    };
}
