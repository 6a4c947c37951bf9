using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Flows;

/// <summary>Whom a campaign would follow, had it always been there, by orders as they stand now. Nothing follows from a trial.</summary>
/// <remarks>Who leaves a checkout has no order; a trial of such a campaign finds nobody.</remarks>
public static class CampaignTrial
{
    /// <param name="s">Of the order's stream.</param>
    /// <returns>Null when the order begins nothing.</returns>
    public static TriedRun? Of(OrderFile file, Campaign campaign, Situation s)
    {
        if (file.Order.Facts is not { Test: false, CancelledAt: null } facts || (campaign.Trigger == CampaignTrigger.Delivered ? DeliveredAt(file) : facts.PlacedAt) is not { } begun) return null;
        var (to, order) = (WhenOrderMovesTellItsCampaigns.Who(file, facts, s), WhenOrderMovesTellItsCampaigns.News(file, facts, s));
        if (campaign.Trigger == CampaignTrigger.CheckoutLeft || RunStream.Of(s.Stream.Brand, to.Email, to.Phone) is not { } customer) return null;
        var run = new Run(Run.IdOf(campaign.Id, order.Ref), campaign.Id, order.Ref, begun, begun + campaign.Steps[0].Wait, new(order.Ref, order.Number, order.Items, order.Total, campaign.Link))
        {
            HeldOut = campaign.HoldsOut(customer.Brand, customer.Id), Shadow = s.Shadow,
        };
        return new(customer, run, to, order);
    }

    /// <summary>The same, due when what is known of the customer says so; null when they have bought since.</summary>
    /// <param name="now">Who has been silent for long enough is written to at once.</param>
    public static TriedRun? With(TriedRun tried, Acquaintance person, Campaign campaign, DateTimeOffset now)
    {
        if (campaign.Trigger is not (CampaignTrigger.ReorderDue or CampaignTrigger.Silent)) return tried;
        if (person.OrderedAt is [var newest, ..] && newest > tried.Order.At) return null;
        var due = campaign.Trigger == CampaignTrigger.Silent ? tried.Run.DueAt!.Value : tried.Order.At + ReorderInterval.Of(person, tried.Order, campaign) + campaign.Steps[0].Wait;
        return tried with { Run = tried.Run with { DueAt = campaign.Trigger == CampaignTrigger.Silent && due < now ? now : due } };
    }

    private static DateTimeOffset? DeliveredAt(OrderFile file)
    {
        DateTimeOffset? last = null;
        foreach (var parcel in file.Shipping.All ?? [])
        {
            if (parcel is not { Delivered: true, LastAt: { } at }) return null;
            if (!(last >= at)) last = at;
        }
        return last;
    }
}

/// <summary>Somebody whom a campaign would follow.</summary>
/// <param name="Order">What would have begun it.</param>
public sealed record TriedRun(StreamId Customer, Run Run, Recipient To, OrderNews Order);
