using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Runtime.Customers;

/// <summary>What orders say of who bought, as they say it now and as they said it before somebody corrected them.</summary>
internal sealed class PersonalWords
{
    /// <summary>Names, streets, e-mails, phones and ids.</summary>
    public HashSet<string> Secrets { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Towns, provinces, companies, notes and surnames by themselves: words that others, and the machine, use as well.</summary>
    public HashSet<string> Words { get; } = new(StringComparer.OrdinalIgnoreCase);

    public HashSet<string> Names { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>First lines of addresses.</summary>
    public HashSet<string> Streets { get; } = new(StringComparer.OrdinalIgnoreCase);

    public HashSet<string> PostalCodes { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What channels call them.</summary>
    public HashSet<string> Ids { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where they were written to, or could have been.</summary>
    public HashSet<ContactPoint> Points { get; } = [];

    public void Take(Order order)
    {
        Take(order.Facts);
        Take(order.CorrectedShipTo);
    }

    public void Take(IEnumerable<Event> events)
    {
        foreach (var e in events)
            switch (e)
            {
                case OrderEvent.Placed placed: Take(placed.Facts); break;
                case OrderEvent.ImportedAsHistory imported: Take(imported.Facts); break;
                case OrderEvent.Edited edited: Take(edited.Facts); break;
                case OrderEvent.AddressSet set: Take(set.ShipTo); break;
            }
    }

    public void Take(Recipient? of)
    {
        if (of is null) return;
        Add(Secrets, of.Email, of.Phone);
        Called(of.Name);
        Reach(of.Email, of.Phone);
    }

    public void Reach(string? email, string? phone)
    {
        if (email?.Contains('@', StringComparison.Ordinal) == true) Points.Add(ContactPoint.Of(ContactPoint.Email, email));
        if (phone is not null && phone.Count(char.IsAsciiDigit) >= PersonKeys.ShortestPhone) Points.Add(ContactPoint.Of(ContactPoint.Sms, phone));
    }

    private void Take(OrderFacts? facts)
    {
        if (facts is null) return;
        var buyer = facts.Buyer;
        Add(Secrets, buyer.Email, buyer.Phone, buyer.CustomerId);
        Add(Ids, buyer.CustomerId);
        Add(Words, facts.Note);
        Called(buyer.Name);
        Reach(buyer.Email, buyer.Phone);
        Take(facts.ShipTo);
        Take(facts.BillTo);
    }

    private void Take(Address? address)
    {
        if (address is null) return;
        Add(Secrets, address.Line1, address.Line2, address.PostalCode, address.Phone);
        Add(Streets, address.Line1);
        Add(PostalCodes, address.PostalCode);
        Called(address.Name);
        Add(Words, address.Company, address.City, address.Province);
        Reach(null, address.Phone);
    }

    /// <summary>A name of theirs. One of us who writes of them says "Mrs Quillfeather".</summary>
    public void Called(string? name)
    {
        Add(Secrets, name);
        Add(Names, name);
        foreach (var part in name?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? []) Add(Words, part);
    }

    private static void Add(HashSet<string> to, params ReadOnlySpan<string?> words)
    {
        foreach (var word in words)
            if (word?.Trim() is { Length: > 1 } written) to.Add(written);
    }
}
