using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Rules;

namespace Quartermaster.Core.Flows;

/// <summary>What other rules would have said of past orders. Nothing follows from a trial.</summary>
/// <remarks>An order is asked about as it is now: paid and edited, where it was new when the rules were asked.</remarks>
/// <param name="now">The rules in force, or none.</param>
/// <param name="then">The rules that are tried.</param>
/// <param name="mostShown">Orders that would go another way and are named; all of them are counted.</param>
/// <param name="about">Tells what units weigh of which the channel does not say it; null = nobody does.</param>
public sealed class RuleTrial(RuleBook now, RuleBook then, int mostShown = 50, AboutSku? about = null)
{
    private readonly Dictionary<string, int> _matches = then.Rules.ToDictionary(r => r.Name, _ => 0);
    private readonly List<TriedOrder> _different = [];

    public int Orders { get; private set; }

    /// <summary>Orders that at least one of the tried rules matches.</summary>
    public int Matched { get; private set; }

    public int Different { get; private set; }

    /// <summary>How many orders each of the tried rules matches.</summary>
    public IReadOnlyDictionary<string, int> Matches => _matches;

    /// <summary>Orders that would go another way than they do by the rules in force.</summary>
    public IReadOnlyList<TriedOrder> Shown => _different;

    public void Take(string id, string number, Order order)
    {
        var facts = RuleView.Of(order, about);
        var (before, after) = (now.Say(facts), then.Say(facts));
        Orders++;
        if (after.Matches.Count > 0) Matched++;
        foreach (var match in after.Matches) _matches[match.Rule]++;
        var differs = Differences(before, after);
        if (differs.Count == 0) return;
        Different++;
        if (_different.Count < mostShown) _different.Add(new(id, number, differs, after.Matches));
    }

    private static List<string> Differences(Ruling before, Ruling after)
    {
        List<string> all = [];
        Differs("hold", before.Hold?.Reason, after.Hold?.Reason);
        Differs("approval", before.Approval?.MayLift, after.Approval?.MayLift);
        Differs("pool", before.Pool, after.Pool);
        Differs("service", before.Service, after.Service);
        foreach (var tag in (after.Tags ?? []).Except(before.Tags ?? [])) all.Add($"tag {tag}");
        foreach (var tag in (before.Tags ?? []).Except(after.Tags ?? [])) all.Add($"no tag {tag}");
        foreach (var notice in (after.Notices ?? []).Except(before.Notices ?? [])) all.Add($"notify: {notice.Text}");
        foreach (var notice in (before.Notices ?? []).Except(after.Notices ?? [])) all.Add($"no notice: {notice.Text}");
        return all;

        void Differs(string what, string? was, string? becomes)
        {
            if (was == becomes) return;
            all.Add(was is null ? $"{what}: {becomes}" : becomes is null ? $"no {what} (was: {was})" : $"{what}: {becomes} (was: {was})");
        }
    }
}

/// <summary>A past order that would go another way.</summary>
/// <param name="Differs">What would be otherwise, in words.</param>
public sealed record TriedOrder(string Id, string Number, IReadOnlyList<string> Differs, IReadOnlyList<RuleMatch> Matches);
