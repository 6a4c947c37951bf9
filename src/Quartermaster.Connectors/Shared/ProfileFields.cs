using System.Globalization;
using Quartermaster.Core.Customers;

namespace Quartermaster.Connectors.Shared;

/// <summary>A customer's profile in the words in which marketing tools keep it.</summary>
public static class ProfileFields
{
    public const string Orders = "orders", FirstOrder = "first_order_at", LastOrder = "last_order_at", Segments = "segments";

    /// <summary>The last word is the family name; tools have no field for a whole one.</summary>
    public static (string? First, string? Last) NameOf(CustomerEffect.Push profile)
    {
        var words = profile.Name?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        return words.Length switch { 0 => (null, null), 1 => (words[0], null), _ => (string.Join(' ', words[..^1]), words[^1]) };
    }

    /// <summary>Under which name what was spent in one currency stands: <c>lifetime_eur</c>.</summary>
    public static string LifetimeIn(string currency) => "lifetime_" + currency.ToLowerInvariant();

    /// <summary><c>en-IN</c>, or the language alone where no country is known.</summary>
    public static string? LocaleOf(CustomerEffect.Push profile) => profile switch
    {
        { Language: { } language, Country: { Length: 2 } country } => $"{language}-{country.ToUpperInvariant()}",
        { Language: var language } => language,
    };

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
