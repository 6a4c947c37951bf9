using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Quartermaster.Tests.Dashboard;

namespace Quartermaster.CommandLine;

/// <summary>What holds for every command, and that the command line does what pages and the API do.</summary>
public sealed partial class EveryCommandTests
{
    private const string WrittenBelow = "<!-- From here on written by EveryCommandTests; QM_APPROVE=1 writes it anew. -->\n";

    private const string InTheBrowser = "signing in and out is a browser's";

    /// <summary>Commands that print rows: each of them prints them for a program too.</summary>
    private static readonly string[] Listing = ["list", "search", "find", "low", "movements", "cases", "effects", "parked", "audit"];

    /// <summary>By what a page or a program asks for, the commands that ask for the same; or, after a dash, why there is none.</summary>
    /// <remarks>A new action of a page or of the API stands here with its command, or with the reason why a person never needs it where no page can be opened.</remarks>
    private static readonly Dictionary<string, string> SameByCommand = new()
    {
        ["do/sign-in"] = "- " + InTheBrowser, ["do/sign-in/demo"] = "- " + InTheBrowser, ["do/sign-out"] = "- " + InTheBrowser, ["do/set-up/{token}"] = "operators add",

        ["do/orders/{brand}/hold"] = "orders hold", ["do/orders/{brand}/lift"] = "orders lift", ["do/orders/{brand}/approve"] = "orders approve", ["do/orders/{brand}/decline"] = "orders decline",
        ["do/orders/{brand}/cancel"] = "orders cancel", ["do/orders/{brand}/address"] = "orders address", ["do/orders/{brand}/map"] = "orders map", ["do/orders/{brand}/substitute"] = "orders substitute",
        ["do/orders/{brand}/label-again"] = "orders label", ["do/orders/{brand}/label-buy"] = "orders label", ["do/orders/{brand}/credit"] = "orders credit", ["do/orders/{brand}/label-skip"] = "orders label", ["do/orders/{brand}/parcel"] = "orders parcel",
        ["do/orders/{brand}/take-over"] = "orders take-over", ["do/orders/take-over"] = "orders take-over", ["do/orders/lift"] = "orders lift-all", ["api/v1/orders/lift"] = "orders lift-all", ["do/carriers/{brand}/prices"] = "rates",
        ["api/v1/orders/{brand}/{id}/hold"] = "orders hold", ["api/v1/orders/{brand}/{id}/lift"] = "orders lift", ["api/v1/orders/{brand}/{id}/risk"] = "orders approve, orders decline", ["api/v1/orders/{brand}/{id}/cancel"] = "orders cancel",
        ["api/v1/orders/{brand}/{id}/map"] = "orders map", ["api/v1/orders/{brand}/{id}/label"] = "orders label", ["api/v1/orders/{brand}/{id}/take-over"] = "orders take-over", ["api/v1/orders/{brand}/{id}/parcel"] = "orders parcel", ["api/v1/orders/{brand}/{id}/credit"] = "orders credit",
        ["api/v1/orders/{brand}/{id}/address"] = "orders address",

        ["do/stock/{brand}/count"] = "stock count", ["do/stock/{brand}/safety"] = "stock safety", ["do/stock/{brand}/adjust"] = "stock adjust", ["do/stock/{brand}/sold-out"] = "stock terms",
        ["api/v1/stock/{brand}/{sku}/count"] = "stock count", ["api/v1/stock/{brand}/{sku}/safety"] = "stock safety", ["api/v1/stock/{brand}/{sku}/sold-out"] = "stock terms",
        ["do/stock/{brand}/damaged"] = "stock damaged", ["do/stock/{brand}/facts"] = "stock facts", ["do/counts/{brand}/take"] = "stock counts take", ["do/counts/{brand}/leave"] = "stock counts leave", ["do/drift/{connection}/overwrite"] = "stock drift overwrite",
        ["api/v1/stock/{brand}/{sku}/damaged"] = "stock damaged", ["api/v1/stock/{brand}/{sku}/facts"] = "stock facts", ["api/v1/stock/{brand}/counts/{location}/take"] = "stock counts take", ["api/v1/stock/{brand}/counts/{location}/leave"] = "stock counts leave",
        ["api/v1/stock/drift/{connection}/overwrite"] = "stock drift overwrite",
        ["do/codes/{brand}/say"] = "codes map", ["do/codes/{brand}/undo"] = "codes undo", ["do/codes/ours"] = "codes map",
        ["api/v1/codes/{brand}/impact"] = "codes map", ["api/v1/codes/{brand}/map"] = "codes map", ["api/v1/codes/{brand}/undo"] = "codes undo",

        ["do/purchasing/{brand}/propose"] = "purchases propose", ["do/purchasing/{brand}/{number}/approve"] = "purchases approve", ["do/purchasing/{brand}/{number}/reject"] = "purchases reject",
        ["do/purchasing/{brand}/{number}/date"] = "purchases date", ["do/purchasing/{brand}/{number}/close"] = "purchases close", ["do/purchasing/{brand}/{number}/quantities"] = "purchases quantities",
        ["do/purchasing/{brand}/{number}/receive"] = "import receipts", ["do/purchasing/{brand}/terms"] = "import sku-terms", ["do/purchasing/supplier"] = "import suppliers",
        ["api/v1/purchases/{brand}"] = "purchases propose", ["api/v1/purchases/{brand}/{number}/approve"] = "purchases approve", ["api/v1/purchases/{brand}/{number}/reject"] = "purchases reject",
        ["api/v1/purchases/{brand}/{number}/date"] = "purchases date", ["api/v1/purchases/{brand}/{number}/close"] = "purchases close", ["api/v1/purchases/{brand}/{number}/quantities"] = "purchases quantities",
        ["api/v1/purchases/{brand}/{number}/receive"] = "import receipts",

        ["do/customers/{realm}/{id:long}/note"] = "customers note", ["do/customers/{realm}/{id:long}/suppress"] = "customers suppress", ["do/customers/{realm}/{id:long}/lift"] = "customers lift",
        ["do/customers/{realm}/{id:long}/consent"] = "customers consent", ["do/customers/{realm}/{id:long}/merge"] = "customers merge", ["do/customers/{realm}/{id:long}/unmerge"] = "customers unmerge",
        ["do/customers/{realm}/{id:long}/apart"] = "customers apart", ["do/customers/{realm}/{id:long}/tell"] = "customers tell", ["do/customers/{realm}/{id:long}/erase"] = "customers erase",
        ["do/customers/{realm}/{id:long}/prefer"] = "customers prefer", ["api/v1/customers/{realm}/{id:long}/preference"] = "customers prefer", ["do/contacts/{brand}/answer"] = "customers answer", ["api/v1/contacts/{brand}/answer"] = "customers answer",
        ["do/erasures/{realm}/{id:long}/withdraw"] = "customers withdraw", ["api/v1/customers/{realm}/{id:long}/erase"] = "customers erase", ["api/v1/erasures/{id:long}/withdraw"] = "customers withdraw",
        ["do/erasures/ask"] = "customers erase-address", ["api/v1/erasures"] = "customers erase-address",
        ["do/flow/drop"] = "flows drop", ["api/v1/flows/{brand}/{id}"] = "flows save", ["api/v1/flows/{brand}/{id}/try"] = "flows try", ["api/v1/reviews"] = "- a review is told by the shop where it was written",

        ["do/case/close"] = "failures close", ["do/effect/happened"] = "failures happened", ["do/effect/did-not-happen"] = "failures did-not-happen", ["do/effect/retry"] = "failures retry", ["do/effect/cancel"] = "failures cancel",
        ["do/replay"] = "replay", ["do/replay-past"] = "replay", ["do/replay-signal"] = "replay", ["do/leave-out"] = "replay",
        ["api/v1/failures/cases/close"] = "failures close", ["api/v1/failures/effects/{id:long}/resolve"] = "failures happened, failures did-not-happen", ["api/v1/failures/effects/{id:long}/retry"] = "failures retry",
        ["api/v1/failures/effects/{id:long}/cancel"] = "failures cancel", ["api/v1/failures/replay"] = "replay", ["api/v1/failures/replay/past"] = "replay", ["api/v1/failures/parked/{seq:long}/leave-out"] = "replay",

        ["do/labels/{brand}/close"] = "labels close", ["api/v1/labels/{brand}/close"] = "labels close",
        ["do/switch"] = "switch on, switch off", ["do/mode"] = "mode", ["api/v1/switches"] = "switch on, switch off", ["api/v1/brands/{brand}/mode"] = "mode",
        ["do/connections/{connection}/test"] = "connections test", ["api/v1/connections/{connection}/test"] = "connections test",
        ["do/operators/create"] = "operators add", ["do/operators/role"] = "operators role", ["do/operators/disable"] = "operators remove, operators restore", ["do/keys/create"] = "keys create", ["do/keys/revoke"] = "keys revoke",
    };

    [Fact]
    public void Every_command_says_what_it_is_for_and_what_it_is_given()
    {
        foreach (var (path, command) in CommandReference.Leaves(CommandTree.Create()))
        {
            command.Description.ShouldNotBeNullOrWhiteSpace(path);
            command.Action.ShouldNotBeNull(path);
            foreach (var argument in command.Arguments) argument.Description.ShouldNotBeNullOrWhiteSpace($"{path} {argument.Name}");
            foreach (var option in CommandReference.OptionsOf(command)) option.Description.ShouldNotBeNullOrWhiteSpace($"{path} {option.Name}");
        }
    }

    [Fact]
    public void What_lists_rows_prints_them_for_a_program_too() =>
        CommandReference.Leaves(CommandTree.Create()).Where(c => Listing.Contains(c.Command.Name) && c.Command.Options.All(o => o.Name != "--json")).Select(c => c.Path).ShouldBeEmpty();

    [Fact]
    public async Task What_a_page_or_a_program_may_do_a_command_does_too()
    {
        await using var host = await DashboardHost.StartAsync();
        var asked = host.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Any(m => m is "POST" or "PUT" or "DELETE" or "PATCH") == true)
            .Select(e => e.RoutePattern.RawText!.Trim('/')).Where(p => p.StartsWith("do/", StringComparison.Ordinal) || p.StartsWith("api/", StringComparison.Ordinal)).ToHashSet();
        var commands = CommandReference.Leaves(CommandTree.Create()).Select(c => c.Path).ToHashSet();

        asked.Count.ShouldBeGreaterThan(60);
        asked.Except(SameByCommand.Keys).ShouldBeEmpty("these have no command beside them here");
        SameByCommand.Keys.Except(asked).ShouldBeEmpty("nobody can ask for these any more");
        SameByCommand.Values.Where(c => c[0] != '-').SelectMany(c => c.Split(", ")).Where(c => !commands.Contains(c)).ShouldBeEmpty("there are no such commands");
    }

    [Fact]
    public void No_page_names_a_command_that_does_not_exist()
    {
        var root = CommandTree.Create();
        var docs = Path.GetDirectoryName(Page())!;
        string[] pages = [.. Directory.EnumerateFiles(docs, "*.md", SearchOption.AllDirectories), Path.Combine(docs, "..", "README.md")];
        var named = pages.SelectMany(p => Named().Matches(File.ReadAllText(p)).Select(m => (Page: Path.GetFileName(p), Words: m.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)))).ToList();

        named.Count.ShouldBeGreaterThan(50, "they are looked for");
        named.Where(n => !Leads(root, n.Words)).Select(n => $"{n.Page}: quartermaster {string.Join(' ', n.Words)}").ShouldBeEmpty();
    }

    // Words that follow a command which has none below it are what it is given.
    private static bool Leads(Command at, string[] words) =>
        words is [var first, .. var rest] && at.Subcommands.Count > 0 ? at.Subcommands.FirstOrDefault(c => c.Name == first || c.Aliases.Contains(first)) is { } found && Leads(found, rest) : true;

    [GeneratedRegex("`quartermaster ((?:[a-z][a-z-]*(?: |(?=`)))+)")]
    private static partial Regex Named();

    [Fact]
    public void The_page_of_commands_is_written_from_them()
    {
        var path = Page();
        var page = File.ReadAllText(path);
        var above = page[..(page.IndexOf(WrittenBelow, StringComparison.Ordinal) + WrittenBelow.Length)];
        var now = above + CommandReference.Of(CommandTree.Create());
        if (Environment.GetEnvironmentVariable("QM_APPROVE") == "1") File.WriteAllText(path, now);
        File.ReadAllText(path).ShouldBe(now, "docs/command-line.md is behind the commands: run this once with QM_APPROVE=1");
    }

    private static string Page([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "command-line.md"));
}
