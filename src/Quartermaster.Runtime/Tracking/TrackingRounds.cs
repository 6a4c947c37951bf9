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

/// <summary>Asks carriers that tell nothing by themselves where their parcels are, each parcel after a pause that fits where it was; and those that do tell, after a day of silence.</summary>
/// <remarks>
/// Not effects: nobody decides on a question, and most answers say nothing new. What an answer has is stored like a webhook, once. Each
/// connection has a loop of its own, so a slow vendor or a brand with many parcels holds nobody else up; it runs in the process that owns
/// the lane, under its pace and switches. A crash between storing and settling asks once more, and the scans are known by then.
/// </remarks>
internal sealed partial class TrackingRounds(HubRuntime hub, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10), IdleInTheBox = TimeSpan.FromMilliseconds(250);

    // Warehouses tell of a parcel hours after its carrier took it.
    private static readonly TimeSpan EarlyScan = TimeSpan.FromDays(2);

    private static readonly string ScanKind = Wire.KindOf(typeof(ShippingSignal.Scanned));

    private readonly TrackedRows _rows = new(hub.Database);
    private readonly SilentParcels _silent = new(hub.Database);

    public async Task RunAsync(CancellationToken stop) =>
        await Task.WhenAll(hub.Lanes!.Lanes.Where(l => l.Plan.Connector.Manifest.TrackBatch > 0).Select(l => LoopAsync(l, stop)));

    private async Task LoopAsync(Lane lane, CancellationToken stop)
    {
        // True at first: a case from before this process is closed by the first answer.
        var cutOff = true;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var round = await RoundAsync(lane, stop);
                if (round is Round.CutOff || (round is Round.Answered && cutOff)) await TellAsync(lane, round is Round.CutOff, stop);
                if (round is Round.CutOff or Round.Answered) cutOff = round is Round.CutOff;
                if (round is Round.CutOff) await Task.Delay(TrackingPace.WhileCutOff(lane.Plan.Sandboxed), stop);
                else if (round is Round.Nothing) await Task.Delay(lane.Plan.Sandboxed ? IdleInTheBox : Idle, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (Exception e)
            {
                LogTrouble(log, lane.Connection, e.Message);
                await Task.Delay(1000, CancellationToken.None);
            }
        }
    }

    /// <summary>What a look at one connection came to. Nothing: no parcel was due, or nobody may ask now. PutOff: all that was due was heard of meanwhile. CutOff: our credentials are refused.</summary>
    private enum Round { Nothing, PutOff, Answered, Troubled, CutOff }

    private async Task<Round> RoundAsync(Lane lane, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (!MayAsk(lane, now)) return Round.Nothing;
        var (most, silence) = (lane.Plan.Connector.Manifest.TrackBatch, lane.Plan.Connector.Manifest.AskAfterSilence);
        // No more than can be asked for at once: an order is read for each, and once.
        var due = await _rows.DueAsync(lane.Connection, most, now, cancel);
        if (due.Count == 0) return Round.Nothing;
        if (silence is { } quiet)
        {
            var (ask, others) = await _silent.SortAsync(due, TrackingPace.Silence(quiet, lane.Plan.Sandboxed), now, cancel);
            if (others.Count > 0) await _rows.SettleAsync(lane.Connection, others, now, cancel);
            if (ask.Count == 0) return Round.PutOff;
            due = ask;
        }
        var answers = await AskAsync(lane, due, cancel);
        now = clock.GetUtcNow();
        List<Arrival> scans = [];
        List<AskedParcel> asked = [];
        for (var i = 0; i < due.Count; i++) asked.Add(Judge(lane, due[i], answers[i], scans, now));
        if (scans.Count > 0) await hub.Intake.WriteAsync(scans, cancel);
        await _rows.SettleAsync(lane.Connection, asked, now, cancel);
        if (answers.FirstOrDefault(a => a.Trouble is Outcome.NotConnected or Outcome.Unsure or Outcome.Refused)?.Trouble is { } trouble) LogTrouble(log, lane.Connection, Outcome.Words(trouble));
        return answers.Any(a => a.Trouble is Outcome.NotConnected) ? Round.CutOff : answers.Any(a => a.Trouble is null) ? Round.Answered : Round.Troubled;
    }

    /// <summary>Where no label is bought, nobody else would hear that the credentials are refused.</summary>
    private Task TellAsync(Lane lane, bool cutOff, CancellationToken cancel) => cutOff
        ? hub.Cases.OpenAsync(lane.Plan.Brand, "connection/" + lane.Connection, "not_connected", "connection.not_connected", $"{lane.Connection} does not accept our credentials", "It was asked where parcels are, and does not know us.", clock.GetUtcNow(), cancel)
        : hub.Cases.CloseAsync(lane.Plan.Brand, "connection/" + lane.Connection, "not_connected", clock.GetUtcNow(), cancel);

    private bool MayAsk(Lane lane, DateTimeOffset now) =>
        lane.Token != 0 && !lane.Breaker.Rests && !hub.Switches.LaneStopped(lane.Connection) && hub.Switches.ModeOf(lane.Plan.Brand) != BrandMode.Off
        && TrackingPace.HasRoom(lane.Plan.EffectiveLimits, lane.Budget.UsedToday, now);

    private static async Task<IReadOnlyList<Whereabouts>> AskAsync(Lane lane, List<DueParcel> due, CancellationToken cancel)
    {
        Outcome same;
        try
        {
            var answers = await lane.Plan.Connector.TrackAsync(lane.Session, [.. due.Select(d => new ParcelToFind(d.Tracking, d.LeftAt, d.LabelId))], cancel);
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
        var silence = lane.Plan.Connector.Manifest.AskAfterSilence;
        if (answer.Trouble is { } trouble)
        {
            var word = trouble switch { Outcome.TryLater later => later.Why, Outcome.Unsure unsure => unsure.Why, _ => Outcome.Words(trouble) };
            return new(of, now + TrackingPace.AfterTrouble(trouble, now - of.LeftAt, lane.Plan.Sandboxed, silence), of.SeenAt, word);
        }
        var seen = of.SeenAt;
        var isDelivered = false;
        var isOurs = answer.Scans.Count == 0;
        foreach (var signal in ShippingSignal.Scanned.Marked(answer.Scans, s => s, (_, scan) => scan))
        {
            // A number that is given out again brings its last parcel's scans for a while.
            if (signal is not ShippingSignal.Scanned scan || scan.At < of.LeftAt - EarlyScan) continue;
            isOurs = true;
            isDelivered |= scan.Status == ScanStatus.Delivered;
            // Older ones move no order; one of the same minute may be new, and is known by its words if not. A handheld may tell
            // of a delivery hours late, and that counts however old it is.
            if (scan.At < of.SeenAt && scan.Status is not (ScanStatus.Delivered or ScanStatus.Unmapped)) continue;
            if (scan.Status != ScanStatus.Unmapped && (seen is null || scan.At > seen)) seen = scan.At;
            // It is the same scan when it is told again beside a newer one.
            var key = SHA256.HashData(CoreJson.Write(scan with { Overtaken = false }));
            scans.Add(new(of.Brand, of.Stream, false, ScanKind, lane.Connection, $"{of.Stream}/{Convert.ToHexStringLower(key.AsSpan(0, 16))}", null, CoreJson.Write(signal), now));
        }
        var pause = TrackingPace.Next(isDelivered ? Nearness.Over : isOurs ? answer.Nearness : Nearness.Unseen, now - of.LeftAt, lane.Plan.Sandboxed, silence);
        return new(of, now + pause, seen, null);
    }

    [LoggerMessage(660, LogLevel.Warning, "{Connection} does not say where parcels are, asked again later: {Why}")]
    private static partial void LogTrouble(ILogger log, string connection, string why);
}
