using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Campaigns;

/// <summary>The campaigns that the program brings along. A brand has those that its configuration names, and changes in them what it likes.</summary>
public static class ShippedCampaigns
{
    /// <summary>An order that is with its shopper for a day.</summary>
    public static readonly Campaign ThankYou = new("thank-you", "Thank-you", CampaignTrigger.Delivered, [new(TimeSpan.FromDays(1), "thank_you")])
    {
        Ends = [CampaignEnd.Return, CampaignEnd.Case], Rest = TimeSpan.FromDays(30), ConvertsWithin = TimeSpan.FromDays(14),
    };

    /// <summary>Asked when there was time to try it out, and reminded of twice.</summary>
    public static readonly Campaign Review = new("review", "Review request", CampaignTrigger.Delivered,
        [new(TimeSpan.FromDays(10), "review_request"), new(TimeSpan.FromDays(4), "review_reminder"), new(TimeSpan.FromDays(5), "review_reminder")])
    {
        Ends = [CampaignEnd.Review, CampaignEnd.Return, CampaignEnd.Case], Rest = TimeSpan.FromDays(30), ConvertsWithin = TimeSpan.FromDays(14),
    };

    /// <summary>Three touches, the last with what the brand offers.</summary>
    public static readonly Campaign Checkout = new("checkout", "Abandoned checkout", CampaignTrigger.CheckoutLeft,
        [new(TimeSpan.FromHours(1), "checkout_left"), new(TimeSpan.FromHours(23), "checkout_left"), new(TimeSpan.FromHours(48), "checkout_offer")])
    {
        Ends = [CampaignEnd.Purchase, CampaignEnd.Case],
    };

    public static readonly Campaign Reorder = new("reorder", "Reorder", CampaignTrigger.ReorderDue, [new(TimeSpan.Zero, "reorder_due"), new(TimeSpan.FromDays(7), "reorder_due")])
    {
        Ends = [CampaignEnd.Purchase, CampaignEnd.Return, CampaignEnd.Case], ConvertsWithin = TimeSpan.FromDays(14),
    };

    public static readonly Campaign WinBack = new("win-back", "Win-back", CampaignTrigger.Silent, [new(TimeSpan.FromDays(120), "win_back"), new(TimeSpan.FromDays(14), "win_back")])
    {
        Ends = [CampaignEnd.Purchase, CampaignEnd.Case], ConvertsWithin = TimeSpan.FromDays(30),
    };

    public static readonly IReadOnlyList<Campaign> All = [ThankYou, Review, Checkout, Reorder, WinBack];

    public static Campaign? Find(string id)
    {
        foreach (var campaign in All)
            if (campaign.Id == id) return campaign;
        return null;
    }
}
