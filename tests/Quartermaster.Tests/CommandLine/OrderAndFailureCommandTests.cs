using System.Text.Json;
using Quartermaster.Configuration;
using Quartermaster.Connectors;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Hosting;
using Quartermaster.Import;
using Quartermaster.Testing;
using Quartermaster.Tests.Dashboard;

namespace Quartermaster.CommandLine;

/// <summary>What an operator does where no page can be opened: on the database alone, in their own name.</summary>
public sealed class OrderAndFailureCommandTests : IDisposable
{
    private const string Hub = """
        brands: { aurora: { mode: live, currency: EUR, locations: { BER: { country: DE, warehouse: wms } } } }
        connections:
          aurora-shopify: { connector: shopify, brand: aurora, sandbox: true }
          wms: { connector: warehouse-rest, brand: aurora, sandbox: true, locations: { BER: BER } }
          mail: { connector: smtp, brand: aurora, sandbox: true, settings: { host: smtp.example.com, port: 587, from: a@b.example } }
        """;

    private static readonly StreamId Order = new("aurora", "order", "100100000000001");

    private readonly string _folder = Directory.CreateTempSubdirectory("qm-cli-").FullName;

    public OrderAndFailureCommandTests() => File.WriteAllText(Path.Combine(_folder, "quartermaster.yaml"), Hub);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_order_is_held_lifted_corrected_and_cancelled_by_its_number()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        var seed = Seeding(database);
        await seed.PlaceAsync(Seed.Facts("#1001"));

        (await RunAsync(database, "orders", "hold", "1001", "--reason", "call first")).ShouldSatisfyAllConditions(r => r.Code.ShouldBe(ExitCode.Ok, r.Errors), r => r.Output.ShouldStartWith("#1001 is held, as soon as a hub decides on signal "));
        (await RunAsync(database, "orders", "hold", "1001", "--reason", " ")).ShouldSatisfyAllConditions(r => r.Code.ShouldBe(ExitCode.Usage), r => r.Errors.ShouldStartWith("--reason is a text of at most 300 characters.\n"));
        (await RunAsync(database, "orders", "hold", "100", "--reason", "x")).ShouldBe((ExitCode.Trouble, "", "There is no order '100' in aurora.\n"), "the beginning of a number is no order");
        (await RunAsync(database, "orders", "lift", "#1001")).Errors.ShouldBe("Nothing holds the order.\n");
        await seed.SayAsync(Order, new OrderSignal.HoldAsked("call first", "lea", null), "operator/lea");
        (await RunAsync(database, "orders", "lift", "1001", "--kind", "no_address")).Errors.ShouldBe("Nothing holds the order like that. It is held: --kind by_person (call first).\n");
        (await RunAsync(database, "orders", "lift", "1001")).Output.ShouldStartWith("#1001 is not held by it any more");
        (await RunAsync(database, "orders", "approve", Order.Id)).Errors.ShouldContain("Nothing holds the order like that now.");

        (await RunAsync(database, "orders", "address", "1001", "--country", "Germany")).Errors.ShouldStartWith("A street (--line1), a city (--city) and a country of two letters");
        (await RunAsync(database, "orders", "address", "1001", "--postal-code", "10117")).Code.ShouldBe(ExitCode.Ok);
        (await RunAsync(database, "orders", "map", "1001", "9", "MUG")).Errors.ShouldBe("The order has no line '9'. It has: 1 (1 × Rain jacket, blue).\n");
        (await RunAsync(database, "orders", "map", "1001", "1", "MUG")).Code.ShouldBe(ExitCode.Ok);
        (await RunAsync(database, "orders", "substitute", "1001", "1", "MUG")).Errors.ShouldContain("does not wait for that line");
        (await RunAsync(database, "orders", "label", "1001", "again")).Errors.ShouldBe("No label of the order was refused.\n");
        (await RunAsync(database, "orders", "label", "1001", "again", "--service", "07")).Errors.ShouldBe("Name the service together with the connection that sells it: --connection C --service S.\n");
        (await RunAsync(database, "orders", "parcel", "1001", "P-1", "lost", "--reason", "the carrier says so")).Errors.ShouldBe("The order has no parcel 'P-1'. None has left.\n");
        (await RunAsync(database, "orders", "cancel", "1001", "--reason", "the shopper called")).Output.ShouldStartWith("#1001 is being cancelled");

        (await OrderImportTests.ListAsync(database.Source, "SELECT action || coalesce(': ' || detail, '') FROM audit ORDER BY id")).ShouldBe(
        [
            Wire.KindOf(typeof(OrderSignal.HoldAsked)) + ": call first", Wire.KindOf(typeof(OrderSignal.HoldLiftAsked)) + ": the hold 'ByPerson'",
            Wire.KindOf(typeof(OrderSignal.AddressCorrected)) + ": Mara Lind, Lindenweg 4, 10117, Berlin, DE", Wire.KindOf(typeof(OrderSignal.LineMapped)) + ": line 1 is MUG",
            Wire.KindOf(typeof(OrderSignal.CancelAsked)) + ": the shopper called",
        ]);
        var audit = await RunAsync(database, "audit", "--subject", Order.Key, "--limit", "1", "--json");
        JsonDocument.Parse(audit.Output).RootElement.GetProperty("detail").GetString().ShouldBe("the shopper called");
    }

    [Fact]
    public async Task A_kind_of_hold_is_lifted_of_all_orders_that_have_it_once_it_was_shown()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        var seed = Seeding(database);
        foreach (var n in (string[])["1", "2", "3"]) await seed.PlaceAsync(Seed.Facts("#100" + n, address: n == "3") with { ExternalId = n });
        await seed.SayAsync(new("aurora", "order", "3"), new OrderSignal.HoldAsked("call first", "lea", null), "operator/lea");
        var before = await OrderImportTests.ListAsync(database.Source, "SELECT count(*)::text FROM signal");
        (await RunAsync(database, "orders", "lift-all", "--kind", "risk")).Code.ShouldBe(ExitCode.Usage, "each of those is judged by itself");
        (await RunAsync(database, "orders", "lift-all", "--kind", "no_address", "--channel", "elsewhere")).Output.ShouldBe("No order is held like that.\n");
        (await RunAsync(database, "orders", "lift-all", "--kind", "no_address")).Output.ShouldSatisfyAllConditions(o => o.ShouldContain("#1001"), o => o.ShouldNotContain("#1003"), o => o.ShouldEndWith("2 holds would be lifted. Add --yes to do it.\n"));
        (await OrderImportTests.ListAsync(database.Source, "SELECT count(*)::text FROM signal")).ShouldBe(before);
        (await RunAsync(database, "orders", "lift-all", "--kind", "no_address", "--yes")).Output.ShouldEndWith("2 holds lifted, as soon as a hub decides on it.\n");
        (await OrderImportTests.ListAsync(database.Source, "SELECT subject || ' ' || action || ' ' || detail FROM audit ORDER BY subject")).ShouldBe(["order/1 order.hold_lift_asked.v1 the hold 'NoAddress'", "order/2 order.hold_lift_asked.v1 the hold 'NoAddress'"]);
    }

    [Fact]
    public async Task An_order_is_read_by_a_program_as_the_API_tells_it()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        await Seeding(database).PlaceAsync(Seed.Facts("#1001"));

        var shown = JsonDocument.Parse((await RunAsync(database, "orders", "show", "mara@example.com", "--json")).Output).RootElement;
        shown.GetProperty("order").GetProperty("id").GetString().ShouldBe(Order.Id);
        shown.GetProperty("order").GetProperty("lines")[0].GetProperty("lineId").GetString().ShouldBe("1");
        shown.GetProperty("timeline").GetArrayLength().ShouldBe(1);
        JsonDocument.Parse((await RunAsync(database, "orders", "list", "--json")).Output).RootElement.GetProperty("number").GetString().ShouldBe("#1001");
        (await RunAsync(database, "orders", "list", "--limit", "0")).Code.ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task Without_a_terminal_a_row_is_one_line_however_much_is_said_of_the_order()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        var seed = Seeding(database);
        await seed.PlaceAsync(Seed.Facts("#1001"));
        var reason = string.Join(' ', Enumerable.Repeat("call before it leaves", 13));
        await seed.SayAsync(Order, new OrderSignal.HoldAsked(reason, "lea", null), "operator/lea");

        var row = (await RunAsync(database, "orders", "list", "--status", "held")).Output.Split('\n').Single(l => l.Contains("#1001", StringComparison.Ordinal));

        row.ShouldSatisfyAllConditions(r => r.ShouldContain("aurora"), r => r.ShouldContain(" held "), r => r.ShouldContain(" EUR "), r => r.ShouldContain(reason));
    }

    [Fact]
    public async Task A_connection_is_told_of_in_the_words_of_its_page()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        await Seeding(database).SqlAsync("INSERT INTO lane(connection, breaker, last_ok_at) VALUES ('aurora-shopify', 'closed', now()), ('wms', 'half-open', NULL)");

        var rows = (await RunAsync(database, "connections", "list")).Output.Split('\n');

        rows.Single(r => r.Contains(" aurora-shopify ", StringComparison.Ordinal)).ShouldContain(" Working ");
        rows.Single(r => r.Contains(" wms ", StringComparison.Ordinal)).ShouldContain(" Trying ");
        rows.Single(r => r.Contains(" mail ", StringComparison.Ordinal)).ShouldContain(" Not used yet ");
        JsonDocument.Parse((await RunAsync(database, "connections", "list", "--json")).Output.Split('\n')[0]).RootElement.GetProperty("lane").GetProperty("breaker").GetString().ShouldBe("closed", "a program reads what the API says");
    }

    [Fact]
    public async Task What_failed_is_listed_and_answered()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        var seed = Seeding(database);
        await seed.SayAsync(Order, new OrderSignal.Reported(Seed.Facts("#1001"), "orders/create"), "aurora-shopify", effects: "unsure");
        await seed.SqlAsync("INSERT INTO open_case(brand, stream, key, kind, title, detail, seq, opened_at) VALUES ('aurora', 'order/100100000000001', 'wrote/1', 'order.shopper_wrote', 'The shopper wrote', 'Where is it?', 1, now()), ('aurora', 'order/100100000000001', 'hold/x', 'order.no_address', 'No address', '', 1, now())");

        var effect = JsonDocument.Parse((await RunAsync(database, "failures", "effects", "--json", "--limit", "1")).Output).RootElement;
        var id = effect.GetProperty("id").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture);
        effect.GetProperty("state").GetString().ShouldBe("unsure");
        (await RunAsync(database, "failures", "list")).Output.ShouldSatisfyAllConditions(o => o.ShouldContain("order.shopper_wrote"), o => o.ShouldContain("blocked"));
        (await RunAsync(database, "failures", "retry", id)).Errors.ShouldStartWith($"Effect {id} is left alone: it is unsure.");
        (await RunAsync(database, "failures", "happened", id)).Output.ShouldBe($"Effect {id} is noted as done.\n");
        (await RunAsync(database, "failures", "cancel", id, "--reason", "too late")).ShouldSatisfyAllConditions(r => r.Code.ShouldBe(ExitCode.Trouble), r => r.Errors.ShouldContain("it has ended"));
        (await RunAsync(database, "failures", "happened", "999999")).Errors.ShouldBe("There is no effect 999999.\n");

        (await RunAsync(database, "failures", "cases")).Output.ShouldSatisfyAllConditions(o => o.ShouldContain("wrote/1"), o => o.ShouldContain("Where is it?"));
        (await RunAsync(database, "failures", "close", "1001", "wrote/1", "--reason", "answered")).Errors.ShouldStartWith("'1001' is no stream; write what it is and its id");
        (await RunAsync(database, "failures", "close", Order.Key, "hold/x", "--reason", "answered")).Errors.ShouldContain("The hub closes this case itself");
        (await RunAsync(database, "failures", "close", Order.Key, "wrote/1", "--reason", "answered by phone")).Output.ShouldStartWith("The case is closed, as soon as a hub decides on signal ");
        (await RunAsync(database, "failures", "parked")).Output.ShouldBe("No signal is set apart.\n");
    }

    [Fact]
    public async Task Shelves_and_addresses_are_told_what_a_person_knows()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();

        (await RunAsync(database, "stock", "count", "MUG", "BRE", "12")).Errors.ShouldBe("There is no location 'BRE' in aurora. Did you mean 'BER'?\n");
        (await RunAsync(database, "stock", "damaged", "MUG", "BER", "1", "--what", "found", "--reason", "it fell")).Errors.ShouldBe("Only 0 units of MUG lie at BER.\n");
        (await RunAsync(database, "stock", "damaged", "MUG", "BER", "1", "--what", "repaired", "--reason", "cleaned")).Errors.ShouldBe("Only 0 damaged units of MUG lie at BER.\n");
        (await RunAsync(database, "stock", "damaged", "MUG", "BER", "1", "--what", "came", "--reason", "it came so")).Code.ShouldBe(ExitCode.Ok);
        (await RunAsync(database, "stock", "count", "MUG", "BER", "12")).Output.ShouldStartWith("The count is taken in, as soon as a hub decides on signal ");
        (await RunAsync(database, "stock", "adjust", "MUG", "BER", "--by=-3", "--reason", "broken")).Code.ShouldBe(ExitCode.Ok);
        (await RunAsync(database, "stock", "adjust", "MUG", "BER", "--by", "0", "--reason", "broken")).Errors.ShouldStartWith("--by is a number from ");
        (await RunAsync(database, "stock", "list", "--only", "short")).Output.ShouldBe("No position matches.\n");
        (await RunAsync(database, "customers", "suppress", "email", "asha@example.test", "--reason", "asked by phone")).Output.ShouldStartWith("They are not written to there, as soon as ");
        (await RunAsync(database, "customers", "note", "7", "calls on Mondays")).Errors.ShouldStartWith("There is no customer 7.");
        (await RunAsync(database, "purchases", "list", "--state", "sent")).Code.ShouldBe(ExitCode.Usage);
        (await RunAsync(database, "purchases", "approve", "PO-1")).Errors.ShouldBe("There is no purchase order PO-1.\n");
        (await OrderImportTests.ListAsync(database.Source, "SELECT coalesce(detail, '') FROM audit ORDER BY id")).ShouldBe(["Came: 1 at BER: it came so", "12 at BER", "-3 at BER: broken", "no marketing by email: asked by phone"]);
    }

    private static Seed Seeding(TestDatabase database) =>
        new(database.Source, new ConfigurationReader(ConnectorCatalogue.Find(), new EnvironmentValues(_ => null), DemoPlan.Sandbox).Read(Hub, "quartermaster.yaml").Plan);

    private async Task<(int Code, string Output, string Errors)> RunAsync(TestDatabase database, params string[] arguments)
    {
        var (code, output, errors) = await QuartermasterProgram.RunAsync(arguments, TestContext.Current.CancellationToken, new() { ["QM_DATABASE"] = database.ConnectionString }, _folder);
        return (code, output, errors);
    }
}
