using Quartermaster.Core.Customers;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Customers;

/// <summary>Who may not be written to, on the whole machine.</summary>
public sealed class ContactTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly ContactPoint Ada = ContactPoint.Of("sms", "+31612345678");

    [Fact]
    public async Task A_no_is_kept_with_the_signal_that_brought_it_and_goes_when_they_come_back()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        test.Hub.Switches.HasClosedContacts(TestHub.Brand).ShouldBeFalse();
        var noon = new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
        await test.SendAsync(Ada.On(TestHub.Brand), new ContactSignal.Wrote("sms", "STOP", "m1", noon));
        await test.UntilAsync("SELECT channel || ' ' || address || ' ' || what || ' ' || why FROM suppressed", "sms +31612345678 all wrote “STOP”");
        test.Hub.Switches.HasClosedContacts(TestHub.Brand).ShouldBeTrue();
        (await test.ScalarAsync("SELECT count(*) FROM consent c JOIN signal s USING (seq) WHERE c.word = 'opt_out' AND s.kind = 'contact.wrote.v1'")).ShouldBe(1L);
        await test.SendAsync(Ada.On(TestHub.Brand), new ContactSignal.Wrote("sms", "START", "m2", noon.AddHours(1)));
        await test.UntilAsync("SELECT count(*) FROM suppressed", 0L);
        (await test.ScalarAsync("SELECT string_agg(word, ',' ORDER BY seq) FROM consent")).ShouldBe("opt_out,opted_in");
    }

    [Fact]
    public async Task What_a_shopper_writes_is_a_case_that_a_person_closes()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.SendAsync(Ada.On(TestHub.Brand), new ContactSignal.Wrote("whatsapp", "where is my order?", "m1", DateTimeOffset.UtcNow));
        await test.UntilAsync("SELECT kind || ' ' || detail FROM open_case WHERE closed_at IS NULL", "customer.wrote where is my order?");
        await test.Hub.Desk.CloseCaseAsync(Ada.On(TestHub.Brand), "wrote/whatsapp", "answered", "ada", Cancel);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL", 0L);
        await test.UntilAsync("SELECT count(*) FROM stream WHERE stream = 'contact/phone:+31612345678' AND position('waiting' in encode(state, 'escape')) = 0", 1L);
    }
}
