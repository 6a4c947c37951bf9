using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.SendGrid.Tests;

public sealed class SendGridOutboundTests
{
    internal static readonly MessageEffect.Send Shipped = new("5600000000001", Occasion.Shipped, "asha@example.com", "Asha", "en", "order_shipped", ["#1001"],
        "Your order #1001\r\nis on its way", "Hello Asha,\n\nyour parcel <1> left.\nTrack it: https://track.example/?a=1&b=2.");

    private static readonly Settings Settings = new(new Dictionary<string, string> { ["from_email"] = "orders@aurora.example", ["from_name"] = "Aurora" });

    [Fact]
    public void A_message_becomes_the_approved_request() =>
        Encoding.UTF8.GetString(SendGridOutbound.Body(Settings, "order/5600000000001/msg/shipped/p1", Shipped).Span)
            .ShouldBeApproved("SendGrid", "order_shipped.request.json");

    [Fact]
    public void Whoever_may_unsubscribe_can_do_it_with_one_click()
    {
        using var body = JsonDocument.Parse(SendGridOutbound.Body(Settings, "k", Shipped with { Unsubscribe = "https://hub.example/unsubscribe/abc" }));
        body.RootElement.GetProperty("headers").GetRawText().ShouldBe("""{"List-Unsubscribe":"<https://hub.example/unsubscribe/abc>","List-Unsubscribe-Post":"List-Unsubscribe=One-Click"}""");
        OpenApiContract.Require("sendgrid/tsg_mail_v3.json").Request("post", "/v3/mail/send", body.RootElement.GetRawText()).ShouldBeEmpty();
    }

    [Fact]
    public void An_answer_stands_below_the_mail_that_it_answers_and_is_answered_where_somebody_reads()
    {
        Settings settings = new(new Dictionary<string, string> { ["from_email"] = "orders@aurora.example", ["reply_to"] = "care@in.aurora.example" });
        using var body = JsonDocument.Parse(SendGridOutbound.Body(settings, "contact/email:asha@example.com/msg/answer/email/1", new MessageEffect.Answer("asha@example.com", "No.", "Re: My kurta", "<m1@example.com>")));
        body.RootElement.GetProperty("subject").GetString().ShouldBe("Re: My kurta");
        body.RootElement.GetProperty("headers").GetRawText().ShouldBe("""{"In-Reply-To":"<m1@example.com>","References":"<m1@example.com>","Auto-Submitted":"auto-replied"}""");
        body.RootElement.GetProperty("reply_to").GetProperty("email").GetString().ShouldBe("care@in.aurora.example");
        OpenApiContract.Require("sendgrid/tsg_mail_v3.json").Request("post", "/v3/mail/send", body.RootElement.GetRawText()).ShouldBeEmpty();
    }

    [Fact]
    public void An_alert_goes_to_every_operator_and_carries_its_link()
    {
        var alert = new MessageEffect.Alert("Lane stopped", "Shopify answers 401.", "https://hub.example/connections/shop", "critical");
        using var body = JsonDocument.Parse(SendGridOutbound.Body(Settings, "alert/1", alert, "ops@aurora.example, lead@aurora.example"));
        body.RootElement.GetProperty("personalizations")[0].GetProperty("to").EnumerateArray().Select(t => t.GetProperty("email").GetString())
            .ShouldBe(["ops@aurora.example", "lead@aurora.example"]);
        body.RootElement.GetProperty("subject").GetString().ShouldBe("[critical] Lane stopped");
        body.RootElement.GetProperty("content")[1].GetProperty("value").GetString()!.ShouldContain("<a href=\"https://hub.example/connections/shop\">");
    }

    [Fact]
    public void A_letter_goes_to_whom_it_names()
    {
        var letter = new MessageEffect.Letter("orders@mill.example", "Surat Mill", "Purchase order PO-17", "please deliver\n\n24 x A");
        using var body = JsonDocument.Parse(SendGridOutbound.Body(Settings, "purchase/PO-17/msg/letter", letter));
        body.RootElement.GetProperty("personalizations")[0].GetProperty("to")[0].GetProperty("email").GetString().ShouldBe("orders@mill.example");
        body.RootElement.GetProperty("subject").GetString().ShouldBe("Purchase order PO-17");
        body.RootElement.GetProperty("content")[0].GetProperty("value").GetString().ShouldBe(letter.Text);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")]
    [InlineData("https://a.example/\"onmouseover=x", "<p><a href=\"https://a.example/&quot;onmouseover=x\">https://a.example/&quot;onmouseover=x</a></p>")]
    [InlineData("javascript:alert(1)", "<p>javascript:alert(1)</p>")]
    public void A_shoppers_words_stay_words_in_HTML(string text, string expected) => SendGridOutbound.Html(text).ShouldContain(expected);
}
