using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Lanes;

namespace Quartermaster.Runtime.Channels;

/// <summary>Tells a person of a channel that may sell what is not there: it is behind, it refuses numbers, somebody changed them there, or its catalogue could not be compared for long.</summary>
internal sealed class ChannelAlarms(HubRuntime hub, HubOptions options, ListingRows rows, Showcase showcase, DateTimeOffset started)
{
    private static readonly TimeSpan BehindAfter = TimeSpan.FromMinutes(2);

    // About a minute of tries.
    private const int StuckAttempts = 8;

    /// <summary>A read that fails now and then is made good by the next; one that has not come through for so many turns is not.</summary>
    private const int MissedReads = 3;

    /// <summary>What was said last; null = nothing is wrong. Not named = nobody has looked since this process began, and an alarm from before it may be open.</summary>
    private readonly Dictionary<(string Connection, string Key), string?> _said = [];

    /// <param name="hides">Products may be hidden there.</param>
    public async Task LookAsync(Lane lane, bool hides, DateTimeOffset now, CancellationToken cancel)
    {
        if (lane.Token == 0 || hub.Switches.LaneStopped(lane.Connection)) return;
        var since = await rows.BehindSinceAsync(lane.Connection, cancel);
        await SayAsync(lane, "stock/behind", "stock.not_published", since is { } at && now - at > BehindAfter ? $"{lane.Connection} has not been told what may be sold since {since:HH:mm} UTC" : null,
            "It may sell what is not there. Look at the connection's last error and its pace; the newest numbers are sent as soon as it answers.", now, cancel);
        var (refused, some) = await rows.RefusedAsync(lane.Connection, cancel);
        await SayAsync(lane, "stock/refused", "stock.refused", refused > 0 ? $"{lane.Connection} takes no number for {refused} of its listings and goes on selling by its own" : null,
            $"{string.Join("; ", some)}{(refused > some.Count ? "; …" : "")}. Mend it there; each is tried again whenever the catalogue is read.", now, cancel);
        var (asked, which) = await rows.AskedAsync(lane.Connection, cancel);
        await SayAsync(lane, "stock/drifted", "stock.drifted", asked > 0 ? $"Somebody changed {asked} numbers at {lane.Connection} by more than may be overwritten without a word" : null,
            $"{string.Join("; ", which)}{(asked > which.Count ? "; …" : "")}. It sells by its own numbers until you say on the connection's page that they are overwritten.", now, cancel);
        if (hub.Switches.Allows(lane.Plan.Brand, lane.Connection, Publisher.Kind) && hub.Switches.ModeOf(lane.Plan.Brand) != BrandMode.Off) await NotReadAsync(lane, now, cancel);
        if (!hides) return;
        var stuck = await showcase.Rows.StuckAsync(lane.Connection, StuckAttempts, cancel);
        await SayAsync(lane, "stock/stuck", "stock.not_shown", stuck > 0 ? $"{stuck} products stay hidden at {lane.Connection} although they may be sold again" : null,
            "Each says why on its SKU's page. Show them by hand there if it is urgent; what you do stands.", now, cancel);
    }

    private async Task NotReadAsync(Lane lane, DateTimeOffset now, CancellationToken cancel)
    {
        var (read, error) = await rows.LastReadAsync(lane.Connection, cancel);
        var since = read > started ? read.Value : started;
        await SayAsync(lane, "stock/not_read", "stock.not_reconciled", now - since > MissedReads * options.ReadStockEvery ? $"The catalogue of {lane.Connection} has not been compared since {(read is { } at ? $"{at:yyyy-MM-dd HH:mm} UTC" : "the hub was started")}" : null,
            $"What changes there without a word is not found. {(error is null ? "The read has not ended yet." : $"The last read ended with: {error}")}", now, cancel);
    }

    /// <summary>Said once, and again when it is something else: what a person has put away stays so until then.</summary>
    private async Task SayAsync(Lane lane, string key, string kind, string? title, string detail, DateTimeOffset now, CancellationToken cancel)
    {
        var (brand, stream, of) = (lane.Plan.Brand, "connection/" + lane.Connection, (lane.Connection, key));
        var says = title is null ? null : $"{title}\n{detail}";
        if (_said.TryGetValue(of, out var said) && said == says) return;
        if (title is not null) await hub.Cases.OpenAsync(brand, stream, key, kind, title, detail, now, cancel);
        else await hub.Cases.CloseAsync(brand, stream, key, now, cancel);
        _said[of] = says;
    }
}
