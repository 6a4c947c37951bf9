namespace Quartermaster.Core.Connecting;

/// <summary>A call was not made: a switch is off, the vendor asked for silence, or the budget is used up. Costs the effect no attempt.</summary>
public sealed class NotNowException(string why, TimeSpan wait) : Exception(why)
{
    /// <summary>How long to leave it before asking again.</summary>
    public TimeSpan Wait { get; } = wait;
}
