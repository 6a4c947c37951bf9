using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Core.Tests.Messages;

public sealed class MessageTemplateTests
{
    private const string Good = """
        class: transactional
        --- subject
        {{number}} left
        --- mail
        Hello {{name}}
        --- text
        {{number}} left
        --- whatsapp order_shipped, otherwise order_plain
        {{number}}
        {{#if city}}{{city}}{{else}}-{{/if}}
        """;

    private static readonly MessageChannel Mail = new("email", "mail"), WhatsApp = new("whatsapp", "wa");

    private static string[] Wrong(string source) => [.. Should.Throw<TemplateException>(() => MessageTemplate.Read(Occasion.Shipped, "en", source)).Problems.Select(p => p.ToString())];

    private static Voice VoiceOf(HeldTexts? texts = null) => new(Sample.Terms, TemplateBook.Shipped.With([MessageTemplate.Read(Occasion.Shipped, "en", Good)]), texts);

    private static HeldTexts At(string connection, params HeldText[] texts) => new(new Dictionary<string, IReadOnlyList<HeldText>> { [connection] = texts });

    private static HeldText Text(string name, string status = "APPROVED", int parameters = 2) => new(name, "en", status, "UTILITY", "GREEN", "{{1}} to {{2}}", parameters);

    [Fact]
    public void Each_channel_gets_its_own_words()
    {
        var mail = VoiceOf().Write(Occasion.Shipped, Mail, "en", SpecimenFacts.All);
        (mail.Template, mail.Subject, mail.Text, mail.Parameters.Count).ShouldBe(("order_shipped", "#1042 left", "Hello Asha Rao", 0));
        var text = VoiceOf().Write(Occasion.Shipped, WhatsApp, "en", SpecimenFacts.Least);
        (text.Template, text.Text).ShouldBe(("order_shipped", "#7 left"));
        text.Parameters.ShouldBe(["#7", "-"]);
    }

    [Fact]
    public void A_brand_whose_language_we_do_not_write_has_its_own_words_at_the_channel()
    {
        var german = new Voice(Sample.Terms with { Language = "de" }, TemplateBook.Shipped);
        german.Write(Occasion.Shipped, WhatsApp, "de-AT", SpecimenFacts.All).Language.ShouldBe("de");
        german.Write(Occasion.Shipped, WhatsApp, "hi-IN", SpecimenFacts.All).Language.ShouldBe("hi");
        german.Write(Occasion.Shipped, WhatsApp, "en-GB", SpecimenFacts.All).Language.ShouldBe("en");
        german.Write(Occasion.Shipped, Mail, "de-AT", SpecimenFacts.All).Language.ShouldBe("en", "a mail is in the language that it is written in");
    }

    [Theory]
    [InlineData("class: transactional\n", "line 1: begin with 'class: transactional', or 'class: marketing' for what only those may get who agreed to it.")]
    [InlineData(" order_shipped, otherwise order_plain", "line 8: write the name of the text at Meta, lower-case letters, digits and underscores: '--- whatsapp order_shipped', or '--- whatsapp order_shipped, otherwise order_plain'.")]
    public void What_is_missing_is_named(string without, string problem) => Wrong(Good.ReplaceLineEndings("\n").Replace(without, "", StringComparison.Ordinal)).ShouldContain(problem);

    [Fact]
    public void A_section_that_is_missing_unknown_or_there_twice_is_named()
    {
        Wrong("class: transactional\n--- subject\nx\n--- subject\ny\n--- sms\nz\n--- mail\na\n--- text\nb").ShouldBe(
        [
            "line 4: the section 'subject' stands here twice.", "line 6: there is no section 'sms'; they are subject, mail, html, text, whatsapp.", "line 11: the section '--- whatsapp' is missing.",
        ]);
    }

    [Theory]
    [InlineData("Hello {{name}}", "{{#if city}}To {{city}}{{/if}}", "line 5: it can come out empty: write something outside {{#if}}, or into {{else}} as well.")]
    [InlineData("{{number}} left\n--- mail", "{{#if support}}{{else}}{{number}}{{/if}}\n--- mail", "line 3: it can come out empty: write something outside {{#if}}, or into {{else}} as well.")]
    [InlineData("{{number}} left\n--- mail", "{{#if support}}Your\norder{{/if}} {{number}}\n--- mail", "line 3: subject: it comes out on more than one line.")]
    [InlineData("Hello {{name}}", "{{#if tracking_link}}{{#if city}}To {{city}}: {{tracking_link}}{{/if}}{{else}}On its way{{/if}}", "line 5: it can come out empty: write something outside {{#if}}, or into {{else}} as well.")]
    [InlineData("{{#if city}}{{city}}{{else}}-{{/if}}", "{{#if city}}{{city}}{{/if}}", "line 10: it can come out empty: write something outside {{#if}}, or into {{else}} as well.")]
    [InlineData("Hello {{name}}", "Hello\n\n{{#if city}}x{{/if}}\n\nBye", "line 5: mail: it comes out with two empty lines in a row; put the line break inside {{#if}} as well.")]
    [InlineData("{{number}} left\n--- mail", "{{number}}\nleft\n--- mail", "line 3: subject: it comes out on more than one line.")]
    public void A_text_that_comes_out_with_a_hole_is_refused(string instead, string of, string problem) => Wrong(Good.ReplaceLineEndings("\n").Replace(instead, of, StringComparison.Ordinal)).ShouldContain(problem);

    [Theory]
    [InlineData("{{#if name}}{{name}}{{/if}}")]
    [InlineData("{{#if city}}{{#if city}}To {{city}}{{/if}}{{else}}On its way{{/if}}")]
    [InlineData("{{#if items}}{{#each items}}{{title}}{{/each}}{{else}}On its way{{/if}}")]
    public void A_text_that_always_says_something_is_taken(string mail) => MessageTemplate.Read(Occasion.Shipped, "en", Good.ReplaceLineEndings("\n").Replace("Hello {{name}}", mail, StringComparison.Ordinal));

    [Fact]
    public void What_an_occasion_can_never_know_is_not_offered_there()
    {
        Fact.Of(Occasion.Confirmed).Select(f => f.Fact.Name).ShouldNotContain("expected");
        Fact.Of(Occasion.Preordered).Select(f => f.Fact.Name).ShouldContain("expected");
        Wrong(Good.ReplaceLineEndings("\n").Replace("Hello {{name}}", "Hello{{#if expected}} {{expected}}{{/if}}", StringComparison.Ordinal)).ShouldBe(["line 5: 'expected' is never known when a message of the occasion shipped is written."]);
    }

    [Fact]
    public void The_line_of_a_mistake_is_the_line_that_was_typed() => Wrong(Good.ReplaceLineEndings("\n").Replace("Hello {{name}}", "Hello\n{{nmae}}", StringComparison.Ordinal)).ShouldBe(["line 6: there is no fact 'nmae'."]);

    [Fact]
    public void While_a_text_is_paused_its_backup_is_taken_and_without_one_the_channel_is_passed_over()
    {
        VoiceOf(At("wa", Text("order_shipped"))).Write(Occasion.Shipped, WhatsApp, "en", SpecimenFacts.All).ShouldSatisfyAllConditions(w => w.Template.ShouldBe("order_shipped"), w => w.Unusable.ShouldBeNull());
        VoiceOf(At("wa", Text("order_shipped", "PAUSED"), Text("order_plain"))).Write(Occasion.Shipped, WhatsApp, "en", SpecimenFacts.All).ShouldSatisfyAllConditions(w => w.Template.ShouldBe("order_plain"), w => w.Unusable.ShouldBeNull());
        VoiceOf(At("wa", Text("order_shipped", "PAUSED"))).Write(Occasion.Shipped, WhatsApp, "en", SpecimenFacts.All).Unusable.ShouldBe("the text order_shipped in en is PAUSED there");
        VoiceOf(At("wa", Text("order_shipped", parameters: 4))).Write(Occasion.Shipped, WhatsApp, "en", SpecimenFacts.All).Unusable.ShouldBe("the text order_shipped in en has 4 gaps there, we fill 2");
        VoiceOf(At("wa")).Write(Occasion.Shipped, WhatsApp, "en", SpecimenFacts.All).Unusable.ShouldBe("it holds no text order_shipped in en");
        VoiceOf(At("wa", Text("order_shipped") with { Others = 1 })).Write(Occasion.Shipped, WhatsApp, "en", SpecimenFacts.All).Unusable.ShouldBe("the text order_shipped in en has a gap there in its head, in a button's address, or with a name: those are not filled");
        var question = new HeldText("order_to_confirm", "en", "APPROVED", "UTILITY", null, "", TemplateBook.Shipped.Find(Occasion.ToConfirm, "en")!.ParameterCount);
        VoiceOf(At("wa", question with { Buttons = 1 })).Write(Occasion.ToConfirm, WhatsApp, "en", SpecimenFacts.All).Unusable.ShouldBe("the text order_to_confirm in en has 1 buttons for answers there, we send 2");
        VoiceOf(At("wa", question with { Buttons = 2 })).Write(Occasion.ToConfirm, WhatsApp, "en", SpecimenFacts.All).Unusable.ShouldBeNull();
        VoiceOf(At("other")).Write(Occasion.Shipped, WhatsApp, "en", SpecimenFacts.All).Unusable.ShouldBeNull("nobody has read what it holds");
    }

    [Fact]
    public void A_message_whose_text_is_paused_goes_by_mail_without_a_call()
    {
        var texts = At("wa", Text("order_confirmed", "PAUSED"));
        var story = new OrderStory { Voice = new Voice(Sample.Terms, TemplateBook.Shipped, texts) }.Reported();
        story.Planned<MessageEffect.Send>().Select(m => m.To).ShouldBe(["asha@example.com"]);
        story.Happened<MessageEvent.FellBack>().Single().Why.ShouldBe("the text order_confirmed in en is PAUSED there");
        story.Notes.ShouldContain(n => n.Contains("The whatsapp message did not get through: the text order_confirmed in en is PAUSED there."));
    }

    [Theory]
    [InlineData("pt-BR", "pt")]
    [InlineData("mr-IN", "hi")]
    [InlineData("de", "en")]
    [InlineData(null, "en")]
    [InlineData("", "en")]
    [InlineData("id_ID", "en")]
    public void A_reader_gets_the_nearest_language_that_the_brand_writes_in(string? locale, string language)
    {
        var brand = Sample.Terms with { Voice = new() { Languages = ["en", "hi", "pt"], Fallback = new Dictionary<string, string> { ["mr"] = "hi", ["aa"] = "bb", ["bb"] = "aa" } } };
        var book = TemplateBook.Shipped.With([MessageTemplate.Read(Occasion.Shipped, "pt", Good)]);
        book.For(Occasion.Shipped, locale, brand).Language.ShouldBe(language);
        book.For(Occasion.Shipped, "aa", brand).Language.ShouldBe("en", "a ring of fallbacks ends");
    }

    [Fact]
    public void Every_occasion_is_shipped_in_three_languages_with_one_set_of_gaps_each()
    {
        foreach (var occasion in Occasions.All)
        {
            var all = ((string[])["en", "hi", "id"]).Select(language => TemplateBook.Shipped.Find(occasion, language).ShouldNotBeNull($"{occasion} in {language}")).ToList();
            var expected = Occasions.IsOfAnOrder(occasion) ? LegalClass.Transactional : LegalClass.Marketing;
            all.ShouldAllBe(t => t.Class == expected);
            all.Select(t => (t.HeldName, t.ParameterCount)).Distinct().Count().ShouldBe(1, $"Meta knows {occasion} by one name");
        }
    }

    [Fact]
    public void The_brand_signs_in_the_readers_language()
    {
        var brand = Sample.Terms with { Voice = new() { SignOff = new Dictionary<string, string> { ["hi"] = "आपकी टीम", [""] = "Your team" }, Sender = "Aurora care", Support = "help@aurora.example" } };
        var voice = new Voice(brand, TemplateBook.Shipped);
        voice.Write(Occasion.Confirmed, Mail, "hi-IN", SpecimenFacts.All).ShouldSatisfyAllConditions(w => w.Text.ShouldContain("आपकी टीम\nकोई सवाल हो तो: help@aurora.example"), w => w.Sender.ShouldBe("Aurora care"));
        voice.Write(Occasion.Confirmed, Mail, "id", SpecimenFacts.All).Text.ShouldEndWith("Your team\nAda pertanyaan? help@aurora.example");
    }
}
