using System.Net;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>Where an order came from and what paid it, as far as its storefront says. Never kept: <see cref="Traits"/> makes hashes of it.</summary>
/// <param name="Ip">The shopper's address on the internet.</param>
/// <param name="Browser">What the browser calls itself.</param>
/// <param name="Language">The languages that it asks for.</param>
/// <param name="Session">The storefront's own name for the visit.</param>
public sealed record OrderOrigin(string? Ip, string? Browser, string? Language = null, string? Session = null, PaidCard? Card = null)
{
    /// <summary>What others can have in common with it; only what tells something of who ordered.</summary>
    public IReadOnlyList<Trait> Traits(Func<string, string> hash)
    {
        List<Trait> traits = [];
        var network = NetworkOf(Ip);
        // A browser's name alone is a million people's.
        if (network is not null && Filled(Browser) is { } browser) Add(TraitKind.Device, $"{network}|{browser}|{Filled(Language)}");
        if (Filled(Session) is { } session) Add(TraitKind.Device, $"session|{session}");
        if (Card?.Name is { } card) Add(TraitKind.Card, card);
        if (network is not null) Add(TraitKind.Network, network);
        return traits;

        void Add(TraitKind kind, string what) => traits.Add(new(kind, hash($"{kind}|{what}")));
    }

    /// <summary>An address that is one household's or office's; null when it is none of the public ones, for then it is the shop's own proxy.</summary>
    /// <remarks>Of an IPv6 address the first 64 bits: the rest changes from day to day.</remarks>
    public static string? NetworkOf(string? text)
    {
        if (!IPAddress.TryParse(text?.Trim(), out var address)) return null;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var b = address.GetAddressBytes();
        if (b.Length == 4)
        {
            var isOwn = b[0] is 0 or 10 or 127 or >= 224 || (b[0] == 100 && b[1] is >= 64 and < 128) || (b[0] == 169 && b[1] == 254) || (b[0] == 172 && b[1] is >= 16 and < 32) || (b[0] == 192 && b[1] == 168);
            return isOwn ? null : address.ToString();
        }
        // Public ones begin with 001 in bits.
        return (b[0] & 0xe0) == 0x20 ? $"{new IPAddress([.. b[..8], .. new byte[8]])}/64" : null;
    }

    internal static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>What a storefront says of a card; never its number.</summary>
/// <param name="Bin">Its first six or eight digits.</param>
/// <param name="LastFour">Or the number with all but these hidden.</param>
/// <param name="Expiry">Month and year in any notation, the same for the same card.</param>
/// <param name="Fingerprint">The gateway's own name for the number.</param>
public sealed record PaidCard(string? Bin, string? LastFour, string? Expiry, string? Holder, string? Fingerprint = null)
{
    /// <summary>One card's; null when what is said fits very many cards.</summary>
    /// <remarks>
    /// Ten thousand cards of a bank end alike, so its first digits are needed, or the holder's name instead. With the first digits the holder's name is left out:
    /// who types another name is to be found.
    /// </remarks>
    internal string? Name
    {
        get
        {
            if (OrderOrigin.Filled(Fingerprint) is { } print) return $"print|{print}";
            if (Digits(LastFour) is not { Length: >= 4 } last) return null;
            if (Digits(Bin) is { Length: >= 6 } bin) return $"{bin[..6]}|{last[^4..]}|{Digits(Expiry)}";
            return OrderOrigin.Filled(Holder) is { } holder ? $"{last[^4..]}|{Digits(Expiry)}|{holder.ToUpperInvariant()}" : null;
        }
    }

    private static string Digits(string? text) => text is null ? "" : string.Concat(text.Where(char.IsAsciiDigit));
}
