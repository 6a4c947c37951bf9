using Quartermaster.Core.Codes;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Tests.Codes;

public sealed class CodeDeciderTests
{
    private static readonly Part Mug = new("MUG", 1), Tea = new("TEA", 2);

    private readonly CodeStream kind = new();
    private readonly List<Turn> turns = [];
    private SoldCode code = SoldCode.Unheard;

    [Fact]
    public void What_is_said_of_a_channel_comes_before_what_is_said_of_all()
    {
        Hear(Said("", Mug), Said("woo", Tea));
        code.At("shop")!.Parts.ShouldBe([Mug]);
        code.At("woo")!.Parts.ShouldBe([Tea]);
    }

    [Fact]
    public void Undoing_brings_back_what_was_said_before_and_in_the_end_nothing()
    {
        Hear(Said("", Mug), Said("", Tea), Undo(2));
        code.At("shop")!.Parts.ShouldBe([Mug]);
        Kept().Parts.ShouldBe([Mug]);
        Hear(Undo(1));
        code.At("shop").ShouldBeNull();
        Kept().Parts.ShouldBeEmpty();
    }

    [Fact]
    public void A_second_undo_of_the_same_word_does_not_reach_the_one_before_it()
    {
        Hear(Said("", Mug), Said("", Tea), Undo(2), Undo(2));
        code.At("shop")!.Parts.ShouldBe([Mug]);
        turns[^1].Events.ShouldBeEmpty();
    }

    [Fact]
    public void Saying_it_again_changes_nothing()
    {
        foreach (CodeSignal signal in (CodeSignal[])[new CodeSignal.Met("X", "shop", "Mug"), Said("woo", Mug, Tea), Said("", Tea), Undo(2), Undo(1), new CodeSignal.NobodyWaits("X")])
        {
            Hear(signal, signal);
            turns[^1].Events.ShouldBeEmpty(signal.ToString());
            turns[^1].Requests.ShouldBeEmpty(signal.ToString());
        }
    }

    [Fact]
    public void One_case_asks_for_all_channels_until_the_last_of_them_is_answered()
    {
        Hear(new CodeSignal.Met("X", "shop", "Mug"), new CodeSignal.Met("X", "shop", "Mug"), new CodeSignal.Met("X", "woo", "Becher"));
        turns.SelectMany(t => t.Cases).OfType<CaseChange.Opened>().Select(c => (c.Key, c.Kind)).Distinct().ShouldBe([("unknown", "code.unknown")]);
        Hear(Said("shop", Mug));
        turns[^1].Cases.ShouldBeEmpty();
        Hear(Said("woo", Mug));
        turns[^1].Cases.ShouldBe([new CaseChange.Closed("unknown")]);
        code.Unknown.ShouldBeNull();
    }

    [Fact]
    public void A_word_for_all_channels_answers_all() =>
        Hear(new CodeSignal.Met("X", "shop", "Mug"), new CodeSignal.Met("X", "woo", "Becher"), Said("", Mug)).Cases.ShouldBe([new CaseChange.Closed("unknown")]);

    [Fact]
    public void A_code_that_no_order_waits_for_is_asked_about_no_more()
    {
        Hear(new CodeSignal.Met("X", "shop", "Mug"));
        Hear(new CodeSignal.NobodyWaits("X")).Cases.ShouldBe([new CaseChange.Closed("unknown")]);
        Hear(new CodeSignal.Met("X", "shop", "Mug")).Events.ShouldNotBeEmpty("the next order asks again");
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("MUG", 0)]
    [InlineData("MUG", 1001)]
    public void What_cannot_be_meant_is_not_taken(string sku, int units) => Hear(Said("", new Part(sku, units))).Events.ShouldBeEmpty();

    [Fact]
    public void A_sku_is_named_once_and_something_is_meant()
    {
        Hear(Said("", Mug, Mug)).Note.ShouldBe("Not taken: MUG is named twice; add its units up.");
        Hear(Said("")).Events.ShouldBeEmpty();
    }

    private Turn Hear(params CodeSignal[] signals)
    {
        foreach (var signal in signals)
        {
            turns.Add(kind.Decide(code, signal, new(new("aurora", "code", "X"), Sample.Monday, Sample.Terms)));
            code = (SoldCode)kind.Load(kind.Save(turns[^1].State));
        }
        return turns[^1];
    }

    private CodeRequest.Keep Kept() => turns[^1].Requests.ShouldHaveSingleItem().ShouldBeOfType<CodeRequest.Keep>();

    private static CodeSignal.Explained Said(string channel, params Part[] parts) => new("X", channel, parts, "ann");

    private static CodeSignal.UndoAsked Undo(int number) => new("X", "", number, "ann");
}
