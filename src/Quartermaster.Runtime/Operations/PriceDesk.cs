using Quartermaster.Core.Connecting;

namespace Quartermaster.Runtime.Operations;

/// <summary>Asks every carrier connection of a brand what a parcel would cost; nothing is bought.</summary>
public sealed class PriceDesk(HubPlan plan, TimeProvider clock)
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
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        using var http = new HttpClient { Timeout = Limit };
        var session = new Session(connection.Brand, connection.Key, connection.Settings, connection.OrderPrefix, connection.Locations, http, clock);
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
}
