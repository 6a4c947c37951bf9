using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.WhatsApp.Tests;

public sealed class WhatsAppOutboundTests
{
    [Fact]
    public void An_answer_goes_out_in_its_own_words()
    {
        using var body = System.Text.Json.JsonDocument.Parse(WhatsAppOutbound.Body(Settings.Empty, "contact/phone:+919820000001/msg/answer/whatsapp/1", new MessageEffect.Answer("+919820000001", "It is on its way.\nFollow it here")));
        var root = body.RootElement;
        (root.GetProperty("type").GetString(), root.GetProperty("to").GetString(), root.GetProperty("text").GetProperty("body").GetString(), root.GetProperty("biz_opaque_callback_data").GetString())
            .ShouldBe(("text", "+919820000001", "It is on its way.\nFollow it here", "contact/phone:+919820000001/msg/answer/whatsapp/1"));
        using var tooLong = System.Text.Json.JsonDocument.Parse(WhatsAppOutbound.Body(Settings.Empty, "k", new MessageEffect.Answer("+919820000001", new string('x', 5000))));
        tooLong.RootElement.GetProperty("text").GetProperty("body").GetString()!.Length.ShouldBe(4096);
    }

    [Fact]
    public void An_answer_that_comes_too_late_for_words_of_our_own_goes_into_the_gap_of_an_approved_text()
    {
        using var body = JsonDocument.Parse(WhatsAppOutbound.Body(Settings.Empty, "k", new MessageEffect.Answer("+919820000001", "It is on its way.\nSorry!", Template: "we_have_news", Language: "pt-br")));
        var template = body.RootElement.GetProperty("template");
        (template.GetProperty("name").GetString(), template.GetProperty("language").GetProperty("code").GetString(), template.GetProperty("components")[0].GetProperty("parameters")[0].GetProperty("text").GetString())
            .ShouldBe(("we_have_news", "pt_BR", "It is on its way. Sorry!"));
        body.RootElement.GetProperty("biz_opaque_callback_data").GetString().ShouldBe("k");
    }

    [Fact]
    public void A_message_becomes_the_approved_request() =>
        Encoding.UTF8.GetString(WhatsAppOutbound.Body(Settings.Empty, "order/5600000000001/msg/shipped/p1", Shipped(["#1001", "Zoë & Søn", "", "two\nlines"])).Span)
            .ShouldBeApproved("WhatsApp", "order_shipped.request.json");

    [Fact]
    public void A_question_has_a_button_for_each_answer_that_carries_it_back()
    {
        using var body = JsonDocument.Parse(WhatsAppOutbound.Body(Settings.Empty, "order/7/msg/to_confirm/whatsapp", Shipped(["#1001"]) with { Buttons = ["confirmed", "declined"] }));
        var components = body.RootElement.GetProperty("template").GetProperty("components");
        components.EnumerateArray().Select(c => c.GetProperty("type").GetString()).ShouldBe(["body", "button", "button"]);
        components[2].GetRawText().ShouldBe($$$"""{"type":"button","sub_type":"quick_reply","index":"1","parameters":[{"type":"payload","payload":"{{{WhatsAppButtons.Payload(Settings.Empty, "declined", "order/7/msg/to_confirm/whatsapp")}}}"}]}""");
    }

    [Fact]
    public void A_template_without_parameters_has_no_components()
    {
        using var body = JsonDocument.Parse(WhatsAppOutbound.Body(Settings.Empty, "k", Shipped([])));
        body.RootElement.GetProperty("template").TryGetProperty("components", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(null, "en", "en")]
    [InlineData("en=en_US, pt=pt_BR", "pt", "pt_BR")]
    [InlineData("en=en_US,pt=pt_BR", "EN", "en_US")]
    [InlineData("en=en_US", "de", "de")]
    [InlineData("nonsense", "en", "en")]
    public void The_language_is_called_as_the_templates_were_made(string? languages, string language, string expected) =>
        WhatsAppOutbound.LanguageCode(languages, language).ShouldBe(expected);

    [Theory]
    [InlineData("a\tb", "a b")]
    [InlineData("a      b", "a b")]
    [InlineData("  \n ", "-")]
    [InlineData("a    b", "a    b")]
    public void A_parameter_that_Meta_would_refuse_is_made_acceptable(string given, string sent)
    {
        using var body = JsonDocument.Parse(WhatsAppOutbound.Body(Settings.Empty, "k", Shipped([given])));
        body.RootElement.GetProperty("template").GetProperty("components")[0].GetProperty("parameters")[0].GetProperty("text").GetString().ShouldBe(sent);
    }

    internal static MessageEffect.Send Shipped(IReadOnlyList<string> parameters) =>
        new("5600000000001", Occasion.Shipped, "+919810000123", "Asha", "en", "order_shipped", parameters, "Your order #1001 is on its way", "It is on its way.");
}
