using System.CommandLine;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime.Operations;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>Puts set-apart signals and stuck effects back to work; shows first what it would do.</summary>
internal static class ReplayCommand
{
    private static readonly Option<string?>
        Brand = new("--brand") { Description = "Only this brand" },
        Stream = new("--stream") { Description = "Only this stream: order/5600000000001" },
        Case = new("--case") { Description = "Only signals set apart for this reason: shopify.bad_json" },
        Connection = new("--connection") { Description = "Only effects of this connection" },
        Effect = new("--effect-kind") { Description = "Only effects of this kind: books.draft_invoice.v1" };

    private static readonly Option<long?>
        Signal = new("--signal") { Description = "One stored signal by its number, set apart or not" },
        EffectId = new("--effect") { Description = "One effect by its number" };

    private static readonly Option<DateTimeOffset?>
        From = new("--from") { Description = "Decide again what connections told of a brand from this time on, in UTC: 2026-11-20T08:00Z; needs --until and --brand" },
        Until = new("--until") { Description = "Up to this time" };

    private static readonly Option<string?>
        Source = new("--source") { Description = "With --from: what came from here, a connection or operator/NAME; without it all that connections told" },
        Kind = new("--kind") { Description = "With --from: only this topic or wire kind: orders/updated" };

    private static readonly Option<string?> LeaveOut = new("--leave-out") { Description = "Give the signal of --signal up for good, for this reason; what waits behind it goes on" };
    private static readonly Option<string> What = new("--what") { Description = "signals, effects or all", DefaultValueFactory = _ => "all" };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do it; without this it is only shown" };

    public static Command Create()
    {
        What.AcceptOnlyFromAmong("signals", "effects", "all");
        var command = new Command("replay", "Puts set-apart signals and refused effects back to work; what already happened is left alone")
        {
            Brand, Stream, Case, Connection, Effect, Signal, EffectId, LeaveOut, From, Until, Source, Kind, What, Yes,
        };
        command.Does(async (parsed, cancel) =>
        {
            await using var access = await Access.OpenAsync(parsed, cancel);
            if (parsed.GetValue(LeaveOut) is { } reason)
            {
                if (parsed.GetValue(Signal) is not { } seq || string.IsNullOrWhiteSpace(reason))
                {
                    Console.Error.WriteLine("--leave-out needs a reason, and --signal with the number of the signal.");
                    return ExitCode.Usage;
                }
                await access.Desk.LeaveOutAsync(seq, reason, Access.Who, cancel);
                Console.WriteLine($"Signal {seq} is left out; what waited behind it goes on.");
                return ExitCode.Ok;
            }
            var brand = parsed.GetValue(Brand) is { } named ? access.Brand(named) : null;
            if (parsed.GetValue(From) is not null || parsed.GetValue(Until) is not null)
            {
                if ((brand, parsed.GetValue(From), parsed.GetValue(Until)) is not ({ } of, { } from, { } until) || until <= from)
                {
                    Console.Error.WriteLine("The past is replayed for one brand, from one time up to a later one: --brand, --from and --until.");
                    return ExitCode.Usage;
                }
                return await PastAsync(access, new(of, from, until, parsed.GetValue(Source), parsed.GetValue(Kind), parsed.GetValue(Stream)), parsed.GetValue(Yes), cancel);
            }
            var filter = new ReplayFilter(
                brand, parsed.GetValue(Stream), parsed.GetValue(Case), parsed.GetValue(Connection), parsed.GetValue(Effect),
                parsed.GetValue(Signal), parsed.GetValue(EffectId), parsed.GetValue(What)!);
            var preview = await access.Desk.PreviewAsync(filter, cancel);
            Show("Back to work", preview.Samples);
            Show("Left alone", preview.Skipped);
            if (preview.Signals + preview.Effects == 0)
            {
                Console.WriteLine("Nothing to replay: no signal is set apart, and no effect is refused, unsure or given up. An open case is solved where it stands.");
                return ExitCode.Ok;
            }
            if (!parsed.GetValue(Yes))
            {
                Console.WriteLine($"{Words.Count(preview.Signals, "signal")} and {Words.Count(preview.Effects, "effect")} would go back to work. Add --yes to do it.");
                return ExitCode.Ok;
            }
            var count = await access.Desk.ReplayAsync(filter, Access.Who, cancel);
            Console.WriteLine($"{count} put back to work.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<int> PastAsync(Access access, PastFilter filter, bool yes, CancellationToken cancel)
    {
        var preview = await access.Desk.PreviewPastAsync(filter, cancel);
        Show("Decided again", preview.Samples);
        Show("Happened already and is not repeated", preview.Skipped);
        Console.WriteLine(yes
            ? $"{Words.Count(await access.Desk.ReplayPastAsync(filter, Access.Who, cancel), "signal is", "signals are")} decided again."
            : $"{Words.Count(preview.Signals, "signal")} would be decided again. Add --yes to do it.");
        return ExitCode.Ok;
    }

    private static void Show(string title, IReadOnlyList<ReplaySample> samples)
    {
        if (samples.Count == 0)
            return;
        var table = new Table().Border(TableBorder.Rounded).Title(title).AddColumns("Brand", "Stream", "What", "Why");
        foreach (var sample in samples)
            table.AddRow(new Text(sample.Brand), new Text(sample.Stream), new Text(sample.What), new Text(sample.Why));
        AnsiConsole.Write(table);
    }
}
