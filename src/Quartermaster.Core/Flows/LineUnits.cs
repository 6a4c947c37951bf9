using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Flows;

/// <summary>Units of a sold line in the words of stock and warehouses, which know its parts and not the kit.</summary>
internal static class LineUnits
{
    public static int Of(int units, Part part) => int.CreateSaturating((long)units * part.Units);

    /// <summary>The parts of so many units of a line, each with the id by which stock and warehouses know it. A line that nobody can read has none.</summary>
    public static IEnumerable<(string Id, string Sku, int Units)> Of(Order order, string lineId, int units, string? sku = null)
    {
        if (order.MeantOf(lineId) is { } meant)
        {
            foreach (var part in meant.Parts) yield return (meant.IdOf(part), part.Sku, Of(units, part));
            yield break;
        }
        foreach (var line in order.Facts?.Lines ?? [])
            if (line.LineId == lineId) sku = line.Sku;
        if (sku is { Length: > 0 }) yield return (lineId, sku, units);
    }
}
