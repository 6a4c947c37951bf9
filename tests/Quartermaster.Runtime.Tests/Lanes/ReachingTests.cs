using System.Net;
using Quartermaster.Runtime.Tests.Machine;
using Quartermaster.Testing;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Lanes;

/// <summary>Whatever calls through a connection, an effect, a poll or a question, tells whether its remote system is reached.</summary>
public sealed class ReachingTests
{
    private const string Row = "SELECT concat_ws(' ', CASE WHEN failing_since IS NOT NULL THEN 'failing' END, CASE WHEN last_ok_at IS NOT NULL THEN 'good' END, last_error) FROM lane WHERE connection = 'wms'";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_that_no_call_reaches_says_so_with_its_error_until_one_does()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        var address = $"http://127.0.0.1:{TestPorts.Free()}/";
        var http = test.Hub.Lanes!.Find("wms")!.Session.Http;
        (await test.ScalarAsync(Row)).ShouldBe("");

        var refused = await Should.ThrowAsync<HttpRequestException>(() => http.GetAsync(address, Cancel));
        await test.UntilAsync(Row, $"failing {refused.Message}");

        using var remote = new HttpListener { Prefixes = { address } };
        remote.Start();
        await AnswerAsync(remote, http, address, 503);
        await test.UntilAsync(Row, "failing It answered with an error of its own (HTTP 503).");
        await AnswerAsync(remote, http, address, 401);
        await test.UntilAsync(Row, "failing Our credentials were refused (HTTP 401).");
        await AnswerAsync(remote, http, address, 404);
        await test.UntilAsync(Row, "Our credentials were refused (HTTP 401).");
        await AnswerAsync(remote, http, address, 200);
        await test.UntilAsync(Row, "good Our credentials were refused (HTTP 401).");
        await AnswerAsync(remote, http, address, 429);
        (await test.ScalarAsync(Row)).ShouldBe("good Our credentials were refused (HTTP 401).", "not so fast is no trouble");
    }

    [Fact]
    public async Task What_another_process_found_stands_until_this_one_has_reached_it()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.ScalarAsync("INSERT INTO lane(connection, failing_since, calls, failures) VALUES ('wms', '2026-03-06T11:00:00Z', 4, 4)");
        await test.StartAsync();
        await test.UntilAsync("SELECT updated_at IS NOT NULL AND per_second IS NOT NULL FROM lane WHERE connection = 'wms'", true);
        (await test.ScalarAsync("SELECT failing_since = '2026-03-06T11:00:00Z' FROM lane WHERE connection = 'wms'")).ShouldBe(true);
    }

    private static async Task AnswerAsync(HttpListener remote, HttpClient http, string address, int status)
    {
        var asked = http.GetAsync(address, Cancel);
        var call = await remote.GetContextAsync().WaitAsync(Cancel);
        call.Response.StatusCode = status;
        call.Response.Close();
        (await asked).Dispose();
    }
}
