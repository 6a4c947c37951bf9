using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Flows;

/// <summary>Writes the answer to "where is my order" from what is known of it now: what has happened, what comes next, by when, and where to follow it.</summary>
public static class WhereIsMyOrder
{
    /// <param name="link">The order's page; null where shoppers cannot reach this hub.</param>
    public static string Answer(ShopperView order, BrandTerms terms, string? link)
    {
        var words = ShopperWords.In(order.Language);
        List<string> lines = [];
        if (order.FirstName is { } name) lines.Add(ShopperWords.Fill(words.Hello, ("name", name)) + ",");
        lines.Add($"{ShopperWords.Fill(words.Order, ("number", order.Number))}: {words.Stages[order.Stage]}.".Replace("।.", "।", StringComparison.Ordinal));
        foreach (var parcel in order.Parcels)
            if (parcel is { IsFollowed: true } && (!parcel.IsOver || order.Parcels.Count == 1)) lines.Add(Of(parcel, words, terms));
        if (order is { Open: { Count: > 0 } open, Stage: not ShopperStage.Cancelled }) lines.Add(ShopperWords.Fill(words.StillToCome, ("items", string.Join(", ", open.Select(i => $"{i.Units} × {i.Title} ({(i.IsShort ? words.OutOfStock : words.BeingPrepared)})")))));
        if (order.IsLate) lines.Add(words.Late);
        if (order.Expected is { } day) lines.Add(ShopperWords.Fill(words.ExpectedBy, ("day", words.Day(day))) + ".");
        else if (order.Stage is not (ShopperStage.Delivered or ShopperStage.Cancelled or ShopperStage.ComingBack)) lines.Add(words.NoDayKnown);
        if (link is not null) lines.Add(ShopperWords.Fill(words.FollowHere, ("link", link)));
        return string.Join('\n', lines);
    }

    private static string Of(ShopperParcel parcel, ShopperWords words, BrandTerms terms)
    {
        var sent = $"{words.Parcel} {ShopperWords.Fill(words.SentBy, ("carrier", parcel.Carrier), ("tracking", parcel.Tracking))}.";
        return parcel.Story is [var last, ..]
            ? $"{sent} {ShopperWords.Fill(words.LastNews, ("moment", words.Moment(terms.ThereAt(last.At))), ("what", words.Of(last, parcel.Carrier) + (last.Place is { } place ? $", {place}" : "")))}"
            : $"{sent} {words.NoScanYet}";
    }
}
