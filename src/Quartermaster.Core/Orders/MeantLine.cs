using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>What the code of an order line stands for in this order, where it is not simply one of our SKUs.</summary>
/// <param name="Parts">None: nobody has said what the code means.</param>
/// <param name="ByPerson">Said of this line by a person, or by the brand's rules for what is not there; the table of codes is not asked about it.</param>
/// <param name="Instead">The SKU that was sold, where another one is sent: it is what is billed.</param>
public sealed record MeantLine(string LineId, IReadOnlyList<Part> Parts, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool ByPerson = false, string? Instead = null)
{
    /// <summary>It is sold as one and sent as several units.</summary>
    [JsonIgnore]
    public bool IsKit => Parts is not [] and not [{ Units: 1 }];

    /// <summary>Units of ours in one unit of what is sold; 1 for a line that nobody can read.</summary>
    [JsonIgnore]
    public int UnitsEach => int.Max(1, Parts.Sum(p => p.Units));

    [JsonIgnore]
    public bool IsUnknown => Parts.Count == 0;

    /// <summary>The part as a line of its own for stock and warehouses.</summary>
    public string IdOf(Part part) => IsKit ? $"{LineId}/{part.Sku}" : LineId;

    /// <summary>The id is that of the line or of one of its parts, whatever the line means now.</summary>
    public static bool IsOf(string id, string lineId) => id.StartsWith(lineId, StringComparison.Ordinal) && (id.Length == lineId.Length || id[lineId.Length] == '/');
}
