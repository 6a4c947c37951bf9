using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Flows;

/// <summary>Tells the shopper what happened; after a failed channel, tells it again through the next.</summary>
internal static class WhenShopperShouldHear
{
    public static void React(OrderFile file, ShippingEvent e, Situation s, Reactions next)
    {
        if (OccasionOf(e, s) is not { } occasion || file.Shipping.Find(occasion.Parcel) is not { IsKnown: true } parcel || (occasion.What == Occasion.ComingBack && parcel.Delivered)) return;
        Say(file, occasion.What, SubjectOf(occasion.What, parcel), s, next);
    }

    /// <summary>Whoever was forwarded a link may know what proves to be the shopper: the shopper hears of each change that was made in their name.</summary>
    public static void React(OrderFile file, OrderEvent.AddressSet e, Situation s, Reactions next)
    {
        if (e.By == OrderSignal.TheShopper) Say(file, Occasion.AddressChanged, $"{file.Order.Revision}", s, next);
    }

    /// <summary>Channels fail days later: what has passed by then is told no more.</summary>
    public static void React(OrderFile file, MessageEvent.FellBack e, Situation s, Reactions next)
    {
        if (file.Order.Phase == OrderPhase.Cancelled && Occasions.Overtakes(Occasion.Cancelled, e.Occasion)) return;
        if (file.Shipping.About(e.Subject) is not { } parcel || (IsStillSo(parcel, e.Occasion) && SubjectOf(e.Occasion, parcel) == e.Subject)) Say(file, e.Occasion, e.Subject, s, next);
    }

    // Each attempt is news of its own.
    private static string SubjectOf(Occasion occasion, Followed parcel) => occasion switch
    {
        Occasion.OutForDelivery => Followed.AttemptOf(parcel.Id, parcel.Missed + 1),
        Occasion.AttemptFailed => Followed.AttemptOf(parcel.Id, parcel.Missed),
        _ => parcel.Id,
    };

    /// <summary>When the scan was made that it is about: a tracker may be asked hours later, and a hub may have stood still.</summary>
    private static DateTimeOffset? SinceOf(Occasion occasion, Followed? parcel) => (occasion, parcel?.Last) switch
    {
        (Occasion.OutForDelivery, ScanStatus.OutForDelivery) or (Occasion.Delivered, ScanStatus.Delivered) or (Occasion.AttemptFailed, ScanStatus.FailedAttempt)
            or (Occasion.HeldAtCustoms, ScanStatus.HeldAtCustoms) or (Occasion.ComingBack, ScanStatus.ReturnedToOrigin) => parcel!.LastAt,
        _ => null,
    };

    private static bool IsStillSo(Followed parcel, Occasion occasion) => occasion switch
    {
        Occasion.Delayed => !parcel.IsOver && parcel.Last != ScanStatus.ReturnedToOrigin && parcel.Behind is not null,
        Occasion.OutForDelivery => !parcel.IsOver && parcel.Last == ScanStatus.OutForDelivery,
        Occasion.AttemptFailed => !parcel.IsOver && parcel.Last == ScanStatus.FailedAttempt,
        Occasion.HeldAtCustoms => !parcel.IsOver && parcel.Last == ScanStatus.HeldAtCustoms,
        Occasion.ComingBack => !parcel.Delivered && parcel.End is null or ParcelEnd.CameBack,
        _ => true,
    };

    public static void Say(OrderFile file, Occasion occasion, string subject, Situation s, Reactions next) =>
        Say(file, occasion, subject, file.Shipping.About(subject) is { IsKnown: true } parcel ? new ParcelWords(parcel.Carrier!, parcel.Tracking, Follow(parcel.TrackingUrl, s)) : null, s, next);

    /// <summary>Where the shopper follows it: the order's own page, which has all of its parcels; the carrier's where shoppers cannot reach this hub.</summary>
    public static string? Follow(string? atCarrier, Situation s) => s.PageAt?.Invoke(s.Stream) ?? atCarrier;

    public static void Say(OrderFile file, Occasion occasion, string subject, ParcelWords? parcel, Situation s, Reactions next)
    {
        if (s.Terms.MessageChannels.Count == 0) return;
        var followed = file.Shipping.About(subject);
        var shopper = PriceOfOrder.Shopper(file, s.Stream.Id, s.Terms.Language, followed?.Id ?? subject);
        next.Send(new MessageSignal.Say(occasion, subject, shopper, parcel, News: News(file, occasion, subject, parcel, shopper.Locale, s), Since: SinceOf(occasion, followed)));
    }

    /// <summary>What a shopper hears of it, and of which parcel. That something goes wrong only where the brand wants its shoppers to hear of delays.</summary>
    private static (Occasion What, string Parcel)? OccasionOf(ShippingEvent e, Situation s) => (e, s.Terms.Delays) switch
    {
        (ShippingEvent.Moved { Overtaken: true }, _) => null,
        (ShippingEvent.Delivered d, _) => (Occasion.Delivered, d.ParcelId),
        (ShippingEvent.Moved { Status: ScanStatus.OutForDelivery } m, _) => (Occasion.OutForDelivery, m.ParcelId),
        (_, null) => null,
        (ShippingEvent.CreditGiven c, _) => (Occasion.CreditGiven, c.ParcelId),
        (ShippingEvent.FellBehind b, _) => (Occasion.Delayed, b.ParcelId),
        (ShippingEvent.Moved { Status: ScanStatus.FailedAttempt } m, _) => (Occasion.AttemptFailed, m.ParcelId),
        (ShippingEvent.Moved { Status: ScanStatus.HeldAtCustoms } m, _) => (Occasion.HeldAtCustoms, m.ParcelId),
        (ShippingEvent.Moved { Status: ScanStatus.ReturnedToOrigin } m, _) => (Occasion.ComingBack, m.ParcelId),
        _ => null,
    };

    /// <summary>Of what was found, and not of when it is told; but never a day that has passed.</summary>
    private static NewsWords? News(OrderFile file, Occasion occasion, string subject, ParcelWords? parcel, string locale, Situation s)
    {
        if (occasion == Occasion.AddressChanged) return new(null, null, Follow(null, s));
        var given = file.Shipping.Find(subject)?.Credited is { CreditIs: CreditState.Given, Credit: { } amount } ? new Money(amount, s.Terms.Currency) : (Money?)null;
        if (occasion == Occasion.CreditGiven) return new(null, null, Follow(null, s), given);
        if (occasion is not (Occasion.Delayed or Occasion.AttemptFailed or Occasion.HeldAtCustoms or Occasion.ComingBack)) return null;
        // Of two delays of one parcel the shopper hears once, of the first that is still so.
        if (occasion != Occasion.Delayed || file.Shipping.Find(subject)?.Behind is not { } setback) return new(null, null, parcel?.TrackingUrl);
        return new(setback.Expected > s.Terms.DayOf(s.At) ? setback.Expected : null, Reason(setback, Voice.Of(s).LanguageOf(Occasions.Name(occasion), locale), s.Terms), parcel?.TrackingUrl, given);
    }

    // In the language of the message around it; a sentence in another one is worse than none.
    private static string? Reason(Setback setback, string language, BrandTerms terms)
    {
        if (!ShopperWords.Languages.Contains(ShopperWords.LanguageOf(language, ""))) return null;
        var words = ShopperWords.In(ShopperWords.LanguageOf(language, ""));
        return setback.Kind == Delay.Silence ? ShopperWords.Fill(words.ReasonSilent, ("day", words.Day(terms.DayOf(setback.Since)))) : words.ReasonLate;
    }
}
