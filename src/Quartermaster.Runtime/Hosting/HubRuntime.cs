using Microsoft.Extensions.Logging;
using Quartermaster.Runtime.Campaigns;
using Quartermaster.Runtime.Channels;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Lanes;
using Quartermaster.Runtime.Messages;
using Quartermaster.Runtime.Partitions;
using Quartermaster.Runtime.Risk;
using Quartermaster.Runtime.Routing;
using Quartermaster.Runtime.Stock;
using Quartermaster.Runtime.Switches;
using Quartermaster.Runtime.Timers;
using Quartermaster.Runtime.Tracking;
using Quartermaster.Runtime.Watching;

namespace Quartermaster.Runtime.Hosting;

/// <summary>Which parts of the machine a process runs. Any number of processes share one database.</summary>
[Flags]
public enum Roles
{
    None = 0,
    Intake = 1,
    Decide = 2,
    Act = 4,
    Web = 8,
    All = Intake | Decide | Act | Web,
}

/// <param name="Workers">Deciding workers in this process; two saturate two cores.</param>
/// <param name="PublicAddress">Where vendors reach this hub; used to mend webhook subscriptions.</param>
public sealed record HubOptions(Roles Roles = Roles.All, int Workers = 2, Uri? PublicAddress = null, int HistoryDays = 400, string Version = "")
{
    /// <summary>How often each connection that can be asked is polled for what webhooks lost.</summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often each storefront's whole catalogue is read and compared with what may be sold.</summary>
    public TimeSpan ReadStockEvery { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Where shoppers' browsers reach this hub; null = shoppers are sent no links.</summary>
    public Uri? ShopperAddress { get; init; }
}

/// <summary>The machine of one process: intake, deciding workers, lanes, timers and housekeeping, started and drained together.</summary>
public sealed partial class HubRuntime : IAsyncDisposable
{
    private readonly HubOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<HubRuntime> _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _loops = [];
    private readonly List<DecideWorker> _workers = [];
    private readonly OutcomeWriter _outcomes;
    private readonly Housekeeping _housekeeping;
    private readonly ConnectionWatch _watch;
    private readonly Publisher _publisher;
    private readonly ShelfRounds _shelves;
    private readonly ProfileTeller _profiles;
    private readonly TrackingRounds _rounds;
    private readonly HandoffRounds _handoffs;
    private readonly TextRounds _texts;
    private readonly SenderRounds _senders;
    private readonly UsualOrders _usual;
    private readonly TraitHash _traits;

    public HubRuntime(HubPlan plan, Database database, HubOptions options, TimeProvider clock, ILoggerFactory logs, ICheckpoints? checkpoints = null)
    {
        (Plan, Database, _options, _clock, _log) = (plan, database, options, clock, logs.CreateLogger<HubRuntime>());
        ProcessId = OwnerProcess.NewName();
        Wakeup = new(Math.Max(1, options.Workers), options.Roles.HasFlag(Roles.Decide));
        Switches = new(database, plan, clock, logs.CreateLogger<Switchboard>());
        Knowledge = new(database.General, plan, clock, logs.CreateLogger<KnowledgeShelf>());
        Times = new(database.General, plan, clock, logs.CreateLogger<LaneShelf>());
        _traits = new(database, plan);
        Links = new(database, options.ShopperAddress);
        Readers = new(plan, _traits, Links, clock);
        Intake = new(database, Wakeup, logs.CreateLogger<IntakeWriter>());
        _outcomes = new(database, plan, Wakeup, clock, logs.CreateLogger<OutcomeWriter>());
        Senders = new(database, plan, clock);
        if (options.Roles.HasFlag(Roles.Act)) Lanes = new(database, plan, Switches, new(database, plan, Switches, new(database), Senders, clock), _outcomes, Links, ProcessId, clock, logs.CreateLogger<LaneOwner>());
        Desk = new(database, Wakeup, clock);
        Cases = new(database);
        Prices = new(plan, Switches, clock, key => Lanes?.Find(key) is { Token: not 0 } lane ? lane.Session : null);
        _usual = new(database, plan, clock, logs.CreateLogger<UsualOrders>());
        TurnedAway = DayCounts.TurnedAway(database, clock);
        Told = DayCounts.Told(database, clock);
        _housekeeping = new(this, _options, clock, logs.CreateLogger<Housekeeping>());
        _watch = new(this, _options, clock, logs.CreateLogger<ConnectionWatch>());
        _publisher = new(this, _options, clock, logs.CreateLogger<Publisher>());
        _shelves = new(this, clock, logs.CreateLogger<ShelfRounds>());
        _profiles = new(this, clock, logs.CreateLogger<ProfileTeller>());
        _rounds = new(this, clock, logs.CreateLogger<TrackingRounds>());
        _handoffs = new(this, clock, logs.CreateLogger<HandoffRounds>());
        _texts = new(this, clock, logs.CreateLogger<TextRounds>());
        _senders = new(this, clock, logs.CreateLogger<SenderRounds>());
        Gaps = new(database.General, () => Switches.Editions.AllAt(clock.GetUtcNow()), clock, logs.CreateLogger<OrderGaps>());
        var ids = new EffectIds(database);
        for (var i = 0; i < Wakeup.Workers; i++)
        {
            _workers.Add(new(i, database, plan, Switches, Knowledge, Readers, Wakeup, Lanes, ids, _usual, _traits, Gaps, Links, Throughput, checkpoints ?? new NoCheckpoints(), clock, logs.CreateLogger<DecideWorker>()));
        }
    }

    public HubPlan Plan { get; }
    public Database Database { get; }
    public string ProcessId { get; }
    public Wakeup Wakeup { get; }
    public Switchboard Switches { get; }
    public KnowledgeShelf Knowledge { get; }

    /// <summary>How long parcels take, and how long nobody scans them.</summary>
    public LaneShelf Times { get; }
    /// <summary>After how long customers buy again.</summary>
    public OrderGaps Gaps { get; }
    public Readers Readers { get; }
    public IntakeWriter Intake { get; }
    public LaneOwner? Lanes { get; }

    /// <summary>What the numbers that messages come from may do.</summary>
    public Messages.Senders Senders { get; }
    public Operations.Desk Desk { get; }
    public Operations.Cases Cases { get; }
    public DayCounts TurnedAway { get; }
    public DayCounts Told { get; }

    /// <summary>Addresses under which shoppers answer.</summary>
    public ShopperLinks Links { get; }
    public Operations.PriceDesk Prices { get; }
    public Throughput Throughput { get; } = new();

    /// <summary>False while starting and draining; readiness follows it.</summary>
    public bool Ready { get; private set; }

    public async Task StartAsync(CancellationToken cancel)
    {
        await Switches.StartAsync(cancel);
        await Links.OpenAsync(cancel);
        await _traits.OpenAsync(cancel);
        await Times.ReadAsync(cancel);
        await Intake.StartAsync(cancel);
        _outcomes.Start();
        if (Lanes is not null) await Lanes.StartAsync(cancel);
        if (_options.Roles.HasFlag(Roles.Decide))
        {
            await Knowledge.ReadAsync(cancel);
            await _usual.ReadAsync(cancel);
            _loops.Add(Task.Run(() => Knowledge.RunAsync(_stop.Token), CancellationToken.None));
            foreach (var worker in _workers) _loops.Add(Task.Run(() => worker.RunAsync(_stop.Token), CancellationToken.None));
            _loops.Add(Task.Run(SweepAsync, CancellationToken.None));
            _loops.Add(Task.Run(() => _usual.RunAsync(_stop.Token), CancellationToken.None));
            _loops.Add(Task.Run(() => Gaps.RunAsync(_stop.Token), CancellationToken.None));
            _loops.Add(Task.Run(ListenAsync, CancellationToken.None));
        }
        _loops.Add(Task.Run(() => Times.RunAsync(_stop.Token), CancellationToken.None));
        _loops.Add(Task.Run(() => _housekeeping.RunAsync(_stop.Token), CancellationToken.None));
        if (Lanes is not null)
        {
            _loops.Add(Task.Run(() => _watch.RunAsync(_stop.Token), CancellationToken.None));
            _loops.Add(Task.Run(() => _publisher.RunAsync(_stop.Token), CancellationToken.None));
            _loops.Add(Task.Run(() => _shelves.RunAsync(_stop.Token), CancellationToken.None));
            _loops.Add(Task.Run(() => _profiles.RunAsync(_stop.Token), CancellationToken.None));
            _loops.Add(Task.Run(() => _rounds.RunAsync(_stop.Token), CancellationToken.None));
            _loops.Add(Task.Run(() => _handoffs.RunAsync(_stop.Token), CancellationToken.None));
            _loops.Add(Task.Run(() => _texts.RunAsync(_stop.Token), CancellationToken.None));
            _loops.Add(Task.Run(() => _senders.RunAsync(_stop.Token), CancellationToken.None));
        }
        Wakeup.Everything();
        Ready = true;
        LogStarted(_log, ProcessId, _options.Roles);
    }

    /// <summary>Stops in the order that loses nothing: no new work, finish what is under way, write outcomes, let lanes go.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        if (!Ready && _stop.IsCancellationRequested) return;
        Ready = false;
        using var limit = new CancellationTokenSource(patience);
        await _stop.CancelAsync();
        await Task.WhenAll(_loops).WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Lanes is not null) await Lanes.DrainAsync(limit.Token);
        await Intake.DisposeAsync();
        await _outcomes.DisposeAsync();
        if (Lanes is not null)
        {
            try { await Lanes.ReleaseAsync(); }
            catch (Exception e) { LogRelease(_log, e.Message); }
        }
        await _housekeeping.ForgetProcessAsync();
        LogStopped(_log, ProcessId);
    }

    /// <summary>Compares the parcels under way with their lanes now, and not at the next minute.</summary>
    public Task LookForDelaysAsync(CancellationToken cancel) => _housekeeping.LookForDelaysAsync(cancel);

    /// <summary>Tells teams what waits for a person now, and not at the next minute.</summary>
    public Task LookForTroublesAsync(CancellationToken cancel) => _housekeeping.LookForTroublesAsync(cancel);

    internal Task CloseWhatWorksAgainAsync(CancellationToken cancel) => _housekeeping.CloseWhatWorksAgainAsync(cancel);

    /// <summary>Looks for customers who have been silent, and for steps that were missed, now and not at the next turn.</summary>
    public Task LookForSilentCustomersAsync(CancellationToken cancel) => _housekeeping.LookForSilentCustomersAsync(cancel);

    /// <summary>Closes the days whose time has come, and looks for parcels of which no carrier was told, now and not at the next minute.</summary>
    public Task CloseDaysAsync(CancellationToken cancel) => _housekeeping.CloseDaysAsync(cancel);

    /// <summary>What is done each hour; tests do it at once.</summary>
    internal Task TidyAsync(CancellationToken cancel) => _housekeeping.RareAsync(cancel);

    private async Task SweepAsync()
    {
        var sweep = new TimerSweep(Database, Wakeup, _clock);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                while (await sweep.SweepAsync(_stop.Token) > 0) { }
                await Task.Delay(TimeSpan.FromSeconds(1), _stop.Token);
            }
            catch (OperationCanceledException) { return; }
            catch (Exception e)
            {
                LogSweep(_log, e.Message);
                await Task.Delay(1000, CancellationToken.None);
            }
        }
    }

    /// <summary>Other processes announce their commits; what is missed here is found by polling.</summary>
    private async Task ListenAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = new Npgsql.NpgsqlConnection(new Npgsql.NpgsqlConnectionStringBuilder(Database.ConnectionString) { Pooling = false, ApplicationName = "quartermaster listen", KeepAlive = 30 }.ConnectionString);
                await connection.OpenAsync(_stop.Token);
                connection.Notification += (_, told) =>
                {
                    if (told.Payload == Wakeup.AnewWord) Wakeup.Anew();
                    else Wakeup.Everything();
                };
                await using (var listen = new Npgsql.NpgsqlCommand($"LISTEN {Wakeup.Channel}", connection)) await listen.ExecuteNonQueryAsync(_stop.Token);
                while (true) await connection.WaitAsync(_stop.Token);
            }
            catch (OperationCanceledException) { return; }
            catch (Exception e)
            {
                LogListen(_log, e.Message);
                await Task.Delay(2000, CancellationToken.None);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(10));
        if (Lanes is not null) await Lanes.DisposeAsync();
        await Switches.DisposeAsync();
        _stop.Dispose();
    }

    [LoggerMessage(600, LogLevel.Information, "Hub process {ProcessId} runs with roles {Roles}")]
    private static partial void LogStarted(ILogger log, string processId, Roles roles);

    [LoggerMessage(601, LogLevel.Information, "Hub process {ProcessId} has drained")]
    private static partial void LogStopped(ILogger log, string processId);

    [LoggerMessage(602, LogLevel.Warning, "Timers could not be swept, trying again: {Why}")]
    private static partial void LogSweep(ILogger log, string why);

    [LoggerMessage(603, LogLevel.Warning, "Announcements of other processes are not heard for now, polling goes on: {Why}")]
    private static partial void LogListen(ILogger log, string why);

    [LoggerMessage(604, LogLevel.Warning, "Lanes could not be let go in order, their session's end frees them: {Why}")]
    private static partial void LogRelease(ILogger log, string why);
}
