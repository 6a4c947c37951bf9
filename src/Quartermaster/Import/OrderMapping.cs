using System.Globalization;

namespace Quartermaster.Import;

/// <summary>How the columns of a CSV file become orders: one or several rows per order, one line per row.</summary>
public sealed record OrderMapping
{
    /// <summary>Names the file's format in messages.</summary>
    public required string Title { get; init; }

    /// <summary>Rows with the same value here make one order.</summary>
    public required string GroupBy { get; init; }

    public required IReadOnlyDictionary<OrderField, Origin> Fields { get; init; }

    /// <summary>True: a column that is not there reads as empty. False: it is a mistake in the mapping.</summary>
    public bool Lenient { get; init; }

    public string Delimiter { get; init; } = ",";
    public char DecimalPoint { get; init; } = '.';

    /// <summary>Exact format of instants; null = ISO 8601 and its usual relatives.</summary>
    public string? DateFormat { get; init; }

    /// <summary>Zone of instants that carry none.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    public bool TaxesIncluded { get; init; } = true;

    /// <summary>Endings to cut, by column: <c>CustomerID</c> → <c>.0</c>.</summary>
    public IReadOnlyDictionary<string, string> Cut { get; init; } = new Dictionary<string, string>();

    /// <summary>The file's words for countries → ISO 3166 codes; codes need no entry.</summary>
    public IReadOnlyDictionary<string, string> Countries { get; init; } = new Dictionary<string, string>();

    /// <summary>Rows whose amount is the order's shipping instead of a line.</summary>
    public IReadOnlyList<RowRule> ShippingRows { get; init; } = [];

    /// <summary>Rows that are left out, with their reason.</summary>
    public IReadOnlyList<RowRule> Skip { get; init; } = [];

    /// <summary>Rows that are taken and mentioned.</summary>
    public IReadOnlyList<RowRule> Note { get; init; } = [];
}

/// <summary>Where a field's value comes from.</summary>
/// <param name="Column">A column's header; null for a constant.</param>
public sealed record Origin(string? Column, string Constant = "");

/// <summary>Recognises rows by one column.</summary>
/// <param name="Reason">Why, in a word or two; the report counts by it.</param>
public sealed record RowRule(string Column, string Reason)
{
    public IReadOnlyList<string> In { get; init; } = [];
    public IReadOnlyList<string> StartsWith { get; init; } = [];
    public decimal? AtMost { get; init; }
    public bool Empty { get; init; }

    public bool Applies(string value) =>
        (Empty && value.Length == 0)
        || In.Contains(value, StringComparer.OrdinalIgnoreCase)
        || StartsWith.Any(start => value.StartsWith(start, StringComparison.OrdinalIgnoreCase))
        || (AtMost is { } most && decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number <= most);
}
