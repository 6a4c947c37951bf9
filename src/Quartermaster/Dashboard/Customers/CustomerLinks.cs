using System.Globalization;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.Dashboard.Customers;

/// <summary>Addresses and words of the customers' pages.</summary>
internal static class CustomerLinks
{
    public static string To(string realm, long id) => string.Create(CultureInfo.InvariantCulture, $"/customers/{Uri.EscapeDataString(realm)}/{id}");

    public static string Segment(string segment) => segment switch
    {
        "new" => $"First order within {CustomerReads.NewDays} days",
        "returning" => "Came back",
        "lapsed" => $"Nothing for {CustomerReads.LapsedDays} days",
        _ => "The tenth that orders most",
    };

    /// <summary>What an erasure did, for whoever asked for it.</summary>
    public static string Erased(ErasureReport report) =>
        (report.Left.Count == 0 ? "Erased. Every table was searched." : $"Erased. Every table was searched; their address still stands in {string.Join(", ", report.Left)}: in other people's orders, in the brand's own words, within a longer address, or in profile until a marketing tool has deleted them.")
        + (report.Told.Count == 0 ? "" : $" {string.Join(", ", report.Told)} {(report.Told.Count == 1 ? "is" : "are")} told to delete them as well; what comes of it stands under Who said no.");

    /// <summary>What a row of the weekly report counts.</summary>
    public static string Counted(string what) => what switch
    {
        "opt_out" => "said that they do not want to be written to",
        "opted_in" => "said that they want to be written to",
        "bounce" => "addresses that nobody has",
        "complaint" => "called a message spam",
        "person" => "taken off by one of us",
        "lifted" => "set aside by one of us",
        "suppressed_all" => "are sent nothing now",
        "suppressed_marketing" => "are sent no marketing now",
        "marketing" => "marketing messages let through",
        "erased" => "customers erased",
        _ => what,
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
