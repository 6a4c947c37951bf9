namespace Quartermaster.Core.Messages;

/// <summary>What was said to the shopper of one order, so that nothing is said twice.</summary>
public sealed record Correspondence
{
    public static readonly Correspondence Silent = new();

    public IReadOnlyList<Said>? All { get; init; }

    public Said? Find(Occasion occasion, string subject)
    {
        if (All is not null)
            foreach (var said in All)
                if (said.Occasion == occasion && said.Subject == subject) return said;
        return null;
    }

    /// <summary>Something was said for this reason, about something else.</summary>
    public bool HasSaid(Occasion occasion, string except) => All?.Any(said => said.Occasion == occasion && said.Subject != except) == true;
}

/// <param name="Subject">The parcel it is about; empty when it is about the order.</param>
/// <param name="Channel">The channel it went through; null when the last one failed and the next is to be found.</param>
/// <param name="Failed">Channels that could not reach the shopper.</param>
public sealed record Said(Occasion Occasion, string Subject, string? Channel, IReadOnlyList<string>? Failed = null);
