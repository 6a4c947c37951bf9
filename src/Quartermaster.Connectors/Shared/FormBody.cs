using System.Net;
using System.Text;

namespace Quartermaster.Connectors.Shared;

/// <summary>Reads and writes <c>application/x-www-form-urlencoded</c>. Whatever bytes come, reading them is no error.</summary>
internal static class FormBody
{
    public static IReadOnlyList<KeyValuePair<string, string>> Read(ReadOnlySpan<byte> body) => Read(Encoding.UTF8.GetString(body));

    /// <param name="form">The members in their order, a query's without its question mark.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(ReadOnlySpan<char> form)
    {
        List<KeyValuePair<string, string>> fields = [];
        foreach (var range in form.Split('&'))
        {
            var field = form[range];
            if (field.IsEmpty) continue;
            var equals = field.IndexOf('=');
            fields.Add(equals < 0 ? new(Decoded(field), "") : new(Decoded(field[..equals]), Decoded(field[(equals + 1)..])));
        }
        return fields;
    }

    public static string? Find(IReadOnlyList<KeyValuePair<string, string>> form, string name)
    {
        foreach (var field in form)
            if (field.Key == name) return field.Value;
        return null;
    }

    public static string Write(IEnumerable<KeyValuePair<string, string>> fields) => string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(f.Value)}"));

    private static string Decoded(ReadOnlySpan<char> text) => WebUtility.UrlDecode(text.ToString());
}
