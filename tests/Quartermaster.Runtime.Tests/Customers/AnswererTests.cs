using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Customers;

/// <summary>Which question the hub answers by itself.</summary>
public sealed class AnswererTests
{
    private const string Phone = "+31612345678";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("where is my order?", "1001", true)]
    [InlineData("where is my order 1001?", "1001,1002", true)]
    [InlineData("where is my order?", "1001,1002", false)]
    [InlineData("where is my order 7777?", "1001", false)]
    [InlineData("where is my order 1001? and where is my order 1002?", "1001,1002", false)]
    [InlineData("where is my order? I want to cancel it", "1001", false)]
    [InlineData("thank you", "1001", false)]
    public async Task Only_what_is_certain_is_answered(string text, string orders, bool answered)
    {
        await using var test = await ShopAsync();
        foreach (var id in orders.Split(',')) await PlaceAsync(test, id, Phone);
        (await AskAsync(test, text)).ShouldBe(answered);
        if (answered) test.Chat.Calls.Select(c => c.Effect).OfType<MessageEffect.Answer>().ShouldHaveSingleItem().ShouldSatisfyAllConditions(a => a.To.ShouldBe(Phone), a => a.Text.ShouldContain("#1001"));
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE kind = 'customer.wrote' AND closed_at IS NULL")).ShouldBe(answered ? 0L : 1L);
    }

    [Fact]
    public async Task An_order_that_is_not_the_askers_any_more_is_not_told_of()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1001", "+31699999999");
        await test.ScalarAsync($"INSERT INTO lookup(brand, term, stream) VALUES ('{TestHub.Brand}', '{Phone}', 'order/1001')");
        (await AskAsync(test, "where is my order?")).ShouldBeFalse();
    }

    [Fact]
    public async Task What_was_asked_long_ago_is_a_persons()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1001", Phone);
        (await AskAsync(test, "where is my order?", DateTimeOffset.UtcNow.AddHours(-1))).ShouldBeFalse();
    }

    private static async Task<TestHub> ShopAsync()
    {
        var test = await TestHub.NewAsync(Cancel);
        test.Change = plan => plan with { Brands = plan.Brands.ToDictionary(b => b.Key, b => b.Value with { Terms = b.Value.Terms with { AnswersAtOnce = true } }) };
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 100);
        await test.UntilAsync("SELECT on_hand FROM position", 100);
        return test;
    }

    private static async Task PlaceAsync(TestHub test, string id, string phone)
    {
        var facts = TestHub.Facts(id, ("A", 1));
        await test.SendAsync(TestHub.Order(id), new OrderSignal.Reported(facts with { Buyer = facts.Buyer with { Phone = phone } }, "orders/create"));
        await test.UntilAsync($"SELECT status FROM stream WHERE stream = 'order/{id}'", "submitted");
    }

    /// <returns>Whether it was answered.</returns>
    private static async Task<bool> AskAsync(TestHub test, string text, DateTimeOffset? at = null)
    {
        await test.SendAsync(ContactPoint.Of("whatsapp", Phone).On(TestHub.Brand), new ContactSignal.Wrote("whatsapp", text, "wamid.1", at ?? DateTimeOffset.UtcNow));
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'customer.wrote'", 1L);
        await using (var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel)) await new Answerer(test.Hub, TimeProvider.System).RunAsync(connection, Cancel);
        await test.QuietAsync();
        await test.UntilAsync("SELECT count(*) FROM ready", 0L);
        return test.Chat.Calls.Any(c => c.Effect is MessageEffect.Answer);
    }
}
