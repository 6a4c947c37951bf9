namespace Quartermaster.Core.Connecting;

/// <summary>What a channel says of the number that messages come from.</summary>
/// <param name="Quality"><c>GREEN</c>, <c>YELLOW</c>, <c>RED</c>: what its readers make of it; null = not rated.</param>
/// <param name="Limit">How the channel calls what the number may do: <c>TIER_2K</c>; null = it does not say.</param>
/// <param name="MostADay">To how many different people it may write within 24 hours; null = as many as it likes, or not known.</param>
public sealed record SenderStanding(string? Quality, string? Limit, int? MostADay)
{
    /// <summary>Rated so, the number is about to lose what it may do.</summary>
    public const string Worst = "RED";

    /// <summary>Is there anything that it would not let through?</summary>
    public bool Limits => MostADay is not null || Quality == Worst;
}
