using Microsoft.Extensions.Logging;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Channels;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Lanes;

namespace Quartermaster.Runtime.Customers;

/// <summary>Keeps what marketing tools know of customers at what is true: tells changes within seconds, a no at once, and erasures until they are confirmed.</summary>
/// <remarks>
/// Not from the queue of effects: an effect carries what was true when it was planned, and of a profile only the newest counts; one that waited while its
/// connection was mended must not subscribe somebody who has said no since. Runs beside the lane, in the process that owns it, under its pace, switches and
/// breaker. Without a tool nothing runs.
/// </remarks>
internal sealed partial class ProfileTeller(HubRuntime hub, TimeProvider clock, ILogger log)
{
    private const string Untold = "profiles/untold", NotForgotten = "profiles/not-forgotten";

    // About ten minutes of tries.
    private const int ManyAttempts = 10;

    private static readonly string PushKind = Wire.KindOf(typeof(CustomerEffect.Push)), ForgetKind = Wire.KindOf(typeof(CustomerEffect.Forget));
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1), AlarmEvery = TimeSpan.FromSeconds(15), AfterRefusedForget = TimeSpan.FromDays(1);

    private readonly ProfileRows _rows = new(hub.Database);
    private readonly ProfileSheets _sheets = new(hub.Database, new Pseudonyms(hub.Database));

    public async Task RunAsync(CancellationToken stop)
    {
        var lanes = hub.Lanes!.Lanes.Where(l => l.Plan.TakesProfiles).ToList();
        if (lanes.Count == 0) return;
        await Task.WhenAll([LoopAsync("marks", MarksAsync, stop), .. lanes.Select(l => TellAsync(l, stop)), .. lanes.Select(l => LookAfterAsync(l, stop))]);
    }

    private async Task LoopAsync(string name, Func<CancellationToken, Task> turn, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try { await turn(stop); }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (Exception e)
            {
                LogTrouble(log, name, e.Message);
                await Task.Delay(1000, CancellationToken.None);
            }
        }
    }

    private async Task MarksAsync(CancellationToken cancel)
    {
        if (!await _rows.TakeMarksAsync(hub.Plan, clock.GetUtcNow(), cancel)) await Task.Delay(Poll, cancel);
    }

    private Task TellAsync(Lane lane, CancellationToken stop) => LoopAsync(lane.Connection, async cancel =>
    {
        if (!MayCall(lane) || !await TurnAsync(lane, cancel)) await Task.Delay(Poll, cancel);
    }, stop);

    /// <returns>False when nothing was due that may be said now.</returns>
    private async Task<bool> TurnAsync(Lane lane, CancellationToken cancel)
    {
        var mode = hub.Switches.ModeOf(lane.Plan.Brand);
        // In shadow it is written down what would be told. An erasure waits: it has to be done, and not written down as if it were.
        var (tells, forgets) = (mode != BrandMode.Off && Allows(lane, PushKind), mode == BrandMode.Live && Allows(lane, ForgetKind));
        if (!tells && !forgets) return false;
        var due = await _rows.DueAsync(lane.Connection, lane.Plan.EffectiveLimits.Batch, tells, forgets, clock.GetUtcNow(), cancel);
        var (forget, tell) = (due.Where(d => d.Erasure is not null).ToList(), due.Where(d => d.Erasure is null).ToList());
        if (forget.Count > 0) await ForgetAsync(lane, forget, cancel);
        if (tell.Count > 0) await PushAsync(lane, tell, mode == BrandMode.Shadow, cancel);
        return due.Count > 0;
    }

    private async Task PushAsync(Lane lane, List<ProfileTurn> due, bool shadow, CancellationToken cancel)
    {
        var (plan, now) = (lane.Plan, clock.GetUtcNow());
        var sheets = await _sheets.ReadAsync(plan, hub.Plan.RealmOf(plan.Brand), [.. due.Select(d => d.Email)], now, cancel);
        List<SettledProfile> settled = [];
        List<(ProfileTurn Of, CustomerEffect.Push Push, DateTimeOffset? Next)> asks = [];
        for (var i = 0; i < due.Count; i++)
        {
            if (sheets[i].Push is not { } push)
            {
                settled.Add(new(due[i], new(due[i].Due.Print, due[i].Due.RemoteId, false, null, "no order of this brand's"), due[i].MayStand));
                continue;
            }
            var next = Segments.ChangeAt(push.Orders, push.FirstOrderAt, push.LastOrderAt, now);
            if (Telling.Before(due[i].Due, push, sheets[i].ToldByTool, shadow, next) is { } before) settled.Add(new(due[i], before, due[i].MayStand, Held: shadow && before.Print != Telling.Print(push)));
            else asks.Add((due[i], Telling.WithNews(push, due[i].Due.Print) with { RemoteId = due[i].Due.RemoteId }, next));
        }
        if (asks.Count > 0)
        {
            var stand = await _rows.BeginAsync(plan.Key, [.. asks.Select(a => a.Of)], now, cancel);
            asks.RemoveAll(a => !stand.Contains(a.Of.Email));
            var answers = await CallAsync(lane, [.. asks.Select(a => (Key(plan, a.Of), (Effect)a.Push, a.Of.Due.Attempts))], cancel);
            now = clock.GetUtcNow();
            for (var i = 0; i < asks.Count; i++)
            {
                var (of, push, next) = asks[i];
                var came = Telling.After(of.Due, Telling.Print(push), answers[i].Outcome, next, now, Telling.TellsNo(push));
                settled.Add(new(of, came with { Failed = came.Failed && answers[i].Begun }, of.MayStand || (answers[i].Begun && answers[i].Outcome is not Outcome.NotConnected)));
            }
        }
        await _rows.SettleAsync(plan.Key, settled, now, cancel);
    }

    private async Task ForgetAsync(Lane lane, List<ProfileTurn> due, CancellationToken cancel)
    {
        var answers = await CallAsync(lane, [.. due.Select(d => (Key(lane.Plan, d), (Effect)new CustomerEffect.Forget(d.Due.RemoteId, d.Due.RemoteId is null ? d.Email : null), d.Due.Attempts))], cancel);
        var now = clock.GetUtcNow();
        for (var i = 0; i < due.Count; i++)
        {
            var came = Telling.After(due[i].Due, "", answers[i].Outcome, null, now);
            // Nobody may stay in a tool because it said no once.
            if (answers[i].Outcome is Outcome.Refused) came = came with { Due = now + AfterRefusedForget };
            await _rows.ForgottenAsync(lane.Connection, due[i], came.Sent ? came with { Word = answers[i].Outcome is Outcome.AlreadyDone ? "it had nobody by that id" : "deleted" } : came, now, cancel);
        }
    }

    private static async Task<IReadOnlyList<Result>> CallAsync(Lane lane, IReadOnlyList<(string Key, Effect Effect, int Attempts)> asks, CancellationToken cancel)
    {
        if (asks.Count == 0) return [];
        var manifest = lane.Plan.Connector.Manifest;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(manifest.CallLimit);
        IReadOnlyList<Work> batch = [.. asks.Select(a => new Work(a.Key, a.Effect, a.Attempts + 1))];
        var answers = await Calls.EachAsync(asks, () => lane.Plan.Connector.ActAsync(lane.Session, batch, limit.Token), why => new Result(why, Exchange.None), manifest, cancel);
        return [.. answers.Select(Storable.Of)];
    }

    private async Task LookAfterAsync(Lane lane, CancellationToken stop)
    {
        // The ownership of the lane under which everybody was looked for; and alarms from before this process are closed by its first look.
        var (found, alarmed) = (0L, true);
        await LoopAsync(lane.Connection, async cancel =>
        {
            if (lane.Token is not 0 and var token)
            {
                if (found != token) await _rows.FindAsync(lane.Plan, hub.Plan.RealmOf(lane.Plan.Brand), clock.GetUtcNow(), cancel);
                found = token;
                if (hub.Switches.ModeOf(lane.Plan.Brand) == BrandMode.Live) await _rows.LetGoAsync(lane.Connection, clock.GetUtcNow(), cancel);
                alarmed = await AlarmAsync(lane, alarmed, cancel);
            }
            await Task.Delay(AlarmEvery, cancel);
        }, stop);
    }

    private async Task<bool> AlarmAsync(Lane lane, bool alarmed, CancellationToken cancel)
    {
        var (connection, now) = (lane.Connection, clock.GetUtcNow());
        var (untold, notForgotten) = await _rows.TroubleAsync(connection, ManyAttempts, cancel);
        if (untold > 0) await hub.Cases.OpenAsync(lane.Plan.Brand, "connection/" + connection, Untold, "customer.not_told", $"{connection} has not been told of {untold:N0} customers",
            "It goes on being tried, with what is true by then. Who said no since may still be written to from there: look at the connection's last error.", now, cancel);
        else if (alarmed) await hub.Cases.CloseAsync(lane.Plan.Brand, "connection/" + connection, Untold, now, cancel);
        if (notForgotten > 0) await hub.Cases.OpenAsync(lane.Plan.Brand, "connection/" + connection, NotForgotten, "customer.not_forgotten", $"{connection} has not deleted {notForgotten:N0} customers who were erased here",
            "It is asked again every day. What it answered stands with the erasure; delete them there by hand if it goes on refusing.", now, cancel);
        else if (alarmed) await hub.Cases.CloseAsync(lane.Plan.Brand, "connection/" + connection, NotForgotten, now, cancel);
        return untold > 0 || notForgotten > 0;
    }

    private static bool MayCall(Lane lane) => lane.Token != 0 && !lane.Breaker.Rests;

    private bool Allows(Lane lane, string kind) => !hub.Switches.LaneStopped(lane.Connection) && hub.Switches.Allows(lane.Plan.Brand, lane.Connection, kind);

    // The same at every attempt of the same change.
    private static string Key(ConnectionPlan plan, ProfileTurn turn) => $"{plan.Key}/{Fnv.Of(turn.Email):x16}/{turn.Marked}";

    [LoggerMessage(670, LogLevel.Warning, "{Connection} could not be told of customers, trying again: {Why}")]
    private static partial void LogTrouble(ILogger log, string connection, string why);
}
