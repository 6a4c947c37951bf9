using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Troubles;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.Runtime.Operations;

/// <summary>Once a minute: tells the stream that alerts a brand's team what waits for a person, when something new does.</summary>
/// <remarks>Cases are opened in many places, by decisions, by outcomes and by the hub itself; read where they stand, none of them can be forgotten.</remarks>
internal sealed class TroubleRounds(HubRuntime hub, TimeProvider clock)
{
    private const string By = "troubles";

    /// <summary>What goes on is told again after an hour: the stream is asked as often.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromHours(1);

    /// <summary>Whoever finds these alerts on their own, with better words.</summary>
    private static readonly HashSet<string> ToldElsewhere = ["connection.cut", "connection.notice", "shipping.lane_late"];

    private readonly FailureReads _failures = new(hub.Database.General);
    private readonly Dictionary<string, (int Print, DateTimeOffset At)> _asked = [];

    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        string[] brands = [.. hub.Plan.Brands.Values.Where(b => b.Terms.Alerts is not null && hub.Switches.ModeOf(b.Terms.Brand) != BrandMode.Off).Select(b => b.Terms.Brand)];
        if (brands.Length == 0) return;
        List<NewSignal> signals = [];
        Dictionary<string, (int, DateTimeOffset)> asking = [];
        foreach (var of in (await _failures.GroupsAsync(brands, cancel)).Where(g => !IsOfAlerts(g) && !ToldElsewhere.Contains(g.Cause)).GroupBy(g => g.Brand))
        {
            HashCode what = default;
            foreach (var group in of.OrderBy(g => (g.What, g.Cause, g.Lane, g.EffectKind))) what.Add((group.What, group.Cause, group.Lane, group.EffectKind, group.Count, group.Newest));
            var print = what.ToHashCode();
            if (_asked.TryGetValue(of.Key, out var asked) && asked.Print == print && now - asked.At < AskAgain) continue;
            asking[of.Key] = (print, now);
            var seen = new TroubleSignal.Seen([.. of.Select(g => new TroubleGroup(string.Join('/', g.What, g.Cause, g.Lane, g.EffectKind), Words(g), (int)g.Count, g.Newest))]);
            signals.Add(new(TroubleNotice.Of(of.Key), Wire.KindOf(seen.GetType()), CoreJson.Write(seen), By));
        }
        if (signals.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection);
        batch.AddSignals(signals, now);
        await batch.ExecuteNonQueryAsync(cancel);
        foreach (var (brand, asked) in asking) _asked[brand] = asked;
        hub.Wakeup.Wake(signals);
    }

    // Nobody hears by a connection that it does not get through.
    private bool IsOfAlerts(FailureGroup group) => group.Lane is { } lane && lane == hub.Plan.Brands[group.Brand].Terms.Alerts;

    // Why a remote system said no may hold an address or a name; the page has it, for those who may see it.
    private static string Words(FailureGroup group) => group.What switch
    {
        Trouble.Case => group.Sample,
        Trouble.Parked => $"signal set apart ({group.Cause})",
        _ => $"{group.EffectKind} at {group.Lane}: {group.State switch { "unsure" => "nobody knows whether it happened", "gave_up" => "given up after many tries", _ => "refused" }}",
    };
}
