using System.Globalization;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.Dashboard.Customers;

/// <summary>Addresses and words of the customers' pages.</summary>
internal static class CustomerLinks
{
    public static string To(string realm, long id) => string.Create(CultureInfo.InvariantCulture, $"/customers/{Uri.EscapeDataString(realm)}/{id}");

    public static string Withdraw(ErasureRow erasure) => string.Create(CultureInfo.InvariantCulture, $"/do/erasures/{Uri.EscapeDataString(erasure.Realm)}/{erasure.Id}/withdraw");

    /// <summary>What came of an erasure, to be read after its state.</summary>
    public static string Outcome(ErasureRow erasure) => erasure.State switch
    {
        "asked" => "It begins within a minute.",
        "waiting" => $"It waits: {erasure.WaitsFor}.",
        "erased" => $"{Changed(erasure)} The whole database is being searched.",
        "withdrawn" => $"Withdrawn by {erasure.WithdrawnBy}.",
        _ when erasure.LeftIn is { Count: > 0 } left => $"{Changed(erasure)} {Searched(erasure)}; something of theirs still stands in {string.Join(", ", left)}: in other people's orders, in the brand's own words, within a longer address, as a namesake's, or in profile until a marketing tool has deleted them.{Told(erasure)}",
        _ => $"{Changed(erasure)} {Searched(erasure)}, and nothing of theirs is left.{Told(erasure)}",
    };

    public static Badge State(ErasureRow erasure) => erasure.State switch
    {
        "proven" => new("Erased", "green", "circle-check", "Done, and the whole database was searched for what is left"),
        "erased" => new("Erased", "blue", "search", "Done; the whole database is being searched for what is left"),
        "withdrawn" => new("Withdrawn", "secondary", "circle-x", "Nothing was erased"),
        "waiting" => new("Waits", "orange", "clock", "It is tried every minute"),
        _ => new("Asked for", "orange", "clock", "It begins within a minute"),
    };

    private static string Told(ErasureRow erasure) => string.Concat(erasure.Told.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $" {t.Key}: {t.Value}."));

    private static string Searched(ErasureRow erasure) => "The whole database was searched" + (erasure.Searched is { Count: > 0 } searched ? $" for {string.Join(", ", searched.Select(s => $"{s.Value.ToString(CultureInfo.InvariantCulture)} {Sought(s.Key, s.Value)}"))}" : "");

    private static string Sought(string kind, int count) => (kind, count) switch
    {
        ("address", 1) => "address",
        ("address", _) => "addresses",
        // Too short, or a word of many: it cannot be told from others' anywhere else.
        ("name alone", 1) => "short name where it stands alone in what was theirs",
        ("name alone", _) => "short names where they stand alone in what was theirs",
        (_, 1) => kind,
        _ => kind + "s",
    };

    private static string Changed(ErasureRow erasure) => string.Create(CultureInfo.InvariantCulture, $"{erasure.Rows?.Values.Sum() ?? 0:N0} rows of {erasure.Rows?.Count ?? 0} tables were rewritten or deleted.");

    public static string Segment(string segment) => segment switch
    {
        "new" => $"First order within {CustomerReads.NewDays} days",
        "returning" => "Came back",
        "lapsed" => $"Nothing for {CustomerReads.LapsedDays} days",
        _ => "The tenth that orders most",
    };

    /// <summary>What two people have in common.</summary>
    public static string InCommon(CustomerPairRow pair) => pair.Kind switch
    {
        "guest" => $"name and phone, {pair.Value.Split('/')[0]}",
        "explicit" => $"account, {pair.Value}",
        "email" => $"e-mail, {pair.Value}",
        _ => $"{pair.Kind}, {pair.Value}",
    };

    public static string Consent(ConsentRow row) => row.Word switch
    {
        "opted_in" => "wants to be written to",
        "opt_out" => row.What == "all" ? "wants nothing" : "wants no marketing",
        "bounce" => "nobody has that address",
        "complaint" => "called it spam",
        "lifted" => "set aside by one of us",
        _ => row.What == "all" ? "one of us: send nothing" : "one of us: send no marketing",
    };
}
