namespace Quartermaster.Dashboard.Shown;

/// <summary>The filters of a page as they stand in its address; links are made by changing a few of them.</summary>
public sealed class PageAddress
{
    private readonly SortedDictionary<string, string> _values;

    private PageAddress(SortedDictionary<string, string> values) => _values = values;

    public static PageAddress Of(IQueryCollection query) =>
        new(new(query.Where(q => !string.IsNullOrEmpty(q.Value)).ToDictionary(q => q.Key, q => q.Value.ToString()), StringComparer.Ordinal));

    public string Text => _values.Count == 0 ? "" : "?" + string.Join('&', _values.Select(v => $"{Uri.EscapeDataString(v.Key)}={Uri.EscapeDataString(v.Value)}"));

    public PageAddress With(string key, string value) => new(new(_values, StringComparer.Ordinal) { [key] = value });

    public PageAddress Without(params string[] keys)
    {
        var left = new SortedDictionary<string, string>(_values, StringComparer.Ordinal);
        foreach (var key in keys) left.Remove(key);
        return new(left);
    }
}
