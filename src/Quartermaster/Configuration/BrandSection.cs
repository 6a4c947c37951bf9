using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Purchasing;
using Quartermaster.Core.Rules;
using Quartermaster.Core.Shipping;
using Quartermaster.Runtime;

namespace Quartermaster.Configuration;

/// <summary>Reads <c>brands.NAME</c>.</summary>
internal static class BrandSection
{
    public static BrandPlan Read(string brand, Section section, ConnectionNames connections)
    {
        if (!WrittenValues.IsKey(brand))
            section.Problems.Add(section.Place, section.Path, $"'{brand}' cannot be a brand's key", "Use lower-case letters, digits and hyphens, at most 40: aurora-eu.");

        var usual = new BrandTerms { Brand = brand, Title = brand };
        var timeZone = ReadTimeZone(section, usual.TimeZone);
        var purchasing = ReadPurchasing(section, brand, connections);
        var voice = VoiceSection.Read(section);
        LocationTerms[] locations = [.. section.Child("locations").Children().Select(l => ReadLocation(brand, l.Name, l.Section, connections, timeZone))];
        var terms = new BrandTerms
        {
            Brand = brand,
            Title = section.Text("title", brand),
            Currency = section.Checked("currency", usual.Currency, Currencies.IsKnown, "a currency", "Write its ISO 4217 code in capitals: EUR, INR, USD."),
            TimeZone = timeZone,
            Language = section.Checked("language", usual.Language, IsLanguage, "a language", "Write its two letters: en, de, hi."),
            Locations = locations,
            Routing = RoutingSection.Read(section.Child("routing"), locations, connections.Able(brand, Capability.Storefront)),
            Accounting = connections.Refer(section, "accounting", brand, Capability.Accounting),
            Alerts = connections.Refer(section, "alerts", brand, Capability.Alerts),
            MessageChannels = [.. ReadMessages(brand, section, connections)],
            Voice = voice.Terms,
            Contact = ContactSection.Read(section),
            AnswersAtOnce = ReadAnswers(section),
            TakesDays = [.. section.Words("takes_days").Select(name => name.Text)],
            OddQuantity = section.Whole("odd_quantity", usual.OddQuantity, least: 1),
            PaymentPatience = section.Period("payment_patience", usual.PaymentPatience),
            ReserveUnpaidFor = section.Period("reserve_unpaid_for", usual.ReserveUnpaidFor),
            OrdersFrom = section.Instant("orders_from"),
            InvoicePrefix = section.Checked("invoice_prefix", usual.InvoicePrefix, text => text.Length <= 20, "short enough", "Use at most 20 characters."),
            RoundingLimit = section.Number("rounding_limit", usual.RoundingLimit),
            PurchaseOrdersTo = purchasing.To,
            PurchasePrefix = purchasing.Prefix,
            Substitutions = SubstitutionSection.Read(section),
            Trackers = connections.Trackers(brand),
            CreditGivers = connections.Doing(brand, Wire.KindOf(typeof(ShippingEffect.GiveCredit))),
            ScansByNumber = connections.ScanByNumber(brand),
            Replenishment = ReplenishmentSection.Read(section),
            Delays = DelaySection.Read(section),
            Look = LookSection.Read(section),
            BorderCost = section.Number("border_cost", usual.BorderCost),
            ZoneStepCost = section.Number("zone_step_cost", usual.ZoneStepCost),
        };
        var names = new RuleNames(connections.Able(brand, Capability.Storefront), [.. terms.Routing.Pools.Select(p => p.Name)], [.. terms.Routing.Rates.Select(r => r.Service).Distinct()], terms.Alerts is not null);
        var risk = RiskSection.Read(section, terms, connections);
        var campaigns = CampaignSection.Read(section, [.. terms.MessageChannels.Select(c => c.Kind).Distinct()]);
        var rules = new RuleBook(RulesSection.Read(section, names));
        // A brand that nobody has decided about yet must not send anything: shadow shows what would be done.
        var mode = section.OneOf("mode", BrandMode.Shadow);
        section.NothingElse();
        return new(terms with { Rules = rules.Judge, Risk = risk?.Terms, Campaigns = campaigns.All.Count == 0 ? null : campaigns }, mode) { Rules = rules, Offers = campaigns.Offers, Scorer = risk?.Scorer, Templates = voice.Templates };
    }

    private static bool ReadAnswers(Section section)
    {
        var answers = section.Child("answers");
        var where = answers.Checked("where_is_my_order", "draft", text => text is "draft" or "send", "a way to answer", "Write draft (a person sends it) or send (at once, where it is certain which order is meant).");
        answers.NothingElse();
        return where == "send";
    }

    private static (string? To, string Prefix) ReadPurchasing(Section section, string brand, ConnectionNames connections)
    {
        var purchasing = section.Child("purchasing");
        var to = connections.ReferToDo(purchasing, "to", brand, Capability.Accounting, Wire.KindOf(typeof(PurchaseEffect.Draft)), "takes no purchase orders");
        var prefix = purchasing.Checked("number_prefix", "", text => text.Length <= 20, "short enough", "Use at most 20 characters.");
        purchasing.NothingElse();
        return (to, prefix);
    }

    private static LocationTerms ReadLocation(string brand, string code, Section section, ConnectionNames connections, string timeZone)
    {
        if (code.Length > 20 || !code.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            section.Problems.Add(section.Place, section.Path, $"'{code}' cannot be a location's code", "Use at most 20 letters, digits, hyphens: BLR, WH-2.");
        section.Require("country", "IN");
        var country = section.Checked("country", "", Countries.IsKnown, "a country", "Write its ISO 3166 code in capitals: IN, DE, US.");
        section.Require("warehouse", "the key of a warehouse connection");
        var location = new LocationTerms(
            code,
            section.Text("title", code),
            connections.Refer(section, "warehouse", brand, Capability.Warehouse) ?? "",
            country,
            section.Text("postal_zone", ""),
            section.Number("cost", 0m),
            section.Flag("paused"))
        {
            PostalCode = section.Find("postal_code")?.Text,
            Capacity = section.Find("capacity") is null ? null : section.Whole("capacity", 500, least: 1),
            Counts = ReadCounts(section.Child("counts")),
            Calendar = RoutingSection.ReadCalendar(section, ReadTimeZone(section, timeZone)),
            Labels = LabelSection.Read(section, brand, country, connections),
        };
        section.NothingElse();
        return location;
    }

    private static CountTerms? ReadCounts(Section section)
    {
        var believes = section.Flag("believe_all");
        var from = section.Child("ask_from");
        var terms = new CountTerms(from.Whole("units", CountTerms.Usual.Units, least: 1), from.Whole("percent", CountTerms.Usual.Percent, least: 1, most: 100));
        from.NothingElse();
        section.NothingElse();
        return believes ? null : terms;
    }

    private static IEnumerable<MessageChannel> ReadMessages(string brand, Section section, ConnectionNames connections)
    {
        foreach (var item in section.Items("messages"))
        {
            item.Require("kind", "email");
            item.Require("connection", "the key of a connection that sends messages");
            var kind = item.Checked("kind", "", k => k is "whatsapp" or "sms" or "email", "a kind of message", "Write whatsapp or sms (to the shopper's phone), or email.");
            var connection = connections.Refer(item, "connection", brand, Capability.Messages);
            var unsubscribe = item.Flag("unsubscribe");
            if (unsubscribe && kind != "email")
                item.Problems.Add(item.PlaceOf("unsubscribe"), $"{item.Path}.unsubscribe", "only mail can be unsubscribed from by a link", "Leave it out here: STOP is understood on a phone.");
            item.NothingElse();
            if (kind.Length > 0 && connection is not null)
                yield return new(kind, connection, unsubscribe);
        }
    }

    private static string ReadTimeZone(Section section, string usual) =>
        section.Checked("time_zone", usual, id => TimeZoneInfo.TryFindSystemTimeZoneById(id, out _), "a time zone", $"Write its IANA name: Europe/Berlin, Asia/Kolkata, Etc/UTC; or leave it out for {usual}.");

    private static bool IsLanguage(string text) => text.Length == 2 && text.All(char.IsAsciiLetterLower);
}
