using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Shipping;

/// <summary>What a brand was told of one lane that runs late as a whole: carrier and service from a location to a region.</summary>
/// <param name="ToldOn">The day it was told last, by the brand's calendar.</param>
public sealed record LaneNotice(DateOnly? ToldOn = null)
{
    /// <summary>Kind of these streams; the id is the lane in words.</summary>
    public const string Stream = "lane";

    public static readonly LaneNotice None = new();

    /// <summary>Carriers' and services' names come from outside; a key only has to be the same for the same lane.</summary>
    public static StreamId Of(string brand, Journey lane) => new(brand, Stream, string.Join('/', lane.Carrier, lane.Service, lane.From, lane.Country, lane.Zone));
}

/// <summary>Signals to a lane.</summary>
public abstract record LaneSignal : Signal
{
    private LaneSignal() { }

    /// <summary>A look at the parcels under way found so many of this lane late.</summary>
    /// <param name="On">The brand's day.</param>
    /// <param name="Open">Parcels under way on it.</param>
    [Wire("lane.ran_late.v1")]
    public sealed record RanLate(Journey Lane, DateOnly On, int Open, int Late) : LaneSignal;
}

/// <summary>What became true of a lane.</summary>
public abstract record LaneEvent : Event
{
    private LaneEvent() { }

    [Wire("lane.found_late.v1")]
    public sealed record FoundLate(Journey Lane, DateOnly On, int Open, int Late) : LaneEvent;
}

/// <summary>Decides whether the team hears of a late lane: once for a lane and day.</summary>
public static class LaneDecider
{
    public static Decision Decide(LaneNotice state, LaneSignal signal) => signal switch
    {
        LaneSignal.RanLate r when r.On <= state.ToldOn => Decision.Ignore("That the lane is late was told today."),
        LaneSignal.RanLate r => Decision.Of(new LaneEvent.FoundLate(r.Lane, r.On, r.Open, r.Late))
            .Tell(new CaseChange.Opened("late", "shipping.lane_late", $"{Words(r.Lane)} is late as a whole", $"{r.Late} of {r.Open} parcels under way are late ({r.On:yyyy-MM-dd}). Ask the carrier what is wrong there, and let new orders leave by another until it is mended (pause the service or location, or raise its rate); close this case when it is."))
            .Because($"{r.Late} of {r.Open} parcels under way are late."),
        _ => throw new System.Diagnostics.UnreachableException(signal.GetType().Name),
    };

    public static LaneNotice Evolve(LaneNotice state, LaneEvent e) => e switch
    {
        LaneEvent.FoundLate f => state with { ToldOn = f.On },
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };

    /// <summary><c>BlueDart Surface from BLR to IN 5…</c>.</summary>
    public static string Words(Journey lane) => $"{lane.Carrier}{(lane.Service.Length > 0 ? " " + lane.Service : "")} from {lane.From} to {lane.Country}{(lane.Zone.Length > 0 ? $" {lane.Zone}…" : "")}";
}
