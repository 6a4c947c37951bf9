using System.Globalization;
using Quartermaster.Core.Channels;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Risk;
using Quartermaster.Runtime;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Quartermaster.Configuration;

/// <summary>Writes a configuration as the hub understood it: defaults filled in, environment put in, secrets masked.</summary>
public static class EffectiveConfiguration
{
    public const string Mask = "••••";

    public static string Write(HubConfiguration configuration)
    {
        var root = new YamlMappingNode
        {
            { "database", configuration.Database is { } database ? DatabaseAddress.Masked(database) : "" },
            { "data", configuration.DataFolder },
            { "listen", configuration.Listen.ToString().TrimEnd('/') },
            { "public_address", configuration.PublicAddress?.ToString().TrimEnd('/') ?? "" },
            { "trusted_proxies", new YamlSequenceNode(configuration.TrustedProxies.Select(p => new YamlScalarNode(p.ToString()))) },
            { "roles", new YamlSequenceNode(configuration.Roles.Select(r => new YamlScalarNode(r))) },
            { "retention", new YamlMappingNode { { "history_days", Text(configuration.HistoryDays) } } },
            { "limits", new YamlMappingNode { { "body_bytes", Text(configuration.BodyBytes) } } },
            { "brands", Map(configuration.Plan.Brands, Brand) },
            { "connections", Map(configuration.Plan.Connections, Connection) },
        };
        var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(root)).Save(writer, assignAnchors: false);
        return writer.ToString().TrimEnd('.', '\n', '\r') + "\n";
    }

    // Templates are files of their own: quartermaster messages list names them.
    private static YamlMappingNode Voice(VoiceTerms voice) => new()
    {
        { "sender", voice.Sender ?? "" },
        { "tone", voice.Tone ?? "" },
        { "sign_off", voice.SignOff.TryGetValue("", out var alone) ? new YamlScalarNode(alone) : Map(voice.SignOff, text => new YamlScalarNode(text)) },
        { "support", voice.Support ?? "" },
        { "languages", new YamlSequenceNode((voice.Languages ?? []).Select(l => new YamlScalarNode(l))) },
        { "fallback", Map(voice.Fallback, to => new YamlScalarNode(to)) },
    };

    private static YamlMappingNode Brand(BrandPlan plan)
    {
        var terms = plan.Terms;
        var brand = new YamlMappingNode
        {
            { "title", terms.Title },
            { "mode", plan.Mode.ToString().ToLowerInvariant() },
            { "currency", terms.Currency },
            { "time_zone", terms.TimeZone },
            { "language", terms.Language },
            { "accounting", terms.Accounting ?? "" },
            { "alerts", terms.Alerts ?? "" },
            { "messages", new YamlSequenceNode(terms.MessageChannels.Select(c => new YamlMappingNode { { "kind", c.Kind }, { "connection", c.Connection }, { "unsubscribe", c.Unsubscribe ? "true" : "false" } })) },
            { "voice", Voice(terms.Voice) },
            { "odd_quantity", Text(terms.OddQuantity) },
            { "payment_patience", Period(terms.PaymentPatience) },
            { "reserve_unpaid_for", Period(terms.ReserveUnpaidFor) },
            { "orders_from", terms.OrdersFrom is { } from ? from.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) : "" },
            { "invoice_prefix", terms.InvoicePrefix },
            { "rounding_limit", Text(terms.RoundingLimit) },
            { "border_cost", Text(terms.BorderCost) },
            { "zone_step_cost", Text(terms.ZoneStepCost) },
            { "routing", Routing(terms.Routing) },
            { "rules", RuleText.Nodes(plan.Rules.Rules) },
            { "locations", Map(terms.Locations.ToDictionary(l => l.Code), Location) },
        };
        if (terms.Contact != ContactTerms.Usual) brand.Add("customers", Contact(terms.Contact));
        if (terms.AnswersAtOnce) brand.Add("answers", new YamlMappingNode { { "where_is_my_order", "send" } });
        if (terms.TakesDays.Count > 0) brand.Add("takes_days", new YamlSequenceNode(terms.TakesDays.Select(name => new YamlScalarNode(name))));
        if (terms.Replenishment is { } replenishment) brand.Add("replenishment", Replenishment(replenishment));
        if (terms.Risk is { } risk && plan.Scorer is { } scorer) brand.Add("risk", Risk(risk, scorer.Points));
        if (terms.Delays is { } delays) brand.Add("delays", Delays(delays));
        if (plan.Flows.Offers.Count > 0) brand.Add("offers", CampaignSection.WriteOffers(plan.Flows));
        if (terms.Campaigns is { } campaigns) brand.Add("flows", CampaignSection.WriteFlows(campaigns));
        if (terms.Look != BrandLook.Plain) brand.Add("look", new YamlMappingNode { { "name", terms.Look.Name ?? "" }, { "colour", Quoted(terms.Look.Colour) }, { "logo", terms.Look.Logo?.ToString() ?? "" } });
        if (terms.PurchaseOrdersTo is { } to) brand.Add("purchasing", new YamlMappingNode { { "to", to }, { "number_prefix", terms.PurchasePrefix } });
        if (terms.Substitutions.Count > 0) brand.Add("substitutions", new YamlSequenceNode(terms.Substitutions.Values.Select(Substitution)));
        return brand;
    }

    private static YamlMappingNode Substitution(SubstitutionTerms terms)
    {
        var rule = new YamlMappingNode { { "sku", Quoted(terms.Sku) }, { "consent", terms.NeedsConsent ? "required" : "not" } };
        if (terms.MostDifference is { } most) rule.Add("max_difference", Text(most));
        rule.Add("by", new YamlSequenceNode(terms.By.Select(b => b.Price is { } price ? new YamlMappingNode { { "sku", Quoted(b.Sku) }, { "price", Text(price) } } : new YamlMappingNode { { "sku", Quoted(b.Sku) } })));
        return rule;
    }

    private static YamlMappingNode Risk(RiskTerms terms, RiskPoints points)
    {
        var risk = new YamlMappingNode { { "owner", terms.Owner }, { "when_lapsed", terms.LapseApproves ? "approve" : "decline" }, { "history_days", Text(terms.HistoryDays) } };
        if (terms.Review is { } review) risk.Add("review", Text(review));
        if (terms.Decline is { } decline) risk.Add("decline", Text(decline));
        if (terms.Lapses is { } lapses) risk.Add("lapses", Period(lapses));
        risk.Add("amount_times", Text(points.AmountTimes));
        risk.Add("velocity_orders", Text(points.VelocityOrders));
        risk.Add("points", new YamlMappingNode
        {
            { "amount", Text(points.Amount) }, { "billed_abroad", Text(points.BilledAbroad) }, { "billed_elsewhere", Text(points.BilledElsewhere) }, { "velocity", Text(points.Velocity) },
            { "disposable_email", Text(points.DisposableEmail) }, { "postcode", Text(points.Postcode) }, { "first_cash_order", Text(points.FirstCashOrder) }, { "no_phone", Text(points.NoPhone) },
            { "area_returns", Text(points.AreaReturns) }, { "returned_before", Text(points.ReturnedBefore) }, { "storefront_medium", Text(points.StorefrontMedium) }, { "storefront_high", Text(points.StorefrontHigh) }, { "known_buyer", Text(points.KnownBuyer) },
            { "same_email", Text(points.SameEmail) }, { "same_device", Text(points.SameDevice) }, { "same_card", Text(points.SameCard) }, { "same_network", Text(points.SameNetwork) },
        });
        risk.Add("postcodes", new YamlSequenceNode(points.Postcodes.Select(Quoted)));
        risk.Add("disposable_domains", Words(points.DisposableDomains.Order(StringComparer.Ordinal)));
        if (terms.Velocity.Count > 0)
            risk.Add("velocity", new YamlMappingNode(terms.Velocity.Select(v => KeyValuePair.Create<YamlNode, YamlNode>(Period(v.Within),
                new YamlMappingNode { { "email", Text(v.Email) }, { "device", Text(v.Device) }, { "card", Text(v.Card) }, { "network", Text(v.Network) } }))));
        if (terms.Opinion is { } opinion)
        {
            var asked = new YamlMappingNode { { "connection", opinion.Connection }, { "patience", Period(opinion.Patience) }, { "when_silent", opinion.SilentGoesOn ? "go_on" : "review" } };
            if (opinion.From is { } from) asked.Add("from", Text(from));
            if (opinion.Total is { } total) asked.Add("total", Text(total));
            risk.Add("opinion", asked);
        }
        if (terms.Confirm is { } confirm)
            risk.Add("confirm", new YamlMappingNode { { "from", Text(confirm.From) }, { "lapses", Period(confirm.Lapses) }, { "hold_out", Text(confirm.HoldOut) }, { "pay_link", confirm.PayLink ?? "" } });
        return risk;
    }

    private static YamlMappingNode Delays(DelayTerms terms)
    {
        var delays = new YamlMappingNode { { "silent_after", Period(terms.SilentAfter) }, { "lane_share", Text(terms.LaneShare) }, { "lane_parcels", Text(terms.LaneParcels) } };
        if (terms.Credit is { } credit) delays.Add("credit", new YamlMappingNode { { "amount", Text(credit.Amount) }, { "most_per_order", Text(credit.MostPerOrder) }, { "most_per_month", Text(credit.MostPerMonth) }, { "lapses_after", Period(credit.Keeps) } });
        return delays;
    }

    private static YamlMappingNode Contact(ContactTerms terms) => new()
    {
        { "marketing", terms.NeedsOptIn ? "opt_in" : "opt_out" }, { "quiet_hours", Quoted(ContactSection.Written(terms.Quiet)) }, { "most", Text(terms.Most) }, { "days", Text(terms.Days) }, { "across_brands", terms.AcrossBrands ? "true" : "false" },
    };

    private static YamlMappingNode Replenishment(ReplenishmentTerms terms) => new()
    {
        { "low_units", terms.LowUnits is { } units ? Text(units) : "" },
        { "low_days", terms.LowDays is { } days ? Text(days) : "" },
        { "demand_days", Text(terms.DemandDays) },
        { "service_level", Text(terms.ServiceLevel) },
        { "review_days", Text(terms.ReviewDays) },
        { "drafts", terms.Drafts ? "true" : "false" },
    };

    private static YamlMappingNode Location(LocationTerms location) => new()
    {
        { "title", location.Title },
        { "warehouse", location.Connection },
        { "country", location.Country },
        { "postal_zone", Quoted(location.PostalZone) },
        { "postal_code", Quoted(location.PostalCode ?? "") },
        { "cost", Text(location.Cost) },
        { "paused", location.Paused ? "true" : "false" },
        { "capacity", location.Capacity is { } capacity ? Text(capacity) : "" },
        { "counts", Counts(location.Counts) },
        { "time_zone", location.Calendar.TimeZone },
        { "packs_until", Quoted(location.Calendar.CutOff == TimeOnly.MaxValue ? "" : location.Calendar.CutOff.ToString("HH:mm", CultureInfo.InvariantCulture)) },
        { "closed", new YamlSequenceNode(location.Calendar.Closed.Select(d => new YamlScalarNode(RoutingSection.Name(d)))) },
        { "holidays", new YamlSequenceNode(location.Calendar.Holidays.Select(d => new YamlScalarNode(d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))) },
        { "handling_days", Text(location.Calendar.HandlingDays) },
        { "labels", location.Labels is { } labels ? Labels(labels) : new YamlMappingNode() },
    };

    private static YamlMappingNode Counts(CountTerms? terms) => terms is null
        ? new YamlMappingNode { { "believe_all", "true" } }
        : new YamlMappingNode { { "ask_from", new YamlMappingNode { { "units", Text(terms.Units) }, { "percent", Text(terms.Percent) } } } };

    private static YamlMappingNode Labels(LabelTerms labels) => new()
    {
        { "connection", labels.Connection },
        { "service", labels.Service },
        { "service_abroad", labels.ServiceAbroad },
        { "services", Map(labels.Services, Quoted) },
        {
            "from", new YamlMappingNode
            {
                { "name", labels.From.Name ?? "" }, { "company", labels.From.Company ?? "" }, { "line1", labels.From.Line1 ?? "" }, { "line2", labels.From.Line2 ?? "" }, { "city", labels.From.City ?? "" },
                { "province", labels.From.Province ?? "" }, { "postal_code", Quoted(labels.From.PostalCode ?? "") }, { "phone", Quoted(labels.From.Phone ?? "") }, { "email", labels.From.Email ?? "" },
            }
        },
        {
            "parcel", new YamlMappingNode
            {
                { "grams", Text(labels.Grams) }, { "packaging_grams", Text(labels.PackagingGrams) }, { "cm", labels.Size is { } size ? $"{size.Length}x{size.Width}x{size.Height}" : "" },
            }
        },
        { "cash", labels.CashWithout ? "without" : "buy" },
        { "close_day", Quoted(!labels.Closes ? "" : labels.CloseAt?.ToString("HH:mm", CultureInfo.InvariantCulture) ?? LabelSection.ByHand) },
    };

    private static YamlMappingNode Routing(RoutingTerms routing) => new()
    {
        { "max_parcels", Text(routing.MaxParcels) },
        { "split_cost", Text(routing.SplitCost) },
        { "promise_days", routing.PromiseDays is { } days ? Text(days) : "" },
        { "late_cost", Text(routing.LateCost) },
        { "damage_cost", Text(routing.DamageCost) },
        { "redelivery_cost", Text(routing.RedeliveryCost) },
        { "return_cost", Text(routing.ReturnCost) },
        { "history_days", Text(routing.HistoryDays) },
        { "busy_cost", Text(routing.BusyCost) },
        { "cover_days", routing.CoverDays is { } cover ? Text(cover) : "" },
        { "cover_cost", Text(routing.CoverCost) },
        { "pools", Map(routing.Pools.ToDictionary(p => p.Name), pool => new YamlMappingNode { { "locations", Words(pool.Locations) }, { "channels", Words(pool.Channels) } }) },
        { "rates", RateText.Nodes(routing.Rates) },
        { "methods", Map(routing.Methods, Quoted) },
    };

    private static YamlMappingNode Connection(ConnectionPlan plan)
    {
        var manifest = plan.Connector.Manifest;
        var settings = new YamlMappingNode();
        foreach (var setting in manifest.Settings)
            if (plan.Settings.Find(setting.Key) is { } value)
                settings.Add(setting.Key, setting.Secret ? Mask : value);
        foreach (var knob in plan.Settings.Values.Where(v => plan.Sandboxed && v.Key.StartsWith("sandbox_", StringComparison.Ordinal)))
            settings.Add(knob.Key, knob.Value);
        var limits = plan.EffectiveLimits;
        var stock = plan.Stock ?? new StockTerms(0, []);
        var node = new YamlMappingNode
        {
            { "connector", manifest.Key },
            { "brand", plan.Brand },
            { "sandbox", plan.Sandboxed ? "true" : "false" },
            { "order_prefix", Quoted(plan.OrderPrefix) },
            { "settings", settings },
            { "locations", Map(plan.Locations, Quoted) },
            {
                "stock", new YamlMappingNode
                {
                    { "publish", plan.Stock is null ? "false" : "true" }, { "buffer", Text(stock.Buffer) }, { "share", Text(stock.Share) }, { "most", Text(stock.Most) }, { "calm", Period(stock.Calm) },
                    { "from", Words(stock.From) }, { "preorders", stock.Preorders ? "true" : "false" }, { "hide_at_zero", stock.HideAtZero ? "true" : "false" }, { "hide_after", Period(stock.HideAfter) }, { "keep_shown", Words(stock.KeepShown) }, { "drift", stock.AskFrom is null ? "overwrite" : "ask" },
                }
            },
            {
                "limits", new YamlMappingNode
                {
                    { "batch", Text(limits.Batch) },
                    { "concurrency", Text(limits.Concurrency) },
                    { "per_second", Text((decimal)limits.PerSecond) },
                    { "burst", Text(limits.Burst) },
                    { "per_day", Text(limits.PerDay) },
                }
            },
        };
        if (stock.AskFrom is { } from) ((YamlMappingNode)node["stock"]).Add("ask_from", Text(from));
        if (manifest.TellsShelves) ((YamlMappingNode)node["stock"]).Add("read_every", Period(plan.ReadShelvesEvery ?? TimeSpan.Zero));
        if (manifest.Capabilities.Contains(Capability.Warehouse))
            node.Add("patience", new YamlMappingNode { { "accepted_within", Period(plan.Patience.AcceptedWithin) }, { "shipped_within", Period(plan.Patience.ShippedWithin) } });
        return node;
    }

    private static YamlMappingNode Map<T>(IEnumerable<KeyValuePair<string, T>> entries, Func<T, YamlNode> write)
    {
        var map = new YamlMappingNode();
        foreach (var (key, value) in entries.OrderBy(e => e.Key, StringComparer.Ordinal))
            map.Add(key, write(value));
        return map;
    }

    private static YamlSequenceNode Words(IEnumerable<string> words) => new(words.Select(w => new YamlScalarNode(w)));

    // Ids and zones are text even when they look like numbers.
    private static YamlScalarNode Quoted(string text) => new(text) { Style = ScalarStyle.DoubleQuoted };

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    internal static string Period(TimeSpan period) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(period.Days > 0 ? $"{period.Days}d" : "")}{(period.Hours > 0 ? $"{period.Hours}h" : "")}{(period.Minutes > 0 ? $"{period.Minutes}m" : "")}{(period.Seconds > 0 || period == TimeSpan.Zero ? $"{period.Seconds}s" : "")}");
}
