using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Customers;

/// <summary>An address at which somebody can be written to: an e-mail address, or a phone number whatever channel reaches it.</summary>
/// <remarks>Its stream is born when something about consent or an inbound text arrives, never with an order.</remarks>
/// <param name="Kind"><c>email</c> or <c>phone</c>.</param>
/// <param name="Address">Lower case, or E.164; as it stands in keys, so one that no key could hold is cut.</param>
public readonly record struct ContactPoint(string Kind, string Address)
{
    public const string Stream = "contact", Email = "email", WhatsApp = "whatsapp", Sms = "sms";

    /// <summary>Every channel that a customer can be written to by.</summary>
    public static readonly IReadOnlyList<string> Channels = [Email, WhatsApp, Sms];

    /// <summary>The channel takes words of our own for a while after somebody wrote, and otherwise a text that it holds.</summary>
    public static bool HoldsTexts(string channel) => channel == WhatsApp;

    /// <summary>The point behind an address as a channel or a shop writes it.</summary>
    /// <param name="channel"><c>email</c>; every other one reaches a phone.</param>
    public static ContactPoint Of(string channel, string address) => channel == Email ? Cut(Email, address.Trim().ToLowerInvariant()) : Cut("phone", E164(address));

    /// <summary>The point that a contact stream is about; null for an id that is none.</summary>
    public static ContactPoint? Parse(string streamId) => streamId.Split(':', 2) is [Email or "phone", { Length: > 0 }] and var parts ? new(parts[0], parts[1]) : null;

    public StreamId On(string brand) => new(brand, Stream, $"{Kind}:{Address}");

    private static ContactPoint Cut(string kind, string address)
    {
        var key = new StreamId("", Stream, $"{kind}:{address}").Key;
        return new(kind, key[(Stream.Length + kind.Length + 2)..]);
    }

    // Meta writes numbers without their plus, people with blanks and brackets.
    private static string E164(string number)
    {
        var digits = string.Concat(number.Where(char.IsAsciiDigit));
        return digits.Length == 0 ? number.Trim() : "+" + digits;
    }
}
