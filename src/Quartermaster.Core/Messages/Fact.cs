using System.Collections.Frozen;
using System.Globalization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Messages;

/// <summary>Whether a fact is there when a message is written.</summary>
public enum Presence { Never, Sometimes, Always }

/// <summary>One thing that a template can name. Its kind decides how it is written: a day is never a number, an amount never without its currency.</summary>
public sealed class Fact
{
    private static readonly Fact[] Declared =
    [
        new("number", "the order's number, as the shopper knows it", FactKind.Text, WhereAnOrderIsMeant, t => t.Facts.Number),
        new("name", "the shopper's name, or how the language addresses a stranger", FactKind.Text, Always, t => Spoken(t.Facts.Name) ?? t.Wording.Shopper),
        new("brand", "the brand's title", FactKind.Text, Always, t => t.Brand),
        new("sign_off", "how the brand ends a message", FactKind.Text, Always, t => t.SignOff),
        new("support", "where shoppers ask", FactKind.Text, Sometimes, t => t.Support),
        new("items", "what was bought; inside {{#each items}}: title and quantity", FactKind.Items, Sometimes, t => t.Facts.Items.Count > 0 ? "items" : null),
        new("item_count", "how many units were bought; known where items are", FactKind.Count, Sometimes, t => t.Units > 0 ? t.Units.ToString(CultureInfo.InvariantCulture) : null, t => t.Units),
        new("title", "what an item is called", FactKind.Text, OfAnItem, t => t.Item!.Title),
        new("quantity", "how many of an item", FactKind.Count, OfAnItem, t => t.Item!.Quantity.ToString(CultureInfo.InvariantCulture), t => t.Item!.Quantity),
        new("total", "what the order costs", FactKind.Money, WhereAnOrderIsMeant, t => t.Wording.Amount(t.Facts.Total)),
        new("city", "where it goes", FactKind.Text, Sometimes, t => t.Facts.City),
        new("carrier", "who carries the parcel", FactKind.Text, OfAParcel, t => Spoken(t.Facts.Carrier) ?? t.Wording.Carrier),
        new("tracking", "the parcel's number", FactKind.Text, OfAParcel, t => Spoken(t.Facts.Tracking) ?? "–"),
        new("tracking_link", "where its carrier shows the parcel", FactKind.Text, SometimesOfAParcel, t => t.Facts.TrackingLink),
        new("expected", "the day it is expected", FactKind.Day, WhereADayIsNamed, t => t.Facts.Expected is { } day ? t.Wording.Day(day) : null),
        new("reason", "why, in words for the shopper", FactKind.Text, SometimesInTrouble, t => t.Facts.Reason),
        new("link", "where the shopper sees more", FactKind.Text, Sometimes, t => t.Facts.Link),
        new("code", "a code that the shop takes", FactKind.Text, SometimesOfAnInvitation, t => t.Facts.Code),
        new("offer", "what the code is worth; known where the code is, if the brand says it", FactKind.Text, SometimesOfAnInvitation, t => t.Facts.Offer),
        new("offer_until", "the last day of the code, where it has one", FactKind.Day, SometimesOfAnInvitation, t => t.Facts.OfferUntil is { } day ? t.Wording.Day(day) : null),
        new("credit", "store credit that was given because it is late", FactKind.Money, OfACredit, t => t.Facts.Credit is { } credit ? t.Wording.Amount(credit) : null),
        new("due", "what is to be paid at the door", FactKind.Money, OfAQuestion, t => t.Facts.Due is { } due ? t.Wording.Amount(due) : null),
        new("changed", "to be asked only: the shopper was asked before, and something is another now", FactKind.YesNo, SometimesOfAQuestion, t => t.Facts.IsChanged ? "yes" : null),
        new("address", "where it would go, on one line", FactKind.Text, SometimesOfAQuestion, t => t.Facts.Address),
        new("answer_link", "where the shopper answers", FactKind.Text, SometimesOfAQuestion, t => t.Facts.AnswerLink),
        new("unsubscribe", "where the reader ends what advertises; known in such a mail. Words that do not name it get a line with it", FactKind.Text, Sometimes, t => t.Facts.Unsubscribe),
    ];

    private static readonly FrozenDictionary<string, Fact> ByName = Declared.ToFrozenDictionary(fact => fact.Name);

    private readonly Func<Occasion, bool, Presence> _presence;
    private readonly Func<Telling, string?> _tell;
    private readonly Func<Telling, int>? _count;

    private Fact(string name, string means, FactKind kind, Func<Occasion, bool, Presence> presence, Func<Telling, string?> tell, Func<Telling, int>? count = null) =>
        (Name, Means, Kind, _presence, _tell, _count) = (name, means, kind, presence, tell, count);

    public string Name { get; }

    /// <summary>For whoever writes a template.</summary>
    public string Means { get; }

    internal FactKind Kind { get; }

    /// <summary>The fact that this one is known with: who asked for that one has asked for this.</summary>
    internal string? ComesWith => Name == "item_count" ? "items" : null;

    /// <summary>What templates of an occasion can name outside a list.</summary>
    public static IEnumerable<(Fact Fact, Presence Presence)> Of(Occasion occasion) =>
        from fact in Declared
        let presence = fact.PresenceAt(occasion, inItem: false)
        where presence != Presence.Never
        select (fact, presence);

    internal static Fact? Find(string name) => ByName.GetValueOrDefault(name);

    internal Presence PresenceAt(Occasion occasion, bool inItem) => _presence(occasion, inItem);

    /// <returns>Null when it is not known; never blank.</returns>
    internal string? Tell(Telling telling) => Spoken(_tell(telling));

    internal int Count(Telling telling) => _count!(telling);

    // What shoppers and carriers type goes on one line: a line break in a name is none of ours.
    private static string? Spoken(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        foreach (var c in text)
            if (char.IsControl(c)) return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Trim();
    }

    private static Presence Always(Occasion occasion, bool inItem) => Presence.Always;

    private static Presence Sometimes(Occasion occasion, bool inItem) => Presence.Sometimes;

    private static Presence WhereAnOrderIsMeant(Occasion occasion, bool inItem) => Occasions.MeansAnOrder(occasion) ? Presence.Always : Presence.Never;

    private static Presence SometimesOfAnInvitation(Occasion occasion, bool inItem) => Occasions.IsInvitation(occasion) ? Presence.Sometimes : Presence.Never;

    private static Presence OfAnItem(Occasion occasion, bool inItem) => inItem ? Presence.Always : Presence.Never;

    private static Presence OfAParcel(Occasion occasion, bool inItem) => Occasions.IsOfAParcel(occasion) ? Presence.Always : Presence.Never;

    private static Presence SometimesOfAParcel(Occasion occasion, bool inItem) => Occasions.IsOfAParcel(occasion) ? Presence.Sometimes : Presence.Never;

    private static Presence SometimesInTrouble(Occasion occasion, bool inItem) => Occasions.IsTrouble(occasion) ? Presence.Sometimes : Presence.Never;

    private static Presence WhereADayIsNamed(Occasion occasion, bool inItem) => Occasions.IsTrouble(occasion) || occasion == Occasion.Preordered ? Presence.Sometimes : Presence.Never;

    // A channel that fails may leave the news of the delay to one that tells it after the credit was given.
    private static Presence OfACredit(Occasion occasion, bool inItem) => occasion switch { Occasion.CreditGiven => Presence.Always, Occasion.Delayed => Presence.Sometimes, _ => Presence.Never };

    private static Presence OfAQuestion(Occasion occasion, bool inItem) => occasion == Occasion.ToConfirm ? Presence.Always : Presence.Never;

    private static Presence SometimesOfAQuestion(Occasion occasion, bool inItem) => occasion == Occasion.ToConfirm ? Presence.Sometimes : Presence.Never;
}

internal enum FactKind { Text, Count, Money, Day, Items, YesNo }

/// <summary>What one message is written from.</summary>
internal sealed record Telling(MessageFacts Facts, Wording Wording, string Brand, string SignOff, string? Support)
{
    public ItemFacts? Item { get; init; }

    public int Units
    {
        get
        {
            var units = 0;
            foreach (var item in Facts.Items) units += item.Quantity;
            return units;
        }
    }
}
