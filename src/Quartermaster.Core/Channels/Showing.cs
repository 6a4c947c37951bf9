using Quartermaster.Core.Connecting;

namespace Quartermaster.Core.Channels;

/// <summary>A product of a channel that sold out, or was hidden for that reason.</summary>
/// <param name="Was">How it was shown before we hid it, written down before the channel is told; null = it is not ours to show.</param>
/// <param name="Hidden">The channel confirmed that it is hidden.</param>
/// <param name="SoldOut">The channel has nothing left of all that is offered of it, took that from us, and it may be hidden.</param>
/// <param name="Marked">As it was when <paramref name="SoldOut"/> was read.</param>
/// <param name="Attempts">How often it was tried in a row without success.</param>
public sealed record DueProduct(string Product, string? Was, bool Hidden, bool SoldOut, long Marked, int Attempts);

/// <summary>What follows for a product from how the channel shows it.</summary>
/// <param name="As">The channel is to show it so; null = nothing is to be done there.</param>
/// <param name="Was">How it was shown before we hid it; null = it is not ours to show again.</param>
/// <param name="Hidden">It is hidden, and we did it.</param>
/// <param name="Word">For the operator.</param>
public sealed record ShowStep(string? As, string? Was, bool Hidden, string Word);

/// <summary>Rules by which a product that sold out is taken out of sight, and put back. Pure.</summary>
/// <remarks>
/// A person's word stands: a product that was out of sight already is not touched, and of those we hid only the ones are shown again that
/// are still exactly as we left them. What a product was is written down before it is hidden, so that an answer that got lost, or a crash,
/// leaves none hidden that nobody remembers to show.
/// </remarks>
public static class Showing
{
    /// <summary>What is settled without looking at the channel; null = it has to be looked at.</summary>
    public static ShowStep? Before(DueProduct product) => product is { SoldOut: false, Was: null } ? new(null, null, false, "for sale") : null;

    /// <param name="shown">How the channel shows it; null = it has no such product any more.</param>
    public static ShowStep Next(DueProduct product, string? shown, Hiding how) => (product.SoldOut, product.Was, shown) switch
    {
        (_, _, null) => new(null, null, false, "the channel has no such product any more"),
        (true, null, { } now) => how.From.Contains(now) ? new(how.As, now, false, "sold out: hidden") : new(null, null, false, $"sold out, and {now} already: somebody else decided that"),
        (true, { } was, { } now) when now == how.As => new(null, was, true, "hidden until there is something to sell"),
        // We had begun, and it did not arrive.
        (true, not null, { } now) when !product.Hidden && how.From.Contains(now) => new(how.As, now, false, "sold out: hidden"),
        (true, not null, { } now) => new(null, null, false, $"sold out, and made {now} by somebody else: left so"),
        (false, { } was, { } now) when now == how.As => new(was, was, product.Hidden, "to be sold again: shown"),
        (false, null, _) => new(null, null, false, "for sale"),
        (false, not null, { } now) => new(null, null, false, how.From.Contains(now) ? "for sale" : $"to be sold again, and made {now} by somebody else: left so"),
    };
}
