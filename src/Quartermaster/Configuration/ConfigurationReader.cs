using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Runtime;

namespace Quartermaster.Configuration;

/// <summary>Reads <c>quartermaster.yaml</c> into a checked <see cref="HubConfiguration"/>, or reports all its mistakes at once.</summary>
/// <param name="sandbox">The plan that runs when nothing is configured.</param>
/// <param name="twins">Connectors that the sandbox can stand in for; null = all.</param>
public sealed class ConfigurationReader(
    IReadOnlyDictionary<string, IConnector> connectors, EnvironmentValues environment, Func<HubPlan> sandbox, IReadOnlyCollection<string>? twins = null)
{
    public const string DefaultFile = "quartermaster.yaml";

    /// <summary>Reads the given file, else the one named by QM_CONFIG, else <c>quartermaster.yaml</c> here, else the sandbox.</summary>
    /// <exception cref="ConfigurationException">With everything that is wrong.</exception>
    public HubConfiguration Find(string? file)
    {
        file ??= environment.Find("QM_CONFIG") ?? (File.Exists(DefaultFile) ? DefaultFile : null);
        if (file is null)
            return Read("", null);
        try
        {
            return Read(File.ReadAllText(file), file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException([new(new(file), "", $"the file cannot be read ({failure.Message.TrimEnd('.')})", "Name an existing file with --config or QM_CONFIG.")]);
        }
    }

    /// <exception cref="ConfigurationException">With everything that is wrong.</exception>
    public HubConfiguration Read(string yaml, string? file)
    {
        var source = new Source(file ?? "environment", environment, new Problems());
        var root = new Section(YamlText.Parse(yaml, source), "", new(source.File, file is null ? 0 : 1, file is null ? 0 : 1), source);
        var top = new TopLevel(root, source);
        var address = top.PublicAddress();
        var configuration = new HubConfiguration
        {
            File = file,
            Database = top.Database(),
            DataFolder = top.DataFolder(),
            Listen = top.Listen(),
            PublicAddress = address,
            TrustedProxies = top.TrustedProxies(),
            Roles = top.Roles(),
            HistoryDays = top.HistoryDays(),
            BodyBytes = top.BodyBytes(),
            Plan = file is null ? sandbox() : ReadPlan(root, address),
        };
        root.NothingElse();
        return source.Problems.Count == 0 ? configuration : throw new ConfigurationException(source.Problems.Found);
    }

    private HubPlan ReadPlan(Section root, Uri? address)
    {
        var sections = root.Child("connections").Children().ToList();
        // Brands refer to connections and connections to brands, so the names are known before either is read.
        var before = root.Problems.Count;
        var brandNames = root.Child("brands").Children().Select(b => b.Name).ToHashSet();
        var names = new ConnectionNames(sections.ToDictionary(
            c => c.Name,
            c => (c.Section.Find("brand")?.Text is { } brand && brandNames.Contains(brand) ? brand : null, c.Section.Find("connector") is { } written ? connectors.GetValueOrDefault(written.Text) : null)));
        var brands = root.Child("brands").Children().ToDictionary(b => b.Name, b => BrandSection.Read(b.Name, b.Section, names));
        if (brands.Count == 0 && root.Problems.Count == before)
            root.Problems.Add(root.Place, "brands", "no brand is configured", "Add one under brands, or remove the file to run the sandbox.");
        var connections = sections
            .Select(c => ConnectionSection.Read(c.Name, c.Section, connectors, brands, twins))
            .OfType<ConnectionPlan>()
            .ToDictionary(c => c.Key, c => c with { Callback = address is null ? null : new Uri(address, "webhooks/" + c.Key) });
        CheckPrefixes(sections, connections);
        CheckNumbers(root, brands, connections);
        CheckShopperAnswers(root, brands, address);
        return new(brands, connections) { HasWayOut = HasWayOut(address) };
    }

    // Without buttons a shopper answers by a link; without a place that it leads to, every question would lapse. Nor is anything advertised by mail without a way out of it.
    private static void CheckShopperAnswers(Section root, Dictionary<string, BrandPlan> brands, Uri? address)
    {
        if (HasWayOut(address)) return;
        foreach (var brand in brands.Values)
        {
            var terms = brand.Terms;
            if (terms is { Risk.Confirm: not null, MessageChannels.Count: > 0 } && terms.MessageChannels.All(c => c.Kind != "whatsapp"))
                root.Problems.Add(root.Child("brands").Child(terms.Brand).Place, $"brands.{terms.Brand}.risk.confirm", "shoppers could not answer: e-mail has no buttons, and this hub has no https address for a link", "Set public_address to the https address that reaches this hub, list a WhatsApp connection under messages, or leave confirm out.");
            if (Advertises(brand) && terms.MessageChannels.Any(c => c.Kind == "email"))
                root.Problems.Add(root.Child("brands").Child(terms.Brand).Place, $"brands.{terms.Brand}.messages", "what it advertises by mail could not be unsubscribed from: this hub has no https address for a link", "Set public_address to the https address that reaches this hub, or leave flows and what is 'class: marketing' out.");
        }
    }

    private static bool HasWayOut(Uri? address) => address?.Scheme == Uri.UriSchemeHttps;

    private static bool Advertises(BrandPlan brand) => brand.Terms.Campaigns is not null || brand.Templates.All.Any(t => Occasions.IsOfAnOrder(t.Occasion) && t.Class == LegalClass.Marketing);

    // Accounting systems know a document by its number: two brands that number alike in one of them would overwrite or refuse each other's.
    private static void CheckNumbers(Section root, Dictionary<string, BrandPlan> brands, Dictionary<string, ConnectionPlan> connections)
    {
        Clashes(t => t.Accounting, t => t.InvoicePrefix, "invoice_prefix", t => $"invoices with '{t.InvoicePrefix}'", "invoice_prefix: {0}-");
        Clashes(t => t.PurchaseOrdersTo, t => t.PurchasePrefix, "purchasing.number_prefix", t => $"purchase orders with '{t.PurchasePrefix}'", "purchasing: { number_prefix: {0}- }");

        void Clashes(Func<BrandTerms, string?> books, Func<BrandTerms, string> prefix, string key, Func<BrandTerms, string> numbers, string write)
        {
            var booked = brands.Values.Select(b => b.Terms).Where(t => books(t) is { } to && connections.ContainsKey(to));
            foreach (var clash in booked.GroupBy(t => (Ledger(connections[books(t)!]), prefix(t))).Where(g => g.Count() > 1))
                foreach (var later in clash.Skip(1))
                    root.Problems.Add(root.Child("brands").Child(later.Brand).Place, $"brands.{later.Brand}.{key}", $"{clash.First().Brand} numbers its {numbers(later)} in the same books, so they would overwrite each other",
                        $"Give each brand its own: {write.Replace("{0}", later.Brand.ToUpperInvariant(), StringComparison.Ordinal)}");
        }

        // The same connector with the same required settings that are no secret is the same place; without any, nothing can be told.
        static string Ledger(ConnectionPlan plan) =>
            plan.Connector.Manifest.Settings.Where(s => s is { Required: true, Secret: false }).Select(s => plan.Settings.Find(s.Key)).ToList() is { Count: > 0 } place
                ? string.Join('\n', place.Prepend(plan.Connector.Manifest.Key)) : plan.Key;
    }

    // Two storefronts of one brand count their orders separately; without different prefixes their streams would mix.
    private static void CheckPrefixes(List<(string Name, Section Section)> sections, Dictionary<string, ConnectionPlan> connections)
    {
        var storefronts = connections.Values.Where(c => c.Connector.Manifest.Capabilities.Contains(Capability.Storefront));
        foreach (var clash in storefronts.GroupBy(c => (c.Brand, c.OrderPrefix)).Where(g => g.Count() > 1))
            foreach (var later in clash.Skip(1))
                if (sections.First(s => s.Name == later.Key).Section is var section)
                    section.Problems.Add(section.Place, $"{section.Path}.order_prefix", $"the storefront '{clash.First().Key}' of {later.Brand} has the same order prefix '{later.OrderPrefix}', so their orders would mix", "Give each storefront of a brand its own: order_prefix: b2b-");
    }
}
