using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.Dashboard.Shown;

/// <summary>What a word about a code would do, in sentences; the same on a page and in a terminal.</summary>
public static class CodeWords
{
    private const int Sample = 8;

    public static string Orders(CodeImpact impact)
    {
        var change = impact.Change.Count == 0 ? "No open order changes." : $"{Words.Count(impact.Change.Count, "open order")} {(impact.Change.Count == 1 ? "reads" : "read")} it anew: {Numbers(impact.Change)}.";
        var keep = impact.Keep.Count == 0 ? "" : $" {Words.Count(impact.Keep.Count, "order")} at a warehouse, or sent in part, {(impact.Keep.Count == 1 ? "keeps" : "keep")} what {(impact.Keep.Count == 1 ? "it has" : "they have")}: {Numbers(impact.Keep)}.";
        return change + keep + (impact.More ? " There are more open orders with it than were looked at." : "");
    }

    public static string Stock(PartStock part) => part switch
    {
        { Available: { } units } => $"{units:N0} available, enough for {units / part.Units:N0}",
        { Ours: true } => "a SKU of ours, never counted",
        _ => "never counted at any location",
    };

    public static string Number(ListingImpact listing) => listing switch
    {
        { Would: { } would, Known: { } known } when would == known => $"{known:N0}, as it has",
        { Would: { } would, Known: { } known } => $"{would:N0} instead of {known:N0}",
        { Would: { } would } => $"{would:N0}",
        _ => "is told nothing: a part was never counted, or this channel is told no numbers",
    };

    private static string Numbers(IReadOnlyList<TouchedOrder> orders) => string.Join(", ", orders.Take(Sample).Select(o => $"{o.Number} ({Words.State(o.Status).Label.ToLowerInvariant()})")) + (orders.Count > Sample ? ", …" : "");
}
