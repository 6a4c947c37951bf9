using Quartermaster.Configuration;
using Quartermaster.Connectors;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Channels;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Risk;
using Quartermaster.Core.Rules;
using Quartermaster.Runtime;
using Quartermaster.Sandbox;

namespace Quartermaster.Hosting;

/// <summary>The plan of a hub that nothing was configured for, or that is driven by a load test: demo brands, every connection a twin.</summary>
internal static class DemoPlan
{
    /// <summary>What the first demo brand has written, so that a newcomer sees rules at work; its hold ends by itself.</summary>
    private const string Rules = """
        rules:
        - name: Big cash orders
          when: { payment: cash_on_delivery, total: { at_least: 5000 } }
          then: { tag: call first, hold: { reason: Call the shopper before so much is sent unpaid, owner: agent, lapses: 10m } }
        - name: The south
          when: { postal_code: { starts_with: ["5", "6"] } }
          then: { tag: south }
        """;

    /// <summary>What the same brand does about risk: a doubtful shopper's order is held with its reasons, and some cash orders are confirmed first. Short times, so that a newcomer sees them end.</summary>
    private static readonly RiskScorer Scorer = new(new() { Postcodes = ["IN:4000"], DisposableDomains = new HashSet<string> { DemoOrders.Throwaway }, Shared = VelocityLine.Usual });

    private static readonly RiskTerms Risk = new() { Assess = Scorer.Score, Review = 50, Velocity = VelocityLine.Usual, WeighsReturns = true, Confirm = new() { From = 30, Lapses = TimeSpan.FromMinutes(10), HoldOut = 0.1m } };

    /// <summary>What the same brand writes of its own accord: the shipped flows in minutes instead of days, so that a newcomer sees them at work. Its shoppers need not agree first.</summary>
    private static readonly CampaignTerms Campaigns = new(
    [
        ShippedCampaigns.ThankYou with { Steps = [new(TimeSpan.FromMinutes(2), "thank_you")] },
        ShippedCampaigns.Review with { Steps = [new(TimeSpan.FromMinutes(5), "review_request"), new(TimeSpan.FromMinutes(5), "review_reminder"), new(TimeSpan.FromMinutes(5), "review_reminder")], HoldOut = 0.2m, Link = "https://aurora.example/reviews" },
        ShippedCampaigns.Reorder, ShippedCampaigns.WinBack with { Steps = [.. ShippedCampaigns.WinBack.Steps.Select(s => s with { Offer = "come-back" })] },
    ])
    {
        Offers = new Dictionary<string, OfferTerms> { ["come-back"] = new(["AURORA-BACK-10"], new Dictionary<string, string> { [""] = "10 %" }, MostPerMonth: 200) },
    };

    public static HubPlan Sandbox()
    {
        var plan = Of(DemoBrands.All, limits: null) with { IsDemo = true };
        var first = DemoBrands.All[0].Terms.Brand;
        var book = new RuleBook(DashboardRules.ReadAll(plan, first, Rules, "demo"));
        return plan with { Brands = plan.Brands.ToDictionary(b => b.Key, b => b.Key == first ? b.Value with { Rules = book, Scorer = Scorer, Terms = b.Value.Terms with { Rules = book.Judge, Risk = Risk, Campaigns = Campaigns, Contact = b.Value.Terms.Contact with { NeedsOptIn = false } } } : b.Value) };
    }

    /// <param name="limits">Null: as the vendors publish them.</param>
    public static HubPlan Of(IReadOnlyList<DemoBrand> brands, Limits? limits)
    {
        var connectors = ConnectorCatalogue.Find();
        return new(
            brands.ToDictionary(b => b.Terms.Brand, b => new BrandPlan(b.Terms, BrandMode.Live) { Templates = b.Templates }),
            brands.SelectMany(b => b.Connections.Select(c => new ConnectionPlan(
                c.Key, b.Terms.Brand, connectors[c.Connector], new Settings(new Dictionary<string, string>(c.Settings)), "", c.Locations,
                limits is null ? null : limits with { Batch = connectors[c.Connector].Manifest.Limits.Batch }, Sandboxed: true)
            {
                // A load test measures orders; its shop's shelves are not the question.
                Stock = limits is null && connectors[c.Connector].Manifest.StockBatch > 0 ? new StockTerms(Buffer: 1, From: []) { HideAtZero = connectors[c.Connector].Manifest.Hiding is not null } : null,
            })).ToDictionary(c => c.Key));
    }
}
