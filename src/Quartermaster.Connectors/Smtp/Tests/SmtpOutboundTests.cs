using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.Smtp.Tests;

public sealed class SmtpOutboundTests
{
    internal static readonly MessageEffect.Send Shipped = new("5600000000001", Occasion.Shipped, "zoe@example.com", "Zoë Ås", "de", "order_shipped", ["#1001"],
        "Unwegs: Bestellung #1001 – danke, Zoë", "Hallo Zoë,\n\n.eine Zeile, die mit einem Punkt beginnt, und a=b. ");

    private readonly Session session = new RemoteScript().Session("mail", ("from", "Aurora <orders@aurora.example>"));

    [Fact]
    public void A_message_becomes_the_approved_mail()
    {
        var mail = SmtpOutbound.Mail(session, "order/1/msg/shipped", Shipped);
        Encoding.ASCII.GetString(mail.Content.Span).ReplaceLineEndings("\n")
            .ShouldBe(Fixture.Text("Smtp", "order_shipped.eml").Replace("<KEY@aurora.example>", mail.MessageId, StringComparison.Ordinal));
        mail.Sender.ShouldBe("orders@aurora.example");
        mail.Recipients.ShouldBe(["zoe@example.com"]);
    }

    [Fact]
    public void Whoever_may_unsubscribe_can_do_it_with_one_click()
    {
        var address = "https://hub.example/unsubscribe/" + new string('a', 80);
        var mail = Encoding.ASCII.GetString(SmtpOutbound.Mail(session, "k", Shipped with { Unsubscribe = address }).Content.Span);
        mail.ShouldContain($"\r\nList-Unsubscribe: <{address}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
        Encoding.ASCII.GetString(SmtpOutbound.Mail(session, "k", Shipped).Content.Span).ShouldNotContain("Unsubscribe");
    }

    [Fact]
    public void Words_in_HTML_stand_beside_the_plain_ones()
    {
        var mail = Encoding.ASCII.GetString(SmtpOutbound.Mail(session, "k", Shipped with { Html = "<p>Hallo Zoë</p>" }).Content.Span);
        var boundary = mail.Split("boundary=\"")[1].Split('"')[0];
        var parts = mail.Split("--" + boundary);
        parts.Length.ShouldBe(4);
        parts[1].ShouldContain("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nHallo Zo=C3=AB,\r\n");
        parts[2].ShouldContain("Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Hallo Zo=C3=AB</p>\r\n");
        parts[3].ShouldBe("--\r\n");
        Quartermaster.Sandbox.Twins.MailText.Of(mail).Text.TrimEnd().ShouldEndWith("und a=b.");
    }

    [Fact]
    public void A_line_with_an_encoded_word_is_short_however_long_the_name()
    {
        var mail = Encoding.ASCII.GetString(SmtpOutbound.Mail(session, "k", Shipped with { ToName = "Zoë Ångström-Müller-Lüdenscheid-Größenwahn", Subject = new string('ü', 200) }).Content.Span);
        mail[..mail.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n").Where(line => line.Contains("=?", StringComparison.Ordinal)).ShouldAllBe(line => line.Length <= 76);
    }

    [Fact]
    public void Every_line_of_a_mail_ends_as_mail_lines_must() =>
        Encoding.ASCII.GetString(SmtpOutbound.Mail(session, "k", Shipped).Content.Span).Replace("\r\n", "", StringComparison.Ordinal).ShouldNotContain("\n");

    [Fact]
    public void The_Message_ID_is_the_same_at_every_attempt_and_no_other_messages()
    {
        string Of(Session session, string key) => SmtpOutbound.Mail(session, key, Shipped).MessageId;
        var id = Of(session, "order/1/msg/shipped");
        id.ShouldMatch("^<[0-9a-f]{32}@aurora\\.example>$");
        Of(session, "order/1/msg/shipped").ShouldBe(id);
        Of(session, "order/1/msg/delivered").ShouldNotBe(id);
        Of(session with { Brand = "borealis" }, "order/1/msg/shipped").ShouldNotBe(id);
    }

    [Theory]
    [InlineData("order/1/msg/shipped", "zoe@example.com")]
    [InlineData("contact/email:zoe@example.com/msg/answer/email/1", "zoe@example.com")]
    [InlineData("order/1/msg/shipped", "Zoe@Bücher.example")]
    public void The_Message_ID_names_the_message_to_whoever_has_the_hubs_secret_and_nobody_elses_is_believed(string key, string to)
    {
        var proving = session with { ProofOf = Proof("secret") };
        var mail = SmtpOutbound.Mail(proving, key, Shipped with { To = to });
        mail.MessageId.ShouldMatch(@"^<[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{22}@aurora\.example>$");
        MailMark.Read(proving, mail.MessageId, ["mara@aurora.example", mail.Recipients[0]]).ShouldNotBeNull().Key.ShouldBe(key);
        MailMark.Read(proving, mail.MessageId, [mail.Recipients[0]])!.Value.To.ToLowerInvariant().ShouldBe(to.ToLowerInvariant());
        MailMark.Read(proving, mail.MessageId, ["somebody@else.example"]).ShouldBeNull("it was written to another");
        MailMark.Read(session with { ProofOf = Proof("another") }, mail.MessageId, [mail.Recipients[0]]).ShouldBeNull();
        Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(mail.MessageId.AsSpan(1, mail.MessageId.IndexOf('.', StringComparison.Ordinal) - 1))).ShouldNotContain("example.com", Case.Insensitive, "an erasure would not find it there");
    }

    [Fact]
    public void A_Message_ID_that_would_tell_of_another_address_leads_nowhere()
    {
        var proving = session with { ProofOf = Proof("secret") };
        var id = SmtpOutbound.Mail(proving, "run/phone:+919810000123/msg/win_back/w1/0/email", Shipped).MessageId;
        id.ShouldMatch("^<[0-9a-f]{32}@");
        foreach (var broken in new[] { null, "", "<", "<>", "<x", "<x.y", id[..^3], "<" + new string('A', 40) + ">", "<!!." + new string('A', 22) + "@b>", "<QQ." + new string('é', 22) + "@b>" }) MailMark.Read(proving, broken, ["zoe@example.com"]).ShouldBeNull();
    }

    [Fact]
    public void Answers_and_what_cannot_be_delivered_go_where_they_are_read()
    {
        var heard = new RemoteScript().Session("mail", ("from", "Aurora <orders@aurora.example>"), ("reply_to", "care@in.aurora.example"), ("return_path", "bounces@in.aurora.example"));
        var mail = SmtpOutbound.Mail(heard, "order/1/msg/shipped", Shipped);
        mail.Sender.ShouldBe("bounces@in.aurora.example");
        Encoding.ASCII.GetString(mail.Content.Span).ShouldContain("From: \"Aurora\" <orders@aurora.example>\r\nReply-To: care@in.aurora.example\r\n");
        Encoding.ASCII.GetString(SmtpOutbound.Mail(heard, "purchase/PO-17/msg/letter", new MessageEffect.Letter("orders@mill.example", null, "PO-17", "24 x A")).Content.Span).ShouldNotContain("Reply-To", Case.Sensitive, "suppliers answer whoever buys");
    }

    private static Func<string, string> Proof(string secret) => what => System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(secret + what)).AsSpan(0, 16));

    [Fact]
    public void A_letter_goes_to_whom_it_names()
    {
        var mail = SmtpOutbound.Mail(session, "purchase/PO-17/msg/letter", new MessageEffect.Letter("orders@mill.example", "Surat Mill", "Purchase order PO-17", "24 x A"));
        mail.Recipients.ShouldBe(["orders@mill.example"]);
        Encoding.ASCII.GetString(mail.Content.Span).ShouldContain("Subject: Purchase order PO-17\r\n");
    }

    [Fact]
    public void An_answer_stands_below_the_mail_that_it_answers()
    {
        var mail = Encoding.ASCII.GetString(SmtpOutbound.Mail(session, "contact/email:asha@example.com/msg/answer/email/1", new MessageEffect.Answer("asha@example.com", "No.", "Re: My kurta", "<m1@example.com>")).Content.Span);
        foreach (var header in new[] { "Subject: Re: My kurta\r\n", "In-Reply-To: <m1@example.com>\r\n", "References: <m1@example.com>\r\n", "Auto-Submitted: auto-replied\r\n" }) mail.ShouldContain(header);
    }

    [Fact]
    public void An_alert_goes_to_every_operator()
    {
        var mail = SmtpOutbound.Mail(session, "alert/1", new MessageEffect.Alert("Lane stopped", "401", "https://hub.example/x", "critical"), "a@x.example, b@x.example");
        mail.Recipients.ShouldBe(["a@x.example", "b@x.example"]);
        Encoding.ASCII.GetString(mail.Content.Span).ShouldContain("Subject: [critical] Lane stopped\r\n");
    }

    [Theory]
    [InlineData("zoe@example.com", "zoe@example.com")]
    [InlineData("zoë@example.com", "zoë@example.com")]
    [InlineData("info@münchen.example", "info@xn--mnchen-3ya.example")]
    public void A_domain_travels_in_ASCII(string address, string envelope) => SmtpOutbound.Envelope(address).ShouldBe(envelope);

    [Theory]
    [InlineData("")]
    [InlineData("zoe")]
    [InlineData("@example.com")]
    [InlineData("zoe@")]
    [InlineData("a b@example.com")]
    [InlineData("a@example.com>\r\nRCPT TO:<b@example.com")]
    [InlineData("a@example.com,b@example.com")]
    [InlineData("a@.example")]
    public void What_is_no_address_never_reaches_the_server(string address) => Should.Throw<BadAddressException>(() => SmtpOutbound.Envelope(address));
}
