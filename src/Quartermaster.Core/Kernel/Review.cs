using System.Text.Json.Serialization;

namespace Quartermaster.Core.Kernel;

/// <summary>What a customer thinks of what they bought, as the tool says that reviews are kept in.</summary>
/// <param name="Id">The tool's own; told again it is the same review.</param>
/// <param name="Source">The tool.</param>
/// <param name="Rating">From <see cref="Worst"/> to <see cref="Best"/>.</param>
/// <param name="Sku">What it is about; null = the order, or the brand.</param>
/// <param name="Text">Their own words; null = they gave stars only.</param>
/// <param name="OrderRef">The order that it is about; null = the tool does not know.</param>
public sealed record Review(string Id, string Source, decimal Rating, DateTimeOffset At, string? Sku = null, string? Text = null, string? OrderRef = null)
{
    public const decimal Worst = 1m, Best = 5m;

    /// <summary>Of a longer one the beginning is kept.</summary>
    public const int LongestText = 4000;

    /// <summary>Tells it from every other one.</summary>
    [JsonIgnore]
    public string Key => $"{Source}/{Id}";

    /// <summary>For people: <c>4 of 5</c>.</summary>
    [JsonIgnore]
    public string Stars => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Rating:0.#} of {Best:0}");
}
