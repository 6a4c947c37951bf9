using System.Globalization;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Sendcloud;

/// <summary>Sees to it that Sendcloud sends scans to us: a connection says where to, a subscription says what.</summary>
internal sealed class SendcloudSubscription(Session session)
{
    private const string Connections = "/event-subscriptions/connections";
    private const string Subscriptions = "/event-subscriptions/subscriptions";

    private readonly SendcloudApi api = new(session);

    public async Task<IReadOnlyList<SubscriptionTrouble>> MendAsync(Uri address, CancellationToken cancel)
    {
        var listed = await api.AskAsync(HttpMethod.Get, Connections, null, cancel).ConfigureAwait(false);
        if (SendcloudAnswers.Trouble(listed, reads: true) is { } unlisted) return [SubscriptionTrouble.Unknown($"The connections could not be listed: {Outcome.Words(unlisted)}")];
        var here = listed.Read(SendcloudJson.Default.WireConnections)?.Data?.FirstOrDefault(c => c?.Configuration?.Url == address.ToString())?.Id;
        var isNew = here is null;
        if (here is null)
        {
            var made = await api.AskAsync(HttpMethod.Post, Connections, SendcloudOutbound.Connection(session.Settings, address), cancel).ConfigureAwait(false);
            here = SendcloudAnswers.Trouble(made) is null ? made.Read(SendcloudJson.Default.WireConnectionMade)?.Data?.Id : null;
            if (here is null) return [SubscriptionTrouble.Not("Scans are not sent to us, and no connection could be made for them.")];
        }
        var subscribed = await api.AskAsync(HttpMethod.Get, Subscriptions, null, cancel).ConfigureAwait(false);
        if (SendcloudAnswers.Trouble(subscribed, reads: true) is { } unread) return [SubscriptionTrouble.Unknown($"The subscriptions could not be listed: {Outcome.Words(unread)}")];
        if (subscribed.Read(SendcloudJson.Default.WireSubscriptions)?.Data?.Any(s => s is { IsActive: true, EventType: SendcloudInbound.ParcelEvent } && s.ConnectionId == here) == true)
            return isNew ? [SubscriptionTrouble.Again("Scans were sent to another address; the connection was made.")] : [];
        var asked = await api.AskAsync(HttpMethod.Post, Subscriptions, SendcloudOutbound.Subscription(here.Value), cancel).ConfigureAwait(false);
        return [SendcloudAnswers.Trouble(asked) is { } no
            ? SubscriptionTrouble.Not($"Scans are not sent to us, and connection {here.Value.ToString(CultureInfo.InvariantCulture)} could not be subscribed: {Outcome.Words(no)}")
            : SubscriptionTrouble.Again("Scans were not sent to us; the subscription was made.")];
    }
}
