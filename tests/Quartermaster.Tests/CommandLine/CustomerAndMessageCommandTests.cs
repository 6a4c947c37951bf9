using Quartermaster.Import;
using Quartermaster.Testing;

namespace Quartermaster.CommandLine;

/// <summary>Customers and templates are worked on the database alone, as a person or a script would.</summary>
public sealed class CustomerAndMessageCommandTests : IDisposable
{
    private const string Words = "class: transactional\n--- subject\nOurs {{number}}\n--- mail\nHi {{name}}\n--- text\nOurs {{number}}\n--- whatsapp order_confirmed\n{{number}}\n{{name}}";

    private readonly string _folder = Directory.CreateTempSubdirectory("qm-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_template_is_checked_proposed_approved_and_listed()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        Directory.CreateDirectory(Path.Combine(_folder, "en"));
        File.WriteAllText(Path.Combine(_folder, "en", "confirmed.txt"), Words);
        File.WriteAllText(Path.Combine(_folder, "en", "shipped.txt"), Words.Replace("{{name}}", "{{city}}", StringComparison.Ordinal));

        (await RunAsync(database, "messages", "check", "en/confirmed.txt")).Output.ShouldBe("en/confirmed.txt can be used: confirmed in en, 2 gaps in order_confirmed at WhatsApp.\n");
        (await RunAsync(database, "messages", "check", "en/shipped.txt")).Errors.ShouldContain("en/shipped.txt:5: 'city' is not always known");
        (await RunAsync(database, "messages", "propose", "en/shipped.txt", "--brand", "aurora", "--note", "x")).Errors.ShouldContain("'city' is not always known");
        (await RunAsync(database, "messages", "propose", "en/confirmed.txt", "--brand", "aurora", "--note", "warmer")).Output.ShouldBe("Edition 1 of confirmed in en waits for approval.\n");
        var waiting = (await RunAsync(database, "messages", "list", "--brand", "aurora")).Output;
        waiting.ShouldContain("Edition 1 of confirmed in en by ");
        waiting.ShouldContain("waits for approval: warmer");
        (await RunAsync(database, "messages", "approve", "1", "--brand", "aurora", "--occasion", "confirmd", "--language", "en")).Errors.ShouldStartWith("There is no occasion 'confirmd': confirmed, ");
        (await RunAsync(database, "messages", "approve", "1", "--brand", "aurora", "--occasion", "confirmed", "--language", "en")).Output.ShouldBe("Edition 1 is approved. Every process writes with it 3 seconds from now.\n");
        (await RunAsync(database, "messages", "approve", "1", "--brand", "aurora", "--occasion", "confirmed", "--language", "en")).ShouldSatisfyAllConditions(r => r.Code.ShouldBe(ExitCode.Trouble), r => r.Errors.ShouldContain("it was decided on already"));
        (await OrderImportTests.ListAsync(database.Source, "SELECT action || coalesce(' ' || detail, '') FROM audit ORDER BY id")).ShouldBe(["message.propose warmer", "message.approve by the only one who may approve"]);
        await OrderImportTests.ListAsync(database.Source, "UPDATE message_edition SET from_at = now() - interval '1 minute' RETURNING ''");
        (await RunAsync(database, "messages", "preview", "--brand", "aurora", "--occasion", "confirmed", "--language", "en")).Output.ShouldContain("Ours #1042");
    }

    [Fact]
    public async Task Where_somebody_else_may_approve_ones_own_words_wait_for_them_and_can_be_taken_back()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        File.WriteAllText(Path.Combine(_folder, "x.txt"), Words);
        await OrderImportTests.ListAsync(database.Source, "INSERT INTO operator(name, password, role) VALUES ('lea', 'x', 'lead') RETURNING name");
        string[] at = ["--brand", "aurora", "--occasion", "confirmed", "--language", "en"];
        (await RunAsync(database, ["messages", "propose", "x.txt", "--note", "warmer", .. at])).Code.ShouldBe(ExitCode.Ok);
        (await RunAsync(database, ["messages", "approve", "1", .. at])).Errors.ShouldContain("somebody else may approve it");
        (await RunAsync(database, ["messages", "drop", "1", .. at])).Output.ShouldBe("Edition 1 is not taken.\n");
    }

    [Fact]
    public async Task A_customer_is_found_shown_handed_over_and_erased()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        await OrderImportTests.ListAsync(database.Source, """
            WITH p AS (INSERT INTO person(realm, id, root, name, orders, spent, last_at) VALUES ('aurora', 7, 7, 'Asha Rao', 2, 1550, now())),
            k AS (INSERT INTO person_key(realm, kind, value, person, stream) VALUES ('aurora', 'email', 'asha@example.test', 7, 'order/1'), ('aurora', 'guest', '+919800000001/asha rao', 7, 'order/1'))
            INSERT INTO consent(brand, channel, address, seq, word, why, at) VALUES ('aurora', 'email', 'asha@example.test', 1, 'opted_in', 'box', now()) RETURNING ''
            """);
        (await RunAsync(database, "customers", "find", "asha@")).Output.ShouldContain("Asha Rao");
        (await RunAsync(database, "customers", "find", "asha", "--segment", "best")).Errors.ShouldStartWith("'best' is no segment; it is one of new, returning");
        (await RunAsync(database, "customers", "find", "nobody")).Output.ShouldBe("0 found.\n");
        (await RunAsync(database, "customers", "show", "7", "--brand", "aurora")).Output.ShouldSatisfyAllConditions(o => o.ShouldContain("asha@example.test"), o => o.ShouldNotContain("guest"));
        (await RunAsync(database, "customers", "show", "8", "--brand", "aurora")).Errors.ShouldBe("There is no customer 8. quartermaster customers find lists them.\n");
        (await RunAsync(database, "customers", "export", "7", "--brand", "aurora")).Output.ShouldContain("\"word\": \"opted_in\"");
        (await RunAsync(database, "customers", "week", "--brand", "aurora")).Output.ShouldContain("1 said that they want to be written to (email)");

        (await RunAsync(database, "customers", "erase", "7", "--brand", "aurora", "--reason", "asked by letter")).Output.ShouldContain("add --yes to do it");
        (await RunAsync(database, "customers", "erase", "7", "--brand", "aurora", "--reason", "asked by letter", "--yes")).Output.ShouldContain("The whole database was searched for 1 name, 1 address, and nothing of theirs is left.");
        (await RunAsync(database, "customers", "find", "asha")).Output.ShouldBe("0 found.\n");
        (await RunAsync(database, "customers", "erasures", "Asha@example.test")).Output.ShouldContain("Erasure 1 of customer aurora 7");
        (await RunAsync(database, "customers", "erasures", "bob@example.test")).Output.ShouldBe("Nobody who had that address was to be erased.\n");
        (await RunAsync(database, "customers", "withdraw", "1")).Errors.ShouldBe("That erasure was done already, or withdrawn.\n");
        (await OrderImportTests.ListAsync(database.Source, "SELECT action FROM audit ORDER BY id")).ShouldBe(["customer.export", "customer.erase", "customer.erased"]);
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(TestDatabase database, params string[] arguments)
    {
        var (code, output, errors) = await QuartermasterProgram.RunAsync(arguments, TestContext.Current.CancellationToken, new() { ["QM_DATABASE"] = database.ConnectionString }, _folder);
        return (code, output, errors);
    }
}
