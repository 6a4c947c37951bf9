using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Shared;

/// <summary>Asks for parcels at a carrier that answers for one only at a time.</summary>
internal static class OneByOne
{
    /// <summary>One answer for each, in order. When the pace or the day's budget ends the round, the rest waits for its turn.</summary>
    public static async Task<IReadOnlyList<Whereabouts>> AskAsync(IReadOnlyList<ParcelToFind> parcels, Func<ParcelToFind, Task<Whereabouts>> one)
    {
        List<Whereabouts> all = new(parcels.Count);
        foreach (var parcel in parcels)
        {
            try
            {
                all.Add(await one(parcel).ConfigureAwait(false));
            }
            catch (NotNowException e)
            {
                while (all.Count < parcels.Count) all.Add(Whereabouts.Unanswered(new Outcome.TryLater(e.Message, e.Wait)));
            }
            if (all.Count == parcels.Count) break;
        }
        return all;
    }
}
