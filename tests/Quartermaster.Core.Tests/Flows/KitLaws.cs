using FsCheck;
using FsCheck.Fluent;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;
using Outcome = Quartermaster.Core.Connecting.Outcome;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>What holds of an order with kits, whatever parcels, shortages, refunds, edits and second thoughts come, however often and in whatever order.</summary>
public sealed class KitLaws
{
    private const string Kit = "1", Single = "2";
    private static readonly DateTimeOffset T = Sample.Monday;
    private static readonly Part[] Set = [new("MUG", 1), new("TEA", 2)];

    /// <summary>A few hundred in every run; <c>QM_LAW_RUNS=20000</c> for a long look.</summary>
    private static readonly int Runs = int.TryParse(Environment.GetEnvironmentVariable("QM_LAW_RUNS"), out var runs) ? runs : 150;

    private static readonly Signal[] World =
    [
        Report(2, 1, 0), Report(3, 1, 1), Report(1, 2, 2), Report(2, 0, 3), Report(2, 1, 4, "OTHER-SET"),
        new OrderSignal.RefundReported("R1", 300m, "INR", T.AddMinutes(5), [new(Kit, 1, true, null, 300m, 0m)], null),
        new OrderSignal.RefundReported("R2", 300m, "INR", T.AddMinutes(6), [new(Kit, 1, false, null, 300m, 0m), new(Single, 1, true, null, 50m, 0m)], null),
        new OrderSignal.FulfilmentReported("F1", "Other", "OTHER1", [new(Kit, "GIFT-SET", 1)], T.AddMinutes(7), "success", "BLR"),
        new OrderSignal.FulfilmentReported("F1", "Other", "OTHER1", [new(Kit, "GIFT-SET", 1)], T.AddMinutes(8), "cancelled", "BLR"),
        new OrderSignal.HoldAsked("look at it", "ann", null), new OrderSignal.HoldLiftAsked(HoldKind.ByPerson, "ann"), new OrderSignal.HoldLiftAsked(HoldKind.UnknownCode, "ann"),
        new OrderSignal.LineMapped(Kit, "TEA", "ann"), new OrderSignal.CodeExplained("GIFT-SET"), new OrderSignal.CodeExplained("OTHER-SET"),
        new StockSignal.Arrived("MUG"), new StockSignal.Arrived("TEA"), new OrderSignal.CancelAsked("no longer wanted", "ann"),
        new FulfilmentSignal.ShortPicked(Sample.Stream.Id, "BLR", [new("TEA", 1)], T.AddMinutes(9)), new FulfilmentSignal.ShortPicked(Sample.Stream.Id, "BLR", [new("MUG", 2)], T.AddMinutes(10)),
        Parcel("T1", "BLR", new SkuQuantity("MUG", 2)), Parcel("T2", "BLR", new SkuQuantity("TEA", 1)), Parcel("T3", "DEL", new("MUG", 1), new("TEA", 3)), Parcel("T4", "BLR", new SkuQuantity("TEA", 4)),
        new FulfilmentSignal.WithdrawalAnswered(Sample.Stream.Id, true, null), new FulfilmentSignal.WithdrawalAnswered(Sample.Stream.Id, false, "packed"),
    ];

    [Fact]
    public void No_more_kits_are_told_or_billed_than_left_whole_and_no_more_parts_taken_than_were_wanted()
    {
        var steps = (from tail in Gen.ArrayOf(Gen.Choose(0, World.Length + 30)) select (int[])[0, World.Length, .. tail]).Resize(50).ToArbitrary();
        Prop.ForAll(steps, sequence => Play(sequence)).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
    }

    private static void Play(int[] sequence)
    {
        var story = new OrderStory(Sample.Terms with { Routing = RoutingTerms.Plain with { MaxParcels = 2 } }, ("MUG", "BLR", 4), ("TEA", "BLR", 9), ("MUG", "DEL", 3), ("TEA", "DEL", 6));
        var (mostKits, mostSingles) = (0, 0);
        foreach (var step in sequence)
        {
            // What is said of the codes changes under the order's feet: known, unknown, another kit.
            story.Codes["GIFT-SET"] = step % 7 == 0 ? [] : Set;
            story.Codes["OTHER-SET"] = step % 5 == 0 ? [] : [new("MUG", 2)];
            if ((step < World.Length ? World[step] : Settled(story, step - World.Length)) is not { } signal) continue;
            story.Hear(signal);
            if (signal is OrderSignal.Reported r) (mostKits, mostSingles) = (int.Max(mostKits, r.Facts.Lines[0].Quantity), int.Max(mostSingles, r.Facts.Lines[1].Quantity));
            Check(story, mostKits, mostSingles);
            if (!story.Codes.Values.Any(parts => parts.Count == 0)) CheckAgain(story, signal);
        }
    }

    private static void Check(OrderStory story, int kits, int singles)
    {
        var left = story.Happened<FulfilmentEvent.ParcelLeft>().SelectMany(p => p.Parcel.Lines).ToLookup(l => l.LineId, l => l.Quantity);
        // Counted from what warehouses said, not from what the order believes: a kit of either kind that left in all its parts.
        var whole = int.Min(left["1/MUG"].Sum(), left["1/TEA"].Sum() / 2) + left["1/MUG"].Sum() / 2 + left[Kit].Sum();
        var told = story.Planned<FulfilmentEffect.WriteFulfilment>().SelectMany(w => w.Parcel.Lines).Where(l => l.LineId == Kit).Sum(l => l.Quantity);
        told.ShouldBeLessThanOrEqualTo(whole, story.Told());
        story.Planned<FulfilmentEffect.WriteFulfilment>().SelectMany(w => w.Parcel.Lines).ShouldAllBe(l => (l.LineId == Kit || l.LineId == Single) && l.Quantity > 0);
        var elsewhere = story.Happened<OrderEvent.FulfilledElsewhere>().SelectMany(f => f.Lines).Where(l => l.LineId == Kit).Sum(l => l.Quantity);
        story.File.Books.BilledOf(Kit).Quantity.ShouldBeLessThanOrEqualTo(whole + elsewhere, story.Told());

        foreach (var (id, most) in (List<(string, int)>)[("1/MUG", 2 * kits), ("1/TEA", 2 * kits), (Kit, kits), (Single, singles)])
            (story.File.Stock.HeldOf(id) + left[id].Sum()).ShouldBeLessThanOrEqualTo(most, $"{id}\n{story.Told()}");
        foreach (var (sku, location) in (List<(string, string)>)[("MUG", "BLR"), ("TEA", "BLR"), ("MUG", "DEL"), ("TEA", "DEL")])
            story.Desk.Find(sku, location).Reserved.ShouldBe((story.File.Stock.Held ?? []).Where(u => u.Sku == sku && u.Location == location).Sum(u => u.Quantity), story.Told());
        // A line is left unread only as long as a warehouse has it.
        if (story.File.Order.Phase == OrderPhase.Released) (story.File.Order.Unread ?? []).ShouldAllBe(id => story.File.IsAtWarehouse(id) && !story.File.HasBegun(id), story.Told());
        story.Effects.Select(e => e.Key).ShouldBeUnique(story.Told());
    }

    private static void CheckAgain(OrderStory story, Signal signal)
    {
        var (events, effects) = (story.Events.Count, story.Effects.Count);
        story.Now = story.Now.AddSeconds(-10);
        story.Hear(signal);
        (story.Events.Count, story.Effects.Count).ShouldBe((events, effects), $"said again: {signal}\n{story.Told()}");
    }

    private static EffectSettled? Settled(OrderStory story, int step)
    {
        if (story.Effects.Count == 0) return null;
        var effect = story.Effects[step % story.Effects.Count];
        return new(effect.Key, Wire.KindOf(effect.Effect.GetType()), new Outcome.Done("r" + step));
    }

    private static OrderSignal.Reported Report(int kits, int singles, int minute, string code = "GIFT-SET") =>
        new(Sample.Facts(Sample.Line(Kit, code, kits, 300m), Sample.Line(Single, "TEA", singles, 50m)) with { UpdatedAt = T.AddMinutes(minute) }, "orders/updated");

    private static FulfilmentSignal.Shipped Parcel(string tracking, string location, params SkuQuantity[] lines) =>
        new(Sample.Stream.Id, location, "Delhivery", tracking, lines, T.AddMinutes(15), null);
}
