using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;

namespace Quartermaster.Core.Tests.Customers;

public sealed class TellingTests
{
    private static readonly DateTimeOffset Now = Sample.Monday;

    private static readonly CustomerEffect.Push Asha = new("asha@example.com", "+919800000001", "Asha Rao", "en", "IN", 2, [new("INR", 1550m)], Now.AddDays(-40), Now.AddDays(-3), [Segments.Returning],
        [new("email", Wish.Marketing, "ticked the box", Now.AddDays(-40)), new("sms", Wish.Unsaid)]);

    [Fact]
    public void What_the_tool_has_is_not_said_again()
    {
        var due = new DueProfile(Telling.Print(Asha), "01K", 0);
        Telling.Before(due, Asha, [], shadow: false, Now.AddDays(9)).ShouldBe(new Told(due.Print, "01K", false, Now.AddDays(9), "has it"));
        Telling.Before(due, Asha with { RemoteId = "01K" }, [], false, null)!.Word.ShouldBe("has it", "its own id is nothing to tell");
        foreach (var changed in (CustomerEffect.Push[])[Asha with { Orders = 3 }, Asha with { Name = "Asha Iyer" }, Asha with { Lifetime = [new("INR", 1550m), new("EUR", 3m)] }, Asha with { Segments = [] }, Asha with { Phone = null }, Asha with { LastOrderAt = Now }])
            Telling.Before(due, changed, [], false, null).ShouldBeNull();
    }

    [Fact]
    public void When_and_how_a_word_was_said_is_no_news_so_that_an_echo_ends_here()
    {
        var due = new DueProfile(Telling.Print(Asha), null, 0);
        Telling.Before(due, Said(new Consent("email", Wish.Marketing, "subscribed at the tool", Now)), [], false, null)!.Word.ShouldBe("has it");
        Telling.Before(due, Said(new Consent("email", Wish.NoMarketing, "STOP", Now)), [], false, null).ShouldBeNull();
    }

    [Fact]
    public void What_the_tool_told_us_itself_is_not_told_to_it_and_to_the_others_it_is()
    {
        var no = Said(new Consent("email", Wish.NoMarketing, "unsubscribed at Klaviyo", Now));
        var due = new DueProfile(Telling.Print(Asha), "01K", 0);
        Telling.Before(due, no, ["email"], false, null).ShouldBe(new Told(Telling.Print(no), "01K", false, null, "told us itself"));
        Telling.Before(due, no, ["sms"], false, null).ShouldBeNull();
        Telling.Before(due, no with { Orders = 9 }, ["email"], false, null).ShouldBeNull("something else has changed as well");
        Telling.Before(new(null, null, 0), no, ["email"], false, null).ShouldBeNull("it knows nothing of them yet");
    }

    [Theory]
    [InlineData(null, Wish.Unsaid, false)]
    [InlineData(null, Wish.Marketing, true)]
    [InlineData(null, Wish.NoMarketing, true)]
    [InlineData(Wish.Marketing, Wish.Marketing, false)]
    [InlineData(Wish.Marketing, Wish.Nothing, true)]
    [InlineData(Wish.NoMarketing, Wish.Marketing, true)]
    [InlineData(Wish.Nothing, Wish.Unsaid, true)]
    public void Only_a_word_that_the_tool_has_not_heard_is_news(Wish? before, Wish now, bool news)
    {
        var print = before is { } wish ? Telling.Print(Said(new Consent("email", wish))) : null;
        Telling.WithNews(Said(new Consent("email", now)), print).By("email")!.IsNews.ShouldBe(news);
    }

    [Fact]
    public void In_shadow_it_is_written_down_and_not_told()
    {
        var came = Telling.Before(new(null, null, 0), Asha, [], shadow: true, null)!;
        came.ShouldBe(new Told(null, null, false, null, "in shadow: would be told"));
    }

    [Fact]
    public void Each_answer_has_one_meaning()
    {
        var due = new DueProfile("old", "01K", 3);
        Telling.After(due, "new", new Outcome.Done("02"), Now.AddDays(1), Now).ShouldBe(new Told("new", "02", true, Now.AddDays(1), "taken"));
        Telling.After(due, "new", new Outcome.AlreadyDone(), null, Now).ShouldBe(new Told("new", "01K", true, null, "had it already"));
        Telling.After(due, "new", new Outcome.Refused("invalid", "Invalid email address"), null, Now).ShouldBe(new Told("old", "01K", false, null, "Invalid email address (invalid)", Failed: true));
        Telling.After(due, "new", new Outcome.Refused("invalid", "Invalid email address"), null, Now, no: true).Due.ShouldBe(Now.AddDays(1), "it goes on writing to somebody who said no");
        (Telling.TellsNo(Said(new Consent("email", Wish.NoMarketing, IsNews: true))), Telling.TellsNo(Said(new Consent("email", Wish.NoMarketing))), Telling.TellsNo(Said(new Consent("email", Wish.Marketing, IsNews: true)))).ShouldBe((true, false, false));
        Telling.After(due, "new", new Outcome.TryLater("slow down", TimeSpan.FromMinutes(3)), null, Now).ShouldBe(new Told("old", "01K", false, Now.AddMinutes(3), "slow down", Failed: true));
        Telling.After(due, "new", new Outcome.Unsure("nothing came back"), null, Now).Due.ShouldBe(Now.AddSeconds(16));
        Telling.After(due, "new", new Outcome.NotConnected("401"), null, Now).Due.ShouldBe(Now.AddMinutes(1));
        Telling.Again(new Outcome.Unsure("x"), 40).ShouldBe(TimeSpan.FromMinutes(10), "never given up");
    }

    [Theory]
    [InlineData(0, null, null, "", null)]
    [InlineData(1, -10, -10, "new", 20)]
    [InlineData(1, -31, -31, "", 149)]
    [InlineData(2, -400, -10, "returning", 170)]
    [InlineData(2, -400, -181, "lapsed", null)]
    [InlineData(1, -200, -200, "lapsed", null)]
    public void Segments_follow_from_their_own_orders_and_change_by_themselves(int orders, int? first, int? last, string segments, int? changes)
    {
        var (from, until) = (first is { } f ? Now.AddDays(f) : (DateTimeOffset?)null, last is { } l ? Now.AddDays(l) : (DateTimeOffset?)null);
        string.Join(',', Segments.Of(orders, from, until, Now)).ShouldBe(segments);
        var next = Segments.ChangeAt(orders, from, until, Now);
        next.ShouldBe(changes is { } days ? Now.AddDays(days).AddSeconds(1) : null);
        if (next is { } at) Segments.Of(orders, from, until, at).ShouldNotBe(Segments.Of(orders, from, until, Now));
    }

    private static CustomerEffect.Push Said(Consent consent) => Asha with { Consents = [consent, new("sms", Wish.Unsaid)] };
}
