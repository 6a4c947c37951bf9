using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>What the lines of an order mean: asked before it is released, and kept from then on whatever is said of the codes later.</summary>
internal static class LineCodes
{
    /// <summary>Lines whose code is to be read now: all until the release; afterwards those that came later, and those nobody could read.</summary>
    public static List<CodedLine> ToRead(Order order)
    {
        List<CodedLine> lines = [];
        foreach (var line in order.Facts!.Lines)
            if (IsReadable(line) && order.MeantOf(line.LineId) is not { ByPerson: true } && (!order.WasReleased || order.IsUnread(line.LineId) || order.MeantOf(line.LineId) is { IsUnknown: true }))
                lines.Add(new(line.LineId, line.Sku));
        return lines;
    }

    /// <summary>Lines that its newest facts brought, or sell under another code.</summary>
    public static List<string>? Unread(Order order, OrderFacts now)
    {
        List<string>? unread = null;
        foreach (var line in now.Lines)
            if (IsReadable(line) && order.MeantOf(line.LineId) is not { ByPerson: true } && (order.IsUnread(line.LineId) || !order.Facts!.Lines.Any(l => IsReadable(l) && l.LineId == line.LineId && l.Sku == line.Sku)))
                (unread ??= []).Add(line.LineId);
        return unread;
    }

    /// <summary>Somebody said what a code means, or took it back: an order that has not gone to a warehouse reads it again.</summary>
    public static Decision Again(Order order, OrderSignal.CodeExplained e)
    {
        List<CodedLine> lines = [];
        foreach (var line in order.Facts!.Lines)
            if (IsReadable(line) && line.Sku == e.Code && order.MeantOf(line.LineId) is not { ByPerson: true }) lines.Add(new(line.LineId, line.Sku));
        return lines.Count == 0 ? Decision.Ignore($"The order does not need {e.Code}.") : Decision.Nothing.Ask(new OrderRequest.ReadCodes(order.Facts.Channel, lines));
    }

    public static Decision Read(Order order, OrderSignal.CodesRead r, Situation s)
    {
        List<MeantLine> changed = [];
        var words = new List<string>();
        foreach (var asked in r.Asked)
        {
            var (before, now) = (order.MeantOf(asked.LineId), Meaning(asked, r));
            if (before is null ? now.Parts is [{ Units: 1 } only] && only.Sku == asked.Code : Part.Same(before.Parts, now.Parts)) continue;
            changed.Add(now);
            if (!now.IsUnknown && words.TrueForAll(w => !w.StartsWith(asked.Code + " ", StringComparison.Ordinal))) words.Add($"{asked.Code} means {Part.Words(now.Parts)}.");
        }
        var unread = Without(order.Unread, id => r.Asked.Any(a => a.LineId == id));
        var decision = changed.Count == 0 && unread?.Count == order.Unread?.Count ? Decision.Nothing : Decision.Of(new OrderEvent.CodesMeant(changed, unread));
        return OrderHolds.Settle(order, words.Count == 0 ? decision : decision.Because(string.Join(' ', words)), s);
    }

    public static Order With(Order order, OrderEvent.CodesMeant e)
    {
        List<MeantLine> all = [];
        foreach (var line in order.Meant ?? [])
            if (!e.Lines.Any(l => l.LineId == line.LineId)) all.Add(line);
        foreach (var line in e.Lines)
            if (order.Facts!.Lines.FirstOrDefault(l => l.LineId == line.LineId) is not { } of || !Part.IsItself(line.Parts, of.Sku)) all.Add(line);
        return order with { Meant = all.Count == 0 ? null : all, Unread = e.Unread, Revision = order.Revision + 1 };
    }

    private static MeantLine Meaning(CodedLine asked, OrderSignal.CodesRead r)
    {
        foreach (var other in r.Others)
            if (other.LineId == asked.LineId) return other;
        return new(asked.LineId, [new(asked.Code, 1)]);
    }

    /// <summary>Lines that are still to be read; null when none is left.</summary>
    public static List<string>? Without(IReadOnlyList<string>? unread, Func<string, bool> isRead) => unread?.Where(id => !isRead(id)).ToList() is { Count: > 0 } rest ? rest : null;

    /// <summary>Its code has a meaning for stock: it ships, and something of it is still wanted.</summary>
    public static bool IsReadable(OrderLine line) => line.RequiresShipping && line.Quantity > 0 && !string.IsNullOrWhiteSpace(line.Sku);
}
