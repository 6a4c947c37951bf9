using Quartermaster.Core.Codes;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Flows;

/// <summary>What an order's codes mean was read: a released order plans by it, and a code that nobody can read is put to a person.</summary>
internal static class WhenCodesAreReadPlanAgain
{
    public static void React(OrderFile file, OrderEvent.CodesMeant e, Situation s, Reactions next)
    {
        foreach (var meant in e.Lines)
            if (meant.IsUnknown && file.Order.LineOf(meant.LineId) is { } line)
                next.Forward(new(s.Stream.Brand, CodeStream.Name, line.Sku), new CodeSignal.Met(line.Sku, file.Order.Facts!.Channel, line.Title));
        WhenOrderChangesPlanAgain.Changed(file, false, s, next);
    }

    /// <summary>What was handed off, or has left, was packed by what the code meant then: it keeps that. What nobody could read can always be read.</summary>
    public static bool Keeps(OrderFile file, string code)
    {
        if (!file.Fulfilment.IsOpen && !file.HasSent && file.Order.Elsewhere is null) return false;
        foreach (var line in file.Order.Facts?.Lines ?? [])
            if (line.Sku == code && (file.Order.IsUnread(line.LineId) || file.Order.MeantOf(line.LineId) is { IsUnknown: true })) return false;
        return true;
    }

    /// <summary>A line of which something left stays what it was, even if its channel sells it under another code now; one that a warehouse has is read when it gives it back.</summary>
    public static OrderSignal.CodesRead AsFarAsItCanChange(OrderFile file, OrderSignal.CodesRead read)
    {
        if (file.Fulfilment.Tries is null) return read;
        List<CodedLine> asked = [];
        List<MeantLine> others = [];
        foreach (var line in read.Asked)
        {
            if (file.HasBegun(line.LineId))
            {
                asked.Add(line);
                if (file.Order.MeantOf(line.LineId) is { } meant) others.Add(meant);
            }
            else if (!file.IsAtWarehouse(line.LineId))
            {
                asked.Add(line);
                others.AddRange(read.Others.Where(o => o.LineId == line.LineId));
            }
        }
        return new(asked, others);
    }

    /// <summary>Reads lines that could not be read while a warehouse had them. True = their answer plans the order.</summary>
    public static bool ReadWhatCameBack(OrderFile file, Reactions next)
    {
        HashSet<string> codes = [];
        foreach (var line in file.Order.Facts?.Lines ?? [])
            if (file.Order.IsUnread(line.LineId) && (!file.IsAtWarehouse(line.LineId) || file.HasBegun(line.LineId)) && codes.Add(line.Sku)) next.Send(new OrderSignal.CodeExplained(line.Sku));
        return codes.Count > 0;
    }
}
