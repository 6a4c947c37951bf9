using System.Text.Json;
using Quartermaster.CommandLine;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Import;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;
using Quartermaster.Testing;

namespace Quartermaster.Tests.Dashboard;

/// <summary>A connection is called the same, and rightly, wherever somebody looks.</summary>
public sealed class ConnectionHealthTests
{
    private const string Error = "Polling aurora-shopify failed: Name or service not known (aurora.myshopify.com:443)";
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Unreachable =
    [
        "INSERT INTO lane(connection, calls, failures, failing_since, last_error_at, last_error) VALUES ('aurora-shopify', 10, 10, now(), now(), 'Name or service not known (aurora.myshopify.com:443)')",
        $"INSERT INTO poll(connection, since, last_run_at, error) VALUES ('aurora-shopify', now(), now(), '{Error}')",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Before_its_first_call_nobody_knows_whether_it_works()
    {
        ConnectionHealth.Of(null, null, Noon).State.ShouldBe("unused");
        ConnectionHealth.Of(Lane(calls: 0), Poll(null), Noon).ShouldBe(new("unused"));
        ConnectionHealth.Of(Lane(calls: 0), Poll(null), Noon).Badge.Label.ShouldBe("Not used yet");
    }

    [Fact]
    public void It_works_once_a_call_was_answered_whatever_the_answer_was()
    {
        ConnectionHealth.Of(Lane(ok: 0), null, Noon).State.ShouldBe("working");
        ConnectionHealth.Of(Lane(), null, Noon).State.ShouldBe("working");
        ConnectionHealth.Of(Lane(ok: -5) with { LastErrorAt = Noon, LastError = "no such SKU" }, null, Noon).ShouldBe(new("working", "no such SKU", Noon), "it refused one thing, and is there");
    }

    [Theory]
    [InlineData(null, 0, "failing")]
    [InlineData(-30, -59, "working")]
    [InlineData(-30, -60, "failing")]
    public void It_fails_at_once_if_nothing_ever_succeeded_and_else_when_nothing_did_for_a_minute(int? okMinutes, int failingSeconds, string state)
    {
        var lane = Lane(ok: okMinutes) with { FailingSince = Noon.AddSeconds(failingSeconds), LastErrorAt = Noon, LastError = "No answer in time." };
        ConnectionHealth.Of(lane, null, Noon).ShouldBe(new(state, "No answer in time.", Noon));
    }

    [Fact]
    public void A_poll_that_failed_counts_until_a_call_after_it_succeeds()
    {
        ConnectionHealth.Of(Lane(ok: -3), Poll(Error), Noon).ShouldBe(new("failing", Error, Noon.AddMinutes(-2)));
        ConnectionHealth.Of(Lane(ok: -1), Poll(Error), Noon).ShouldBe(new("working"));
    }

    [Theory]
    [InlineData("open", "Resting")]
    [InlineData("half-open", "Trying")]
    [InlineData("disconnected", "Disconnected")]
    public void What_its_breaker_says_goes_first(string breaker, string label) =>
        ConnectionHealth.Of(Lane() with { Breaker = breaker, FailingSince = Noon.AddHours(-1) }, Poll(Error), Noon).ShouldSatisfyAllConditions(h => h.Badge.Label.ShouldBe(label), h => h.Why.ShouldBe(Error));

    [Fact]
    public async Task A_storefront_that_cannot_be_reached_is_red_with_its_error_on_every_page()
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = await host.SignedInAsync("lea", Role.Lead, "aurora");
        (await client.GetStringAsync("/connections/aurora-shopify", Cancel)).ShouldContain("Not used yet");
        foreach (var sql in Unreachable) await host.Seed.SqlAsync(sql);

        foreach (var page in new[] { "/", "/connections", "/connections/aurora-shopify" })
        {
            var html = await client.GetStringAsync(page, Cancel);
            html.ShouldContain("Failing", customMessage: page);
            html.ShouldNotContain("Working", customMessage: page);
            if (page != "/") html.ShouldContain(Error, customMessage: page);
        }
        client.DefaultRequestHeaders.Authorization = new("Bearer", await host.Get<ApiKeys>().CreateAsync("test", Role.Viewer, null, null, "test", Cancel));
        JsonDocument.Parse(await client.GetStringAsync("/api/v1/connections", Cancel)).RootElement.EnumerateArray().Single(c => c.GetProperty("connection").GetString() == "aurora-shopify")
            .GetProperty("health").GetProperty("state").GetString().ShouldBe("failing");
    }

    [Fact]
    public async Task The_command_line_and_the_doctor_say_the_same()
    {
        const string hub = """
            brands: { aurora: { mode: live, currency: EUR } }
            connections:
              aurora-shopify: { connector: shopify, brand: aurora, sandbox: true }
              mail: { connector: smtp, brand: aurora, sandbox: true, settings: { host: smtp.example.com, port: 587, from: a@b.example } }
            """;
        var folder = Directory.CreateTempSubdirectory("qm-health-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "quartermaster.yaml"), hub, Cancel);
        await using var database = await OrderImportTests.NewDatabaseAsync();
        try
        {
            (await RunAsync("doctor")).ShouldContain("0 of 2 connections work, 2 not used yet");
            foreach (var sql in Unreachable)
            {
                await using var command = database.Source.CreateCommand(sql);
                await command.ExecuteNonQueryAsync(Cancel);
            }
            var listed = JsonDocument.Parse((await RunAsync("connections", "list", "--json")).Split('\n')[0]).RootElement;
            (listed.GetProperty("connection").GetString(), listed.GetProperty("health").GetProperty("state").GetString(), listed.GetProperty("health").GetProperty("why").GetString()).ShouldBe(("aurora-shopify", "failing", Error));
            var table = await RunAsync("connections", "list");
            table.ShouldContain("Failing");
            table.ShouldNotContain("closed");
            var found = await RunAsync("doctor");
            found.ShouldContain($"aurora-shopify: failing, last error: {Error}");
            found.ShouldContain("0 of 2 connections work, 1 not used yet");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        async Task<string> RunAsync(params string[] arguments) => (await QuartermasterProgram.RunAsync(arguments, Cancel, new() { ["QM_DATABASE"] = database.ConnectionString }, folder)).Output;
    }

    private static LaneRow Lane(long calls = 10, int? ok = null) =>
        new("aurora-shopify", null, null, "closed", null, null, 0, calls, 0, ok is { } minutes ? Noon.AddMinutes(minutes) : null, null, null, null, null, null, null);

    private static PollRow Poll(string? error) => new("aurora-shopify", Noon, error is null ? null : Noon.AddMinutes(-2), 0, error, null, null);
}
