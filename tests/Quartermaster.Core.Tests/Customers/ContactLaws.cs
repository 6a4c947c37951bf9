using FsCheck;
using FsCheck.Fluent;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Tests.Customers;

/// <summary>What holds for every contact point, whatever is heard of it, however often and in whatever order.</summary>
public sealed class ContactLaws
{
    private static readonly Signal[] World =
    [
        new ContactSignal.Wrote("sms", "STOP", "m1", Hour(1)), new ContactSignal.Wrote("sms", "start", "m2", Hour(2)), new ContactSignal.Wrote("sms", "where is it?", "m3", Hour(3)),
        new ContactSignal.Wrote("whatsapp", "berhenti", null, Hour(4)), new ContactSignal.Wrote("email", "", null, Hour(4)), new ContactSignal.OptedOut("sms", "keyword", Hour(3)), new ContactSignal.OptedIn("sms", "form", Hour(3)),
        new ContactSignal.OptedOut("email", "link", Hour(1)), new ContactSignal.OptedOut("email", "link", Hour(5), Extent.All), new ContactSignal.OptedIn("email", "box", Hour(4)),
        new ContactSignal.Bounced("email", true, "550", Hour(2)), new ContactSignal.Bounced("email", false, "full", Hour(2)), new ContactSignal.Complained("email", "abuse", Hour(3)),
        new ContactSignal.Tired("whatsapp", "enough", Hour(3)), new ContactSignal.Tired("whatsapp", "enough", Hour(5)),
        new ContactSignal.SuppressAsked("sms", Extent.Marketing, "asked by phone", "ann"), new ContactSignal.SuppressAsked("sms", Extent.All, "lawyer's letter", "ann"), new ContactSignal.LiftAsked("email", "mended", "ann"), new ContactSignal.LiftAsked("sms", "mended", "ann"),
        new ContactSignal.PreferenceTold("email", "page", Hour(1)), new ContactSignal.PreferenceTold("sms", "page", Hour(4)), new ContactSignal.PreferenceTold(null, "phone", Hour(4), "ann"), new ContactSignal.Wrote("sms", "by whatsapp", "m4", Hour(2)),
        new CaseSettled("wrote/sms", "answered", "ann"), new ContactSignal.AnswerFound("sms", "m3", "order/1", "It is on its way."),
        new ContactSignal.Wrote("whatsapp", "is it with somebody?", "m5", Hour(1)), new ContactSignal.AnswerAsked("whatsapp", "With your neighbour.", "a1", "ann"), new ContactSignal.AnswerAsked("whatsapp", "With your neighbour.", "a2", "bob", "we_have_news", "en"),
        new EffectSettled(Given("a1"), "message.answer.v1", new Connecting.Outcome.Done("W1")), new EffectSettled(Given("a2"), "message.answer.v1", new Connecting.Outcome.Refused("131026", "unreachable")),
        new EffectSettled(Key, "message.answer.v1", new Connecting.Outcome.Done("SM1")), new EffectSettled(Key, "message.answer.v1", new Connecting.Outcome.Refused("30003", "unreachable")),
    ];

    private static string Key => ContactDecider.AnswerKey(ContactTests.At().Stream, "sms", "m3");

    private static string Given(string id) => ContactDecider.AnswerKey(ContactTests.At().Stream, "whatsapp", ContactDecider.ByPerson(id));

    private static readonly Arbitrary<int[]> Days = (from list in Gen.Choose(0, World.Length - 1).ListOf() select list.ToArray()).ToArbitrary();

    [Fact]
    public void Saying_it_again_adds_nothing() => Prop.ForAll(Days, day => Play(day, (signal, turn) =>
    {
        var again = Decide(turn.State, signal);
        again.Events.ShouldBeEmpty();
        again.Cases.ShouldBeEmpty();
    })).QuickCheckThrowOnFailure();

    /// <summary>The newest word of a channel is theirs: a yes after their last no opens it, a no after their last yes closes it.</summary>
    [Fact]
    public void What_they_said_last_holds() => Prop.ForAll(Days, day =>
    {
        object state = Contact.Unheard;
        DateTimeOffset? no = null, yes = null;
        foreach (var i in day)
        {
            state = Decide(state, World[i]).State;
            switch (World[i])
            {
                case ContactSignal.Wrote { Channel: "sms", Text: "STOP" } w: no = Later(no, w.At); break;
                case ContactSignal.OptedOut { Channel: "sms" } o: no = Later(no, o.At); break;
                case ContactSignal.Wrote { Channel: "sms", Text: "start" } w: yes = Later(yes, w.At); break;
                case ContactSignal.OptedIn { Channel: "sms" } o: yes = Later(yes, o.At); break;
            }
            (((Contact)state).At("sms").Find(Cause.OptOut) is not null).ShouldBe(no is not null && !(yes > no));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_nobody_has_answered_is_in_a_case_that_is_open() => Prop.ForAll(Days, day =>
    {
        HashSet<string> open = [];
        object state = Contact.Unheard;
        foreach (var i in day)
        {
            // As the machine does with every case that a person has dealt with.
            if (World[i] is CaseSettled settled) open.Remove(settled.Key);
            var turn = Decide(state, World[i]);
            state = turn.State;
            foreach (var change in turn.Cases) _ = change is CaseChange.Opened ? open.Add(change.Key) : open.Remove(change.Key);
            foreach (var text in ((Contact)state).Waiting ?? []) open.ShouldContain(ContactDecider.WroteCase(text.Channel));
        }
    }).QuickCheckThrowOnFailure();

    private static DateTimeOffset Hour(int hour) => ContactTests.T.AddHours(hour);

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset other) => one > other ? one : other;

    private static void Play(int[] day, Action<Signal, Turn> look)
    {
        object state = Contact.Unheard;
        foreach (var i in day)
        {
            var turn = Decide(state, World[i]);
            state = turn.State;
            look(World[i], turn);
        }
    }

    private static Turn Decide(object state, Signal signal) => new ContactStream().Decide(state, signal, ContactTests.At());
}
