using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Quartermaster.Core;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Shipping;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Lanes;

namespace Quartermaster.Runtime.Tracking;

/// <summary>Asks carriers that tell nothing by themselves where their parcels are, each parcel after a pause that fits where it was.</summary>
/// <remarks>
/// Not effects: nobody decides on a question, and most answers say nothing new. What an answer has is stored like a webhook, once. Each
/// connection has a loop of its own, so a slow vendor or a brand with many parcels holds nobody else up; it runs in the process that owns
/// the lane, under its pace and switches. A crash between storing and settling asks once more, and the scans are known by then.
/// </remarks>
internal sealed partial class TrackingRounds(HubRuntime hub, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10), IdleInTheBox = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromMinutes(5), WhileCutOff = TimeSpan.FromMinutes(15);

    // Warehouses tell of a parcel hours after its carrier took it.
    private static readonly TimeSpan EarlyScan = TimeSpan.FromDays(2);

    private static readonly string ScanKind = Wire.KindOf(typeof(ShippingSignal.Scanned));

    private readonly TrackedRows _rows = new(hub.Database);

    public async Task RunAsync(CancellationToken stop) =>
        await Task.WhenAll(hub.Lanes!.Lanes.Where(l => l.Plan.Connector.Manifest.TrackBatch > 0).Select(l => LoopAsync(l, stop)));

    private async Task LoopAsync(Lane lane, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!await TurnAsync(lane, stop)) await Task.Delay(lane.Plan.Sandboxed ? IdleInTheBox : Idle, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (Exception e)
            {
                LogTrouble(log, lane.Connection, e.Message);
                await Task.Delay(1000, CancellationToken.None);
            }
        }
    }

    /// <returns>False: nothing was due, or nobody may ask now.</returns>
    private async Task<bool> TurnAsync(Lane lane, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (!MayAsk(lane, now)) return false;
        var due = await _rows.DueAsync(lane.Connection, lane.Plan.Connector.Manifest.TrackBatch, now, cancel);
        if (due.Count == 0) return false;
        var answers = await AskAsync(lane, due, cancel);
        now = clock.GetUtcNow();
        List<Arrival> scans = [];
        List<AskedParcel> asked = [];
        for (var i = 0; i < due.Count; i++) asked.Add(Judge(lane, due[i], answers[i], scans, now));
        if (scans.Count > 0) await hub.Intake.WriteAsync(scans, cancel);
        await _rows.SettleAsync(lane.Connection, asked, now, cancel);
        if (answers.FirstOrDefault(a => a.Trouble is Outcome.NotConnected or Outcome.Unsure)?.Trouble is { } trouble) LogTrouble(log, lane.Connection, Outcome.Words(trouble));
        return true;
    }

    private bool MayAsk(Lane lane, DateTimeOffset now) =>
        lane.Token != 0 && !lane.Breaker.Rests && !hub.Switches.LaneStopped(lane.Connection) && hub.Switches.ModeOf(lane.Plan.Brand) != BrandMode.Off
        && TrackingPace.HasRoom(lane.Plan.EffectiveLimits, lane.Budget.UsedToday, now);

    private static async Task<IReadOnlyList<Whereabouts>> AskAsync(Lane lane, List<DueParcel> due, CancellationToken cancel)
    {
        Outcome same;
        try
        {
            var answers = await lane.Plan.Connector.TrackAsync(lane.Session, [.. due.Select(d => new ParcelToFind(d.Tracking, d.LeftAt))], cancel);
            if (answers.Count == due.Count) return answers;
            same = new Outcome.Unsure($"The connector {lane.Plan.Connector.Manifest.Key} gave {answers.Count} answers for {due.Count} parcels.");
        }
        catch (NotNowException e) { same = new Outcome.TryLater(e.Message, e.Wait); }
        catch (SettingMissingException e) { same = new Outcome.NotConnected(e.Message); }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested) { throw; }
        catch (Exception e) { same = new Outcome.Unsure(e.Message); }
        return [.. due.Select(_ => Whereabouts.Unanswered(same))];
    }

    private static AskedParcel Judge(Lane lane, DueParcel of, Whereabouts answer, List<Arrival> scans, DateTimeOffset now)
    {
        if (answer.Trouble is { } trouble)
        {
            var wait = trouble switch { Outcome.TryLater { After: { } wish } => wish, Outcome.NotConnected => WhileCutOff, _ => AfterTrouble };
            return new(of, now + wait, of.SeenAt, Outcome.Words(trouble));
        }
        var seen = of.SeenAt;
        var isOurs = answer.Scans.Count == 0;
        foreach (var signal in answer.Scans)
        {
            // A number that is given out again brings its last parcel's scans for a while.
            if (signal is not ShippingSignal.Scanned scan || scan.At < of.LeftAt - EarlyScan) continue;
            isOurs = true;
            // Older ones were handed on; one of the same minute may be new, and is known by its words if not.
            if (scan.At < of.SeenAt) continue;
            if (seen is null || scan.At > seen) seen = scan.At;
            var body = CoreJson.Write(signal);
            scans.Add(new(of.Brand, of.Stream, false, ScanKind, lane.Connection, $"{of.Stream}/{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}", null, body, now));
        }
        var pause = TrackingPace.Next(isOurs ? answer.Nearness : Nearness.Unseen, now - of.LeftAt, lane.Plan.Sandboxed);
        return new(of, now + pause, seen, null);
    }

    [LoggerMessage(660, LogLevel.Warning, "{Connection} does not say where parcels are, asked again later: {Why}")]
    private static partial void LogTrouble(ILogger log, string connection, string why);
}
