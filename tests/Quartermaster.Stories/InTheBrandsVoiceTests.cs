using Quartermaster.Core.Messages;
using Quartermaster.Runtime.Messages;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>A brand changes what its shoppers read, and on the same day Meta pauses one of its WhatsApp texts.</summary>
public sealed class InTheBrandsVoiceTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private const string Words = "class: transactional\n--- subject\nSo glad, {{name}}!\n--- mail\nSo glad, {{name}}! {{total}}, {{sign_off}}.\n--- text\nSo glad, {{name}}!\n--- whatsapp order_confirmed\n{{number}}\n{{name}}";

    [Fact]
    public async Task New_words_are_approved_and_read_and_a_paused_text_goes_by_mail_until_it_is_back()
    {
        await using var day = await BusinessDay.BeginAsync(Cancel, 100, ("sandbox_short", "0"), ("sandbox_missed", "0"), ("sandbox_returned", "0"), ("sandbox_ship_ms", "600000"));
        (await day.SoonAsync("SELECT changes > 0 FROM held_text_read WHERE read_at IS NOT NULL")).ShouldBe(true, "what Meta holds was read");

        var before = day.Order(o => o with { Shopper = o.Shopper with { Phone = null, Locale = "en-IN" } });
        await day.UntilAsync(before, "accepted");
        (await MailAsync(day)).ShouldContain("is in our hands");

        var desk = new TemplateDesk(day.Hub.Database, TimeProvider.System);
        await desk.ProposeAsync(day.Brand.Terms.Brand, Occasion.Confirmed, "en", Words, "Shorter", 0, "anton", Cancel);
        await desk.ApproveAsync(day.Brand.Terms.Brand, Occasion.Confirmed, "en", 1, "lea", false, Cancel);
        (await day.SoonAsync("SELECT true FROM message_edition WHERE from_at < now() - interval '1 second'")).ShouldBe(true);
        await day.UntilAsync(day.Order(o => o with { Shopper = o.Shopper with { Phone = null, Locale = "en-IN" } }), "accepted");
        (await MailAsync(day)).ShouldMatch("So glad, .*! ₹.*, All of us at Aurora");

        day.Chat.Change("order_confirmed", "en", "PAUSED").ShouldBeTrue();
        (await day.SoonAsync("SELECT title FROM open_case WHERE kind = 'message.template_not_usable' AND closed_at IS NULL")).ShouldBe("aurora-whatsapp: 1 text cannot be used");
        await Task.Delay(1500, Cancel);
        var (chats, mails) = (day.Chat.Messages.Count, day.Mails.Count);
        var paused = day.Order(o => o with { Shopper = o.Shopper with { Phone = "+919820000001", Locale = "en-IN" } });
        await day.UntilAsync(paused, "accepted");
        for (var i = 0; i < 200 && day.Mails.Count == mails; i++) await Task.Delay(25, Cancel);
        (day.Chat.Messages.Count - chats, day.Mails.Count - mails).ShouldBe((0, 1), "Meta was not even asked");
        (await day.TimelineAsync(paused)).ShouldContain("message.fell_back.v1");

        day.Chat.Change("order_confirmed", "en", "APPROVED").ShouldBeTrue();
        (await day.SoonAsync("SELECT true FROM open_case WHERE kind = 'message.template_not_usable' AND closed_at IS NOT NULL")).ShouldBe(true);
    }

    [Fact]
    public async Task A_number_that_Meta_rates_red_is_in_trouble_until_it_is_better()
    {
        await using var day = await BusinessDay.BeginAsync(Cancel);
        (await day.SoonAsync("SELECT quality || ' ' || allowed FROM sender WHERE read_at IS NOT NULL")).ShouldBe("GREEN TIER_UNLIMITED", "what Meta says of the number was read");
        day.Chat.Rate("RED", "TIER_2K");
        (await day.SoonAsync("SELECT title FROM open_case WHERE kind = 'message.sender_in_trouble' AND closed_at IS NULL")).ShouldBe("The number of aurora-whatsapp is in trouble");
        (await day.ScalarAsync("SELECT most_a_day FROM sender")).ShouldBe(2000);
        day.Chat.Rate("GREEN", "TIER_2K");
        (await day.SoonAsync("SELECT true FROM open_case WHERE kind = 'message.sender_in_trouble' AND closed_at IS NOT NULL")).ShouldBe(true);
    }

    private static async Task<string> MailAsync(BusinessDay day)
    {
        for (var i = 0; i < 200 && day.Mails.Count == 0; i++) await Task.Delay(25, Cancel);
        await Task.Delay(500, Cancel);
        return day.Mails[0].Title + " " + day.Mails[0].Text;
    }
}
