using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Core.Tests.Messages;

/// <summary>Every advertisement says how to hear no more of it, whoever wrote its words.</summary>
public sealed class WayOutTests
{
    private const string Link = "https://hub.example/unsubscribe/1";

    private static readonly MessageChannel Mail = new("email", "mail"), Sms = new("sms", "sms");

    private static readonly MessageFacts Known = SpecimenFacts.All with { Unsubscribe = Link };

    private static Writing Write(string source, MessageChannel channel, string language = "en", MessageFacts? facts = null) =>
        new Voice(Sample.Terms, TemplateBook.Shipped.With([MessageTemplate.Read(Occasion.WinBack, language, source)])).Write(Occasion.WinBack, channel, language, facts ?? Known);

    private static string Source(string mail, string text = "Come back", string html = "") => $"class: marketing\n--- subject\nCome\n--- mail\n{mail}\n{(html.Length > 0 ? $"--- html\n{html}\n" : "")}--- text\n{text}\n--- whatsapp customer_win_back\n{{{{name}}}}";

    [Theory]
    [InlineData("en", "Unsubscribe: https://hub.example/unsubscribe/1", "Reply STOP to end.")]
    [InlineData("hi", "ये ईमेल बंद करें: https://hub.example/unsubscribe/1", "बंद करने के लिए STOP लिखें।")]
    [InlineData("id", "Berhenti berlangganan: https://hub.example/unsubscribe/1", "Balas STOP untuk berhenti.")]
    public void All_that_is_shipped_says_it_in_its_own_language(string language, string mail, string text)
    {
        var voice = new Voice(Sample.Terms, TemplateBook.Shipped);
        foreach (var occasion in Occasions.All.Where(Occasions.IsInvitation))
        {
            voice.Write(occasion, Mail, language, Known).Text.ShouldEndWith("\n\n" + mail);
            voice.Write(occasion, Sms, language, Known).Text.ShouldEndWith(" " + text);
        }
        voice.Write(Occasion.Shipped, Mail, language, Known).Text.ShouldNotContain(Link);
        voice.Write(Occasion.Shipped, Sms, language, Known).Text.ShouldNotContain("STOP");
    }

    [Fact]
    public void The_html_of_a_mail_says_it_before_it_ends()
    {
        const string Line = "<p style=\"font-size:12px\"><a href=\"https://hub.example/unsubscribe/1\">Unsubscribe</a></p>";
        Write(Source("Come", html: "<html><body><p>Come</p></body></html>"), Mail).Html.ShouldBe($"<html><body><p>Come</p>{Line}</body></html>");
        Write(Source("Come", html: "<p>Come</p>"), Mail).Html.ShouldBe("<p>Come</p>" + Line);
    }

    [Fact]
    public void Words_that_say_it_themselves_are_left_alone()
    {
        var source = Source("Komm.{{#if unsubscribe}} Keine Lust mehr? {{unsubscribe}}{{/if}}", "Komm. Keine Lust? STOP", "<p>Komm</p>{{#if unsubscribe}}<a href=\"{{unsubscribe}}\">Keine Lust mehr?</a>{{/if}}");
        var mail = Write(source, Mail, "de");
        (mail.Text, mail.Html).ShouldBe(("Komm. Keine Lust mehr? " + Link, $"<p>Komm</p><a href=\"{Link}\">Keine Lust mehr?</a>"));
        Write(source, Sms, "de").Text.ShouldBe("Komm. Keine Lust? STOP");
    }

    [Fact]
    public void Without_an_address_for_it_a_mail_that_advertises_is_not_written_and_one_of_an_order_is()
    {
        var voice = new Voice(Sample.Terms, TemplateBook.Shipped);
        voice.Write(Occasion.WinBack, Mail, "en", Known with { Unsubscribe = null }).Unusable.ShouldNotBeNull().ShouldContain("public_address");
        voice.Write(Occasion.WinBack, Sms, "en", Known with { Unsubscribe = null }).Unusable.ShouldBeNull();
        voice.Write(Occasion.Shipped, Mail, "en", Known with { Unsubscribe = null }).Unusable.ShouldBeNull();
    }

    [Fact]
    public void A_brand_that_advertises_at_an_orders_occasion_says_it_there_as_well()
    {
        var terms = Sample.Terms with { MessageChannels = [Mail] };
        var source = "class: marketing\n--- subject\nx\n--- mail\nHello\n--- text\nHello\n--- whatsapp a\n{{name}}";
        var s = Sample.At(Sample.Monday, terms) with
        {
            Voice = new Voice(terms, TemplateBook.Shipped.With([MessageTemplate.Read(Occasion.Delivered, "en", source)])),
            UnsubscribeAt = (brand, mailbox) => $"https://hub.example/{brand}/{mailbox}",
        };
        var shopper = new Correspondent("1", "#1", "Ada", "ada@example.test", null, "en", new([], new(1m, "EUR"), null));
        var said = MessageDecider.Decide(Correspondence.Silent, new MessageSignal.Say(Occasion.Delivered, "", shopper, null), s).Effects.ShouldHaveSingleItem().Effect.ShouldBeOfType<MessageEffect.Send>();
        said.Unsubscribe.ShouldBe($"https://hub.example/{s.Stream.Brand}/ada@example.test");
        said.Text.ShouldEndWith("Unsubscribe: " + said.Unsubscribe);
        var without = MessageDecider.Decide(Correspondence.Silent, new MessageSignal.Say(Occasion.Delivered, "", shopper, null), s with { UnsubscribeAt = null });
        without.Effects.ShouldBeEmpty();
        without.Events.ShouldHaveSingleItem().ShouldBeOfType<MessageEvent.FellBack>().Why.ShouldContain("public_address");
    }
}
