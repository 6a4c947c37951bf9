using System.Text;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.SendGrid.Tests;

/// <summary>What shoppers write by e-mail, as Inbound Parse posts it.</summary>
public sealed class SendGridMailTests
{
    private const string Key = "aSecretWordOfTwentyLetters1";
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private readonly SendGridConnector connector = new();

    [Fact]
    public void A_mail_is_what_its_sender_wrote_without_what_they_quote()
    {
        var mail = Form(("headers", "Received: by mx.sendgrid.net\r\nMessage-ID:\r\n <m1@example.com>\r\nSubject: My order"), ("from", "Asha Rao <Asha@Example.com>"), ("subject", "My order"),
            ("text", "Where is my order 1001?\r\n\r\nOn Sat, 21 Nov 2026 at 10:00, Aurora <orders@aurora.example> wrote:\r\n> Your order is on its way"), ("charsets", """{"text":"UTF-8"}"""));
        connector.Receive(Session(), Delivery(mail, "inbound/" + Key)).ShouldBeOfType<Knock.Take>().Topic.ShouldBe("mail");
        Read(mail).Signals.ShouldBe([new Forwarded(new("aurora", "contact", "email:asha@example.com"), new ContactSignal.Wrote("email", "Where is my order 1001?", "<m1@example.com>", At, "My order"))]);
    }

    [Fact]
    public void A_retry_with_another_boundary_is_the_same_mail()
    {
        (string, string)[] fields = [("headers", "Message-ID: <m1@example.com>"), ("from", "asha@example.com"), ("text", "Hello")];
        string Of(byte[] body) => connector.Receive(Session(), Delivery(body, "inbound/" + Key)).ShouldBeOfType<Knock.Take>().DeliveryId;
        Of(Form("xYz", fields)).ShouldBe(Of(Form("abc", fields)));
        Of(Form(("headers", "Message-ID: <m2@example.com>"), ("from", "asha@example.com"), ("text", "Hello"))).ShouldNotBe(Of(Form(fields)));
    }

    [Fact]
    public void Only_who_knows_the_key_may_post_and_where_mail_is_signed_the_key_is_not_enough()
    {
        var mail = Form(("from", "asha@example.com"), ("text", "Hello"));
        foreach (var path in new[] { "inbound", "inbound/", "inbound/" + Key[..^1] + "2", "inbound/x" }) connector.Receive(Session(), Delivery(mail, path)).ShouldBe(Knock.Refuse, path);
        connector.Receive(new RemoteScript().Session("mail"), Delivery(mail, "inbound/")).ShouldBe(Knock.Refuse, "no key is set");
        connector.Receive(new RemoteScript().Session("mail", ("inbound_key", Key), ("inbound_public_key", "MFkw")), Delivery(mail, "inbound/" + Key)).ShouldBe(Knock.Refuse);
    }

    [Fact]
    public void Who_has_neither_key_nor_signature_is_known_before_the_mail_is_read()
    {
        var may = connector.Manifest.LargeBodies.ShouldNotBeNull();
        bool MayBe(Session session, string path, params (string Name, string Value)[] headers) =>
            may.MayBeTheirs(session.Settings, new("POST", path, "", name => headers.FirstOrDefault(h => h.Name == name).Value, default, At));
        MayBe(Session(), "inbound/" + Key).ShouldBeTrue();
        foreach (var path in new[] { "inbound", "inbound/", "inbound/x" }) MayBe(Session(), path).ShouldBeFalse(path);
        var signed = new RemoteScript().Session("mail", ("inbound_key", Key), ("inbound_public_key", "MFkw"));
        (string, string) timestamp = ("X-Twilio-Email-Event-Webhook-Timestamp", "1"), signature = ("X-Twilio-Email-Event-Webhook-Signature", "AA==");
        MayBe(signed, "inbound/" + Key, timestamp, signature).ShouldBeTrue("only the body tells more");
        MayBe(signed, "inbound/" + Key, timestamp).ShouldBeFalse();
        MayBe(signed, "inbound/" + Key, signature).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Auto-Submitted: auto-replied", "a machine")]
    [InlineData("Precedence: bulk", "a machine")]
    [InlineData("Return-Path: <>", "a machine")]
    [InlineData("Content-Type: multipart/report; report-type=disposition-notification; boundary=x", "a mail system")]
    [InlineData("Auto-Submitted: no", null)]
    public void What_machines_write_is_answered_by_nobody(string header, string? ignored)
    {
        var reading = Read(Form(("headers", header), ("from", "asha@example.com"), ("text", "I am away")));
        reading.Signals.Count.ShouldBe(ignored is null ? 1 : 0);
        if (ignored is not null) reading.Note!.ShouldContain(ignored);
    }

    [Fact]
    public void What_is_sent_from_nobody_is_answered_by_nobody() =>
        Read(Form(("from", "asha@example.com"), ("envelope", """{"to":["care@in.aurora.example"],"from":""}"""), ("text", "I am away"))).Signals.ShouldBeEmpty();

    [Theory]
    [InlineData("{@example.com : pass}", false)]
    [InlineData("{@other.example : pass, @example.com : fail}", true)]
    [InlineData("none", true)]
    public void A_yes_under_a_name_that_anybody_could_type_takes_no_earlier_no_back(string dkim, bool unsure)
    {
        var told = Read(Form(("from", "asha@example.com"), ("dkim", dkim), ("text", "subscribe"))).Signals.ShouldHaveSingleItem().Signal;
        (told is ContactSignal.OptedIn { Unsure: true }).ShouldBe(unsure);
        Read(Form(("from", "asha@example.com"), ("dkim", dkim), ("text", "unsubscribe"))).Signals.ShouldHaveSingleItem().Signal.ShouldBeOfType<ContactSignal.Wrote>();
    }

    [Fact]
    public void Spam_is_shown_to_nobody() =>
        Read(Form(("from", "asha@example.com"), ("text", "Cheap!"), ("spam_score", "7.2"))).Signals.ShouldBeEmpty();

    [Fact]
    public void A_mail_of_HTML_alone_is_read_as_text_and_one_of_another_alphabet_in_that()
    {
        TextOf(Form(("from", "asha@example.com"), ("html", "<html><head><style>p{}</style></head><body><p>Hello&nbsp;there,</p><p>where is it?</p></body></html>"))).ShouldBe("Hello there,\nwhere is it?");
        var body = Encoding.Latin1.GetBytes(Encoding.UTF8.GetString(Form(("from", "zoe@example.com"), ("charsets", """{"text":"iso-8859-1"}"""), ("text", "Zoë fragt"))));
        TextOf(body).ShouldBe("Zoë fragt");
        TextOf(Form(("from", "asha@example.com"), ("subject", "unsubscribe"), ("text", " "))).ShouldBe("unsubscribe", "the subject is all that was said");
    }

    [Theory]
    [InlineData("")]
    [InlineData("--")]
    [InlineData("{}")]
    [InlineData("--x\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nFrom: a@b.example\r\n--x--\r\n")]
    public void What_is_no_such_form_becomes_a_case(string body) =>
        Should.Throw<NotUnderstoodException>(() => Read(Encoding.UTF8.GetBytes(body))).CaseKind.ShouldBe("sendgrid.not_a_mail");

    [Fact]
    public void An_attachment_says_nothing()
    {
        var body = Encoding.UTF8.GetBytes("--b\r\nContent-Disposition: form-data; name=\"from\"\r\n\r\nasha@example.com\r\n--b\r\nContent-Disposition: form-data; name=\"text\"; filename=\"text\"\r\nContent-Type: text/plain\r\n\r\nattached\r\n--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nwritten\r\n--b--\r\n");
        TextOf(body).ShouldBe("written\n\n(Attached, and not kept: text (1 kB))");
    }

    [Fact]
    public void Of_what_is_attached_names_and_sizes_are_kept_and_of_a_letter_what_somebody_could_write()
    {
        var photo = new byte[3_400_000];
        new Random(7).NextBytes(photo);
        byte[] mail = [.. Encoding.UTF8.GetBytes("--b\r\nContent-Disposition: form-data; name=\"from\"\r\n\r\nasha@example.com\r\n--b\r\nContent-Disposition: form-data; name=\"html\"\r\n\r\n<p>Broken</p>" + new string('x', 900_000)
            + "\r\n--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nIt came broken, see the photo.\r\n--b\r\nContent-Disposition: form-data; name=\"attachment1\"; filename=\"photo.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"), .. photo,
            .. Encoding.UTF8.GetBytes("\r\n--b\r\nContent-Disposition: form-data; name=\"attachment2\"; filename=\"logo.png\"\r\nContent-Type: image/png\r\n\r\n" + new string('p', 5000) + "\r\n--b--\r\n")];
        var kept = connector.Receive(Session(), Delivery(mail, "inbound/" + Key)).ShouldBeOfType<Knock.Take>().Keep.ShouldNotBeNull();
        kept.Length.ShouldBeLessThan(270_000);
        foreach (var body in new[] { mail, kept.ToArray() }) TextOf(body).ShouldBe("It came broken, see the photo.\n\n(Attached, and not kept: photo.jpg (3.4 MB))");
        SendGridForm.Kept(kept, isReport: false)!.Value.ToArray().ShouldBe(kept.ToArray(), "what was kept is not cut again");
    }

    [Fact]
    public void A_word_that_is_done_at_once_is_done_whatever_is_attached()
    {
        var body = Encoding.UTF8.GetBytes("--b\r\nContent-Disposition: form-data; name=\"from\"\r\n\r\nasha@example.com\r\n--b\r\nContent-Disposition: form-data; name=\"attachment1\"; filename=\"a.pdf\"\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nunsubscribe\r\n--b--\r\n");
        TextOf(body).ShouldBe("unsubscribe");
    }

    private string TextOf(byte[] body) => Read(body).Signals.ShouldHaveSingleItem().Signal.ShouldBeOfType<ContactSignal.Wrote>().Text;

    private Reading Read(byte[] body) => connector.Read(Session(), "mail", body, At);

    private static Session Session() => new RemoteScript().Session("mail", ("inbound_key", Key));

    private static Delivery Delivery(byte[] body, string path) => new("POST", path, "", _ => null, body, At);

    private static byte[] Form(params (string Name, string Value)[] fields) => Form("b", fields);

    private static byte[] Form(string boundary, (string Name, string Value)[] fields) =>
        Encoding.UTF8.GetBytes(string.Concat(fields.Select(f => $"--{boundary}\r\nContent-Disposition: form-data; name=\"{f.Name}\"\r\n\r\n{f.Value}\r\n")) + $"--{boundary}--\r\n");
}
