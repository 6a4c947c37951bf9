using Quartermaster.Runtime;
using Quartermaster.Sandbox.Twins;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>A warehouse takes an order and says nothing more: it is asked, and when it has nothing to say a person is called.</summary>
public sealed class ASilentWarehouseTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly HandoffPatience ASecond = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    [Fact]
    public async Task What_its_lost_webhooks_said_is_asked_for_and_nobody_is_called()
    {
        await using var day = await BusinessDay.BeginAsync(ASecond, Cancel, ("sandbox_short", "0"), ("sandbox_reject", "0"), ("sandbox_split", "0"));
        day.FaultsOf("warehouse-rest").Lose = 1;
        var order = day.Order();
        await day.UntilAsync(order, "closed");
        day.Warehouse.HandoffsOf(BusinessDay.IdOf(order)).ShouldBe(1);
        (await day.TimelineAsync(order)).Count(e => e == "fulfilment.parcel_left.v1").ShouldBe(1);
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE kind = 'fulfilment.not_answered'")).ShouldBe(0L);
    }

    [Fact]
    public async Task An_order_that_it_only_lets_lie_is_a_case_until_it_goes_on()
    {
        await using var day = await BusinessDay.BeginAsync(ASecond, Cancel, ("sandbox_accept_ms", "12000"), ("sandbox_short", "0"), ("sandbox_reject", "0"), ("sandbox_split", "0"));
        var order = day.Order();
        var its = $"FROM open_case WHERE stream = 'order/{BusinessDay.IdOf(order)}' AND kind = 'fulfilment.not_answered'";
        var said = (string?)await day.SoonAsync($"SELECT title || '. ' || detail {its} AND closed_at IS NULL");
        said.ShouldNotBeNull().ShouldContain("has not said whether it sends it");
        said.ShouldContain("the warehouse says “taken”");
        await day.UntilAsync(order, "closed");
        (await day.SoonAsync($"SELECT 1 {its} AND closed_at IS NOT NULL")).ShouldBe(1);
    }
}
