using System.Text.Json;
using Quartermaster.Import;
using Quartermaster.SignIn;
using Quartermaster.Testing;

namespace Quartermaster.CommandLine;

/// <summary>Who may sign in, which programs may call, and whether the outside world answers: all without a page.</summary>
public sealed class AccessCommandTests : IDisposable
{
    private const string Password = "a short walk by the sea";

    private readonly string _folder = Directory.CreateTempSubdirectory("qm-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task People_are_added_changed_and_removed_and_an_admin_is_always_left()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();

        (await RunAsync(database, "short", "operators", "add", "mara", "--role", "admin")).Errors.ShouldStartWith("Use at least 12 characters");
        (await RunAsync(database, Password, "operators", "add", "mara", "--role", "admin")).Output.ShouldBe("mara may sign in as admin.\n");
        (await RunAsync(database, null, "operators", "role", "mara", "lead")).Errors.ShouldStartWith("mara is the only admin. Make another one first");
        (await RunAsync(database, null, "operators", "remove", "mara")).Errors.ShouldStartWith("mara is the only admin.");
        (await RunAsync(database, Password, "operator", "add", "lea", "--role", "lead", "--brand", "aurora")).Code.ShouldBe(ExitCode.Ok, "the old word still does");
        (await RunAsync(database, null, "operators", "role", "lea", "agent")).Output.ShouldBe("lea is now agent of aurora.\n");
        (await RunAsync(database, null, "operators", "role", "leo", "agent")).Errors.ShouldBe("There is no operator 'leo'. Did you mean 'lea'?\n");

        var operators = new Operators(database.Source, TimeProvider.System);
        var session = await operators.SignInAsync("lea", Password, TestContext.Current.CancellationToken);
        (await RunAsync(database, Password + " again", "operators", "password", "lea")).Output.ShouldBe("lea has a new password, and is signed out everywhere.\n");
        (await operators.OfSessionAsync(session!, demo: false, TestContext.Current.CancellationToken)).ShouldBeNull();
        (await operators.SignInAsync("lea", Password, TestContext.Current.CancellationToken)).ShouldBeNull();
        (await operators.SignInAsync("lea", Password + " again", TestContext.Current.CancellationToken)).ShouldNotBeNull();

        (await RunAsync(database, null, "operators", "remove", "lea")).Output.ShouldBe("lea is signed out and cannot come back.\n");
        (await RunAsync(database, null, "operators", "restore", "lea")).Output.ShouldBe("lea may sign in again.\n");
        (await RunAsync(database, null, "operators", "list", "--json")).Output.Trim().Split('\n').Select(l => JsonDocument.Parse(l).RootElement.GetProperty("name").GetString()).ShouldBe(["lea", "mara"]);
        (await OrderImportTests.ListAsync(database.Source, "SELECT action FROM audit WHERE action LIKE 'operator.%' ORDER BY id")).ShouldBe(
            ["operator.created", "operator.created", "operator.role_set", "operator.password_set", "operator.disabled", "operator.enabled"]);
    }

    [Fact]
    public async Task A_key_is_made_once_shown_once_and_revoked()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();

        var made = await RunAsync(database, null, "keys", "create", "returns-portal", "--role", "agent", "--brand", "aurora", "--days", "30");
        made.Errors.ShouldBe("It is shown this once; keep it where secrets are kept.\n");
        var keys = new ApiKeys(database.Source, TimeProvider.System);
        var key = (await keys.OfAsync(made.Output.Trim(), TestContext.Current.CancellationToken)).ShouldNotBeNull();
        (key.Title, key.Role, string.Join(',', key.Brands!)).ShouldBe(("returns-portal", "agent", "aurora"));
        (await RunAsync(database, null, "keys", "list")).Output.ShouldSatisfyAllConditions(o => o.ShouldContain(key.Id), o => o.ShouldNotContain(made.Output.Trim()));
        (await RunAsync(database, null, "keys", "revoke", "ffff")).Errors.ShouldBe("There is no key 'ffff'; `keys list` has the ids.\n");
        (await RunAsync(database, null, "keys", "revoke", key.Id)).Code.ShouldBe(ExitCode.Ok);
        (await RunAsync(database, null, "keys", "revoke", key.Id)).Errors.ShouldBe($"Key {key.Id} is revoked already.\n");
        (await keys.OfAsync(made.Output.Trim(), TestContext.Current.CancellationToken)).ShouldBeNull();
        (await RunAsync(database, null, "keys", "create", "x", "--days", "-1")).Errors.ShouldBe("--days is a number from 0 to 3650.\n");
    }

    [Fact]
    public async Task A_connection_is_tested_by_one_call_to_its_vendor()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        File.WriteAllText(Path.Combine(_folder, "quartermaster.yaml"), $$"""
            brands: { aurora: { mode: live, locations: { BLR: { country: IN, warehouse: wms } } } }
            connections:
              aurora-shopify: { connector: shopify, brand: aurora, sandbox: true }
              wms: { connector: warehouse-rest, brand: aurora, locations: { BLR: BLR }, settings: { base_url: "http://127.0.0.1:{{TestPorts.Free()}}/", token: t, callback_secret: s } }
            """);

        (await RunAsync(database, null, "connections", "test", "wsm")).Errors.ShouldBe("There is no connection 'wsm'. Did you mean 'wms'?\n");
        (await RunAsync(database, null, "connections", "test", "aurora-shopify")).Errors.ShouldBe("aurora-shopify is played by the sandbox inside the hub; its page tests it.\n");
        (await RunAsync(database, null, "connections", "test", "wms")).ShouldSatisfyAllConditions(r => r.Code.ShouldBe(ExitCode.Trouble, r.Output + r.Errors), r => r.Errors.ShouldStartWith("wms cannot be reached right now: "));
        (await RunAsync(database, null, "connections", "list", "--json")).Output.Trim().Split('\n').Select(l => JsonDocument.Parse(l).RootElement.GetProperty("connection").GetString()).ShouldBe(["aurora-shopify", "wms"]);
        (await OrderImportTests.ListAsync(database.Source, "SELECT subject || ' ' || detail FROM audit WHERE action = 'connection.tested'")).ShouldBe(["connection/wms TryLater"]);
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(TestDatabase database, string? input, params string[] arguments)
    {
        var (code, output, errors) = await QuartermasterProgram.RunAsync(arguments, TestContext.Current.CancellationToken, new() { ["QM_DATABASE"] = database.ConnectionString }, _folder, input);
        return (code, output, errors);
    }
}
