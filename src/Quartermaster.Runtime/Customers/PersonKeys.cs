using Quartermaster.Core.Customers;
using Quartermaster.Core.Orders;

namespace Quartermaster.Runtime.Customers;

/// <summary>Something that tells who somebody is.</summary>
/// <param name="Kind"><c>email</c>, <c>phone</c>, <c>explicit</c>: the channel's own id of the customer, or <c>guest</c>: a phone number together with a name.</param>
public readonly record struct PersonKey(string Kind, string Value)
{
    public const string Email = "email", Phone = "phone", Explicit = "explicit", Guest = "guest";
}

/// <summary>What an order says of who bought.</summary>
internal static class PersonKeys
{
    /// <summary>Digits; what has fewer is an extension, or nothing.</summary>
    public const int ShortestPhone = 7;

    /// <summary>The surest first.</summary>
    public static IReadOnlyList<PersonKey> Of(Order? order)
    {
        if (order?.Facts is not { } facts) return [];
        List<PersonKey> keys = new(3);
        if (facts.Buyer.Email is { } email && email.Contains('@', StringComparison.Ordinal)) keys.Add(new(PersonKey.Email, ContactPoint.Of(ContactPoint.Email, email).Address));
        if (!string.IsNullOrWhiteSpace(facts.Buyer.CustomerId)) keys.Add(new(PersonKey.Explicit, $"{facts.Channel}/{facts.Buyer.CustomerId}"));
        if ((facts.Buyer.Phone ?? order.ShipTo?.Phone) is { } phone && phone.Count(char.IsAsciiDigit) >= ShortestPhone)
        {
            var number = ContactPoint.Of(ContactPoint.Sms, phone).Address;
            if (NameOf(order) is { } name) keys.Add(new(PersonKey.Guest, $"{number}/{string.Join(' ', name.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}"));
            keys.Add(new(PersonKey.Phone, number));
        }
        return keys;
    }

    public static string? NameOf(Order? order) => Written(order?.Facts?.Buyer.Name) ?? Written(order?.ShipTo?.Name);

    public static string? LanguageOf(Order? order) => order?.Facts?.Buyer.Locale is { Length: >= 2 } locale ? locale[..2].ToLowerInvariant() : null;

    private static string? Written(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>One order that has to be somebody's.</summary>
/// <param name="Keys">The surest first; none = nobody can tell.</param>
internal sealed record OrderOfSomebody(string Brand, string Stream, string Realm, DateTimeOffset PlacedAt, IReadOnlyList<PersonKey> Keys, string? Name, string? Language, string? Country);

/// <summary>A key that somebody has already.</summary>
/// <param name="Common">So many use it that it says nothing.</param>
internal sealed record KnownKey(string Realm, PersonKey Key, long Person, bool Common);
