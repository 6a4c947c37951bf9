using Quartermaster.Sandbox;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>A shopper asks by WhatsApp where the order is, and reads the answer before anybody of the team has seen the question.</summary>
public sealed class AskedAndAnsweredTests
{
    private const string Phone = "+919820000777";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_certain_is_answered_at_once_and_everything_else_waits_for_a_person()
    {
        var demo = DemoBrands.All[0];
        await using var day = await BusinessDay.BeginAsync(demo with { Terms = demo.Terms with { AnswersAtOnce = true } }, null, Cancel, units: 100,
            ("sandbox_short", "0"), ("sandbox_split", "0"), ("sandbox_reject", "0"), ("sandbox_ship_ms", "600000"));
        var order = day.Order(o => o with { Shopper = o.Shopper with { Phone = Phone, Locale = "en-IN" } });
        await day.UntilAsync(order, "accepted");

        day.Chat.Write(Phone, "Hi, where is my order?");
        var answer = await AnswerAsync(day, 1);
        answer.To.ShouldBe(Phone);
        answer.Text.ShouldContain("We are getting your order ready");
        answer.Text.ShouldMatch(@"/t/[A-Za-z0-9_-]{40,}");
        (await day.SoonAsync("SELECT true FROM open_case WHERE kind = 'customer.wrote' AND closed_at IS NOT NULL")).ShouldBe(true, "there is nothing left to do");

        // Somebody else's number says nothing of that order, and a request for something else is read.
        day.Chat.Write("+919820000778", "Where is my order?");
        day.Chat.Write(Phone, "Where is my order? I want my money back");
        (await day.SoonAsync("SELECT count(*) FROM open_case WHERE kind = 'customer.wrote' AND closed_at IS NULL HAVING count(*) = 2")).ShouldBe(2L);
        await Task.Delay(6000, Cancel);
        day.Chat.Messages.Count(m => m.Title == "text").ShouldBe(1);
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE kind = 'customer.wrote' AND closed_at IS NULL")).ShouldBe(2L);
    }

    private static async Task<Sandbox.Twins.Sent> AnswerAsync(BusinessDay day, int count)
    {
        for (var i = 0; i < 600 && day.Chat.Messages.Count(m => m.Title == "text") < count; i++) await Task.Delay(25, Cancel);
        return day.Chat.Messages.First(m => m.Title == "text");
    }
}
