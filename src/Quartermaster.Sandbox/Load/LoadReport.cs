using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Quartermaster.Sandbox.Load;

/// <summary>What a load run found. Figures cover the measured window, verdicts the whole run.</summary>
public sealed record LoadReport
{
    public required double Seconds { get; init; }
    public required double OrdersPerSecond { get; init; }
    public required double BackorderedPerSecond { get; init; }
    public required double AckP50Ms { get; init; }
    public required double AckP99Ms { get; init; }
    public required double ToWarehouseP50Ms { get; init; }
    public required double ToWarehouseP99Ms { get; init; }

    /// <summary>From the webhook of an order until the provider had the first message about it.</summary>
    public required double ToMessageP50Ms { get; init; }
    public required double ToMessageP95Ms { get; init; }
    public required long Created { get; init; }
    public required long Completed { get; init; }
    public required long Backordered { get; init; }

    /// <summary>Acknowledged by the hub and never finished.</summary>
    public required long Lost { get; init; }

    /// <summary>Some of them, with what never came.</summary>
    public IReadOnlyList<string> LostOrders { get; init; } = [];
    public required long NeverAcknowledged { get; init; }
    public required long Duplicates { get; init; }
    public required long Replays { get; init; }
    public required int Oversold { get; init; }
    public required long WrongLines { get; init; }
    public required int FalseBackorders { get; init; }
    public required long Strangers { get; init; }

    public bool Pass => Created > 0 && Lost == 0 && NeverAcknowledged == 0 && Duplicates == 0 && Oversold == 0 && WrongLines == 0 && FalseBackorders == 0 && Strangers == 0;

    public string ToJson() => JsonSerializer.Serialize(this, Wire);

    public override string ToString()
    {
        var text = new StringBuilder();
        void Row(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{name,-28}{value}\n");
        Row("orders/s", Number(OrdersPerSecond));
        Row("backordered/s", Number(BackorderedPerSecond));
        Row("webhook ack p50 / p99", $"{Number(AckP50Ms)} / {Number(AckP99Ms)} ms");
        Row("created→warehouse p50 / p99", $"{Number(ToWarehouseP50Ms)} / {Number(ToWarehouseP99Ms)} ms");
        Row("created→message p50 / p95", $"{Number(ToMessageP50Ms)} / {Number(ToMessageP95Ms)} ms");
        Row("created", $"{Created} ({Completed} completed, {Backordered} backordered)");
        Row("lost", $"{Lost} ({NeverAcknowledged} never acknowledged)");
        foreach (var order in LostOrders) Row("", order);
        Row("duplicates", $"{Duplicates} ({Replays} harmless replays)");
        Row("oversold", $"{Oversold} (wrong lines {WrongLines}, false backorders {FalseBackorders}, unknown orders {Strangers})");
        Row("verdict", Pass ? "pass" : "FAIL");
        return text.ToString();
    }

    /// <summary>The value below which this share of the sorted samples lies; 0 when there are none.</summary>
    public static double Percentile(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    private static readonly JsonSerializerOptions Wire = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
