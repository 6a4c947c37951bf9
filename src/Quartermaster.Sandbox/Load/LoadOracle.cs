using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Sandbox.Load;

/// <summary>What a complete order causes outside, each exactly once; or, when no shelf can serve it, only that it was said so.</summary>
[Flags]
public enum LoadEffect { None = 0, HandedOver = 1, Confirmed = 2, Invoiced = 4, Fulfilled = 8, Shipped = 16, Delivered = 32, Backordered = 64, Complete = 63 }

/// <summary>Knows what really happened to every order of a load run, from nothing but the calls that reached the twins.</summary>
public sealed class LoadOracle(Func<long, NewOrder> orderOf, IReadOnlyDictionary<(string Sku, string Location), int> shelves)
{
    private readonly ConcurrentDictionary<long, Fate> fates = new();
    private readonly ConcurrentDictionary<(string Sku, string Location), int> handedOver = new();
    private long duplicates, replays, strangers, wrongLines;

    /// <summary>Called once per order when nothing more is to come.</summary>
    public Action? OnEnded { get; set; }

    public long Duplicates => Interlocked.Read(ref duplicates);

    /// <summary>Repeats under the same key: harmless, and the price of never losing one.</summary>
    public long Replays => Interlocked.Read(ref replays);

    /// <summary>Effects for orders that nobody placed.</summary>
    public long Strangers => Interlocked.Read(ref strangers);

    public long WrongLines => Interlocked.Read(ref wrongLines);

    public IEnumerable<Fate> Fates => fates.Values;

    public int Oversold => handedOver.Count(h => h.Value > shelves.GetValueOrDefault(h.Key));

    /// <summary>Orders that were refused although some shelf could have served them to the very end.</summary>
    public int FalseBackorders => fates.Values.Count(f => f.Has(LoadEffect.Backordered) && shelves.Keys.Select(k => k.Location).Distinct().Any(
        at => orderOf(f.Number).Lines.All(l => shelves.GetValueOrDefault((l.Sku, at)) - handedOver.GetValueOrDefault((l.Sku, at)) >= l.Quantity)));

    public void Placed(long number) => fates[number] = new Fate(number, Stopwatch.GetTimestamp());

    public void Acknowledged(long number) => fates[number].Acknowledged = true;

    /// <summary>A call that a twin answered with success.</summary>
    public void Hear(HeardCall call)
    {
        if (call.Method is not ("POST" or "PUT") || call.Body.Length == 0) return;
        try
        {
            using var body = JsonDocument.Parse(call.Body);
            if (call.Path.EndsWith("/wms/orders", StringComparison.Ordinal)) HandOvers(body.RootElement, call.Key);
            else if (call.Path.EndsWith("/Invoices", StringComparison.Ordinal)) Invoices(body.RootElement);
            else if (call.Path.EndsWith("/messages", StringComparison.Ordinal)) Message(body.RootElement);
            else if (call.Path.EndsWith("/graphql.json", StringComparison.Ordinal)) Fulfilments(body.RootElement, call.Key);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // The twin took it, so this oracle must be able to read it: counted as an effect that belongs to nobody.
            Interlocked.Increment(ref strangers);
        }
    }

    private void HandOvers(JsonElement body, string? headerKey)
    {
        foreach (var order in body.GetProperty("orders").EnumerateArray())
        {
            var number = NumberOf(order.GetProperty("order_ref").GetString());
            var key = order.TryGetProperty("idempotency_key", out var own) ? own.GetString() : headerKey;
            if (!Happened(number, LoadEffect.HandedOver, key)) continue;
            var at = order.GetProperty("warehouse").GetString()!;
            var lines = order.GetProperty("lines").EnumerateArray().Select(l => (Sku: l.GetProperty("sku").GetString()!, Units: l.GetProperty("qty").GetInt32())).ToList();
            foreach (var (sku, units) in lines) handedOver.AddOrUpdate((sku, at), units, (_, before) => before + units);
            var wanted = orderOf(number).Lines.Select(l => (l.Sku, Units: l.Quantity)).Order();
            if (!lines.Order().SequenceEqual(wanted)) Interlocked.Increment(ref wrongLines);
        }
    }

    // An invoice of a known number is the same invoice again, as the vendor itself has it.
    private void Invoices(JsonElement body)
    {
        foreach (var invoice in body.GetProperty("Invoices").EnumerateArray())
            Happened(NumberOf(invoice.GetProperty("Reference").GetString()), LoadEffect.Invoiced, invoice.GetProperty("InvoiceNumber").GetString());
    }

    private void Message(JsonElement body)
    {
        var template = body.GetProperty("template");
        var effect = template.GetProperty("name").GetString() switch
        {
            "order_confirmed" => LoadEffect.Confirmed,
            "order_shipped" => LoadEffect.Shipped,
            "order_delivered" => LoadEffect.Delivered,
            "order_backordered" => LoadEffect.Backordered,
            _ => LoadEffect.None,
        };
        if (effect is LoadEffect.None) return;
        var about = template.GetProperty("components")[0].GetProperty("parameters")[0].GetProperty("text").GetString();
        Happened(NumberOf(about), effect, body.TryGetProperty("biz_opaque_callback_data", out var key) ? key.GetString() : null);
    }

    private void Fulfilments(JsonElement body, string? key)
    {
        if (!body.GetProperty("query").GetString()!.Contains("fulfillmentCreate", StringComparison.Ordinal)) return;
        foreach (var input in body.GetProperty("variables").EnumerateObject().Where(v => v.Value.ValueKind == JsonValueKind.Object))
            foreach (var part in input.Value.GetProperty("lineItemsByFulfillmentOrder").EnumerateArray())
                Happened(NumberOf(part.GetProperty("fulfillmentOrderId").GetString()), LoadEffect.Fulfilled, key);
    }

    /// <summary>True the first time this happens to an order.</summary>
    private bool Happened(long number, LoadEffect effect, string? key)
    {
        if (!fates.TryGetValue(number, out var fate))
        {
            Interlocked.Increment(ref strangers);
            return false;
        }
        var (first, same, ended) = fate.Add(effect, key);
        if (!first) Interlocked.Increment(ref same ? ref replays : ref duplicates);
        if (ended) OnEnded?.Invoke();
        return first;
    }

    // "10000000000000042", "gid://shopify/FulfillmentOrder/10000000000000042" and "#AT-42" all mean number 42.
    private static long NumberOf(string? reference)
    {
        var text = reference.AsSpan();
        var digits = text[(text.LastIndexOfAnyExceptInRange('0', '9') + 1)..];
        var value = long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return value >= DemoOrders.IdOf(0) ? value - DemoOrders.IdOf(0) : value;
    }

    /// <summary>One order's story.</summary>
    public sealed class Fate(long number, long placedAt)
    {
        private readonly Lock gate = new();
        private readonly Dictionary<LoadEffect, string?> keys = [];
        private LoadEffect seen;

        public long Number { get; } = number;
        public TimeSpan? ToWarehouse { get; private set; }
        /// <summary>Until the provider had the first message about it.</summary>
        public TimeSpan? ToMessage { get; private set; }

        public TimeSpan? ToEnd { get; private set; }

        /// <summary>The hub said 2xx: from here on it must not be lost.</summary>
        public bool Acknowledged { get; set; }

        public bool IsEnded => ToEnd is not null;

        public LoadEffect Seen
        {
            get { lock (gate) return seen; }
        }

        public bool Has(LoadEffect effect) => (Seen & effect) != 0;

        internal (bool First, bool SameKey, bool Ended) Add(LoadEffect effect, string? key)
        {
            lock (gate)
            {
                if (!keys.TryAdd(effect, key)) return (false, key is not null && keys[effect] == key, false);
                seen |= effect;
                if (effect is LoadEffect.HandedOver) ToWarehouse = Stopwatch.GetElapsedTime(placedAt);
                if (effect is LoadEffect.Confirmed or LoadEffect.Backordered) ToMessage ??= Stopwatch.GetElapsedTime(placedAt);
                if (IsEnded || (effect is not LoadEffect.Backordered && (seen & LoadEffect.Complete) != LoadEffect.Complete)) return (true, false, false);
                ToEnd = Stopwatch.GetElapsedTime(placedAt);
                return (true, false, true);
            }
        }
    }
}
