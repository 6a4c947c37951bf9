using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Watching;

/// <summary>A poll that fails now and then is nobody's business; one that is silent for half an hour is.</summary>
public sealed class ConnectionWatchTests
{
    private const string Open = "SELECT string_agg(title, ',') FROM open_case WHERE kind = 'connection.not_polled' AND closed_at IS NULL";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_that_cannot_be_asked_for_half_an_hour_is_a_case_until_it_can()
    {
        var clock = new Movable();
        await using var test = await TestHub.NewAsync(Cancel);
        (test.Clock, test.Wms.PollFails) = (clock, new HttpRequestException("503 stock"));
        await test.StartAsync();
        await test.UntilAsync("SELECT error FROM poll WHERE connection = 'wms'", "503 stock");
        (await test.ScalarAsync(Open)).ShouldBeNull("once is nothing");
        clock.Ahead = TimeSpan.FromMinutes(40);
        await test.UntilAsync($"SELECT ({Open}) LIKE 'wms could not be asked what changed since %'", true);
        (test.Wms.PollFails, clock.Ahead) = (null, TimeSpan.FromMinutes(50));
        await test.UntilAsync($"SELECT ({Open}) IS NULL", true);
    }

    private sealed class Movable : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
