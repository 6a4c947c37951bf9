using System.Text.Json.Serialization;

namespace Quartermaster.Core.Books;

/// <summary>What was invoiced and credited for one order.</summary>
public sealed record Ledger
{
    public static readonly Ledger Empty = new();

    public string? Currency { get; init; }
    public IReadOnlyList<Invoice>? Invoices { get; init; }
    public IReadOnlyList<CreditNote>? Credits { get; init; }

    [JsonIgnore]
    public decimal Billed
    {
        get
        {
            var sum = 0m;
            foreach (var invoice in Invoices ?? []) sum += invoice.Total;
            return sum;
        }
    }

    /// <summary>Refunded before invoicing, for which no line is billed less.</summary>
    [JsonIgnore]
    public decimal TakenOff
    {
        get
        {
            var sum = 0m;
            foreach (var credit in Credits ?? [])
                if (credit.Number is null) sum += credit.Total;
            return sum;
        }
    }

    /// <summary>Credited lines: they were billed and are gone from the channel's total.</summary>
    [JsonIgnore]
    public decimal CreditedLines
    {
        get
        {
            var sum = 0m;
            foreach (var credit in Credits ?? []) sum += credit.ForLines;
            return sum;
        }
    }

    public Invoice? Find(string parcelId)
    {
        foreach (var invoice in Invoices ?? [])
            if (invoice.ParcelId == parcelId) return invoice;
        return null;
    }

    /// <summary>Invoiced units of one line that were credited.</summary>
    public int CreditedOf(string lineId)
    {
        var units = 0;
        foreach (var credit in Credits ?? [])
            foreach (var line in credit.Lines ?? [])
                if (line.LineId == lineId) units += line.Quantity;
        return units;
    }

    /// <summary>What was billed of one line so far.</summary>
    public BilledAmount BilledOf(string lineId)
    {
        var sum = new BilledAmount(lineId, 0, 0m, 0m);
        foreach (var invoice in Invoices ?? [])
            foreach (var line in invoice.Lines)
                if (line.LineId == lineId) sum = new(lineId, sum.Quantity + line.Quantity, sum.Amount + line.Amount, sum.Tax + line.Tax);
        return sum;
    }
}

/// <summary>One invoice.</summary>
public sealed record Invoice(string ParcelId, string Number, decimal Total, IReadOnlyList<BilledAmount> Lines, Booking Booking, bool IsLast)
{
    /// <summary>Key of the case that a person has to look at it.</summary>
    public static string CaseOf(string number) => $"invoice/{number}";
}

/// <param name="Number">Null when it was refunded before invoicing and only less was billed.</param>
/// <param name="Lines">Invoiced units that it gave back; null when none.</param>
public sealed record CreditNote(string RefundId, string? Number, decimal Total, decimal ForLines, Booking Booking, IReadOnlyList<BilledAmount>? Lines = null);

/// <summary>How far a draft is on its way into the accounting system.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Booking>))]
public enum Booking { Planned, Booked, InReview, NotBooked }
