using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Partitions;

/// <summary>Replaying all of one cause leaves the other causes alone.</summary>
public sealed class ReplayTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Effects_are_replayed_by_the_cause_they_are_grouped_by()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Books.Answer = work => new Outcome.Refused("no", work.Key.Contains("o1", StringComparison.Ordinal) ? "The period 12 is locked." : "The contact 7 is archived.");
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 10);
        foreach (var id in (string[])["o1", "o2"])
        {
            await test.PlaceAsync(id, ("A", 1));
            await test.UntilAsync($"SELECT count(*) FROM effect_log WHERE lane = 'wms' AND stream = 'order/{id}'", 1L);
            await test.SendAsync(TestHub.Order(id), new Core.Fulfilment.FulfilmentSignal.Shipped(id, "AMS", "DHL", "T" + id, [new("A", 1)], DateTimeOffset.UtcNow, null));
        }
        await test.UntilAsync("SELECT count(*) FROM effect WHERE lane = 'books' AND state = 3", 2L);

        var cause = (string)(await test.ScalarAsync("SELECT cause FROM effect WHERE why LIKE '%locked%'"))!;
        var preview = await test.Hub.Desk.PreviewAsync(new(Brand: TestHub.Brand, Lane: "books", What: "effects", Cause: cause), Cancel);
        (preview.Signals, preview.Effects).ShouldBe((0, 1));
        test.Books.Answer = _ => new Outcome.Done("i");
        (await test.Hub.Desk.ReplayAsync(new(Brand: TestHub.Brand, Lane: "books", What: "effects", Cause: cause), "ann", Cancel)).ShouldBe(1);
        await test.UntilAsync("SELECT string_agg(why, ',') FROM effect WHERE lane = 'books'", "no: The contact 7 is archived.");
    }
}
