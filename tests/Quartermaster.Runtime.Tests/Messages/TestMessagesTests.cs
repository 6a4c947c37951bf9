using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Runtime.Messages;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Messages;

/// <summary>A test of a message goes to an operator, and to no shopper.</summary>
public sealed class TestMessagesTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly MessageChannel Mail = new("email", "mail");
    private static readonly Writing Written = new() { Template = "order_confirmed", Language = "en", Subject = "We have it", Text = "Hello", Html = "<p>Hello</p>", Parameters = ["#1", "Ada"] };

    [Fact]
    public async Task It_is_marked_wherever_it_can_be_read_counted_as_nothing_and_stands_in_the_audit_log_with_its_reader()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Build();
        var result = await Messages(test).SendAsync(TestHub.Brand, Occasion.Confirmed, Mail, "lea@acme.test", Written, "lea", Cancel);
        result.Outcome.ShouldBeOfType<Outcome.Done>();
        var sent = (MessageEffect.Send)test.Mail.Calls.ShouldHaveSingleItem().Effect;
        (sent.To, sent.Subject, sent.Text, sent.Html, sent.Parameters[0], sent.Parameters[1]).ShouldBe(("lea@acme.test", "[Test] We have it", "[Test] Hello", "[Test] <p>Hello</p>", "[Test] #1", "Ada"));
        (await test.ScalarAsync("SELECT count(*) FROM stream")).ShouldBe(0L);
        (await test.ScalarAsync("SELECT who || ': ' || subject || ', ' || detail FROM audit")).ShouldBe("lea: confirmed in en, to lea@acme.test by mail: Done");
    }

    [Fact]
    public async Task What_is_switched_off_or_would_be_refused_is_not_tried()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Build();
        (await Should.ThrowAsync<InvalidOperationException>(() => Messages(test).SendAsync(TestHub.Brand, Occasion.Confirmed, Mail, "lea@acme.test", Written with { Unusable = "the text is PAUSED there" }, "lea", Cancel))).Message.ShouldBe("It would be refused: the text is PAUSED there.");
        foreach (var scope in (string[])["all", "brand/acme", "connection/mail", "effect/message.send.v1"])
        {
            await test.ScalarAsync($"DELETE FROM switch; INSERT INTO switch(scope, reason, by_whom) VALUES ('{scope}', 'x', 'ada')");
            (await Should.ThrowAsync<InvalidOperationException>(() => Messages(test).SendAsync(TestHub.Brand, Occasion.Confirmed, Mail, "lea@acme.test", Written, "lea", Cancel))).Message.ShouldContain("switched off", customMessage: scope);
        }
        test.Mail.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_connection_that_throws_is_told_of_and_not_passed_on()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Build();
        test.Mail.Answer = _ => throw new InvalidOperationException("the line broke");
        (await Messages(test).SendAsync(TestHub.Brand, Occasion.Confirmed, Mail, "lea@acme.test", Written, "lea", Cancel)).Outcome.ShouldBeOfType<Outcome.Unsure>().Why.ShouldBe("the line broke");
    }

    private static TestMessages Messages(TestHub test) => new(test.Hub.Plan, test.Hub.Database, new Desk(test.Hub.Database, null, TimeProvider.System), TimeProvider.System);
}
