using System.Globalization;
using Quartermaster.Core.Flows;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;

namespace Quartermaster.Dashboard.Shown;

/// <summary>Addresses of orders and of lists of them.</summary>
public static class OrderLinks
{
    public static string To(ListedOrder order) => To(order.Brand, order.Stream);

    /// <summary>Page of any stream; orders have their own.</summary>
    public static string To(string brand, string stream)
    {
        var slash = stream.IndexOf('/', StringComparison.Ordinal);
        var (kind, id) = slash < 0 ? (stream, "") : (stream[..slash], stream[(slash + 1)..]);
        var safe = string.Join('/', id.Split('/').Select(Uri.EscapeDataString));
        return kind switch
        {
            "order" => $"/orders/{Uri.EscapeDataString(brand)}/{safe}",
            "purchase" when !id.Contains('/') => PurchaseWords.Link(brand, id),
            "dispatch" when id.Contains('.') => $"/carriers/labels/{Uri.EscapeDataString(brand)}/{safe}",
            "dispatch" => "/carriers/labels",
            "rules" => $"/rules?brand={Uri.EscapeDataString(brand)}",
            "code" => CodeText.To(brand, id),
            "stock" when !id.Contains('/') => $"/stock/{Uri.EscapeDataString(brand)}/{safe}",
            _ => $"/streams/{Uri.EscapeDataString(brand)}/{Uri.EscapeDataString(kind)}/{safe}",
        };
    }

    /// <summary>A stream by the name people know it by: an order's number where it is known, otherwise what it is and its id.</summary>
    public static string Title(string stream, string? number) =>
        number is { Length: > 0 } ? number : stream.Split('/', 2) is [var kind, var id] ? $"{Words.Sentence(kind)} {id}" : stream;

    /// <summary>What the filters in an address ask for, limited to what the reader may see; or what is wrong with them.</summary>
    public static (OrderQuery Query, string? Complaint) Query(IQueryCollection query, Reader reader, TimeText times, int size = 50)
    {
        var brand = Given(query, "brand");
        // A day is that of the times in the list.
        var zone = TimeText.One(reader.Narrow(brand));
        var (from, fromWrong) = Day(Given(query, "from"), 0, zone, times);
        var (until, untilWrong) = Day(Given(query, "until"), 1, zone, times);
        var after = OrderCursor.Read(Given(query, "after"));
        var complaint = fromWrong ?? untilWrong ?? (Given(query, "after") is not null && after is null ? "The place in the list could not be read; start again from the newest." : null)
            ?? (from >= until ? "The first day comes after the last." : null)
            ?? StatusComplaint(Given(query, "status"));
        return (new(reader.Narrow(brand), Given(query, "q"), Given(query, "status"), Given(query, "channel"), Given(query, "attention") == "true",
            Given(query, "open") == "true" ? false : null, Given(query, "shadow") == "true", from, until, after, size), complaint);
    }

    /// <summary>What is wrong with a state that orders are asked for by; null when nothing is.</summary>
    public static string? StatusComplaint(string? status) =>
        status is null || OrderRow.Statuses.Contains(status) ? null : $"“{status}” is not a state of an order. They are: {string.Join(", ", OrderRow.Statuses)}.";

    private static string? Given(IQueryCollection query, string key) => query[key].ToString() is { Length: > 0 } value && !value.Contains('\0') ? value : null;

    private static (DateTimeOffset?, string?) Day(string? text, int plus, string? brand, TimeText times) =>
        text is null ? (null, null)
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1990 and < 2200
            ? (times.StartOf(day.AddDays(plus), brand), null)
            : (null, $"“{text}” is not a day; write it as 2026-11-21.");
}
