using System.Diagnostics;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>What one whole order costs the deciding side: <c>QM_MEASURE=1</c>, in a Release build.</summary>
public sealed class CostOfAnOrder
{
    [Fact]
    public void A_whole_order_costs_about_a_tenth_of_a_millisecond()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("QM_MEASURE") == "1", "a measurement, not a check: set QM_MEASURE=1");
        for (var warm = 0; warm < 5; warm++) Measure(20_000);
        var (micros, bytes, state, events) = Measure(50_000);
        Console.Error.WriteLine($"{micros:0.0} µs of CPU and {bytes / 1024.0:0.0} KiB of garbage per order; state at the end {state} bytes, events {events} bytes");
        micros.ShouldBeLessThan(200);
    }

    private static (double Micros, double Bytes, int State, int Events) Measure(int orders)
    {
        var kind = new OrderStream();
        var s = Sample.At(Sample.Monday);
        var desk = ChooseLocation.Desk(Sample.Terms);
        desk.Load(new("SKU-A", "BLR", 1_000_000, 0));
        desk.Load(new("SKU-B", "BLR", 1_000_000, 0));
        Signal[] signals =
        [
            new OrderSignal.Reported(Sample.Facts(), "orders/create"),
            Done("submit/1", "fulfilment.submit_to_warehouse.v1"),
            new FulfilmentSignal.Shipped("5600000001", "BLR", "Delhivery", "T1", [new("SKU-A", 2), new("SKU-B", 1)], Sample.Monday, null),
            Done("fulfil/T1", "fulfilment.write_fulfilment.v1"),
            Done("invoice/1", "books.draft_invoice.v1"),
            new ShippingSignal.Scanned("delhivery", "T1", ScanStatus.Delivered, "DLV", Sample.Monday, null),
        ];
        int state = 0, events = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime; // Not the clock: other work on the machine must not count.
        for (var i = 0; i < orders; i++)
        {
            byte[]? saved = null;
            events = 0;
            foreach (var signal in signals)
            {
                var turn = kind.Decide(saved is null ? kind.Empty : kind.Load(saved), signal, s);
                events += CoreJson.WriteEvents(turn.Events).Length;
                foreach (var effect in turn.Effects) CoreJson.Write(effect.Effect);
                foreach (var request in turn.Requests)
                    if (desk.Answer((StockRequest)request, "o") is { } answer)
                    {
                        turn = kind.Decide(turn.State, answer, s);
                        events += CoreJson.WriteEvents(turn.Events).Length;
                        foreach (var effect in turn.Effects) CoreJson.Write(effect.Effect);
                    }
                saved = kind.Save(turn.State);
                kind.Row(Sample.Stream, turn.State);
            }
            state = saved!.Length;
        }
        return ((Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMicroseconds / orders, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)orders, state, events);
    }

    private static EffectSettled Done(string key, string kind) => new($"order/5600000001/{key}", kind, new Outcome.Done("r1"));
}
