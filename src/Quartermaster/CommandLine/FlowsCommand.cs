using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Quartermaster.Configuration;
using Quartermaster.Core.Kernel;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Editions;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Switches;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>What the brand writes to its customers of its own accord: lists the flows with what came of them, shows one, and says who would get what until tomorrow.</summary>
internal static class FlowsCommand
{
    private static readonly Option<string?> Brand = new("--brand") { Description = "The brand; not needed when there is one" };
    private static readonly Option<int> Days = new("--days") { Description = "Figures of those who entered in so many days", DefaultValueFactory = _ => 90 };
    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object per line" };
    private static readonly Argument<string> Flow = new("flow") { Description = "Its name: review" };
    private static readonly Argument<string?> OneFlow = new("flow") { Description = "Its name; all of them without it", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string> File = new("file") { Description = "A YAML file that begins with flows:" };
    private static readonly Option<string> Note = new("--note") { Description = "What changes and why; it stands beside the edition for good", Required = true };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why; kept in the audit log", DefaultValueFactory = _ => "from the command line" };

    public static Command Create()
    {
        var list = new Command("list", "The flows with their figures, those left out on purpose included") { Brand, Days, Json };
        list.Does(ListAsync);
        var show = new Command("show", "What a flow does, step by step, and what came of it") { Flow, Brand, Days };
        show.Does(ShowAsync);
        var dry = new Command("dry-run", "Who would get what until the end of tomorrow, and who would not and why; sends nothing") { OneFlow, Brand, Json };
        dry.Does(DryRunAsync);
        var on = new Command("on", "Lets people enter a flow again") { Flow, Brand, Reason };
        on.Does((parsed, cancel) => SwitchAsync(parsed, on: true, cancel));
        var off = new Command("off", "Nobody enters a flow, and whoever is in it leaves at the next step") { Flow, Brand, Reason };
        off.Does((parsed, cancel) => SwitchAsync(parsed, on: false, cancel));
        var text = new Command("text", "A flow as a file says it, to be changed and saved") { Flow, Brand };
        text.Does(TextAsync);
        var trial = new Command("try", "What the flows of a file would do until the end of tomorrow; saves nothing and sends nothing") { File, Brand, Json };
        trial.Does(TryAsync);
        var save = new Command("save", "Saves the flows of a file as the dashboard does; each stands in place of the configuration's of its name") { File, Brand, Note };
        save.Does(SaveAsync);
        var drop = new Command("drop", "Goes back to what the configuration says of a flow; one that is not there ends") { Flow, Brand, Note };
        drop.Does(DropAsync);
        return new Command("flows", "What is written to customers of the brand's own accord") { list, show, dry, on, off, text, trial, save, drop };
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (brand, terms, reads) = await OpenAsync(access, parsed, cancel);
        var (figures, paused) = (await reads.FiguresAsync(brand, terms.All, Since(parsed), cancel), await reads.PausedAsync(brand, cancel));
        if (parsed.GetValue(Json))
        {
            foreach (var f in figures) Console.WriteLine(JsonSerializer.Serialize(new { flow = f.Campaign, on = !paused.Contains(f.Campaign), figures = f }, JsonSerializerOptions.Web));
            return ExitCode.Ok;
        }
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Flow", "State", "Entered", "In it", "Sent", "Bought", "Revenue each", "Left out, bought", "Lift");
        foreach (var f in figures)
            table.AddRow(new Text($"{terms.Find(f.Campaign)!.Title} ({f.Campaign})"), new Text(paused.Contains(f.Campaign) ? "off" : "on"), Number(f.Entered), Number(f.UnderWay), Number(f.Sent), new Text(FlowWords.Bought(f.Written)),
                new Text(FlowWords.Each(f.Written, access.Configuration.Plan.Brands[brand].Terms.Currency)), new Text(FlowWords.Bought(f.HeldOut)), new Text(FlowWords.Lift(f)));
        AnsiConsole.Write(table);
        return ExitCode.Ok;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (brand, terms, reads) = await OpenAsync(access, parsed, cancel);
        var flow = Find(terms, parsed.GetValue(Flow)!);
        Console.WriteLine($"{flow.Title}: {FlowWords.Begins(flow)}.");
        for (var i = 0; i < flow.Steps.Count; i++) Console.WriteLine($"  {i + 1}. {FlowWords.Step(flow, i)}");
        Console.WriteLine($"Ends early when {FlowWords.Ends(flow)}. {FlowWords.HeldOut(flow)}");
        var figures = (await reads.FiguresAsync(brand, [flow], Since(parsed), cancel))[0];
        Console.WriteLine($"Of the last {parsed.GetValue(Days)} days: {figures.Entered:N0} entered, {figures.UnderWay:N0} are in it, {Words.Count((int)figures.Sent, "message")} sent; bought {FlowWords.Bought(figures.Written)}, left out {FlowWords.Bought(figures.HeldOut)}. {FlowWords.Lift(figures)}");
        foreach (var (why, people) in await reads.EndsAsync(brand, flow.Id, Since(parsed), cancel)) Console.WriteLine($"  {people,8:N0}  {FlowWords.Leaving(why)}");
        return ExitCode.Ok;
    }

    private static async Task<int> DryRunAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (brand, terms, _) = await OpenAsync(access, parsed, cancel);
        var flow = parsed.GetValue(OneFlow) is { } named ? Find(terms, named).Id : null;
        var run = await Dry(access).RunAsync(brand, terms, flow, await IsShadowAsync(access, brand, cancel), TimeProvider.System.GetUtcNow(), DryRuns.Most, cancel);
        if (parsed.GetValue(Json))
        {
            foreach (var row in run.Rows) Console.WriteLine(JsonSerializer.Serialize(row, JsonSerializerOptions.Web));
            return ExitCode.Ok;
        }
        Show(run.Rows);
        Console.WriteLine($"{run.Rows.Count(r => r.Gets is not null):N0} would get something until the end of tomorrow, {run.Rows.Count(r => r.Gets is null):N0} would not{(run.Due > run.Rows.Count ? $" (the next {run.Rows.Count:N0} of {run.Due:N0} steps)" : "")}. Quiet hours, and what happens until then, are not in it. Dry run: nothing was sent.");
        return ExitCode.Ok;
    }

    private static void Show(IReadOnlyList<DryRunRow> rows)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Due (UTC)", "Flow", "Customer", "Says", "Comes");
        foreach (var row in rows)
            table.AddRow(new Text(row.DueAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)), new Text(row.Campaign), new Text(row.Name ?? row.Stream[4..]), new Text(Words.Sentence(row.Says ?? "")), new Text(row.Gets is { } by ? $"by {by}" : $"not: {FlowWords.Why(row.Why!)}"));
        AnsiConsole.Write(table);
    }

    private static async Task<int> TextAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (_, terms, _) = await OpenAsync(access, parsed, cancel);
        Console.Write(FlowText.Write(Find(terms, parsed.GetValue(Flow)!)));
        return ExitCode.Ok;
    }

    private static async Task<int> TryAsync(ParseResult parsed, CancellationToken cancel)
    {
        var text = await ReadAsync(parsed, cancel);
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (brand, terms, _) = await OpenAsync(access, parsed, cancel);
        foreach (var flow in FlowText.Read(access.Configuration.Plan, brand, text, parsed.GetValue(File)!))
        {
            var trial = await Dry(access).TryAsync(brand, terms, flow, await IsShadowAsync(access, brand, cancel), TimeProvider.System.GetUtcNow(), DryRuns.Most, cancel);
            if (parsed.GetValue(Json))
            {
                Console.WriteLine(JsonSerializer.Serialize(trial, JsonSerializerOptions.Web));
                continue;
            }
            Show([.. trial.InIt.Rows, .. trial.Begun]);
            Console.WriteLine($"{flow.Title}: {FlowWords.Trial(trial, DryRuns.Most)} Nothing was saved, and nothing was sent.");
        }
        return ExitCode.Ok;
    }

    private static async Task<int> SaveAsync(ParseResult parsed, CancellationToken cancel)
    {
        var text = await ReadAsync(parsed, cancel);
        await using var access = await Access.OpenAsync(parsed, cancel);
        var brand = access.Brand(parsed.GetValue(Brand));
        // All of them are right before the first is saved.
        foreach (var flow in FlowText.Read(access.Configuration.Plan, brand, text, parsed.GetValue(File)!))
            Console.WriteLine($"Edition {await WriteAsync(access, brand, flow.Id, FlowText.Write(flow), parsed, cancel)} of {flow.Title} ({flow.Id}) is saved. Every process goes by it {EditionDesk.Begins.TotalSeconds:0} seconds from now.");
        return ExitCode.Ok;
    }

    private static async Task<int> DropAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (brand, id) = (access.Brand(parsed.GetValue(Brand)), parsed.GetValue(Flow)!);
        if (await new EditionReads(access.Database.General).OfAsync(brand, Edition.OfFlow(id), 1, cancel) is not [{ Text.Length: > 0 }]) throw new CommandRefusedException($"Nobody has written a flow '{id}' of {brand} in the dashboard.");
        await WriteAsync(access, brand, id, "", parsed, cancel);
        Console.WriteLine(access.Configuration.Plan.Brands[brand].Flows.Find(id) is { } flow ? $"{flow.Title} does again what the configuration says." : $"{id} is gone: nobody enters, and whoever is in it leaves at the next step.");
        return ExitCode.Ok;
    }

    private static async Task<int> WriteAsync(Access access, string brand, string id, string text, ParseResult parsed, CancellationToken cancel)
    {
        var newest = await new EditionReads(access.Database.General).OfAsync(brand, Edition.OfFlow(id), 1, cancel) is [var one] ? one.Number : 0;
        return await new EditionDesk(access.Database, TimeProvider.System).SaveAsync(brand, Edition.OfFlow(id), text, parsed.GetValue(Note)!, newest, Access.Who, cancel);
    }

    private static async Task<int> SwitchAsync(ParseResult parsed, bool on, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (brand, terms, _) = await OpenAsync(access, parsed, cancel);
        var flow = Find(terms, parsed.GetValue(Flow)!);
        await access.Desk.SwitchAsync(Switchboard.ScopeOf(brand, flow.Id), on, parsed.GetValue(Reason)!, Access.Who, cancel);
        Console.WriteLine(on ? $"{flow.Title} is on: who does what begins it enters." : $"{flow.Title} is off: nobody enters, and whoever is in it leaves at the next step.");
        return ExitCode.Ok;
    }

    private static async Task<(string Brand, CampaignTerms Terms, CampaignReads Reads)> OpenAsync(Access access, ParseResult parsed, CancellationToken cancel)
    {
        var (brand, plan) = (access.Brand(parsed.GetValue(Brand)), access.Configuration.Plan);
        if (plan.Brands[brand].Terms.MessageChannels.Count == 0) throw new CommandRefusedException($"The brand '{brand}' sends no messages, so it has no flows. List its channels under messages.");
        return (brand, await new EditionReads(access.Database.General).FlowsAsync(plan, brand, cancel), new(access.Database.General, plan));
    }

    private static DryRuns Dry(Access access) => new(access.Database.General, access.Configuration.Plan);

    private static async Task<bool> IsShadowAsync(Access access, string brand, CancellationToken cancel) => (await new HubReads(access.Database.General).BrandsAsync(cancel)).Any(b => b.Brand == brand && b.Mode == "shadow");

    private static async Task<string> ReadAsync(ParseResult parsed, CancellationToken cancel) =>
        parsed.GetValue(File) is { } path && System.IO.File.Exists(path) ? await System.IO.File.ReadAllTextAsync(path, cancel) : throw new CommandRefusedException($"There is no file '{parsed.GetValue(File)}'.");

    private static Campaign Find(CampaignTerms terms, string id) =>
        terms.Find(id) ?? throw new CommandRefusedException($"There is no flow '{id}'. {NearestWord.Hint(id, [.. terms.All.Select(c => c.Id)], "None is written.")}");

    private static DateTimeOffset Since(ParseResult parsed) => TimeProvider.System.GetUtcNow().AddDays(-Math.Clamp(parsed.GetValue(Days), 1, 730));

    private static Text Number(long number) => new(number.ToString("N0", CultureInfo.InvariantCulture));
}
