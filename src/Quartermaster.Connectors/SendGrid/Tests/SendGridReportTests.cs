using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.SendGrid.Tests;

/// <summary>What comes back of mail that went out by SMTP, as mail systems write it and Inbound Parse posts it.</summary>
public sealed class SendGridReportTests
{
    private const string Key = "aSecretWordOfTwentyLetters1", Message = "order/5600000000001/msg/shipped/p1", Daemon = "MAILER-DAEMON@mx.example";
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly StreamId Order = new("aurora", "order", "5600000000001"), Asha = new("aurora", "contact", "email:asha@example.com");
    private readonly SendGridConnector connector = new();
    private readonly Session session = new RemoteScript().Session("mail", ("inbound_key", Key)) with { ProofOf = what => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes("secret" + what)).AsSpan(0, 16)) };

    [Theory]
    [InlineData("5.1.1", true)]
    [InlineData("5.2.1", true)]
    [InlineData("5.0.0", true)]
    [InlineData("5.2.2", false)]
    [InlineData("5.7.1", false)]
    [InlineData("4.4.7", false)]
    public void A_mail_that_came_back_closes_the_address_where_nobody_has_it_and_the_next_channel_is_tried(string status, bool forGood) =>
        Read(Bounce(IdOf(Message), status)).Signals.ShouldBe(
        [
            new Forwarded(Order, new MessageSignal.NotDelivered(Message, "email", status, $"{status} 550 user unknown")),
            new Forwarded(Asha, new ContactSignal.Bounced("email", forGood, $"{status} 550 user unknown", At)),
        ]);

    [Fact]
    public void One_that_is_late_or_arrived_after_all_changes_nothing_and_says_so()
    {
        var late = Read(Bounce(IdOf(Message), "4.4.1", action: "delayed"));
        late.Signals.ShouldBeEmpty();
        late.Note.ShouldBe("asha@example.com: delayed (4.4.1 550 user unknown), which is no end.");
        Read(Bounce(IdOf(Message), "2.0.0", action: "delivered")).Signals.ShouldBeEmpty();
    }

    [Fact]
    public void It_is_found_by_whom_it_was_written_to_although_it_was_sent_on()
    {
        // Forwarded to another mailbox, which is the one that failed.
        var told = Read(Bounce(IdOf(Message), "5.1.1", final: "asha@elsewhere.example")).Signals;
        told.Select(s => s.To).ShouldBe([Order, Asha]);
    }

    [Fact]
    public void A_letter_to_a_supplier_that_came_back_is_the_orders_and_closes_no_shoppers_address()
    {
        const string letter = "purchase/PO-17/msg/letter";
        Read(Bounce(IdOf(letter), "5.1.1")).Signals.ShouldHaveSingleItem().ShouldBe(new Forwarded(new("aurora", "purchase", "PO-17"), new EffectSettled(letter, MessageReports.Letter, new Outcome.Refused("5.1.1", "5.1.1 550 user unknown"))));
    }

    [Theory]
    [InlineData("<invented@aurora.example>")]
    [InlineData("<b3JkZXIvMS9tc2cvc2hpcHBlZA.AAAAAAAAAAAAAAAAAAAAAA@aurora.example>")]
    public void A_report_that_anybody_could_have_written_closes_nobodys_address(string id)
    {
        var reading = Read(Bounce(id, "5.1.1"));
        reading.Signals.ShouldBeEmpty();
        reading.Note!.ShouldContain("nothing follows");
        // Another's mail, with the id of one of ours.
        Read(Bounce(MailMark.Of(session, Message, "mara@example.com", "orders@aurora.example"), "5.1.1")).Signals.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("mara@gmail.com")]
    [InlineData("mailer-daemon@gmail.com")]
    public void A_report_without_our_id_closes_nobodys_address_although_the_recipients_provider_signed_it(string from)
    {
        // A provider signs whatever each of its users sends.
        var bounce = Read(Bounce("<other-program@aurora.example>", "5.1.1", final: "victim@gmail.com", dkim: "{@gmail.com : pass}", from: from));
        bounce.Signals.ShouldBeEmpty();
        bounce.Note!.ShouldContain("nothing follows");
        foreach (var kind in (string[])["abuse", "opt-out"])
            Read(Complaint(kind, "Original-Rcpt-To: victim@gmail.com\r\n", "To: victim@gmail.com\r\n", "<other-program@aurora.example>", "{@gmail.com : pass}", from)).Signals.ShouldBeEmpty();
    }

    [Fact]
    public void A_complaint_closes_the_address_also_where_it_is_left_out_of_the_report()
    {
        Forwarded complained = new(Asha, new ContactSignal.Complained("email", "reported as spam (their mail provider)", At));
        Read(Complaint("abuse", "Original-Rcpt-To: asha@example.com\r\n", "To: redacted\r\n")).Signals.ShouldBe([complained]);
        Read(Complaint("abuse", "", "To: Asha <Asha@example.com>\r\n")).Signals.ShouldBe([complained]);
        Read(Complaint("abuse", "", "To: redacted@redacted.example\r\n")).Signals.ShouldBeEmpty("nobody knows whose it is");
        Read(Complaint("opt-out", "Original-Rcpt-To: asha@example.com\r\n", "")).Signals.ShouldBe([new Forwarded(Asha, new ContactSignal.OptedOut("email", "unsubscribed at their mail provider", At))]);
        Read(Complaint("not-spam", "Original-Rcpt-To: asha@example.com\r\n", "")).Signals.ShouldBeEmpty();
    }

    [Fact]
    public void A_report_is_nobodys_letter_whatever_stands_in_it()
    {
        Read(Form("multipart/report; report-type=delivery-status", "STOP", [])).Signals.ShouldBeEmpty();
        Read(Form("multipart/report; report-type=disposition-notification", "Your message was read", [("message/disposition-notification", "Final-Recipient: rfc822;asha@example.com\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n")])).Signals.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_kept_of_a_report_says_the_same_without_all_of_the_mail_that_came_back()
    {
        var whole = Bounce(IdOf(Message), "5.1.1", returned: new string('x', 2_000_000));
        var kept = connector.Receive(session, new Delivery("POST", "inbound/" + Key, "", _ => null, whole, At)).ShouldBeOfType<Knock.Take>().Keep.ShouldNotBeNull().ToArray();
        kept.Length.ShouldBeLessThan(80_000);
        Read(kept).Signals.ShouldBe(Read(whole).Signals);
        Read(kept).Signals.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("recipients")]
    [InlineData("addresses")]
    [InlineData("both")]
    [InlineData("one group")]
    [InlineData("folded")]
    public void A_report_of_ten_thousand_lines_is_read_at_once_and_asks_for_few_proofs(string what)
    {
        var recipients = what is "recipients" or "both" ? 10_000 : 1;
        var status = string.Concat(Enumerable.Range(0, recipients).Select(i => $"Final-Recipient: rfc822; r{i}@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no\r\n\r\n"));
        if (what == "one group") status = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"Original-Recipient: rfc822; r{i}@b.example\r\nFinal-Recipient: rfc822; s{i}@b.example\r\nAction: failed\r\n"));
        var headers = string.Concat(Enumerable.Range(0, what is "addresses" or "both" ? 10_000 : 1).Select(i => $"To: a{i}@b.example\r\n"));
        if (what == "folded") headers += "Subject: x\r\n" + string.Concat(Enumerable.Repeat(" " + new string('y', 200) + "\r\n", 10_000));
        // The form of an id is enough to be looked up.
        var body = Form("multipart/report; report-type=delivery-status", "", [("message/delivery-status", status), ("message/rfc822", $"{headers}Message-ID: <YWJj.{new string('A', 22)}@x>\r\n")]);
        var proofs = 0;
        var counting = session with { ProofOf = _ => ++proofs < 1000 ? new string('B', 22) : throw new InvalidOperationException("asked for too many proofs") };

        var since = System.Diagnostics.Stopwatch.GetTimestamp();
        var reading = connector.Read(counting, "mail", body, At);
        System.Diagnostics.Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        reading.Signals.ShouldBeEmpty();
        reading.Note!.Length.ShouldBeLessThan(4_000);
        proofs.ShouldBeInRange(2, 20);
    }

    [Fact]
    public void Of_a_report_with_any_number_of_attachments_the_first_few_are_kept()
    {
        var body = Form("multipart/report; report-type=delivery-status", "", [("message/delivery-status", "Final-Recipient: rfc822; asha@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"), ("message/rfc822", $"To: asha@example.com\r\nMessage-ID: {IdOf(Message)}\r\n"), .. Enumerable.Repeat(("text/plain", new string('x', 60_000)), 300)]);
        var kept = connector.Receive(session, new Delivery("POST", "inbound/" + Key, "", _ => null, body, At)).ShouldBeOfType<Knock.Take>().Keep.ShouldNotBeNull().ToArray();
        kept.Length.ShouldBeLessThan(300_000);
        Read(kept).Signals.Count.ShouldBe(2);
    }

    [Fact]
    public void Words_that_no_database_takes_are_written_in_another_way_and_long_ones_cut()
    {
        var note = Read(Bounce(IdOf(Message), "4.4.1", action: "fai\0led" + new string('x', 50_000), final: "as\0ha@example.com")).Note!;
        note.ShouldStartWith("nobody: fai\\u0000ledxxx");
        note.Length.ShouldBeLessThan(4_000);
        var bounced = Read(Bounce(IdOf(Message), "5.1.1", why: "user \0 unknown"));
        bounced.Signals.Select(s => s.Signal).OfType<ContactSignal.Bounced>().ShouldHaveSingleItem().Why.ShouldBe("5.1.1 550 user \\u0000 unknown");
        bounced.Note.ShouldNotBeNull().ShouldNotContain('\0');
        var complaint = Read(Complaint("ab\0use" + new string('y', 50_000), "", "")).Note!;
        complaint.ShouldStartWith("a report of the kind ab\\u0000usey");
        complaint.Length.ShouldBeLessThan(4_000);
    }

    private string IdOf(string key) => MailMark.Of(session, key, "asha@example.com", "orders@aurora.example");

    private Reading Read(byte[] body) => connector.Read(session, "mail", body, At);

    /// <summary>As Postfix writes it.</summary>
    private static byte[] Bounce(string id, string status, string action = "failed", string final = "asha@example.com", string dkim = "none", string returned = "", string from = Daemon, string why = "user unknown") =>
        Form("multipart/report; report-type=delivery-status;\r\n boundary=\"4C1.1/mx.example\"", "This is the mail system at host mx.example.\r\n\r\nI'm sorry to have to inform you that your message could not\r\nbe delivered.\r\n",
        [
            ("message/delivery-status", $"Reporting-MTA: dns; mx.example\r\nX-Postfix-Queue-ID: 4C1\r\nArrival-Date: Sat, 21 Nov 2026 11:59:00 +0000\r\n\r\nFinal-Recipient: rfc822; {final}\r\nAction: {action}\r\nStatus: {status}\r\nRemote-MTA: dns; mx2.example\r\nDiagnostic-Code: smtp; 550\r\n {why}\r\n"),
            ("message/rfc822", $"From: \"Aurora\" <orders@aurora.example>\r\nTo: Asha Rao\r\n <asha@example.com>\r\nSubject: On its way\r\nMessage-ID:\r\n {id}\r\n\r\nHello {returned}"),
        ], dkim, from);

    /// <summary>As providers' feedback loops write it.</summary>
    private byte[] Complaint(string kind, string recipient, string to, string? id = null, string dkim = "none", string from = Daemon) =>
        Form("multipart/report; report-type=feedback-report; boundary=\"f\"", "This is an email abuse report.\r\n",
        [
            ("message/feedback-report", $"Feedback-Type: {kind}\r\nUser-Agent: SomeGenerator/1.0\r\nVersion: 1\r\n{recipient}Original-Mail-From: <bounces@in.aurora.example>\r\n"),
            ("text/rfc822-headers", $"From: orders@aurora.example\r\n{to}Message-ID: {id ?? IdOf(Message)}\r\n"),
        ], dkim, from);

    private static byte[] Form(string type, string text, (string Type, string Content)[] attached, string dkim = "none", string from = Daemon)
    {
        (string Name, string Value)[] fields = [("headers", $"Received: by mx.sendgrid.net\r\nFrom: {from}\r\nContent-Type: {type}\r\nMessage-ID: <r1@mx.example>"), ("from", from), ("dkim", dkim), ("text", text)];
        var form = string.Concat(fields.Select(f => $"--b\r\nContent-Disposition: form-data; name=\"{f.Name}\"\r\n\r\n{f.Value}\r\n"))
            + string.Concat(attached.Select((a, i) => $"--b\r\nContent-Disposition: form-data; name=\"attachment{i + 1}\"\r\nContent-Type: {a.Type}\r\n\r\n{a.Content}\r\n"));
        return Encoding.UTF8.GetBytes(form + "--b--\r\n");
    }
}
