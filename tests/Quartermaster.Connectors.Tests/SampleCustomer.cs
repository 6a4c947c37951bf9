using Quartermaster.Core.Customers;

namespace Quartermaster.Connectors.Tests;

/// <summary>Two customers as marketing tools are told of them.</summary>
internal static class SampleCustomer
{
    private static readonly DateTimeOffset Ordered = new(2026, 11, 2, 9, 30, 0, TimeSpan.Zero);

    /// <summary>She said yes to mail, and the tool has not heard it yet.</summary>
    public static readonly CustomerEffect.Push Asha = new("asha@example.com", "+919800000001", "Asha Kumari Rao", "hi", "IN", 2, [new("EUR", 19.5m), new("INR", 1550m)], Ordered.AddDays(-30), Ordered, [Segments.Returning],
        [new("email", Wish.Marketing, "ticked the box at the checkout", Ordered.AddDays(-30), IsNews: true), new("sms", Wish.Unsaid), new("whatsapp", Wish.Unsaid)]);

    /// <summary>He said no, and the tool has not heard it yet.</summary>
    public static readonly CustomerEffect.Push Bram = new("bram@example.com", null, "Bram", null, null, 1, [], Ordered, Ordered, [Segments.New], [new("email", Wish.NoMarketing, "the link in the mail", Ordered, IsNews: true)]);

    /// <summary>Mail to her comes back.</summary>
    public static readonly CustomerEffect.Push Cleo = Bram with { Email = "cleo@example.com", Name = null, Consents = [new("email", Wish.Nothing, "550 no such user", Ordered, IsNews: true)] };

    /// <summary>Nothing of hers is news.</summary>
    public static readonly CustomerEffect.Push Dora = Bram with { Email = "dora@example.com", Name = "Dora Duck", Consents = [new("email", Wish.Unsaid)] };
}
