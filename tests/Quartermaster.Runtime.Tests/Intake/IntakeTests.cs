using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Intake;

public sealed class IntakeTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static Arrival Webhook(string delivery, string? business = null, string body = "{}", string stream = "order/1") =>
        new(TestHub.Brand, stream, true, "orders/create", "shop", delivery, business, System.Text.Encoding.UTF8.GetBytes(body), DateTimeOffset.UtcNow);

    [Fact]
    public async Task The_same_delivery_is_stored_once_however_often_and_however_concurrently_it_comes()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync(Roles.Intake);
        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => test.Hub.Intake.WriteAsync(Webhook("d" + i % 10), Cancel)));
        results.Count(r => !r.Duplicate).ShouldBe(10);
        (await test.ScalarAsync("SELECT count(*) FROM signal")).ShouldBe(10L);
        (await test.Hub.Intake.WriteAsync(Webhook("d3"), Cancel)).Duplicate.ShouldBeTrue();
    }

    [Fact]
    public async Task A_signed_body_may_hold_any_character_in_its_topic_and_its_id()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync(Roles.Intake);
        (await test.Hub.Intake.WriteAsync(Webhook("d\01") with { Kind = "orders/\0\ud800" }, Cancel)).Duplicate.ShouldBeFalse();
        (await test.Hub.Intake.WriteAsync(Webhook("d\01") with { Kind = "orders/\0\ud800" }, Cancel)).Duplicate.ShouldBeTrue();
        (await test.ScalarAsync("SELECT count(*) FROM signal WHERE delivery LIKE 'd%1'")).ShouldBe(1L);
    }

    [Fact]
    public async Task Two_deliveries_that_say_the_same_are_one_signal()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync(Roles.Intake);
        (await test.Hub.Intake.WriteAsync(Webhook("subscription-1", "orders/create 1 v1"), Cancel)).Duplicate.ShouldBeFalse();
        (await test.Hub.Intake.WriteAsync(Webhook("subscription-2", "orders/create 1 v1"), Cancel)).Duplicate.ShouldBeTrue();
        (await test.Hub.Intake.WriteAsync(Webhook("subscription-2", "orders/create 1 v2"), Cancel)).Duplicate.ShouldBeTrue("the delivery itself was seen");
        (await test.Hub.Intake.WriteAsync(Webhook("subscription-3", "orders/create 1 v2"), Cancel)).Duplicate.ShouldBeFalse();
    }

    [Fact]
    public async Task Two_processes_that_get_the_same_delivery_at_once_store_it_once()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        var one = await test.StartAsync(Roles.Intake);
        var two = await test.StartAsync(Roles.Intake);
        var results = await Task.WhenAll(Enumerable.Range(0, 100).SelectMany(i => new[] { one.Intake.WriteAsync(Webhook("d" + i), Cancel), two.Intake.WriteAsync(Webhook("d" + i), Cancel) }));
        results.Count(r => !r.Duplicate).ShouldBe(100);
    }

    [Fact]
    public async Task A_key_is_remembered_over_a_rotation_and_forgotten_after_the_second()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync(Roles.Intake);
        await test.Hub.Intake.WriteAsync(Webhook("old"), Cancel);
        await RotateAsync(test, "b");
        (await test.Hub.Intake.WriteAsync(Webhook("old"), Cancel)).Duplicate.ShouldBeTrue();
        await RotateAsync(test, "a");
        (await test.Hub.Intake.WriteAsync(Webhook("old"), Cancel)).Duplicate.ShouldBeFalse();
    }

    [Fact]
    public async Task Bytes_that_no_text_column_takes_are_stored_as_they_came()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync(Roles.Intake);
        await test.Hub.Intake.WriteAsync(Webhook("nul", body: "{\"a\":\"\0\u0000\"}"), Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM signal")).ShouldBe(1L);
    }

    private static async Task RotateAsync(TestHub test, string to)
    {
        await test.ScalarAsync($"TRUNCATE seen_{to}; UPDATE hub_value SET value = '{to}' WHERE key = 'seen.generation'");
        await test.Hub.Intake.ReadGenerationAsync(Cancel);
    }
}
