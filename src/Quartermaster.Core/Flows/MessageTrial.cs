using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Core.Flows;

/// <summary>What a message would tell of an order that is there, whatever has become of it: for whoever looks at a template.</summary>
public static class MessageTrial
{
    /// <param name="page">The order's own page, as its messages name it; null where shoppers cannot reach this hub.</param>
    /// <param name="isInvented">True: the order has no parcel, or nothing to confirm, so what is told of that is made up.</param>
    public static MessageFacts FactsOf(OrderFile file, string orderRef, Occasion occasion, BrandTerms brand, string? page, out bool isInvented)
    {
        var parcel = Occasions.IsOfAParcel(occasion) ? (file.Shipping.All ?? []).FirstOrDefault(p => p.IsKnown) : null;
        var shopper = PriceOfOrder.Shopper(file, orderRef, brand.Language, parcel?.Id ?? "");
        var specimen = SpecimenFacts.All;
        isInvented = Occasions.IsOfAParcel(occasion) && (parcel is null || Occasions.IsTrouble(occasion));
        var facts = new MessageFacts { Number = shopper.Number, Name = shopper.Name, Items = shopper.Order.Items, Total = shopper.Order.Total, City = shopper.Order.City, Link = page, Unsubscribe = specimen.Unsubscribe };
        if (Occasions.IsOfAParcel(occasion))
            facts = facts with { Carrier = parcel?.Carrier ?? specimen.Carrier, Tracking = parcel?.Tracking ?? specimen.Tracking, TrackingLink = page ?? (parcel is null ? specimen.TrackingLink : parcel.TrackingUrl) };
        if (Occasions.IsTrouble(occasion))
            facts = facts with { Reason = specimen.Reason, Expected = specimen.Expected, Link = page ?? specimen.Link };
        if (Occasions.IsInvitation(occasion))
        {
            isInvented = true;
            facts = facts with { Link = specimen.Link, Code = specimen.Code, Offer = specimen.Offer, OfferUntil = specimen.OfferUntil };
        }
        if (occasion == Occasion.CreditGiven)
        {
            isInvented = true;
            facts = facts with { Credit = specimen.Credit };
        }
        if (occasion != Occasion.ToConfirm) return facts;
        isInvented = true;
        return facts with { Due = new(file.Order.Facts!.Total - file.Order.Facts.Payment.Paid, file.Order.Facts.Currency), Address = specimen.Address, AnswerLink = specimen.AnswerLink };
    }
}
