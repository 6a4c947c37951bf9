using System.Globalization;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Flows;

/// <summary>One lane of a brand: the team hears when it is late as a whole.</summary>
public sealed class LaneStream() : AlertingStream<LaneNotice, LaneEvent>(LaneNotice.Stream, LaneNotice.None)
{
    /// <summary>What the team does about it today it does in the morning; an alert of yesterday's lane is none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(12);

    protected override Decision Decide(LaneNotice told, Signal signal, Situation situation) => signal is LaneSignal x ? LaneDecider.Decide(told, x) : throw NotFor(signal, "a lane");

    protected override LaneNotice Evolve(LaneNotice told, LaneEvent e) => LaneDecider.Evolve(told, e);

    protected override AlertNews? News(LaneEvent e, Situation situation) => e is LaneEvent.FoundLate found
        ? new("late", found.On.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), new($"{situation.Terms.Title}: {LaneDecider.Words(found.Lane)} is late", $"{found.Late} of {found.Open} parcels under way are late.", "/carriers", "warning"), Patience)
        : null;
}
