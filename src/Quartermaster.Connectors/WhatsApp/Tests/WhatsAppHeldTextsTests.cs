using System.Text;

namespace Quartermaster.Connectors.WhatsApp.Tests;

public sealed class WhatsAppHeldTextsTests
{
    // The shape is the contract's example of GET /{WABA-ID}/message_templates.
    private const string Page = """
        {"data":[
          {"category":"UTILITY","components":[{"type":"HEADER","format":"TEXT","text":"Hi"},{"type":"BODY","text":"{{2}}, order {{1}} is on its way. {{1}}!"},{"type":"FOOTER","text":"bye"}],"id":"1","language":"en_US","name":"order_shipped","status":"APPROVED","quality_score":{"score":"GREEN"}},
          {"category":"MARKETING","components":[{"type":"BODY","text":"plain"}],"language":"pt_BR","name":"order_plain","status":"SOMETHING_NEW","quality_score":{"score":"UNKNOWN"}},
          null, {"language":"en","status":"APPROVED"}],
         "paging":{"cursors":{"before":"a","after":"b"},"next":"https://graph.facebook.com/next"}}
        """;

    [Fact]
    public void A_page_is_read_in_our_words_and_a_gap_that_stands_twice_counts_once()
    {
        var (texts, after) = WhatsAppHeldTexts.Read(Encoding.UTF8.GetBytes(Page), "en=en_US,hi=hi_IN");
        after.ShouldBe("b");
        texts.ShouldBe(
        [
            new("order_shipped", "en", "APPROVED", "UTILITY", "GREEN", "{{2}}, order {{1}} is on its way. {{1}}!", 2),
            new("order_plain", "pt-br", "SOMETHING_NEW", "MARKETING", null, "plain", 0),
        ]);
    }

    [Theory]
    [InlineData("""{"type":"HEADER","format":"TEXT","text":"Hi {{1}}"}""", 1, 0)]
    [InlineData("""{"type":"HEADER","format":"IMAGE"}""", 1, 0)]
    [InlineData("""{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"Yes"},{"type":"QUICK_REPLY","text":"No"},{"type":"URL","url":"https://shop.example/"}]}""", 0, 2)]
    [InlineData("""{"type":"BUTTONS","buttons":[{"type":"URL","url":"https://shop.example/{{1}}"}]}""", 1, 0)]
    [InlineData("""{"type":"BUTTONS","buttons":[{"type":"COPY_CODE"}, null]}""", 1, 0)]
    [InlineData("""{"type":"BODY","text":"Hi {{first_name}}"}""", 1, 0)]
    public void Gaps_that_we_never_fill_and_buttons_for_answers_are_counted(string component, int others, int buttons)
    {
        var (texts, _) = WhatsAppHeldTexts.Read(Encoding.UTF8.GetBytes($$"""{"data":[{"components":[{{component}}],"language":"en","name":"order_to_confirm","status":"APPROVED"}]}"""), null);
        texts.ShouldHaveSingleItem().ShouldSatisfyAllConditions(t => t.Others.ShouldBe(others), t => t.Buttons.ShouldBe(buttons), t => t.Parameters.ShouldBe(0));
    }

    [Fact]
    public void The_last_page_has_a_cursor_and_no_next() =>
        WhatsAppHeldTexts.Read("""{"data":[],"paging":{"cursors":{"before":"a","after":"b"}}}"""u8, null).After.ShouldBeNull();

    [Fact]
    public void What_is_no_list_is_said() => Should.Throw<HttpRequestException>(() => WhatsAppHeldTexts.Read("<html>"u8, null)).Message.ShouldStartWith("Meta's list of texts cannot be read");

    [Theory]
    [InlineData(null, "en", "en")]
    [InlineData(null, "pt-br", "pt_BR")]
    [InlineData("en=en_US", "en", "en_US")]
    [InlineData("en=en_US", "pt-br", "pt_BR")]
    public void A_language_goes_out_in_Metas_form(string? setting, string language, string code) => WhatsAppOutbound.LanguageCode(setting, language).ShouldBe(code);
}
