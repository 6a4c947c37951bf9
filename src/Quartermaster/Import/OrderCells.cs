using System.Globalization;

namespace Quartermaster.Import;

/// <summary>A cell cannot be read as what it is mapped to.</summary>
internal sealed class BadCellException(int line, string category, string wrong, string right) : Exception(wrong)
{
    public int Line { get; } = line;
    public string Category { get; } = category;
    public string Right { get; } = right;
}

/// <summary>Reads numbers and instants the way one mapping says they are written.</summary>
internal sealed class CellReader(OrderMapping mapping)
{
    private static readonly string[] UsualDates =
        ["yyyy-MM-dd HH:mm:ss zzz", "yyyy-MM-dd HH:mm:ss 'UTC'", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd"];

    public decimal Amount(string text, int line, string column)
    {
        var plain = mapping.DecimalPoint == '.' ? text : text.Replace(".", "", StringComparison.Ordinal).Replace(',', '.');
        if (decimal.TryParse(plain, NumberStyles.Number & ~NumberStyles.AllowTrailingSign, CultureInfo.InvariantCulture, out var amount) && Math.Abs(amount) < 1_000_000_000_000m)
            return amount;
        throw new BadCellException(line, "bad amount", $"'{text}' in '{column}' is not an amount", $"Write a number such as 1234{mapping.DecimalPoint}50, without a currency sign.");
    }

    public int Whole(string text, int line, string column)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && Math.Abs(whole) <= 1_000_000)
            return whole;
        throw new BadCellException(line, "bad quantity", $"'{text}' in '{column}' is not a number of units", "Write a whole number such as 2.");
    }

    public DateTimeOffset Instant(string text, int line, string column)
    {
        var formats = mapping.DateFormat is { } own ? [own] : UsualDates;
        // A time without an offset is one on the wall of the mapping's zone, whatever zone this machine is in.
        if (DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var instant))
            return instant.Offset == TimeSpan.Zero && !SaysZone(text) ? OnTheWall(instant.DateTime) : instant.ToUniversalTime();
        throw new BadCellException(line, "bad date", $"'{text}' in '{column}' is not an instant of the form {mapping.DateFormat ?? "2011-08-30 09:26:00 +0100"}", "Correct it, or give the file's own date_format in the mapping.");
    }

    private DateTimeOffset OnTheWall(DateTime wall)
    {
        // In the hour that a spring change leaves out, the clock had already gone on.
        if (mapping.TimeZone.IsInvalidTime(wall))
            wall += TimeSpan.FromHours(1);
        return new DateTimeOffset(wall, mapping.TimeZone.GetUtcOffset(wall)).ToUniversalTime();
    }

    private static bool SaysZone(string text) =>
        text.EndsWith('Z') || text.EndsWith("UTC", StringComparison.Ordinal) || (text.Length > 11 && text.AsSpan(11).IndexOfAny('+', '-') >= 0);
}

/// <summary>The cells of one order: order fields from the first row that has them, line fields from their own row.</summary>
internal sealed class OrderCells(IReadOnlyList<Row> rows, RowColumns columns, CellReader reader)
{
    public string? On(Row row, OrderField field) => columns.Find(row, field);

    public string? Text(OrderField field) => First(field).Text;

    public decimal? Amount(OrderField field) => First(field) is ({ } text, var line) ? reader.Amount(text, line, columns.ColumnOf(field)) : null;

    public DateTimeOffset? Instant(OrderField field) => First(field) is ({ } text, var line) ? reader.Instant(text, line, columns.ColumnOf(field)) : null;

    public decimal? AmountOn(Row row, OrderField field) => On(row, field) is { } text ? reader.Amount(text, row.Line, columns.ColumnOf(field)) : null;

    public decimal NeedAmount(Row row, OrderField field) => AmountOn(row, field)
        ?? throw new BadCellException(row.Line, "bad amount", $"'{columns.ColumnOf(field)}' is empty", "Every line needs a price; 0 for a gift.");

    public int NeedWhole(Row row, OrderField field) => On(row, field) is { } text
        ? reader.Whole(text, row.Line, columns.ColumnOf(field))
        : throw new BadCellException(row.Line, "bad quantity", $"'{columns.ColumnOf(field)}' is empty", "Every line needs a number of units.");

    public ImportNote Noted(string category, string text, string right) => new(columns.File, rows[0].Line, NoteKind.Noted, category, $"{rows[0].Key}: {text}", right);

    private (string? Text, int Line) First(OrderField field)
    {
        foreach (var row in rows)
            if (columns.Find(row, field) is { } text)
                return (text, row.Line);
        return (null, rows[0].Line);
    }
}
