using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Hosting;

namespace Quartermaster.Runtime.Watching;

/// <summary>Sees to it that a vendor tells us: what is missing is made again, and what only a person can make is a case until it stands.</summary>
internal sealed class SubscriptionCheck(HubRuntime hub)
{
    private const string Case = "subscriptions";

    /// <returns>What was wrong, a line each, for the connection's page.</returns>
    public async Task<string> MendAsync(ConnectionPlan plan, Session session, Uri address, DateTimeOffset now, CancellationToken cancel)
    {
        var wrong = await plan.Connector.MendSubscriptionsAsync(session, address, cancel);
        var (brand, stream) = (plan.Brand, "connection/" + plan.Key);
        var missing = wrong.Where(w => w.Now == Subscribed.Not).Select(w => w.What).ToList();
        if (missing.Count > 0)
            await hub.Cases.OpenAsync(brand, stream, Case, "connection.not_subscribed", $"{plan.Key} does not tell us everything", $"{string.Join(" ", missing)} Until then it is asked every few minutes.", now, cancel);
        // A vendor that would not say leaves the case as it is.
        else if (wrong.All(w => w.Now != Subscribed.Unknown)) await hub.Cases.CloseAsync(brand, stream, Case, now, cancel);
        return string.Join("\n", wrong.Select(w => w.What));
    }
}
