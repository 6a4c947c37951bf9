using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Shared;

/// <summary>What the answers of all who take a list at the end of a day have in common.</summary>
internal static class DispatchAnswers
{
    /// <summary>The carrier has the list: whoever closed the day hears of it, from the answer and from a look-up's alike.</summary>
    /// <param name="document">Where the paper is that goes with the parcels; null = the carrier gives none.</param>
    public static Result Closed(DispatchList list, string brand, string? remoteId, string? document, IReadOnlyList<LeftOut> leftOut, bool found, Exchange exchange) =>
        new(found ? new Outcome.AlreadyDone(remoteId) : new Outcome.Done(remoteId), exchange, [new(new StreamId(brand, "dispatch", list.Number), new DispatchSignal.Closed(remoteId, document, leftOut))]);

    /// <summary>The labels that the carrier does not name among those that it has.</summary>
    public static IReadOnlyList<LeftOut> Missing(DispatchList list, IEnumerable<string?> taken, string why)
    {
        HashSet<string> has = [.. taken.OfType<string>()];
        return [.. list.Labels.Where(l => !has.Contains(l.LabelId) && !has.Contains(l.Tracking)).Select(l => new LeftOut(l.LabelId, why))];
    }

    public static string PaperOf(DispatchList list) => $"dispatch/{list.Number}";
}
