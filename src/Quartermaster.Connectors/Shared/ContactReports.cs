using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Shared;

/// <summary>What a channel tells of a person, for the stream of that person's address or number.</summary>
public static class ContactReports
{
    /// <param name="address">An e-mail address, or a number with its plus.</param>
    /// <returns>Null when the address is none, or nothing was said.</returns>
    public static Forwarded? Wrote(string brand, string channel, string? address, string? text, string? messageId, DateTimeOffset at, string? subject = null) =>
        string.IsNullOrWhiteSpace(text) ? null : To(brand, channel, address, new ContactSignal.Wrote(channel, Storable.Text(text), messageId, at, string.IsNullOrWhiteSpace(subject) ? null : Storable.Text(subject)));

    /// <inheritdoc cref="Wrote"/>
    public static Forwarded? To(string brand, string channel, string? address, ContactSignal signal) =>
        StreamOf(brand, channel, address) is { } contact ? new(contact, signal) : null;

    /// <summary>A vendor's seconds since 1970; without them, or with a time that cannot be, when we heard of it.</summary>
    public static DateTimeOffset At(long? seconds, DateTimeOffset receivedAt) =>
        seconds is > 1_000_000_000 and var since && since <= receivedAt.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(since) : receivedAt;

    private static StreamId? StreamOf(string brand, string channel, string? address)
    {
        if (channel == ContactPoint.Email) return address?.IndexOf('@', StringComparison.Ordinal) > 0 ? ContactPoint.Of(channel, address).On(brand) : null;
        return PhoneNumber.ToE164(address, null) is { } number ? ContactPoint.Of(channel, number).On(brand) : null;
    }
}
