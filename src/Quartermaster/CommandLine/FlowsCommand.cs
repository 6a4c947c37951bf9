using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Quartermaster.Core.Kernel;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime;
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
        return new Command("flows", "What is written to customers of the brand's own accord") { list, show, dry, on, off };
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (brand, terms, reads) = Open(access, parsed);
        var (figures, paused) = (await reads.FiguresAsync(brand, Since(parsed), cancel), await reads.PausedAsync(brand, cancel));
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
        var (brand, terms, reads) = Open(access, parsed);
        var flow = Find(terms, parsed.GetValue(Flow)!);
        Console.WriteLine($"{flow.Title}: {FlowWords.Begins(flow)}.");
        for (var i = 0; i < flow.Steps.Count; i++) Console.WriteLine($"  {i + 1}. {FlowWords.Step(flow, i)}");
        Console.WriteLine($"Ends early when {FlowWords.Ends(flow)}. {FlowWords.HeldOut(flow)}");
        var figures = (await reads.FiguresAsync(brand, Since(parsed), cancel)).First(f => f.Campaign == flow.Id);
        Console.WriteLine($"Of the last {parsed.GetValue(Days)} days: {figures.Entered:N0} entered, {figures.UnderWay:N0} are in it, {Words.Count((int)figures.Sent, "message")} sent; bought {FlowWords.Bought(figures.Written)}, left out {FlowWords.Bought(figures.HeldOut)}. {FlowWords.Lift(figures)}");
        foreach (var (why, people) in await reads.EndsAsync(brand, flow.Id, Since(parsed), cancel)) Console.WriteLine($"  {people,8:N0}  {FlowWords.Leaving(why)}");
        return ExitCode.Ok;
    }

    private static async Task<int> DryRunAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (brand, terms, reads) = Open(access, parsed);
        var flow = parsed.GetValue(OneFlow) is { } named ? Find(terms, named).Id : null;
        var shadow = (await new HubReads(access.Database.General).BrandsAsync(cancel)).Any(b => b.Brand == brand && b.Mode == "shadow");
        var rows = await reads.DryRunAsync(brand, flow, shadow, TimeProvider.System.GetUtcNow(), cancel);
        if (parsed.GetValue(Json))
        {
            foreach (var row in rows) Console.WriteLine(JsonSerializer.Serialize(row, JsonSerializerOptions.Web));
            return ExitCode.Ok;
        }
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Due (UTC)", "Flow", "Customer", "Says", "Comes");
        foreach (var row in rows)
            table.AddRow(new Text(row.DueAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)), new Text(row.Campaign), new Text(row.Name ?? row.Stream[4..]), new Text(Words.Sentence(row.Says ?? "")), new Text(row.Gets is { } by ? $"by {by}" : $"not: {FlowWords.Why(row.Why!)}"));
        AnsiConsole.Write(table);
        Console.WriteLine($"{rows.Count(r => r.Gets is not null):N0} would get something until the end of tomorrow, {rows.Count(r => r.Gets is null):N0} would not. Quiet hours, and what happens until then, are not in it. Dry run: nothing was sent.");
        return ExitCode.Ok;
    }

    private static async Task<int> SwitchAsync(ParseResult parsed, bool on, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (brand, terms, _) = Open(access, parsed);
        var flow = Find(terms, parsed.GetValue(Flow)!);
        await access.Desk.SwitchAsync(Switchboard.ScopeOf(brand, flow.Id), on, parsed.GetValue(Reason)!, Access.Who, cancel);
        Console.WriteLine(on ? $"{flow.Title} is on: who does what begins it enters." : $"{flow.Title} is off: nobody enters, and whoever is in it leaves at the next step.");
        return ExitCode.Ok;
    }

    private static (string Brand, CampaignTerms Terms, CampaignReads Reads) Open(Access access, ParseResult parsed)
    {
        var brand = access.Brand(parsed.GetValue(Brand));
        return access.Configuration.Plan.Brands[brand].Terms.Campaigns is { } terms
            ? (brand, terms, new(access.Database.General, access.Configuration.Plan)) : throw new CommandRefusedException($"The brand '{brand}' has no flows. Write a section flows under it.");
    }

    private static Campaign Find(CampaignTerms terms, string id) =>
        terms.Find(id) ?? throw new CommandRefusedException($"There is no flow '{id}'. {Configuration.NearestWord.Hint(id, [.. terms.All.Select(c => c.Id)], "None is configured.")}");

    private static DateTimeOffset Since(ParseResult parsed) => TimeProvider.System.GetUtcNow().AddDays(-Math.Clamp(parsed.GetValue(Days), 1, 730));

    private static Text Number(long number) => new(number.ToString("N0", CultureInfo.InvariantCulture));
}
