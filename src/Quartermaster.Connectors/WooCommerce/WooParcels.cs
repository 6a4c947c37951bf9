using System.Text.Json;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.WooCommerce;

/// <summary>The parcels of an order as the shop keeps them for us. WooCommerce has no fulfilments: each of ours is a hidden entry of the order.</summary>
/// <remarks>One entry per parcel and not one for all: two parcels that leave at the same moment do not overwrite each other.</remarks>
internal static class WooParcels
{
    private const string Prefix = "_quartermaster_parcel_";
    private const string All = "";

    public static string KeyOf(Parcel parcel) => Prefix + parcel.ParcelId;

    public static bool Has(OrderBody order, Parcel parcel) => order.MetaData?.Any(m => m.Key == KeyOf(parcel)) == true;

    /// <summary>Units that our parcels took, told by line or, where a warehouse knows no line ids, by SKU.</summary>
    private static List<(string Line, string Sku, int Units)> Sent(OrderBody order)
    {
        List<(string, string, int)> sent = [];
        foreach (var entry in order.MetaData ?? [])
        {
            if (!entry.Key.StartsWith(Prefix, StringComparison.Ordinal)) continue;
            foreach (var line in Read(entry.Value)?.Lines ?? [])
                if (line?.Units is > 0 and < 1_000_000) sent.Add((line.Line ?? All, line.Sku ?? All, line.Units.Value));
        }
        return sent;
    }

    /// <summary>The shop says that all of it was sent.</summary>
    public static bool IsSent(OrderBody order, Settings settings) =>
        order.Status is "completed" || order.Status is { Length: > 0 } status && status == settings.Get("sent_status", WooConnector.DefaultSentStatus);

    /// <summary>Counts per line what has left: in our parcels, or all of it where the shop says so.</summary>
    public static List<OrderLine> CountFulfilled(OrderBody order, List<OrderLine> lines, Settings settings)
    {
        var left = Left(lines, Sent(order));
        for (var i = 0; i < lines.Count; i++)
            if (lines[i].RequiresShipping) lines[i] = lines[i] with { Fulfilled = IsSent(order, settings) ? lines[i].Quantity : lines[i].Quantity - left[i] };
        return lines;
    }

    /// <summary>True when the recorded parcels, and perhaps this one, leave nothing that has to be sent.</summary>
    public static bool IsAllSent(OrderBody order, OrderFacts facts, Parcel? and = null)
    {
        var sent = Sent(order);
        if (and is not null) sent.AddRange(and.Lines.Select(l => (l.LineId, l.Sku, l.Quantity)));
        return Left(facts.Lines, sent).Sum() == 0;
    }

    /// <summary>Somebody sent the order from the shop: what is in none of our parcels left without us. Taken back when it is open again after that.</summary>
    public static OrderSignal.FulfilmentReported? SentByHand(OrderBody order, OrderFacts facts, Settings settings)
    {
        var sent = IsSent(order, settings);
        if (!sent && (order.DateCompletedGmt is null || order.Status is not ("processing" or "on-hold" or "pending"))) return null;
        var left = Left(facts.Lines, Sent(order));
        List<FulfilledLine> lines = [.. facts.Lines.Select((l, i) => new FulfilledLine(l.LineId, l.Sku, left[i])).Where(l => l.Quantity > 0)];
        return lines.Count == 0 ? null : new("completed-" + facts.ExternalId, null, null, lines, (order.DateCompletedGmt ?? facts.UpdatedAt).ToUniversalTime(), sent ? "success" : "cancelled");
    }

    /// <summary>Units of each line that still have to be sent.</summary>
    private static int[] Left(IReadOnlyList<OrderLine> lines, List<(string Line, string Sku, int Units)> sent)
    {
        var left = lines.Select(l => l.RequiresShipping ? l.Quantity : 0).ToArray();
        foreach (var (line, sku, units) in sent)
        {
            var open = units;
            var named = line.Length > 0 && lines.Any(l => l.LineId == line);
            for (var i = 0; i < left.Length && open > 0; i++)
            {
                if (named ? lines[i].LineId != line : sku.Length == 0 || lines[i].Sku != sku) continue;
                var now = Math.Min(open, left[i]);
                (left[i], open) = (left[i] - now, open - now);
            }
        }
        return left;
    }

    // Staff and plugins can write there as well; what cannot be read names no lines.
    private static ParcelBody? Read(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.Object ? value.Deserialize(WooBodies.Default.ParcelBody) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
