using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Campaigns;

/// <summary>What a customer's campaigns ask of the database inside the deciding transaction.</summary>
public abstract record RunRequest : Request
{
    private RunRequest() { }

    /// <summary>What is known of them, and may they be written to? Asked when a step is due, so that nothing is said that another stream knows to be wrong.</summary>
    /// <param name="Bought">The order that makes it worth knowing when they will buy again; comes back with the answer.</param>
    [Wire("run.look.v1")]
    public sealed record Look(Recipient Of, OrderNews? Bought = null) : RunRequest;

    /// <summary>A code to promise: answered with one that is within every limit, or with none. A run gets one code of an offer, however often it asks.</summary>
    /// <param name="By">Channels by which it will be said; come back with the answer.</param>
    [Wire("run.take_offer.v1")]
    public sealed record TakeOffer(string Run, int Step, string Offer, IReadOnlyList<string> By) : RunRequest;
}
