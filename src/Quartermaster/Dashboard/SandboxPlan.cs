using Quartermaster.Runtime;

namespace Quartermaster.Dashboard;

/// <summary>Whether this hub is a sandbox: every connection it has is a stand-in, so nothing it does reaches anybody.</summary>
internal static class SandboxPlan
{
    public static bool Is(HubPlan plan) => plan.Connections.Count > 0 && plan.Connections.Values.All(c => c.Sandboxed);
}
