using Microsoft.Extensions.Logging.Abstractions;
using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Tests.Machine;
using Quartermaster.Runtime.Watching;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Watching;

/// <summary>Orders of which a warehouse says nothing.</summary>
public sealed class HandoffRoundsTests
{
    private const string Open = "SELECT string_agg(stream, ',' ORDER BY stream) FROM open_case WHERE kind = 'fulfilment.not_answered' AND closed_at IS NULL";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_at_once_are_one_case_and_are_asked_for_a_few_at_a_time()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        List<string> askedFor = [];
        test.Wms.Handoff = order =>
        {
            askedFor.Add(order);
            return new HandoffSeen("taken", []);
        };
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 10);
        foreach (var id in (string[])["o1", "o2", "o3", "o4"]) await test.PlaceAsync(id, ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM stream WHERE status = 'submitted'", 4L);
        await test.QuietAsync();
        var (lane, asked) = (test.Hub.Lanes!.Find("wms")!, new Dictionary<string, DateTimeOffset>());
        HandoffRounds Rounds(int most) => new(test.Hub, TimeProvider.System, NullLogger.Instance) { Most = most };

        await Rounds(2).LookAsync(lane, asked, Cancel);
        askedFor.ShouldBeEmpty("they were handed over a moment ago");
        (await test.ScalarAsync(Open)).ShouldBeNull();

        // Three of them are of last week, o3 the longest; of o4 the warehouse was heard a moment ago.
        foreach (var (id, days) in ((string, int)[])[("o1", 6), ("o2", 7), ("o3", 9)]) await AgeAsync(test, id, days);
        await test.ScalarAsync("UPDATE stream SET placed_at = now() - interval '5 days' WHERE stream = 'order/o4'");
        await Rounds(2).LookAsync(lane, asked, Cancel);
        askedFor.ShouldBe(["o3", "o2"]);
        (await test.ScalarAsync(Open)).ShouldBe("connection/wms");
        (await test.ScalarAsync("SELECT title FROM open_case WHERE stream = 'connection/wms'")).ShouldBe("wms answers for none of 3 orders");
        await Rounds(2).LookAsync(lane, asked, Cancel);
        askedFor.ShouldBe(["o3", "o2", "o1"], "nobody is asked twice within the hour");

        asked.Clear();
        await Rounds(3).LookAsync(lane, asked, Cancel);
        (await test.ScalarAsync(Open)).ShouldBe("order/o1,order/o2,order/o3", "few enough to be told of one by one");
    }

    private static async Task AgeAsync(TestHub test, string order, int days)
    {
        await test.ScalarAsync($"UPDATE stream SET placed_at = now() - interval '{days} days' WHERE stream = 'order/{order}'");
        await test.ScalarAsync($"UPDATE decision SET at = now() - interval '{days} days' WHERE stream = 'order/{order}'");
    }
}
