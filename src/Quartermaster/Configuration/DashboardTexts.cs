using Quartermaster.Runtime;

namespace Quartermaster.Configuration;

/// <summary>Gives a hub what reads the texts that were written in its dashboard, as strictly as those of the file.</summary>
public static class DashboardTexts
{
    public static HubPlan WithDashboard(this HubPlan plan) => plan with { ReadRules = DashboardRules.Read, ReadFlow = FlowText.ReadOne };
}
