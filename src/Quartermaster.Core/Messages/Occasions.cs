namespace Quartermaster.Core.Messages;

/// <summary>Occasions by name, and what may be said at them.</summary>
public static class Occasions
{
    public static readonly IReadOnlyList<Occasion> All = Enum.GetValues<Occasion>();

    /// <summary><c>shipped</c>, <c>out_for_delivery</c>: the occasion as templates, keys and files name it.</summary>
    public static string Name(Occasion occasion) => occasion switch
    {
        Occasion.Confirmed => "confirmed",
        Occasion.Shipped => "shipped",
        Occasion.OutForDelivery => "out_for_delivery",
        Occasion.Delivered => "delivered",
        Occasion.Backordered => "backordered",
        Occasion.Cancelled => "cancelled",
        Occasion.ToConfirm => "to_confirm",
        Occasion.Delayed => "delayed",
        Occasion.AttemptFailed => "attempt_failed",
        Occasion.HeldAtCustoms => "held_at_customs",
        Occasion.ComingBack => "coming_back",
        Occasion.Preordered => "preordered",
        Occasion.AddressChanged => "address_changed",
        Occasion.ThankYou => "thank_you",
        Occasion.ReviewRequest => "review_request",
        Occasion.ReviewReminder => "review_reminder",
        Occasion.CheckoutLeft => "checkout_left",
        Occasion.CheckoutOffer => "checkout_offer",
        Occasion.ReorderDue => "reorder_due",
        Occasion.WinBack => "win_back",
        Occasion.CreditGiven => "credit_given",
        _ => throw new System.Diagnostics.UnreachableException(occasion.ToString()),
    };

    /// <returns>Null when there is no such occasion.</returns>
    public static Occasion? Find(string? name)
    {
        foreach (var occasion in All)
            if (Name(occasion) == name) return occasion;
        return null;
    }

    /// <summary>The shopper is told of an order that was placed, so no consent is needed. An occasion that is not named here can only be advertised.</summary>
    public static bool IsOfAnOrder(Occasion occasion) => occasion
        is Occasion.Confirmed or Occasion.Shipped or Occasion.OutForDelivery or Occasion.Delivered or Occasion.Backordered or Occasion.Cancelled
        or Occasion.ToConfirm or Occasion.Delayed or Occasion.AttemptFailed or Occasion.HeldAtCustoms or Occasion.ComingBack or Occasion.Preordered or Occasion.AddressChanged or Occasion.CreditGiven;

    /// <summary>The brand writes of its own accord; a campaign's steps can be these.</summary>
    public static bool IsInvitation(Occasion occasion) => occasion
        is Occasion.ThankYou or Occasion.ReviewRequest or Occasion.ReviewReminder or Occasion.CheckoutLeft or Occasion.CheckoutOffer or Occasion.ReorderDue or Occasion.WinBack;

    /// <summary>There is an order whose number and total can be told.</summary>
    public static bool MeansAnOrder(Occasion occasion) => IsOfAnOrder(occasion) || occasion is Occasion.ThankYou or Occasion.ReviewRequest or Occasion.ReviewReminder;

    /// <summary>It is about a parcel.</summary>
    public static bool IsOfAParcel(Occasion occasion) => occasion is Occasion.Shipped or Occasion.OutForDelivery or Occasion.Delivered or Occasion.CreditGiven || IsTrouble(occasion);

    /// <summary>It is about a parcel whose way is not the usual one.</summary>
    public static bool IsTrouble(Occasion occasion) => occasion is Occasion.Delayed or Occasion.AttemptFailed or Occasion.HeldAtCustoms or Occasion.ComingBack;

    /// <summary>Whoever hears the later one needs the earlier no more, and would be misled by it. Both are about one order, and about one parcel where both are about a parcel.</summary>
    public static bool Overtakes(Occasion later, Occasion earlier) => (later, earlier) switch
    {
        (_, Occasion.AddressChanged) => false,
        (Occasion.Cancelled, _) => earlier != Occasion.Cancelled && IsOfAnOrder(earlier),
        (Occasion.Shipped, _) => earlier is Occasion.Confirmed or Occasion.ToConfirm or Occasion.Backordered or Occasion.Preordered,
        (Occasion.Delivered, _) => earlier != Occasion.Delivered && (IsOfAParcel(earlier) || earlier is Occasion.Confirmed or Occasion.ToConfirm or Occasion.Backordered or Occasion.Preordered),
        (Occasion.ComingBack, _) => earlier is Occasion.OutForDelivery or Occasion.Delayed or Occasion.AttemptFailed or Occasion.HeldAtCustoms,
        (Occasion.OutForDelivery, _) => earlier is Occasion.Delayed or Occasion.HeldAtCustoms,
        (Occasion.AttemptFailed, _) => earlier is Occasion.OutForDelivery,
        _ => false,
    };

    /// <summary>After this time it is no news any more: the shopper has seen it, or would be misled by it.</summary>
    public static TimeSpan Patience(Occasion occasion) => occasion switch
    {
        // It is with the shopper in hours.
        Occasion.OutForDelivery => TimeSpan.FromHours(3),
        // The hold that waits for the answer lapses by itself; an answer to an old question helps nobody.
        Occasion.ToConfirm => TimeSpan.FromHours(12),
        // The carrier tries again on the next day.
        Occasion.AttemptFailed => TimeSpan.FromHours(12),
        // Whoever holds the parcel knows; a revised day is itself revised.
        Occasion.Delivered or Occasion.Delayed or Occasion.HeldAtCustoms => TimeSpan.FromHours(24),
        // A quiet night and a pause of the lane fit in; a checkout of the day before yesterday is not the one that they left.
        Occasion.CheckoutLeft or Occasion.CheckoutOffer => TimeSpan.FromHours(24),
        _ => TimeSpan.FromHours(48),
    };
}
