using System.CommandLine;
using Quartermaster.Api;
using Quartermaster.Core.Kernel;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.CommandLine;

/// <summary>What did not go well: lists it, and says of what only a person knows how it ended.</summary>
internal static class FailuresCommand
{
    private static readonly Option<string?>
        Cause = new("--cause") { Description = "Only of this cause: the kind of a case or of set-apart signals, the words of effects, as the list by cause has them" },
        Connection = new("--connection") { Description = "Only effects of this connection" },
        Kind = new("--effect-kind") { Description = "Only effects of this kind: books.draft_invoice.v1" };

    private static readonly Option<int> Limit = Given.Limit(50, 1000);
    private static readonly Option<string> Reason = Given.Reason();
    private static readonly Argument<long> Effect = new("effect") { Description = "Its number, as `failures effects` has it" };

    public static Command Create()
    {
        var list = new Command("list", "Troubles by cause, the most frequent first") { Given.OnlyBrand, Given.Json };
        list.Does(ListAsync);
        var cases = new Command("cases", "Open cases, the oldest first") { Cause, Given.OnlyBrand, Limit, Given.Json };
        cases.Does(CasesAsync);
        var effects = new Command("effects", "Effects that were refused, given up, or whose fate is unknown") { Cause, Connection, Kind, Given.OnlyBrand, Limit, Given.Json };
        effects.Does(EffectsAsync);
        var parked = new Command("parked", "Signals that are set apart") { Cause, Given.OnlyBrand, Limit, Given.Json };
        parked.Does(ParkedAsync);

        var stream = new Argument<string>("stream") { Description = "What it is about: order/5600000000001" };
        var key = new Argument<string>("key") { Description = "Its key there, as `failures cases` has it" };
        var close = new Command("close", "Closes a case that a person has dealt with; only one that nothing the hub hears of would close") { stream, key, Reason, Given.Brand };
        close.Does((parsed, cancel) => CloseAsync(parsed, parsed.GetValue(stream)!, parsed.GetValue(key)!, cancel));
        var happened = new Command("happened", "You found it in the remote system: the effect is done, and nothing is sent") { Effect };
        happened.Does((parsed, cancel) => ResolveAsync(parsed, happened: true, cancel));
        var not = new Command("did-not-happen", "You did not find it in the remote system: it is sent again. If it was there after all, it happens twice") { Effect };
        not.Does((parsed, cancel) => ResolveAsync(parsed, happened: false, cancel));
        var retry = new Command("retry", "Tries an effect again under the same key; one of unknown fate is left alone") { Effect };
        retry.Does(RetryAsync);
        var cancelled = new Command("cancel", "Gives an effect up for good; what should have come of it is done by hand") { Effect, Reason };
        cancelled.Does(CancelAsync);
        return new Command("failures", "What did not go well, and how it ended") { list, cases, effects, parked, close, happened, not, retry, cancelled };
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var groups = await new FailureReads(access.Database.General).GroupsAsync(access.Among(parsed), cancel);
        return Printed.Rows(parsed, groups, "Nothing waits for a person.", ["Brand", "What", "Cause", "Connection", "How many", "Oldest (UTC)", "Newest (UTC)", "For example"],
            g => [g.Brand, FailureWords.Title(g), g.Cause, g.Lane, g.Count, g.Oldest, g.Newest, g.Sample]);
    }

    private static async Task<int> CasesAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var rows = await new FailureReads(access.Database.General).CasesAsync(Query(parsed, access, Trouble.Case), cancel);
        return Printed.Rows(parsed, rows, "No case is open.", ["Opened (UTC)", "Brand", "Stream", "Key", "Kind", "Title", "Detail"], c => [c.OpenedAt, c.Brand, c.Stream, c.Key, c.Kind, c.Title, c.Detail]);
    }

    private static async Task<int> EffectsAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var rows = await new FailureReads(access.Database.General).EffectsAsync(Query(parsed, access, Trouble.Effect), cancel);
        return Printed.Rows(parsed, rows.Select(e => ApiEffect.Of(e, access.Reader)).ToArray(), "No effect is refused, given up or of unknown fate.",
            ["Effect", "Planned (UTC)", "Brand", "Stream", "Connection", "Kind", "State", "Why"], e => [e.Id, e.PlannedAt, e.Brand, e.Stream, e.Connection, e.Kind, e.State, e.Why]);
    }

    private static async Task<int> ParkedAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var rows = await new FailureReads(access.Database.General).ParkedAsync(Query(parsed, access, Trouble.Parked), cancel);
        return Printed.Rows(parsed, rows, "No signal is set apart.", ["Signal", "Since (UTC)", "Brand", "Stream", "Kind", "From", "Cause", "Reason"],
            p => [p.Seq, p.At, p.Brand, p.Stream, p.Kind, p.Source, p.CaseKind, p.Behind ? $"waits behind another: {p.Reason}" : p.Reason]);
    }

    private static FailureQuery Query(ParseResult parsed, Access access, Trouble what) => new(access.Among(parsed), what, parsed.GetValue(Cause), parsed.GetValue(Connection), parsed.GetValue(Kind), Size: parsed.GetValue(Limit));

    private static async Task<int> CloseAsync(ParseResult parsed, string stream, string key, CancellationToken cancel)
    {
        if (stream.Split('/', 2) is not [{ Length: > 0 }, { Length: > 0 }]) throw new CommandRefusedException($"'{stream}' is no stream; write what it is and its id: order/5600000000001.");
        await using var access = await Access.OpenAsync(parsed, cancel);
        var seq = await access.Desk.CloseCaseAsync(StreamId.Parse(access.Brand(parsed.GetValue(Given.Brand)), stream), key, parsed.GetValue(Reason)!, Access.Who, cancel);
        Console.WriteLine($"The case is closed, as soon as a hub decides on signal {seq}.");
        return ExitCode.Ok;
    }

    private static async Task<int> ResolveAsync(ParseResult parsed, bool happened, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var effect = await EffectAsync(access, parsed, cancel);
        await access.Desk.ResolveAsync(effect.Id, happened, Access.Who, cancel);
        Console.WriteLine(happened ? $"Effect {effect.Id} is noted as done." : $"Effect {effect.Id} is sent again.");
        return ExitCode.Ok;
    }

    private static async Task<int> RetryAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var effect = await EffectAsync(access, parsed, cancel);
        if (await access.Desk.ReplayAsync(new(EffectId: effect.Id, What: "effects"), Access.Who, cancel) == 0)
            throw new CommandRefusedException($"Effect {effect.Id} is left alone: it is {effect.State}. Of one whose fate is unknown, say first whether it happened.");
        Console.WriteLine($"Effect {effect.Id} is tried again under the same key.");
        return ExitCode.Ok;
    }

    private static async Task<int> CancelAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var effect = await EffectAsync(access, parsed, cancel);
        await access.Desk.CancelEffectAsync(effect.Id, parsed.GetValue(Reason)!, Access.Who, cancel);
        Console.WriteLine($"Effect {effect.Id} is cancelled and never sent.");
        return ExitCode.Ok;
    }

    private static async Task<EffectRow> EffectAsync(Access access, ParseResult parsed, CancellationToken cancel) =>
        await new StreamHistory(access.Database.General).EffectAsync(parsed.GetValue(Effect), cancel) ?? throw new CommandRefusedException($"There is no effect {parsed.GetValue(Effect)}.");
}
