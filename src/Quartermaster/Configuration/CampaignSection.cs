using System.Globalization;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using YamlDotNet.RepresentationModel;

namespace Quartermaster.Configuration;

/// <summary>What the flows of a brand may name.</summary>
/// <param name="Channels">Kinds of the channels that the brand writes by.</param>
internal sealed record FlowNames(IReadOnlyCollection<string> Channels, IReadOnlyCollection<string> Offers)
{
    /// <summary>Nobody could unsubscribe from a mail. Of the file it is checked for all that a brand advertises at once.</summary>
    public bool NoMail { get; init; }
}

/// <summary>Reads <c>brands.NAME.flows</c> and <c>brands.NAME.offers</c>, and writes them back as they were understood.</summary>
/// <remarks>A flow that is named like a shipped one begins as that; what is written replaces what it brings.</remarks>
internal static class CampaignSection
{
    private const int MostSteps = 10;

    /// <summary>Nobody knows two years later why they are written to.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(730);

    private static readonly (CampaignTrigger Trigger, string Word)[] Triggers =
        [(CampaignTrigger.Delivered, "delivered"), (CampaignTrigger.Purchased, "purchased"), (CampaignTrigger.CheckoutLeft, "checkout"), (CampaignTrigger.ReorderDue, "reorder"), (CampaignTrigger.Silent, "silent")];

    /// <returns>No flows where the brand has none: nobody is followed.</returns>
    public static CampaignTerms Read(Section brand, IReadOnlyCollection<string> channels)
    {
        var offers = brand.Child("offers").Children().ToDictionary(o => o.Name, o => ReadOffer(o.Section));
        return new(ReadFlows(brand, new(channels, offers.Keys))) { Offers = offers };
    }

    /// <summary>Reads <c>flows</c>: of a brand in the file, or of the dashboard. There is one reader, so that both are checked alike.</summary>
    public static IReadOnlyList<Campaign> ReadFlows(Section root, FlowNames names)
    {
        if (!root.Names().Contains("flows")) return [];
        var section = root.Child("flows");
        if (names.Channels.Count == 0 && section.Names().Any()) root.Problems.Add(section.Place, section.Path, "the brand sends no messages, so no flow could say anything", "List its channels under messages, or leave flows out.");
        return [.. section.Children().Select(f => ReadFlow(f.Name, f.Section, names)).OfType<Campaign>()];
    }

    /// <summary>What a step can say.</summary>
    public static IReadOnlyList<string> Sayings { get; } = [.. Occasions.All.Where(Occasions.IsInvitation).Select(Occasions.Name)];

    /// <summary>What can begin a flow, as it is written.</summary>
    public static IReadOnlyList<string> Beginnings { get; } = [.. Triggers.Select(t => t.Word)];

    /// <summary>What can end a flow early, as it is written.</summary>
    public static IReadOnlyList<string> Endings { get; } = [.. Enum.GetValues<CampaignEnd>().Select(e => Word(e))];

    public static string Word(CampaignEnd end) => end.ToString().ToLowerInvariant();

    public static string Word(CampaignTrigger trigger) => Triggers.First(t => t.Trigger == trigger).Word;

    private static Campaign? ReadFlow(string id, Section section, FlowNames names)
    {
        if (!WrittenValues.IsKey(id)) section.Problems.Add(section.Place, section.Path, $"'{id}' cannot be a flow's name", "Use lower-case letters, digits and hyphens, at most 40: second-order.");
        var shipped = ShippedCampaigns.Find(id);
        if (shipped is null) section.Require("trigger", string.Join(", ", Triggers.Select(t => t.Word)));
        var usual = shipped ?? new Campaign(id, id, CampaignTrigger.Delivered, []);
        var trigger = section.Find("trigger") is { } written ? TriggerOf(written) : usual.Trigger;
        var flow = usual with
        {
            Title = section.Text("title", usual.Title),
            Trigger = trigger ?? usual.Trigger,
            Steps = ReadSteps(section, usual.Steps, names),
            HoldOut = section.Number("hold_out", usual.HoldOut),
            ConvertsWithin = section.Period("converts_within", usual.ConvertsWithin),
            Only = ReadAudience(section) ?? usual.Only,
            Ends = section.ShapeOf("ends_on") == Section.Shape.Nothing ? usual.Ends : [.. section.Words("ends_on").Select(EndOf).OfType<CampaignEnd>()],
            Rest = section.Period("rest", usual.Rest),
            Link = section.Checked("link", "", text => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https" or "http", "an address", "Write it whole: https://shop.example/reviews.") is { Length: > 0 } link ? link : usual.Link,
            Usual = section.Period("usual", usual.Usual),
            Lasts = ReadLasts(section.Child("lasts")),
        };
        if (section.Find("offer") is { } offer && flow.Steps is [.., var last]) flow = flow with { Steps = [.. flow.Steps.SkipLast(1), last with { Offer = Known(offer, names.Offers) }] };
        section.NothingElse();
        if (flow.HoldOut is < 0m or > 0.5m) section.Find("hold_out")!.IsWrong("it is a share of the people, up to a half", "Write hold_out: 0.1 for one in ten, or 0 for nobody.");
        if (flow.Steps.Count == 0) section.Problems.Add(section.Place, section.Path, "it has no steps", "Write steps: [ { wait: 1d, say: thank_you } ]");
        if (names.NoMail && flow.Steps.Any(s => (s.By ?? names.Channels).Contains(ContactPoint.Email)))
            section.Problems.Add(section.Place, section.Path, "what it says by mail could not be unsubscribed from: this hub has no https address for a link", "Set public_address to the https address that reaches this hub, or name the brand's other channels in every step: by: whatsapp.");
        return flow.Steps.Count == 0 ? null : flow;
    }

    private static List<CampaignStep> ReadSteps(Section section, IReadOnlyList<CampaignStep> usual, FlowNames names)
    {
        if (section.ShapeOf("steps") == Section.Shape.Nothing) return [.. usual];
        List<CampaignStep> steps = [];
        foreach (var item in section.Items("steps"))
        {
            var wait = item.Require("wait", "1d");
            var waits = item.Period("wait", TimeSpan.Zero);
            if (waits > LongestWait) wait!.IsWrong($"'{wait.Text}' is longer than {LongestWait.TotalDays:0} days", "Write a shorter time: nobody knows any more why they are written to.");
            var say = item.Require("say", "thank_you");
            if (say is not null && !(Occasions.Find(say.Text) is { } occasion && Occasions.IsInvitation(occasion)))
                say.IsWrong($"'{say.Text}' is nothing that a flow can say", NearestWord.Hint(say.Text, Sayings, ""));
            steps.Add(new(waits, say?.Text ?? "thank_you", ReadAudience(item), item.Find("offer") is { } offer ? Known(offer, names.Offers) : null, ReadChannels(item, names)));
            item.NothingElse();
        }
        if (steps.Count > MostSteps) section.Problems.Add(section.PlaceOf("steps"), section.Path, $"it has more than {MostSteps} steps", "Nobody reads so much from one reason; split it.");
        return steps;
    }

    private static IReadOnlyList<string>? ReadChannels(Section item, FlowNames names)
    {
        var kinds = item.Words("by");
        foreach (var kind in kinds)
            if (!names.Channels.Contains(kind.Text)) kind.IsWrong($"the brand has no channel '{kind.Text}'", NearestWord.Hint(kind.Text, [.. names.Channels], "List it under the brand's messages."));
        return kinds.Count == 0 ? null : [.. kinds.Select(k => k.Text).Distinct()];
    }

    private static Audience? ReadAudience(Section section)
    {
        if (section.ShapeOf("only") == Section.Shape.Nothing) return null;
        var only = section.Child("only");
        var audience = new Audience(
            only.Find("orders_from") is null ? null : only.Whole("orders_from", 1), only.Find("orders_to") is null ? null : only.Whole("orders_to", 1), only.Find("total_from") is null ? null : only.Number("total_from", 0m),
            only.Words("countries") is { Count: > 0 } countries ? [.. countries.Select(c => c.Text.ToUpperInvariant())] : null, only.Words("languages") is { Count: > 0 } languages ? [.. languages.Select(l => l.Text.ToLowerInvariant())] : null);
        only.NothingElse();
        return audience;
    }

    private static OfferTerms ReadOffer(Section section)
    {
        IReadOnlyList<string> codes = [.. section.Several("code").Concat(section.Several("codes")).Select(c => c.Text.Trim()).Distinct()];
        if (codes.Count == 0 || codes.Any(c => c.Length is 0 or > 100)) section.Problems.Add(section.Place, section.Path, "it has no code that a shop could take", "Write code: COME-BACK-10, or codes: [A1, A2] of which each is given once.");
        section.Require("most_per_month", "200");
        var offer = new OfferTerms(codes.Count == 0 ? [""] : codes, ReadSays(section), section.Whole("most_per_month", 1, least: 1), section.Whole("most_per_customer", 1, least: 1),
            section.Instant("until") is { } until ? DateOnly.FromDateTime(until.UtcDateTime) : null);
        section.NothingElse();
        return offer;
    }

    private static Dictionary<string, string> ReadSays(Section section)
    {
        if (section.ShapeOf("says") != Section.Shape.Section) return section.Find("says") is { } one ? new() { [""] = one.Text } : [];
        return section.Child("says").Values().Where(v => v.Value is not null).ToDictionary(v => v.Name.ToLowerInvariant(), v => v.Value!.Text);
    }

    private static Dictionary<string, TimeSpan> ReadLasts(Section section) => section.Names().ToList().ToDictionary(sku => sku, sku => section.Period(sku, TimeSpan.FromDays(30)));

    private static CampaignTrigger? TriggerOf(Written written)
    {
        foreach (var (trigger, word) in Triggers)
            if (word == written.Text) return trigger;
        written.IsWrong($"'{written.Text}' begins no flow", NearestWord.Hint(written.Text, Beginnings, ""));
        return null;
    }

    private static CampaignEnd? EndOf(Written written)
    {
        if (Enum.TryParse<CampaignEnd>(written.Text, ignoreCase: true, out var end) && !char.IsAsciiDigit(written.Text[0])) return end;
        written.IsWrong($"'{written.Text}' ends no flow", "Write purchase, return, review or case. That somebody unsubscribes or complains always ends it.");
        return null;
    }

    private static string? Known(Written offer, IReadOnlyCollection<string> offers)
    {
        if (offers.Contains(offer.Text)) return offer.Text;
        offer.IsWrong($"there is no offer '{offer.Text}'", NearestWord.Hint(offer.Text, [.. offers], "Write it under the brand's offers."));
        return null;
    }

    public static YamlMappingNode WriteFlows(CampaignTerms terms)
    {
        var flows = new YamlMappingNode();
        foreach (var flow in terms.All) flows.Add(flow.Id, Write(flow));
        return flows;
    }

    public static YamlMappingNode WriteOffers(CampaignTerms terms)
    {
        var offers = new YamlMappingNode();
        foreach (var (name, offer) in terms.Offers.OrderBy(o => o.Key, StringComparer.Ordinal))
        {
            var says = new YamlMappingNode();
            foreach (var (language, words) in offer.Says) says.Add(Quoted(language), words);
            offers.Add(name, new YamlMappingNode
            {
                { "codes", new YamlSequenceNode(offer.Codes.Select(Quoted)) }, { "says", says }, { "most_per_month", Number(offer.MostPerMonth) }, { "most_per_customer", Number(offer.MostPerCustomer) },
                { "until", offer.Until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "" },
            });
        }
        return offers;
    }

    public static YamlMappingNode Write(Campaign flow)
    {
        var lasts = new YamlMappingNode();
        foreach (var (sku, time) in flow.Lasts) lasts.Add(Quoted(sku), EffectiveConfiguration.Period(time));
        return new()
        {
            { "title", Quoted(flow.Title) }, { "trigger", Word(flow.Trigger) }, { "hold_out", Number(flow.HoldOut) }, { "converts_within", EffectiveConfiguration.Period(flow.ConvertsWithin) }, { "only", Write(flow.Only) },
            { "ends_on", new YamlSequenceNode(flow.Ends.Select(e => new YamlScalarNode(Word(e)))) }, { "rest", EffectiveConfiguration.Period(flow.Rest) }, { "link", Quoted(flow.Link ?? "") },
            { "usual", EffectiveConfiguration.Period(flow.Usual) }, { "lasts", lasts }, { "steps", new YamlSequenceNode(flow.Steps.Select(Write)) },
        };
    }

    private static YamlMappingNode Write(CampaignStep step)
    {
        var written = new YamlMappingNode { { "wait", EffectiveConfiguration.Period(step.Wait) }, { "say", step.Occasion } };
        if (step.Only is { } only) written.Add("only", Write(only));
        if (step.Offer is { } offer) written.Add("offer", offer);
        if (step.By is { } by) written.Add("by", new YamlSequenceNode(by.Select(kind => new YamlScalarNode(kind))));
        return written;
    }

    private static YamlMappingNode Write(Audience only)
    {
        var written = new YamlMappingNode();
        if (only.OrdersFrom is { } from) written.Add("orders_from", Number(from));
        if (only.OrdersTo is { } to) written.Add("orders_to", Number(to));
        if (only.TotalFrom is { } total) written.Add("total_from", Number(total));
        if (only.Countries is { } countries) written.Add("countries", new YamlSequenceNode(countries.Select(Quoted)));
        if (only.Languages is { } languages) written.Add("languages", new YamlSequenceNode(languages.Select(Quoted)));
        return written;
    }

    private static YamlScalarNode Quoted(string text) => new(text) { Style = YamlDotNet.Core.ScalarStyle.DoubleQuoted };

    private static string Number(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}
