using System.Collections.Concurrent;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Runtime.Switches;

namespace Quartermaster.Runtime.Operations;

/// <summary>What carriers said they would charge for one parcel.</summary>
/// <param name="Offers">The cheapest first.</param>
/// <param name="Silent">Those who made none, and why. A connection that tells neither prices nor sells labels is in neither.</param>
public sealed record AskedPrices(ParcelToQuote Parcel, IReadOnlyList<(string Connection, ShippingOffer Offer)> Offers, IReadOnlyList<(string Connection, string Why)> Silent);

/// <summary>Asks every carrier connection of a brand what a parcel would cost, and keeps the answers for some minutes; nothing is bought.</summary>
/// <remarks>Each question is a call of its vendor's, of which there are so many a day: what is switched off is not asked, whoever wants to know.</remarks>
/// <param name="laneOf">The session of a connection whose lane runs here, so that its pace and budget hold; null = none does.</param>
public sealed class PriceDesk(HubPlan plan, Switchboard switches, TimeProvider clock, Func<string, Session?> laneOf)
{
    /// <summary>How long answers are shown before somebody has to ask again.</summary>
    public static readonly TimeSpan Keeps = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<StreamId, (DateTimeOffset At, int Version, IReadOnlyList<AskedPrices> Prices)> _kept = [];

    /// <summary>What was answered for an order in the last minutes; null when nobody asked, or the order has changed since.</summary>
    public (DateTimeOffset At, IReadOnlyList<AskedPrices> Prices)? Of(StreamId order, int version) =>
        _kept.TryGetValue(order, out var kept) && kept.Version == version && clock.GetUtcNow() - kept.At < Keeps ? (kept.At, kept.Prices) : null;

    /// <param name="version">Of the order, as the parcels were taken from it.</param>
    public async Task<IReadOnlyList<AskedPrices>> AskAsync(StreamId order, int version, IReadOnlyList<ParcelToQuote> parcels, CancellationToken cancel)
    {
        List<AskedPrices> prices = [];
        foreach (var parcel in parcels) prices.Add(await AskAsync(order.Brand, parcel, cancel));
        var now = clock.GetUtcNow();
        foreach (var (old, kept) in _kept) if (now - kept.At >= Keeps) _kept.TryRemove(old, out _);
        _kept[order] = (now, version, prices);
        return prices;
    }

    private async Task<AskedPrices> AskAsync(string brand, ParcelToQuote parcel, CancellationToken cancel)
    {
        var answers = await Task.WhenAll(plan.Connections.Values
            .Where(c => c.Brand == brand && c.Connector.Manifest.Capabilities.Contains(Capability.Carrier))
            .OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => OneAsync(c, parcel.Parcel, cancel)));
        return new(parcel, [.. from a in answers from o in a.Offers orderby o.Currency, o.Cost select (a.Connection, o)], [.. from a in answers where a.Why is not null select (a.Connection, a.Why!)]);
    }

    private async Task<(string Connection, IReadOnlyList<ShippingOffer> Offers, string? Why)> OneAsync(ConnectionPlan connection, Consignment parcel, CancellationToken cancel)
    {
        if (Stopped(connection) is { } stopped) return (connection.Key, [], stopped);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        using var http = new HttpClient { Timeout = Limit };
        // Of a lane that another process owns, pace and budget are there.
        var session = laneOf(connection.Key) ?? connection.Open(http, clock);
        try
        {
            return (connection.Key, await connection.Connector.QuoteAsync(session, parcel, limit.Token), null);
        }
        catch (NotSupportedException)
        {
            // Whoever could sell the label, and is missing from the comparison, is said to be.
            return (connection.Key, [], SellsLabels(connection) ? $"{connection.Connector.Manifest.Title} tells no prices through this connection" : null);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            return (connection.Key, [], e is OperationCanceledException ? $"no answer within {Limit.TotalSeconds:0} s" : e.Message);
        }
    }

    private static bool SellsLabels(ConnectionPlan connection) => connection.Connector.Manifest.Does.Contains(Wire.KindOf(typeof(LabelEffect.Buy)));

    private string? Stopped(ConnectionPlan connection)
    {
        if (!switches.Allows(connection.Brand, connection.Key, effectKind: "")) return "it is switched off";
        return switches.ModeOf(connection.Brand) == BrandMode.Off ? "its brand is off" : null;
    }
}
