using FsCheck;
using FsCheck.Fluent;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Outcome = Quartermaster.Core.Connecting.Outcome;

namespace Quartermaster.Core.Tests.Dispatching;

/// <summary>The list with which a day ends: it goes out once, and a label is free again only when the carrier does not have it.</summary>
public sealed class DispatchTests
{
    private static readonly PostalAddress Dock = new("Ann", "Aurora", "1 Dock Road", null, "Bengaluru", "KA", "560100", "IN", "+919845034567", null);
    private static readonly DispatchList List = new("BLR.20260302.1", "aurora.BLR.20260302.1", "post", "BLR", new(2026, 3, 2), Sample.Monday, Dock, [new("aurora.1.1", "L1", "T1", "ground", 500), new("aurora.2.1", "L2", "T2", "ground", 700)]);
    private static readonly DispatchSignal.Asked Asked = new(List, "mara");

    private readonly DispatchStream kind = new();
    private object state = Dispatch.Unknown;

    private Dispatch Now => (Dispatch)state;

    [Fact]
    public void A_list_goes_out_once_however_often_it_is_asked_for()
    {
        var planned = Say(Asked).Effects.Single();
        (planned.Key, planned.Connection, planned.Effect).ShouldBe(("dispatch/BLR.20260302.1/close", "post", new DispatchEffect.Close(List)));
        var again = Say(Asked);
        (again.Effects.Count, again.Events.Count, again.Requests.Count).ShouldBe((0, 0, 0));
    }

    [Fact]
    public void What_the_carrier_left_out_is_a_case_and_free_for_the_next_list()
    {
        Say(Asked);
        var closed = Say(new DispatchSignal.Closed("M-7", "paper:dispatch/x", [new("L2", "void")]));
        var told = closed.Cases.OfType<CaseChange.Opened>().Single();
        told.Kind.ShouldBe("dispatch.left_out");
        told.Detail.ShouldContain("T2 (void)");
        Now.Free().Select(f => (f.Label.LabelId, f.Why)).ShouldBe([("L2", "void")]);
        (Now.State, Now.RemoteId, Now.Document).ShouldBe((DispatchState.Done, "M-7", "paper:dispatch/x"));
    }

    [Fact]
    public void A_refusal_frees_every_label_and_is_a_case()
    {
        Say(Asked);
        Say(Settled(new Outcome.Refused("closed", "The depot is closed."))).Cases.OfType<CaseChange.Opened>().Single().ShouldSatisfyAllConditions(c => c.Kind.ShouldBe("dispatch.turned_down"), c => c.Detail.ShouldContain("The depot is closed."));
        Now.Free().Count().ShouldBe(2);
        Say(Settled(new Outcome.Refused("closed", "again"))).Events.ShouldBeEmpty();
    }

    [Fact]
    public void The_outcome_comes_before_the_carriers_own_word_or_after_it()
    {
        Say(Asked);
        Say(Settled(new Outcome.Done("M-7"))).Cases.OfType<CaseChange.Opened>().ShouldBeEmpty();
        Say(new DispatchSignal.Closed("M-7", "https://post/m7.pdf", [new("L1", "late")]));
        (Now.Document, Now.LeftOut!.Count).ShouldBe(("https://post/m7.pdf", 1));
        Say(new DispatchSignal.Closed("M-8", null, [])).Events.ShouldBeEmpty();
        Say(Settled(new Outcome.Done("M-9"))).Events.ShouldBeEmpty();
        Now.RemoteId.ShouldBe("M-7");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_outcome_that_nobody_knows_keeps_its_labels(bool unsure)
    {
        Say(Asked);
        Say(Settled(unsure ? new Outcome.Unsure("lost") : new Outcome.NotConnected("no"))).Events.ShouldBeEmpty();
        Now.Free().ShouldBeEmpty();
    }

    [Fact]
    public void A_carrier_that_has_the_list_after_all_gets_its_labels_back()
    {
        Say(Asked);
        Say(Settled(new Outcome.Refused(Outcome.Refused.ByPerson, "mara gave it up")));
        Say(new DispatchSignal.Closed("M-7", null, [])).Cases.OfType<CaseChange.Closed>().Single().Key.ShouldBe("turned_down");
        Now.State.ShouldBe(DispatchState.Done);
        Now.Free().ShouldBeEmpty();
    }

    [Fact]
    public void However_signals_repeat_and_come_late_the_list_is_sent_once_and_the_last_word_stands()
    {
        Signal[] all = [Asked, new DispatchSignal.Closed("M-7", null, []), new DispatchSignal.Closed("M-7", null, [new("L1", "void")]), Settled(new Outcome.Done("M-7")), Settled(new Outcome.Refused("no", "no")), Settled(new Outcome.Unsure("lost"))];
        Prop.ForAll(Gen.ListOf(Gen.Choose(0, all.Length - 1)).ToArbitrary(), order =>
        {
            state = Dispatch.Unknown;
            var sent = 0;
            foreach (var i in order)
            {
                sent += Say(all[i]).Effects.Count;
                Say(all[i]).Events.ShouldBeEmpty("said twice, it changes nothing");
            }
            sent.ShouldBeLessThanOrEqualTo(1);
            if (Now.Told) Now.State.ShouldBe(DispatchState.Done);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_reference_fits_into_the_shortest_field_among_carriers()
    {
        DispatchList.ReferenceOf("aurora", "BLR.20260302.1").ShouldBe("aurora.BLR.20260302.1");
        DispatchList.ReferenceOf("a-brand-with-a-very-long-name", "A-LONG-LOCATION.20260302.1").Length.ShouldBe(Consignment.LongestReference);
    }

    private static EffectSettled Settled(Outcome outcome) => new("dispatch/BLR.20260302.1/close", "dispatch.close.v1", outcome);

    private Turn Say(Signal signal)
    {
        var turn = kind.Decide(state, signal, new(new("aurora", "dispatch", "BLR.20260302.1"), Sample.Monday, Sample.Terms));
        // As the machine does between two signals.
        state = kind.Load(kind.Save(turn.State));
        return turn;
    }
}
