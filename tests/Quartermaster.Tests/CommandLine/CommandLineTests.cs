using Npgsql;
using Quartermaster.Import;
using Quartermaster.Testing;

namespace Quartermaster.CommandLine;

/// <summary>Runs the program itself, as a person or a script would.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("qm-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_wrong_configuration_is_told_line_by_line_with_its_own_exit_code()
    {
        File.WriteAllText(Path.Combine(_folder, "quartermaster.yaml"), "brands:\n  aurora: { curency: INR }\n");

        var run = await RunAsync(null, "config", "check");

        run.Code.ShouldBe(ExitCode.Configuration);
        run.Errors.ShouldBe("quartermaster.yaml:2:13: brands.aurora.curency: 'curency' is not a known key. Did you mean 'currency'?\n");
    }

    [Theory]
    [InlineData("config", "check")]
    [InlineData("up")]
    public async Task An_address_that_leads_nowhere_is_refused_before_anything_is_called(params string[] arguments)
    {
        File.WriteAllText(Path.Combine(_folder, "quartermaster.yaml"), """
            brands: { aurora: { title: A } }
            connections:
              one: { connector: shopify, brand: aurora, settings: { shop: mine, token: t, webhook_secret: s } }
              two: { connector: shopify, brand: aurora, order_prefix: B-, settings: { shop: "https://mine.com/x", token: t, webhook_secret: s } }
              wms: { connector: warehouse-rest, brand: aurora, settings: { base_url: wms, token: t, callback_secret: s } }
              woo: { connector: woocommerce, brand: aurora, order_prefix: C-, settings: { site: "https://mine.com", consumer_key: k, consumer_secret: s, webhook_secret: s } }
              chat: { connector: slack, brand: aurora, settings: { webhook_url: hush } }
            """);

        var run = await RunAsync(null, arguments);

        run.Code.ShouldBe(ExitCode.Configuration, run.Errors);
        run.Errors.ShouldBe("""
            quartermaster.yaml:3:63: connections.one.settings.shop: 'mine' cannot be its value. Domain of the shop: my-brand.myshopify.com.
            quartermaster.yaml:4:81: connections.two.settings.shop: 'https://mine.com/x' cannot be its value. Domain of the shop: my-brand.myshopify.com.
            quartermaster.yaml:5:74: connections.wms.settings.base_url: 'wms' is no web address. Write it whole, with https:// or http://: Address of the warehouse's system, without the path: https://wms.example.com
            quartermaster.yaml:6:85: connections.woo.settings.site: 'https://mine.com' cannot be its value. Address of the shop without https://, and with its folder if it has one: shop.my-brand.com.
            quartermaster.yaml:7:69: connections.chat.settings.webhook_url: what is written is no web address. Write it whole, with https:// or http://: Address of an incoming webhook, in place of token and channel.

            """);
    }

    [Fact]
    public async Task Without_any_configuration_it_is_the_sandbox()
    {
        var run = await RunAsync(null, "config", "check");

        (run.Code, run.Output).ShouldBe((ExitCode.Ok, "OK: no file, so the sandbox, 2 brands, 16 connections.\n"));
    }

    [Theory]
    [InlineData("serv")]
    [InlineData("orders")]
    [InlineData("mode", "aurora", "alive")]
    [InlineData("import", "orders", "x.csv")]
    public async Task A_wrong_command_line_is_one_clear_line_and_64(params string[] arguments)
    {
        var run = await RunAsync(null, arguments);

        run.Code.ShouldBe(ExitCode.Usage);
        run.Errors.ShouldNotContain("   at ");
        run.Errors.ShouldContain("--help");
    }

    [Theory]
    [InlineData("orders", "list")]
    [InlineData("doctor")]
    [InlineData("replay")]
    [InlineData("migrate")]
    [InlineData("switch", "list")]
    [InlineData("import", "stock", "shelves.csv", "--brand", "aurora")]
    [InlineData("operator", "add", "zoe")]
    public async Task In_a_folder_without_a_database_nothing_is_made_and_it_says_where_it_looked(params string[] arguments)
    {
        var run = await RunAsync(new() { ["QM_DATABASE"] = "", ["QM_DATA"] = "" }, arguments);

        (run.Code, run.Output).ShouldBe((ExitCode.Database, ""));
        run.Errors.Trim().ShouldNotContain("\n");
        run.Errors.ShouldStartWith($"There is no database in {Path.Combine(_folder, ".data")} that ");
        run.Errors.ShouldContain("--data");
        run.Errors.ShouldContain("QM_DATABASE");
        Directory.EnumerateFileSystemEntries(_folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_private_database_that_a_hub_made_is_used_from_any_folder_and_named()
    {
        // Passable, because PostgreSQL has a user of its own when this runs as root.
        new DirectoryInfo(_folder).UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var hub = Path.Combine(_folder, "hub");
        var elsewhere = Directory.CreateDirectory(Path.Combine(_folder, "elsewhere")).FullName;
        (await RunAsync(new() { ["QM_DATABASE"] = "" }, "postgres", "start", "--for-tests", "--data", hub)).Code.ShouldBe(ExitCode.Ok);
        try
        {
            var list = await QuartermasterProgram.RunAsync(["orders", "list", "--data", "../hub"], TestContext.Current.CancellationToken, new() { ["QM_DATABASE"] = "" }, elsewhere);

            list.ExitCode.ShouldBe(ExitCode.Ok);
            list.Output.ShouldContain("No orders.");
            list.Complaint.ShouldBe($"Database: private PostgreSQL in {hub}\n");
        }
        finally
        {
            await RunAsync(null, "postgres", "stop", "--data", hub);
        }
    }

    [Fact]
    public async Task A_database_that_refuses_is_one_clear_line()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        var wrong = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "nowhere", Password = "hush" };

        var run = await RunAsync(new() { ["QM_DATABASE"] = wrong.ConnectionString }, "orders", "list");

        run.Code.ShouldBe(ExitCode.Database);
        run.Errors.Trim().ShouldNotContain("\n");
        run.Errors.ShouldStartWith("The database nowhere on ");
        run.Errors.ShouldNotContain("hush");
    }

    [Fact]
    public async Task Switches_modes_and_orders_are_worked_on_the_database_alone()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        var here = new Dictionary<string, string> { ["QM_DATABASE"] = database.ConnectionString };

        (await RunAsync(here, "switch", "off", "--scope", "brand/auror", "--reason", "test")).Errors.ShouldBe("There is no brand 'auror'. Did you mean 'aurora'?\n");
        (await RunAsync(here, "switch", "off", "--scope", "brand/aurora", "--reason", "count the stock")).Code.ShouldBe(ExitCode.Ok);
        (await RunAsync(here, "mode", "harbour", "shadow")).Code.ShouldBe(ExitCode.Ok);
        var list = await RunAsync(here, "switch", "list");
        var orders = await RunAsync(here, "orders", "list");
        var nothing = await RunAsync(here, "orders", "show", "#1001");
        var replay = await RunAsync(here, "replay");

        list.Output.ShouldContain("count the stock");
        list.Output.ShouldContain("shadow");
        orders.Output.ShouldContain("No orders.");
        nothing.ShouldBe(new(ExitCode.Trouble, "", "There is no order '#1001' in aurora, harbour.\n"));
        replay.Output.ShouldContain("Nothing to replay: ");
        (await RunAsync(here, "orders", "list", "--status", "shiped")).Errors.ShouldStartWith("“shiped” is not a state of an order. They are: placed, held");
        (await OrderImportTests.ListAsync(database.Source, "SELECT action FROM audit ORDER BY id")).ShouldBe(["switch.off", "brand.mode"]);
    }

    [Fact]
    public async Task What_is_done_when_a_SKU_has_sold_out_is_said_without_a_dashboard()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        var here = new Dictionary<string, string> { ["QM_DATABASE"] = database.ConnectionString };
        async Task<string> TermsAsync(params string[] more) => (await RunAsync(here, ["stock", "terms", "JKT-1", "--brand", "aurora", .. more])) is var run && run.Code == ExitCode.Ok ? run.Output.Trim() : run.Errors.Trim();

        (await TermsAsync()).ShouldBe("JKT-1 is hidden where the channel hides what sold out.");
        (await OrderImportTests.ListAsync(database.Source, "SELECT action FROM audit")).ShouldBeEmpty("to look is no change");
        (await TermsAsync("--keep-shown", "true", "--until", "2026-12-24")).ShouldBe("JKT-1 stays in sight when it has sold out; may be pre-ordered until 2026-12-24.");
        (await TermsAsync("--most", "40")).ShouldBe("JKT-1 stays in sight when it has sold out; may be pre-ordered until 2026-12-24, at most 40.");
        (await TermsAsync("--most", "0")).ShouldBe("The most that may be pre-ordered is a number from 1 to 10,000,000; leave it out for all that is on its way.");
        (await TermsAsync("--preorder", "false", "--most", "4")).ShouldStartWith("What may not be pre-ordered has no last day");
        (await TermsAsync("--preorder", "false", "--keep-shown", "false")).ShouldBe("JKT-1 is hidden where the channel hides what sold out.");
        (await OrderImportTests.ListAsync(database.Source, "SELECT brand || ' ' || subject FROM audit WHERE action = 'sold_out_terms.saved'")).ShouldBe(["aurora JKT-1", "aurora JKT-1", "aurora JKT-1"]);
    }

    [Fact]
    public async Task The_doctor_looks_and_says_what_to_do()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();

        var run = await RunAsync(new() { ["QM_DATABASE"] = database.ConnectionString }, "doctor");

        run.Output.ShouldContain("ok    database          PostgreSQL");
        run.Output.ShouldContain("no hub is running on this database");
        run.Output.ShouldContain("Start one: quartermaster up");
    }

    private async Task<Run> RunAsync(Dictionary<string, string>? environment, params string[] arguments)
    {
        var (code, output, errors) = await QuartermasterProgram.RunAsync(arguments, TestContext.Current.CancellationToken, environment, _folder);
        return new(code, output, errors);
    }

    private sealed record Run(int Code, string Output, string Errors);
}
