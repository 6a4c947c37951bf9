using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Hosting;

namespace Quartermaster.Runtime.Operations;

/// <summary>Asks every carrier connection of a brand what a parcel would cost; nothing is bought.</summary>
/// <param name="hub">Its lanes' pace, budgets and switches hold for the question; null = a command, which has none of them.</param>
public sealed class PriceDesk(HubPlan plan, TimeProvider clock, HubRuntime? hub = null)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Offers, the cheapest first, and what those said who made none. A connection that tells no prices is in neither.</summary>
    public async Task<(IReadOnlyList<(string Connection, ShippingOffer Offer)> Offers, IReadOnlyList<(string Connection, string Why)> Silent)> AskAsync(string brand, Consignment parcel, CancellationToken cancel)
    {
        var answers = await Task.WhenAll(plan.Connections.Values
            .Where(c => c.Brand == brand && c.Connector.Manifest.Capabilities.Contains(Capability.Carrier))
            .OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => OneAsync(c, parcel, cancel)));
        return ([.. from a in answers from o in a.Offers orderby o.Currency, o.Cost select (a.Connection, o)], [.. from a in answers where a.Why is not null select (a.Connection, a.Why!)]);
    }

    private async Task<(string Connection, IReadOnlyList<ShippingOffer> Offers, string? Why)> OneAsync(ConnectionPlan connection, Consignment parcel, CancellationToken cancel)
    {
        if (Stopped(connection) is { } stopped) return (connection.Key, [], stopped);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        using var http = new HttpClient { Timeout = Limit };
        // Of a lane that another process owns, pace and budget are there.
        var session = hub?.Lanes?.Find(connection.Key) is { Token: not 0 } lane ? lane.Session : new Session(connection.Brand, connection.Key, connection.Settings, connection.OrderPrefix, connection.Locations, http, clock);
        try
        {
            return (connection.Key, await connection.Connector.QuoteAsync(session, parcel, limit.Token), null);
        }
        catch (NotSupportedException)
        {
            return (connection.Key, [], null);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            return (connection.Key, [], e is OperationCanceledException ? $"no answer within {Limit.TotalSeconds:0} s" : e.Message);
        }
    }

    private string? Stopped(ConnectionPlan connection)
    {
        if (hub is null) return null;
        if (!hub.Switches.Allows(connection.Brand, connection.Key, effectKind: "")) return "it is switched off";
        return hub.Switches.ModeOf(connection.Brand) == BrandMode.Off ? "its brand is off" : null;
    }
}
