using Quartermaster.Configuration;

namespace Quartermaster.Import;

/// <summary>One row that is kept until its order is complete.</summary>
internal sealed record Row(string Key, string[] Values, int Line);

/// <summary>A mapping laid over the header of one file: field → column number.</summary>
internal sealed class RowColumns
{
    private readonly Dictionary<OrderField, (int Index, string Constant)> _fields = [];
    private readonly string?[] _cut;
    private readonly int _group;

    /// <exception cref="ImportRefusedException">The mapping names a column that the file does not have.</exception>
    public RowColumns(string file, string[] header, OrderMapping mapping)
    {
        (File, Mapping) = (file, mapping);
        int IndexOf(string column) => Array.IndexOf(header, column) is >= 0 and var index ? index : throw new ImportRefusedException(
            $"{file}:1: there is no column '{column}', which the mapping asks for. {NearestWord.Hint(column, header, "")}");
        _group = IndexOf(mapping.GroupBy);
        foreach (var (field, origin) in mapping.Fields)
            if (origin.Column is null)
                _fields[field] = (-1, origin.Constant);
            else if (!mapping.Lenient || header.Contains(origin.Column))
                _fields[field] = (IndexOf(origin.Column), "");
        Skip = [.. mapping.Skip.Select(r => (r, IndexOf(r.Column)))];
        Note = [.. mapping.Note.Select(r => (r, IndexOf(r.Column)))];
        ShippingRows = [.. mapping.ShippingRows.Select(r => (r, IndexOf(r.Column)))];
        _cut = [.. header.Select(h => mapping.Cut.GetValueOrDefault(h))];
    }

    public string File { get; }
    public OrderMapping Mapping { get; }
    public IReadOnlyList<(RowRule Rule, int Index)> Skip { get; }
    public IReadOnlyList<(RowRule Rule, int Index)> Note { get; }
    public IReadOnlyList<(RowRule Rule, int Index)> ShippingRows { get; }

    public string GroupOf(string[] values) => Value(values, _group);

    public string Value(string[] values, int index)
    {
        var value = values[index].Trim();
        return _cut[index] is { } ending && value.EndsWith(ending, StringComparison.Ordinal) ? value[..^ending.Length] : value;
    }

    /// <summary>The field's value on this row; null when it is not mapped or empty.</summary>
    public string? Find(Row row, OrderField field) =>
        _fields.TryGetValue(field, out var at) && (at.Index < 0 ? at.Constant : Value(row.Values, at.Index)) is { Length: > 0 } value ? value : null;

    public string ColumnOf(OrderField field) => Mapping.Fields.TryGetValue(field, out var origin) && origin.Column is { } column ? column : OrderFields.NameOf(field);
}
