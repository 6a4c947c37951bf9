using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Core.Tests.Messages;

public sealed class TemplateTests
{
    private static readonly BrandTerms Brand = Sample.Terms;

    private static string Write(string source, MessageFacts? facts = null, string language = "en", Occasion occasion = Occasion.Shipped, bool asHtml = false) =>
        Template.Read(source, occasion, Wording.Of(language)).Write(new(facts ?? SpecimenFacts.All, Wording.Of(language), Brand.Title, "The team", null), asHtml);

    private static string[] Wrong(string source, Occasion occasion = Occasion.Shipped, string language = "en") =>
        [.. Should.Throw<TemplateException>(() => Template.Read(source, occasion, Wording.Of(language))).Problems.Select(p => p.ToString())];

    [Fact]
    public void Gaps_are_filled_with_what_is_known() =>
        Write("{{name}}: {{number}} by {{ carrier }} ({{tracking}}), {{total}}{{#if expected}}, {{expected}}{{/if}}", occasion: Occasion.Delayed).ShouldBe("Asha Rao: #1042 by Delhivery (1490812345678), ₹4,150.00, Tuesday, 24 November");

    [Fact]
    public void A_list_takes_a_line_for_each_item_and_no_line_for_its_tags() =>
        Write("Inside:\n{{#if items}}\n{{#each items}}\n- {{quantity}} x {{title}}\n{{/each}}\n{{/if}}\nBye").ShouldBe("Inside:\n- 1 x Handloom cotton kurta, indigo\n- 2 x Block-print stole\nBye");

    [Fact]
    public void What_is_not_known_is_left_out_with_its_sentence()
    {
        const string Text = "Sent.{{#if city}} It goes to {{city}}.{{else}} It goes home.{{/if}}";
        Write(Text).ShouldBe("Sent. It goes to Bengaluru.");
        Write(Text, SpecimenFacts.Least).ShouldBe("Sent. It goes home.");
    }

    [Theory]
    [InlineData("en", 1, "\"item\" \"items\"", "1 item")]
    [InlineData("en", 0, "\"item\" \"items\"", "items")]
    [InlineData("en", 3, "\"item\" \"items\"", "3 items")]
    [InlineData("hi", 1, "\"वस्तु\" \"वस्तुएँ\"", "1 वस्तु")]
    [InlineData("hi", 2, "\"वस्तु\" \"वस्तुएँ\"", "2 वस्तुएँ")]
    [InlineData("id", 2, "\"barang\"", "2 barang")]
    public void A_noun_stands_in_the_form_of_its_number(string language, int count, string forms, string expected)
    {
        var facts = SpecimenFacts.All with { Items = count == 0 ? [] : [new("Mug", count)] };
        Write($"{{{{#if items}}}}{{{{item_count}}}} {{{{plural item_count {forms}}}}}{{{{else}}}}items{{{{/if}}}}", facts, language).ShouldBe(expected);
    }

    [Fact]
    public void A_line_break_in_a_name_is_none_of_ours() =>
        Write("Hello {{name}}!", SpecimenFacts.All with { Name = " Asha\r\nRao\t" }).ShouldBe("Hello Asha Rao!");

    [Fact]
    public void A_shopper_without_a_name_is_addressed_all_the_same()
    {
        Write("Hello {{name}},", SpecimenFacts.Least).ShouldBe("Hello there,");
        Write("नमस्ते {{name}},", SpecimenFacts.Least with { Name = " " }, "hi").ShouldBe("नमस्ते ग्राहक,");
    }

    [Fact]
    public void In_html_a_name_is_text_and_not_markup() =>
        Write("<b>{{name}}</b>", SpecimenFacts.All with { Name = "<script>" }, asHtml: true).ShouldBe("<b>&lt;script&gt;</b>");

    [Theory]
    [InlineData("Hello {{nmae}}", "line 1: there is no fact 'nmae'.")]
    [InlineData("Hello\n\n{{city}}", "line 3: 'city' is not always known: put it inside {{#if city}} … {{/if}}.")]
    [InlineData("{{#if city}}{{tracking_link}}{{/if}}", "line 1: 'tracking_link' is not always known: put it inside {{#if tracking_link}} … {{/if}}.")]
    [InlineData("{{#if city}}x{{else}}{{city}}{{/if}}", "line 1: 'city' is not always known: put it inside {{#if city}} … {{/if}}.")]
    [InlineData("{{title}}", "line 1: 'title' is known of an item only: put it inside {{#each items}} … {{/each}}.")]
    [InlineData("{{due}}", "line 1: 'due' is never known when a message of the occasion shipped is written.")]
    [InlineData("{{items}}", "line 1: 'items' is a list: write {{#each items}} … {{/each}}.")]
    [InlineData("{{#each items}}x{{/each}}", "line 1: an order may have no items left: put the list inside {{#if items}} … {{/if}}.")]
    [InlineData("{{#each parcels}}x{{/each}}", "line 1: '{{#each parcels}}': only items can be gone through.")]
    [InlineData("{{plural total \"a\" \"b\"}}", "line 1: 'total' is no number of things; plural takes item_count or quantity.")]
    [InlineData("{{#if items}}{{plural item_count \"item\"}}{{/if}}", "line 1: plural has 1 form; this language takes 2.")]
    [InlineData("a\n{{#if city}}b", "line 2: '{{#if}}' is never closed by '{{/if}}'.")]
    [InlineData("{{/if}}", "line 1: '{{/if}}' ends nothing that is open.")]
    [InlineData("{{else}}", "line 1: '{{else}}' ends nothing that is open.")]
    [InlineData("a\n\n{{number", "line 3: '{{' is never closed by '}}'.")]
    [InlineData("{{}}", "line 1: '{{}}' is not understood. Write {{fact}}, {{#if fact}}, {{#each items}} or {{plural fact \"one\" \"many\"}}.")]
    public void What_could_leave_a_blank_is_refused_with_its_line(string source, string problem) => Wrong(source).ShouldBe([problem]);

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once() => Wrong("{{one}}\n{{two}}").Length.ShouldBe(2);

    // Property: whatever is typed either is refused or never throws while it is written.
    [Fact]
    public void Whatever_is_taken_can_be_written_with_the_least_and_with_all()
    {
        string[] pieces = ["{{", "}}", "{{#if city}}", "{{/if}}", "{{else}}", "{{name}}", "{{city}}", "{{#each items}}", "{{/each}}", "{{title}}", "{{#if items}}", "{{item_count}}", "\n", "x", "{{plural quantity \"a\" \"b\"}}", "{{link}}", "{{#if link}}"];
        var random = new Random(4);
        var taken = 0;
        for (var run = 0; run < 20_000; run++)
        {
            var source = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)]));
            Template template;
            try { template = Template.Read(source, Occasion.Shipped, Wording.Of("en")); }
            catch (TemplateException) { continue; }
            taken++;
            foreach (var facts in (MessageFacts[])[SpecimenFacts.All, SpecimenFacts.Least, SpecimenFacts.All with { City = null }, SpecimenFacts.Least with { City = "Pune" }])
                template.Write(new(facts, Wording.Of("en"), "Brand", "Bye", null)).ShouldNotContain("{{");
        }
        taken.ShouldBeGreaterThan(500);
    }
}
