using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Quartermaster.Core.Codes;
using Quartermaster.Core.Kernel;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>What the codes that channels sell under mean: lists, says, undoes.</summary>
internal static class CodesCommand
{
    private const int Most = 500;

    private static readonly Option<string?> Brand = new("--brand") { Description = "Only this brand; not needed when there is one" };
    private static readonly Option<string?> Channel = new("--channel") { Description = "Only at this storefront connection; otherwise at all that have no meaning of their own for it" };
    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object per line" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Show what it would change, and change nothing" };
    private static readonly Option<bool> Ours = new("--ours") { Description = "It is a SKU of ours that has not been counted yet" };
    private static readonly Argument<string> Code = new("code") { Description = "The code as the channel sells it" };
    private static readonly Argument<string[]> Parts = new("parts") { Description = "SKUs of ours, each with its units: MUG TEA*2", Arity = ArgumentArity.ZeroOrMore };

    public static Command Create()
    {
        var text = new Argument<string?>("text") { Description = "The beginning of a code, or a whole SKU that codes mean", Arity = ArgumentArity.ZeroOrOne };
        var list = new Command("list", "Codes that orders wait for, with suggestions, and what the others mean") { text, Brand, Json };
        list.Does((parsed, cancel) => ListAsync(parsed, parsed.GetValue(text), cancel));
        var map = new Command("map", "Says what a code means: one SKU, one several times, or several (a kit)") { Code, Parts, Brand, Channel, Ours, DryRun };
        map.Does(MapAsync);
        var undo = new Command("undo", "Takes back what was said last; what was said before holds again") { Code, Brand, Channel, DryRun };
        undo.Does(UndoAsync);
        return new Command("codes", "What the codes that channels sell under mean") { list, map, undo };
    }

    private static async Task<int> ListAsync(ParseResult parsed, string? text, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var brands = parsed.GetValue(Brand) is { } named ? [access.Brand(named)] : access.Brands;
        var reads = Reads(access);
        var unknown = text is null ? await reads.UnknownAsync(brands, 0, Most, cancel) : [];
        var (meanings, next) = await reads.MeaningsAsync(brands, text, null, Most, cancel);
        if (parsed.GetValue(Json))
        {
            foreach (object row in (IEnumerable<object>)[.. unknown, .. meanings]) Console.WriteLine(JsonSerializer.Serialize(row, JsonSerializerOptions.Web));
            return ExitCode.Ok;
        }
        if (unknown.Count > 0)
        {
            Dictionary<string, Matcher> matchers = [];
            var table = Table("Unknown code", "Channel calls it", "Orders", "Units", "Since (UTC)", "Perhaps");
            foreach (var u in unknown)
            {
                if (!matchers.TryGetValue(u.Brand, out var matcher)) matcher = matchers[u.Brand] = await reads.MatcherAsync(u.Brand, cancel);
                var best = matcher.For(u.Code, u.Title) is [var first, ..] ? first : null;
                table.AddRow(new Text($"{u.Brand} {u.Channel}: {u.Code}"), new Text(u.Title), new Text(Number(u.Orders)), new Text(Number(u.Units)), new Text(string.Create(CultureInfo.InvariantCulture, $"{u.Since:yyyy-MM-dd HH:mm}")),
                    new Text(best is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{Part.Words(best.Parts)} ({best.Confidence:0%}: {best.Why})")));
            }
            AnsiConsole.Write(table);
        }
        if (meanings.Count > 0)
        {
            var table = Table("Code", "Means", "At", "Says", "Since (UTC)");
            foreach (var m in meanings) table.AddRow(new Text($"{m.Brand}: {m.Code}"), new Text(Part.Words(m.Parts)), new Text(m.Channel.Length == 0 ? "all channels" : m.Channel), new Text(m.By), new Text(string.Create(CultureInfo.InvariantCulture, $"{m.At:yyyy-MM-dd HH:mm}")));
            AnsiConsole.Write(table);
        }
        Console.WriteLine($"{(text is null ? Words.Count(unknown.Count, "unknown code") + ", " : "")}{Words.Count(meanings.Count, "meaning")}{(next is not null ? "; there are more, name a beginning" : "")}.");
        return ExitCode.Ok;
    }

    private static async Task<int> MapAsync(ParseResult parsed, CancellationToken cancel)
    {
        var code = parsed.GetValue(Code)!;
        var parts = parsed.GetValue(Ours) ? [new(code, 1)] : ReadParts(parsed.GetValue(Parts)!);
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (brand, channel, reads) = (access.Brand(parsed.GetValue(Brand)), parsed.GetValue(Channel) ?? Meaning.AllChannels, Reads(access));
        var desk = new CodeDesk(access.Desk, reads, access.Configuration.Plan);
        if (await desk.ComplaintAsync(brand, code, channel, parts, cancel) is { } complaint) throw new CommandRefusedException(complaint);
        Show(await reads.ImpactAsync(brand, code, channel, parts, cancel));
        if (parsed.GetValue(DryRun)) return Dry();
        await desk.SayAsync(brand, code, channel, parts, null, Access.Who, cancel);
        Console.WriteLine($"{code} means {Part.Words(parts)} {(channel.Length == 0 ? "at all channels" : $"at {channel}")}. A running hub acts on it within a second.");
        return ExitCode.Ok;
    }

    private static async Task<int> UndoAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (brand, code, channel, reads) = (access.Brand(parsed.GetValue(Brand)), parsed.GetValue(Code)!, parsed.GetValue(Channel) ?? Meaning.AllChannels, Reads(access));
        var of = await reads.OfAsync(brand, code, cancel);
        if (of.SaidFor(channel) is not { } now) throw new CommandRefusedException($"Nothing is said of {code} {(channel.Length == 0 ? "for all channels; name one with --channel" : $"at {channel}")}.");
        var back = of.Before(now);
        Show(await reads.ImpactAsync(brand, code, channel, back?.Parts ?? [], cancel));
        if (parsed.GetValue(DryRun)) return Dry();
        await new CodeDesk(access.Desk, reads, access.Configuration.Plan).UndoAsync(brand, code, channel, now.Number, Access.Who, cancel);
        Console.WriteLine(back is null ? $"Nothing is said of {code} any more." : $"{code} means {Part.Words(back.Parts)} again.");
        return ExitCode.Ok;
    }

    /// <summary>What a word about a code would change, before it is said.</summary>
    public static void Show(CodeImpact impact)
    {
        Console.WriteLine(CodeWords.Orders(impact));
        foreach (var part in impact.Parts) Console.WriteLine($"  {part.Units} × {part.Sku}: {CodeWords.Stock(part)}");
        foreach (var listing in impact.Listings) Console.WriteLine($"  {listing.Connection} {listing.Item} '{listing.Title}': {CodeWords.Number(listing)}");
    }

    public static IReadOnlyList<Part> ReadParts(IEnumerable<string> texts) =>
        [.. texts.Select(t => Part.Read(t) ?? throw new CommandRefusedException($"'{t}' is not a SKU with its units; write MUG, or TEA*2."))];

    private static CodeReads Reads(Access access) => new(access.Database.General, access.Configuration.Plan);

    private static int Dry()
    {
        Console.WriteLine("Dry run: nothing was changed.");
        return ExitCode.Ok;
    }

    private static Table Table(params string[] columns) => new Table().Border(TableBorder.Rounded).AddColumns([.. columns.Select(c => new TableColumn(c))]);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
