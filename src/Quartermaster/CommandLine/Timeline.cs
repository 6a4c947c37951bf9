using System.Globalization;
using System.Text.Json;
using Quartermaster.Api;
using Quartermaster.Runtime;
using Quartermaster.Runtime.ReadModels;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>One order as <c>orders show --json</c> prints it.</summary>
/// <param name="Timeline">Newest first; the newest <see cref="StreamHistory.Steps"/>.</param>
internal sealed record ShownOrder(ApiOrder Order, IReadOnlyList<CaseRow> Cases, IReadOnlyList<ParkedRow> Parked, IReadOnlyList<ApiStep> Timeline);

/// <summary>Prints one order's history, oldest first: what arrived, what was concluded, what was done.</summary>
internal static class Timeline
{
    public static async Task<ShownOrder> ReadAsync(Access access, ListedOrder order, CancellationToken cancel)
    {
        var history = new StreamHistory(access.Database.General);
        var steps = await history.StepsAsync(order.Brand, order.Stream, null, cancel);
        return new(
            ApiOrder.Of(order, (await FoundOrder.FileAsync(history, order, cancel)).Order), [.. (await history.CasesAsync(order.Brand, order.Stream, cancel)).Where(c => c.ClosedAt is null)],
            await history.ParkedAsync(order.Brand, order.Stream, cancel), ApiStep.Of(steps, await history.EffectsAsync([.. steps.SelectMany(s => s.Effects)], cancel), access.Reader));
    }

    public static async Task ShowAsync(Database database, ListedOrder order, CancellationToken cancel)
    {
        var history = new StreamHistory(database.General);
        Head(order);
        foreach (var open in (await history.CasesAsync(order.Brand, order.Stream, cancel)).Where(c => c.ClosedAt is null))
            AnsiConsole.MarkupLineInterpolated($"[yellow]! {open.Title}[/] {open.Detail} [grey]({open.Kind})[/]");
        foreach (var parked in await history.ParkedAsync(order.Brand, order.Stream, cancel))
            AnsiConsole.MarkupLineInterpolated($"[red]! signal {parked.Seq} ({parked.Kind}) is set apart:[/] {parked.Reason}");

        var steps = await history.StepsAsync(order.Brand, order.Stream, null, cancel);
        var effects = (await history.EffectsAsync([.. steps.SelectMany(s => s.Effects)], cancel)).ToLookup(e => e.Seq);
        foreach (var step in Enumerable.Reverse(steps))
        {
            AnsiConsole.MarkupLineInterpolated($"[grey]{At(step.DecidedAt)}[/]  [bold]{step.Kind ?? "signal"}[/] [grey]{step.Source} · {step.Seq}[/]");
            foreach (var kind in EventKinds(step.Events))
                AnsiConsole.MarkupLineInterpolated($"                       → {kind}");
            if (step.Note is { Length: > 0 } note)
                AnsiConsole.MarkupLineInterpolated($"                       {note}");
            foreach (var effect in effects[step.Seq])
                AnsiConsole.MarkupLineInterpolated($"                       [blue]↗ {effect.Kind}[/] by {effect.Lane}: {effect.State}{(effect.Why is { Length: > 0 } why ? $", {why}" : "")} [grey]{effect.Id}[/]");
        }
    }

    private static void Head(ListedOrder order)
    {
        AnsiConsole.MarkupLineInterpolated($"[bold]{order.Number}[/] {order.Brand} · [bold]{order.Status}[/] · {order.Total:0.00} {order.Currency} · {order.Units} units · {order.BuyerName ?? order.Email ?? "unknown buyer"} · {order.Channel}");
        AnsiConsole.MarkupLineInterpolated($"[grey]placed {At(order.PlacedAt)} UTC · id {order.Id}{(order.Location is { } from ? $" · from {from}" : "")}[/]");
        if (order.Attention is { } attention)
            AnsiConsole.MarkupLineInterpolated($"[yellow]needs a person: {attention}[/]");
    }

    private static IEnumerable<string> EventKinds(byte[]? events)
    {
        if (events is null)
            yield break;
        using var array = JsonDocument.Parse(events);
        foreach (var one in array.RootElement.EnumerateArray())
            if (one.TryGetProperty("kind", out var kind))
                yield return kind.GetString() ?? "";
    }

    private static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
