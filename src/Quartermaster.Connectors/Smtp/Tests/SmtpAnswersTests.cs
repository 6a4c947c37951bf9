using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Smtp.Tests;

public sealed class SmtpAnswersTests
{
    [Theory]
    [InlineData(nameof(SmtpStage.Content), 250, "2.0.0 queued as 1", "Done <id>")]
    [InlineData(nameof(SmtpStage.Content), 451, "4.3.0 disk full", "TryLater")]
    [InlineData(nameof(SmtpStage.Content), 421, "shutting down", "TryLater")]
    [InlineData(nameof(SmtpStage.Content), 552, "5.3.4 too large", "Refused 5.3.4")]
    [InlineData(nameof(SmtpStage.Content), 554, "spam", "Refused 554")]
    [InlineData(nameof(SmtpStage.Recipient), 550, "5.1.1 no such user", "Refused 5.1.1")]
    [InlineData(nameof(SmtpStage.Recipient), 550, "no such user", "Refused 550")]
    [InlineData(nameof(SmtpStage.Recipient), 550, "5.x.1 odd", "Refused 550")]
    [InlineData(nameof(SmtpStage.Recipient), 450, "4.2.0 greylisted", "TryLater")]
    [InlineData(nameof(SmtpStage.Recipient), 530, "5.7.0 log in first", "NotConnected")]
    [InlineData(nameof(SmtpStage.Sender), 550, "5.7.1 not your address", "NotConnected")]
    [InlineData(nameof(SmtpStage.Sender), 553, "5.7.1 not your address", "NotConnected")]
    [InlineData(nameof(SmtpStage.Sender), 552, "5.3.4 too large", "Refused 5.3.4")]
    [InlineData(nameof(SmtpStage.Sender), 452, "4.3.1 full", "TryLater")]
    [InlineData(nameof(SmtpStage.DataCommand), 554, "no valid recipients", "Refused 554")]
    [InlineData(nameof(SmtpStage.DataCommand), 250, "ok?", "TryLater")]
    [InlineData(nameof(SmtpStage.Login), 535, "5.7.8 wrong password", "NotConnected")]
    [InlineData(nameof(SmtpStage.Login), 454, "4.7.0 later", "TryLater")]
    [InlineData(nameof(SmtpStage.Login), 334, "", "NotConnected")]
    [InlineData(nameof(SmtpStage.Greeting), 554, "go away", "NotConnected")]
    [InlineData(nameof(SmtpStage.Greeting), 421, "busy", "TryLater")]
    [InlineData(nameof(SmtpStage.Encryption), 454, "TLS not available", "TryLater")]
    [InlineData(nameof(SmtpStage.Hello), 550, "bad name", "NotConnected")]
    public void A_reply_means_what_its_place_makes_of_it(string stage, int code, string text, string expected) =>
        SmtpAnswers.Judge(Enum.Parse<SmtpStage>(stage), new SmtpReply(code, text), "<id>").ShouldBeNamed(expected);

    [Theory]
    [InlineData("5.1.1 no such user", true)]
    [InlineData("5.1.2 no such domain", true)]
    [InlineData("5.1.10 takes no mail", true)]
    [InlineData("5.1.8 your domain does not exist", false)]
    [InlineData("5.2.2 mailbox full", false)]
    [InlineData("5.7.1 not wanted", false)]
    [InlineData("no such user", false)]
    public void An_address_that_nobody_has_is_told_from_one_that_does_not_want_it(string text, bool nobody) =>
        SmtpAnswers.NobodyIsThere(SmtpAnswers.Judge(SmtpStage.Recipient, new SmtpReply(550, text), "<id>")).ShouldBe(nobody ? "550 " + text : null);

    [Fact]
    public void A_break_after_the_last_dot_is_the_only_doubt()
    {
        SmtpAnswers.Broken(contentSent: true, "reset").ShouldBeOfType<Outcome.Unsure>();
        SmtpAnswers.Broken(contentSent: false, "reset").ShouldBeOfType<Outcome.TryLater>();
    }

    [Theory]
    [InlineData("250-SIZE 100", 250, true, "SIZE 100")]
    [InlineData("250 ok", 250, false, "ok")]
    [InlineData("354", 354, false, "")]
    public void A_line_is_three_digits_and_more(string line, int code, bool more, string text) => SmtpReply.ParseLine(line).ShouldBe((code, more, text));

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request")]
    [InlineData("25")]
    [InlineData("250x")]
    [InlineData("999 no")]
    [InlineData("")]
    public void Another_protocol_is_recognised_as_one(string line) => Should.Throw<InvalidDataException>(() => SmtpReply.ParseLine(line));
}
