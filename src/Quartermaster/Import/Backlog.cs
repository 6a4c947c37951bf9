using Quartermaster.Runtime;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.Import;

/// <summary>Keeps an import from standing in the way of today's orders: it waits while a running hub has plenty to decide.</summary>
/// <remarks>Signals are decided in their order, so a million imported ones would otherwise be decided before the next webhook.</remarks>
internal sealed class Backlog(Database database)
{
    private const long Plenty = 4_000;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    // When nobody decides, waiting would be for ever: what is stored now is worked off when a hub starts.
    private static readonly TimeSpan NobodyDecides = TimeSpan.FromSeconds(3);

    private readonly HubReads _reads = new(database.General);
    private bool _alone;

    public async Task WaitAsync(CancellationToken cancel)
    {
        var least = long.MaxValue;
        for (var since = TimeProvider.System.GetTimestamp(); !_alone;)
        {
            var ready = (await _reads.BacklogAsync(cancel)).Ready;
            if (ready < Plenty)
                return;
            if (ready < least)
                (least, since) = (ready, TimeProvider.System.GetTimestamp());
            _alone = TimeProvider.System.GetElapsedTime(since) > NobodyDecides;
            await Task.Delay(Look, cancel);
        }
    }
}
