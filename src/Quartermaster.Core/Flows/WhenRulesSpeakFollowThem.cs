using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Flows;

/// <summary>What the brand's rules said reaches beyond the order: the team hears of it, and an order that has to leave from elsewhere is planned again.</summary>
internal static class WhenRulesSpeakFollowThem
{
    private static readonly TimeSpan IsNews = TimeSpan.FromHours(24);

    public static void React(OrderFile file, OrderEvent.Ruled e, Situation s, Reactions next)
    {
        if (s.Terms.Alerts is { } alerts)
            foreach (var notice in e.Ruling.Notices ?? [])
                if (e.New.Contains(notice.Rule)) next.Do(Alert(file, notice, alerts, s));
        if (e.Rerouted) PlanAgain.AfterChange(file, true, s, next);
    }

    private static PlannedEffect Alert(OrderFile file, RuleNotice notice, string alerts, Situation s) =>
        new(EffectKey.Of(s.Stream, "rule", notice.Rule), alerts,
            new MessageEffect.Alert($"{notice.Rule}: {file.Order.Facts!.Number}", notice.Text, $"/orders/{s.Stream.Brand}/{s.Stream.Id}", "warning"), s.At + IsNews);
}
