using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Customers;

/// <summary>The week of writing to customers, told to the operators.</summary>
public sealed class WeekRoundsTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly BrandTerms India = new() { Brand = "acme", Title = "Acme", TimeZone = "Asia/Kolkata" };

    [Theory]
    [InlineData("2026-11-23T02:29:00Z", null)]                    // Monday, 07:59 there
    [InlineData("2026-11-23T02:30:00Z", "2026-W47")]
    [InlineData("2026-11-24T18:29:00Z", "2026-W47")]              // Tuesday, 23:59 there
    [InlineData("2026-11-24T18:30:00Z", null)]
    [InlineData("2027-01-04T04:00:00Z", "2026-W53")]
    public void A_week_ends_where_the_brand_is(string now, string? week) => (WeekRounds.EndedAt(India, DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture))?.Name).ShouldBe(week);

    [Fact]
    public void It_goes_from_Monday_to_Monday()
    {
        var week = WeekRounds.EndedAt(India, new(2026, 11, 23, 4, 0, 0, TimeSpan.Zero));
        (week?.From, week?.Until).ShouldBe((new DateTimeOffset(2026, 11, 15, 18, 30, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 22, 18, 30, 0, TimeSpan.Zero)));
    }

    [Fact]
    public async Task The_operators_read_who_said_no_what_came_back_and_what_the_channel_says_of_the_texts()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Change = plan => plan with { Brands = plan.Brands.ToDictionary(b => b.Key, b => b.Value with { Terms = b.Value.Terms with { Alerts = "chat" } }) };
        await test.StartAsync();
        await test.ScalarAsync($"""
            INSERT INTO consent(brand, channel, address, seq, word, why, at) VALUES ('{TestHub.Brand}', 'email', 'a@example.test', 1, 'complaint', 'abuse', '2026-11-18'), ('{TestHub.Brand}', 'email', 'b@example.test', 2, 'bounce', '550', '2026-11-01');
            INSERT INTO held_text(connection, name, language, status, category, quality, body, parameters) VALUES ('chat', 'order_shipped', 'en', 'PAUSED', 'UTILITY', 'RED', 'x', 0);
            INSERT INTO held_text(connection, name, language, status, category, quality, body, parameters) VALUES ('chat', 'order_delayed', 'hi', 'APPROVED', 'UTILITY', 'YELLOW', 'x', 0);
            INSERT INTO sender(connection, quality, allowed, most_a_day, used, read_at) VALUES ('chat', 'YELLOW', 'TIER_2K', 2000, 812, now());
            INSERT INTO consent(brand, channel, address, seq, word, why, at) VALUES ('{TestHub.Brand}', 'whatsapp', '+4911', 3, 'complaint', 'spam', '2026-11-18');
            INSERT INTO told(connection, day, what, count) VALUES ('chat', '2026-11-18', 'delivered', 1200), ('chat', '2026-10-18', 'delivered', 5);
            """);
        var rounds = new WeekRounds(test.Hub, new FixedClock(new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero)));
        await rounds.RunAsync(Cancel);
        await rounds.RunAsync(Cancel);
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE lane = 'chat' AND kind = 'message.alert.v1'", 1L);
        test.Chat.Calls.Select(c => c.Effect).OfType<MessageEffect.Alert>().ShouldHaveSingleItem().Text.Split('\n').ShouldBe(
        [
            "1 called a message spam (email)", "1 called a message spam (whatsapp)", "1 texts that the channel holds have the quality red now (chat)", "1 texts that the channel holds have the quality yellow now (chat)",
            "1 texts that the channel holds are paused now (chat)", "1 texts that the channel holds are approved now (chat)", "1,200 messages told as delivered (chat)",
            "1 text that cannot be used now, paused: order_shipped in en (chat)", "1 text rated yellow by its readers now: order_delayed in hi (chat)",
            "812 people written to in the last 24 hours by a number of the quality yellow now, which may write to 2000 (chat)",
            "whatsapp: of 1,200 delivered messages 0.08 % were called spam; of 1,200 sent 0.00 % had nobody to read them",
        ], ignoreOrder: true);
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
