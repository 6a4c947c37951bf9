using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Core.Tests.Customers;

public sealed class ContactTests
{
    internal static readonly DateTimeOffset T = Sample.Monday;

    private readonly List<Turn> turns = [];
    private Contact contact = Contact.Unheard;

    [Fact]
    public void Stop_on_a_phone_stops_everything_there_and_the_words_are_kept_as_proof()
    {
        Hear(new ContactSignal.Wrote("sms", " Stop! ", "SM1", T));
        turns[0].Events.ShouldBe([new ContactEvent.Closed("sms", Cause.OptOut, Extent.All, "wrote “Stop!”", T)]);
        turns[0].Cases.ShouldBeEmpty();
        contact.At("sms").Strongest!.What.ShouldBe(Extent.All);
        contact.At("whatsapp").Strongest.ShouldBeNull("they said it of text messages");
    }

    [Fact]
    public void An_unsubscribed_e_mail_address_still_hears_of_its_orders()
    {
        Hear(new ContactSignal.OptedOut("email", "one-click", T));
        contact.At("email").Strongest!.What.ShouldBe(Extent.Marketing);
    }

    [Fact]
    public void The_newer_word_holds_whatever_order_they_come_in_and_of_two_of_one_instant_the_no()
    {
        var (no, yes) = (new ContactSignal.OptedOut("sms", "STOP", T), new ContactSignal.OptedIn("sms", "START", T.AddHours(1)));
        foreach (ContactSignal[] day in (ContactSignal[][])[[no, yes], [yes, no], [no, yes, no], [yes, no, yes]])
        {
            contact = Contact.Unheard;
            Hear(day);
            contact.At("sms").Strongest.ShouldBeNull();
            contact.At("sms").YesAt.ShouldBe(T.AddHours(1));
        }
        foreach (ContactSignal[] day in (ContactSignal[][])[[no, yes with { At = T }], [yes with { At = T }, no]])
        {
            contact = Contact.Unheard;
            Hear(day);
            contact.At("sms").Strongest.ShouldNotBeNull();
        }
    }

    [Fact]
    public void Who_said_no_is_not_written_to_because_one_of_us_wants_it()
    {
        Hear(new ContactSignal.OptedOut("sms", "STOP", T), new ContactSignal.LiftAsked("sms", "called us", "ann"));
        contact.At("sms").Strongest!.Cause.ShouldBe(Cause.OptOut);
        turns[^1].Note.ShouldBe("They said it themselves, and only they can take it back.");
    }

    [Fact]
    public void What_can_be_answered_is_answered_once_and_the_case_closes_when_the_answer_has_gone_out()
    {
        var found = new ContactSignal.AnswerFound("whatsapp", "w1", "order/1", "It is on its way.");
        Hear(new ContactSignal.Wrote("whatsapp", "where is my order?", "w1", T), found, found);
        var sent = turns[1].Effects.ShouldHaveSingleItem();
        sent.Effect.ShouldBe(new MessageEffect.Answer("+919800000001", "It is on its way."));
        turns[2].Events.ShouldBeEmpty("it is being answered");
        contact.Waiting.ShouldHaveSingleItem("a person sees it until the answer has gone out");
        Hear(new EffectSettled(sent.Key, "message.answer.v1", new Outcome.Done("wamid.1")));
        contact.Waiting.ShouldBeNull();
        turns[^1].Cases.ShouldBe([new CaseChange.Closed("wrote/whatsapp")]);
    }

    [Fact]
    public void Who_asks_again_at_once_or_writes_something_else_meanwhile_is_read_by_a_person()
    {
        Hear(new ContactSignal.Wrote("whatsapp", "where is my order?", "w1", T), new ContactSignal.AnswerFound("whatsapp", "w1", "order/1", "It is on its way."));
        Hear(new ContactSignal.Wrote("whatsapp", "and cancel it", "w2", T.AddMinutes(1)), new EffectSettled(turns[1].Effects[0].Key, "message.answer.v1", new Outcome.Done("wamid.1")));
        turns[^1].Cases.ShouldBeEmpty();
        contact.Waiting.ShouldHaveSingleItem().Text.ShouldBe("and cancel it");
        Hear(new CaseSettled("wrote/whatsapp", "done", "ann"), new ContactSignal.Wrote("whatsapp", "where is my order?", "w3", T.AddMinutes(2)), new ContactSignal.AnswerFound("whatsapp", "w3", "order/1", "It is on its way."));
        turns[^1].ShouldSatisfyAllConditions(t => t.Effects.ShouldBeEmpty(), t => t.Note.ShouldBe("They were answered a short while ago, and ask again: a person reads it."));
    }

    [Fact]
    public void An_answer_that_did_not_get_through_or_may_not_be_given_is_a_persons()
    {
        Hear(new ContactSignal.Wrote("whatsapp", "where is my order?", "w1", T), new ContactSignal.AnswerFound("whatsapp", "w0", "order/1", "x"));
        turns[^1].Effects.ShouldBeEmpty("it answers something else");
        Hear(new ContactSignal.AnswerFound("whatsapp", "w1", "order/1", "It is on its way."));
        var refused = new EffectSettled(turns[^1].Effects.ShouldHaveSingleItem().Key, "message.answer.v1", new Outcome.Refused("131026", "not on WhatsApp"));
        Hear(refused, refused);
        turns[^2].Cases.ShouldHaveSingleItem().ShouldBeOfType<CaseChange.Opened>().Detail.ShouldContain("not on WhatsApp");
        turns[^1].Cases.ShouldBeEmpty();
        contact = Contact.Unheard;
        Hear(new ContactSignal.Wrote("whatsapp", "STOP", "w1", T), new ContactSignal.Wrote("whatsapp", "where is my order?", "w2", T), new ContactSignal.AnswerFound("whatsapp", "w2", "order/1", "x"));
        turns[^1].Effects.ShouldBeEmpty("they want nothing by that channel");
    }

    [Fact]
    public void One_of_us_answers_in_their_own_words_once_and_the_case_closes_when_the_channel_has_taken_it()
    {
        var answer = new ContactSignal.AnswerAsked("whatsapp", "It is with your neighbour.", "a1", "ann");
        Hear(new ContactSignal.Wrote("whatsapp", "is it with somebody?", "w1", T), answer, answer);
        var sent = turns[1].Effects.ShouldHaveSingleItem();
        (sent.Connection, sent.Effect, sent.NotAfter).ShouldBe(("wa", new MessageEffect.Answer("+919800000001", "It is with your neighbour."), T.AddHours(24)));
        (turns[2].Events.Count, turns[2].Effects.Count).ShouldBe((0, 0));
        contact.Waiting.ShouldHaveSingleItem("a person sees it until the answer has gone out");
        Hear(new EffectSettled(sent.Key, "message.answer.v1", new Outcome.Done("wamid.1")), new EffectSettled(sent.Key, "message.answer.v1", new Outcome.Done("wamid.1")));
        turns[^2].Cases.ShouldBe([new CaseChange.Closed("wrote/whatsapp")]);
        (contact.Waiting, contact.Given, turns[^1].Events.Count).ShouldBe((null, null, 0));
    }

    [Fact]
    public void An_answer_deals_with_what_had_been_read_by_then_and_with_nothing_that_came_meanwhile()
    {
        Hear(new ContactSignal.Wrote("whatsapp", "is it with a neighbour?", "w1", T), new ContactSignal.Wrote("whatsapp", "I want to cancel it", "w2", T.AddMinutes(3)),
            new ContactSignal.AnswerAsked("whatsapp", "It is next door.", "a1", "ann", Seen: T));
        Hear(new EffectSettled(turns[^1].Effects.Single().Key, "message.answer.v1", new Outcome.Done("wamid.1")));
        turns[^1].Cases.ShouldBeEmpty("somebody has to read the second one");
        contact.Waiting!.Select(w => w.Text).ShouldBe(["I want to cancel it"]);
    }

    [Fact]
    public void An_answer_of_ours_that_does_not_get_through_opens_the_case_again_and_another_can_be_given()
    {
        Hear(new ContactSignal.Wrote("whatsapp", "hello?", "w1", T), new ContactSignal.AnswerAsked("whatsapp", "Hello!", "a1", "ann"));
        var refused = new EffectSettled(turns[^1].Effects.Single().Key, "message.answer.v1", new Outcome.Refused("131047", "outside the window"));
        Hear(refused, refused);
        turns[^2].Cases.ShouldHaveSingleItem().ShouldBeOfType<CaseChange.Opened>().Detail.ShouldContain("outside the window");
        turns[^1].Cases.ShouldBeEmpty();
        Hear(new ContactSignal.AnswerAsked("whatsapp", "Hello again!", "a2", "ann"));
        Hear(new EffectSettled(turns[^1].Effects.Single().Key, "message.answer.v1", new Outcome.Done("wamid.2")));
        contact.Waiting.ShouldBeNull();
    }

    [Fact]
    public void A_day_after_they_wrote_whatsapp_takes_only_a_text_that_meta_has_approved()
    {
        Hear(new ContactSignal.Wrote("whatsapp", "hello?", "w1", T.AddHours(-23)));
        Hear(new ContactSignal.AnswerAsked("whatsapp", "Hello!", "a1", "ann"));
        turns[^1].ShouldSatisfyAllConditions(t => t.Effects.ShouldBeEmpty("25 hours have passed"), t => t.Note!.ShouldContain("24 hours"));
        Hear(new ContactSignal.AnswerAsked("whatsapp", "Hello!", "a2", "ann", "we_have_news", "en"));
        turns[^1].Effects.ShouldHaveSingleItem().Effect.ShouldBe(new MessageEffect.Answer("+919800000001", "Hello!", Template: "we_have_news", Language: "en"));
        Hear(new ContactSignal.Wrote("whatsapp", "STOP", "w2", T), new ContactSignal.AnswerAsked("whatsapp", "Hello!", "a3", "ann", "we_have_news", "en"), new ContactSignal.AnswerAsked("sms", "Hello!", "a4", "ann"));
        turns[^2].Effects.ShouldBeEmpty("they want nothing by it");
        turns[^1].Effects.ShouldBeEmpty("the brand has no such channel");
    }

    [Fact]
    public void A_mail_is_answered_below_itself()
    {
        var situation = At() with { Stream = ContactPoint.Of("email", "asha@example.com").On("aurora") };
        var kind = new ContactStream();
        var wrote = kind.Decide(contact, new ContactSignal.Wrote("email", "Does it shrink?", "<m1@example.com>", T, "My kurta"), situation);
        var answered = kind.Decide(wrote.State, new ContactSignal.AnswerAsked("email", "No.", "a1", "ann"), situation);
        answered.Effects.ShouldHaveSingleItem().Effect.ShouldBe(new MessageEffect.Answer("asha@example.com", "No.", "Re: My kurta", "<m1@example.com>"));
        var forged = kind.Decide(contact, new ContactSignal.Wrote("email", "Does it shrink?", "<m1@x>\r\nBcc: all@example.com", T, "Re: My kurta"), situation);
        kind.Decide(forged.State, new ContactSignal.AnswerAsked("email", "No.", "a1", "ann"), situation).Effects.Single().Effect.ShouldBe(new MessageEffect.Answer("asha@example.com", "No.", "Re: My kurta"));
        kind.Decide(contact, new ContactSignal.AnswerAsked("email", "News.", "a1", "ann"), situation).Effects.Single().Effect.ShouldBe(new MessageEffect.Answer("asha@example.com", "News.", "Aurora"), "nobody wrote first");
    }

    [Fact]
    public void An_address_that_nobody_has_is_opened_by_a_person_and_old_news_does_not_close_it_again()
    {
        var bounce = new ContactSignal.Bounced("email", true, "550 no such user", T);
        Hear(bounce, new ContactSignal.OptedIn("email", "box at the checkout", T.AddMinutes(1)));
        contact.At("email").Strongest!.Cause.ShouldBe(Cause.Bounce, "consent makes no mailbox");
        Hear(new ContactSignal.LiftAsked("email", "they mended it", "ann"), bounce);
        contact.At("email").Strongest.ShouldBeNull();
        Hear(bounce with { At = T.AddYears(1) });
        contact.At("email").Strongest.ShouldNotBeNull();
    }

    [Fact]
    public void A_mailbox_that_is_full_is_written_to_again()
    {
        Hear(new ContactSignal.Bounced("email", false, "mailbox full", T));
        turns[0].Events.ShouldBeEmpty();
        turns[0].Note!.ShouldContain("mailbox full");
    }

    [Fact]
    public void What_they_write_waits_for_a_person_until_somebody_has_dealt_with_it()
    {
        Hear(new ContactSignal.Wrote("whatsapp", "where is my order?", "m1", T), new ContactSignal.Wrote("whatsapp", "hello??", "m2", T.AddHours(1)));
        turns[1].Cases.Single().ShouldBeOfType<CaseChange.Opened>().ShouldSatisfyAllConditions(
            c => c.Kind.ShouldBe(ContactDecider.WroteKind), c => c.Detail.ShouldBe("where is my order?\n\nhello??"));
        Closing.IsByHand(ContactDecider.WroteKind).ShouldBeTrue();
        var settled = new ContactStream().Decide(contact, new CaseSettled(ContactDecider.WroteCase("whatsapp"), "answered", "ann"), At());
        ((Contact)settled.State).Waiting.ShouldBeNull();
        contact = (Contact)settled.State;
        Hear(new ContactSignal.Wrote("whatsapp", "hello??", "m2", T.AddHours(1)));
        turns[^1].Events.ShouldBeEmpty("it was answered");
    }

    [Fact]
    public void Who_names_a_channel_is_written_to_there_first_until_they_say_something_else()
    {
        Hear(new ContactSignal.Wrote("sms", "By e-mail, please!", "m1", T));
        turns[0].Cases.ShouldBeEmpty("nobody has to read it");
        contact.Prefers.ShouldBe(new Preference("email", T));
        Hear(new ContactSignal.PreferenceTold("whatsapp", "on the phone", T.AddHours(1), "ann"), new ContactSignal.PreferenceTold("sms", "came late", T.AddMinutes(1)));
        contact.Prefers!.Channel.ShouldBe("whatsapp", "the newer word holds");
        Hear(new ContactSignal.PreferenceTold(null, "they do not mind", T.AddHours(2), "ann"), new ContactSignal.PreferenceTold("pigeon", "typed", T.AddHours(3)));
        contact.Prefers.ShouldBe(new Preference(null, T.AddHours(2)));
    }

    [Fact]
    public void To_want_a_channel_does_not_take_back_a_no_to_it()
    {
        Hear(new ContactSignal.OptedOut("sms", "STOP", T), new ContactSignal.PreferenceTold("sms", "on the page", T.AddHours(1)));
        contact.At("sms").Strongest.ShouldNotBeNull();
        turns[^1].Note!.ShouldContain("stays closed");
    }

    [Theory]
    [InlineData("व्हाट्सऐप पर", "whatsapp")]
    [InlineData("lewat SMS", "sms")]
    [InlineData("I wrote you an e-mail", null)]
    [InlineData("e-mail is broken", null)]
    public void A_wish_for_a_channel_is_the_whole_text_or_none(string text, string? channel) => ChannelWords.Read(text).ShouldBe(channel);

    [Theory]
    [InlineData("email", " Ana@Example.COM ", "contact/email:ana@example.com")]
    [InlineData("whatsapp", "919800000001", "contact/phone:+919800000001")]
    [InlineData("sms", "+91 98000-00001", "contact/phone:+919800000001")]
    public void A_contact_point_is_one_whoever_writes_it(string channel, string address, string key) =>
        ContactPoint.Of(channel, address).On("aurora").Key.ShouldBe(key);

    [Fact]
    public void An_address_of_any_length_is_found_under_what_its_key_holds()
    {
        var point = ContactPoint.Of("email", new string('a', 400) + "@example.com");
        var stream = point.On("aurora");
        ContactPoint.Parse(StreamId.Parse("aurora", stream.Key).Id).ShouldBe(point);
        point.On("aurora").Key.ShouldBe(stream.Key);
    }

    private void Hear(params Signal[] signals)
    {
        var kind = new ContactStream();
        foreach (var signal in signals)
        {
            var turn = kind.Decide(contact, signal, At());
            contact = (Contact)kind.Load(kind.Save(turn.State));
            turns.Add(turn);
        }
    }

    internal static Situation At() => Sample.At(T.AddHours(2)) with { Stream = ContactPoint.Of("sms", "+919800000001").On("aurora") };
}
