using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Sandbox;

/// <summary>A brand that exists only in the sandbox: its terms, its connections, its goods and what lies on its shelves.</summary>
/// <param name="Storefront">The connection its shoppers order through.</param>
/// <param name="Tax">Contained in every price: 0.12 = 12 %.</param>
/// <param name="CashShare">How many of its shoppers pay at the door.</param>
public sealed record DemoBrand(
    BrandTerms Terms, string Storefront, IReadOnlyList<DemoConnection> Connections, IReadOnlyList<DemoProduct> Products, IReadOnlyList<DemoCity> Cities,
    string NumberPrefix, decimal Tax, decimal Shipping, decimal FreeFrom, string Gateway, double CashShare)
{
    /// <summary>Sold as one and kept as several: no shelf has them, and the hub is told what they mean when the brand opens.</summary>
    public IReadOnlyList<DemoKit> Kits { get; init; } = [];

    /// <summary>Sold under a code that the hub is told nothing of; null = there is none.</summary>
    public DemoProduct? Unexplained { get; init; }

    /// <summary>Now and then somebody orders who gives a throw-away mailbox and no phone, and wants to pay at the door.</summary>
    public bool HasDoubtfulShoppers { get; init; }

    /// <summary>What it says in its own words; everything else as the program brings it along.</summary>
    public TemplateBook Templates { get; } = TemplateBook.Shipped.WithEmbedded(typeof(DemoBrand).Assembly, $"words/{Terms.Brand}/");

    /// <summary>Whatever its shop offers.</summary>
    public IEnumerable<DemoProduct> Offered => [.. Products, .. Kits.Select(k => k.Product), .. Unexplained is { } odd ? [odd] : (DemoProduct[])[]];

    /// <summary>What lies on the shelves at first: plenty of most goods, little of a few, so that somebody has to wait now and then.</summary>
    public IEnumerable<(string Sku, string Location, int Units)> Shelves() =>
        from product in Products
        from location in Terms.Locations
        let scarce = Knobs.Fate(product.Sku) < 0.1
        select (product.Sku, location.Code, (scarce ? 3 : 120) + (int)(Knobs.Hash(product.Sku + location.Code) % (scarce ? 4u : 180u)));
}

/// <param name="Locations">Our location code → the remote system's own id.</param>
public sealed record DemoConnection(string Key, string Connector, IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, string> Locations);

public sealed record DemoProduct(string Sku, string Title, decimal Price, int Grams);

/// <param name="Parts">What is packed for one of it.</param>
public sealed record DemoKit(DemoProduct Product, IReadOnlyList<Part> Parts);

/// <summary>A place where shoppers live, with names that are common there.</summary>
public sealed record DemoCity(string City, string Province, string ZipPattern, string CountryCode, string Country, string Dial, string Locale, string[] Streets, string[] First, string[] Last);

/// <summary>The two brands of a hub that nothing was configured for: clothes from India, housewares from Europe.</summary>
public static class DemoBrands
{
    public static readonly IReadOnlyList<DemoBrand> All = [Aurora(), Harbour()];

    /// <summary>What <see cref="SandboxHost"/> needs to play the outside world of these brands.</summary>
    /// <param name="webhooks">Where the hub takes webhooks; the connection's key is appended: <c>http://127.0.0.1:5080/webhooks</c>.</param>
    public static IEnumerable<SandboxedConnection> Sandboxed(IEnumerable<DemoBrand> brands, Uri webhooks) =>
        from brand in brands
        from c in brand.Connections
        select new SandboxedConnection(brand.Terms.Brand, c.Key, c.Connector, c.Settings, new Uri($"{webhooks.ToString().TrimEnd('/')}/{c.Key}"));

    private static DemoBrand Aurora() => new(
        AuroraTerms(new(new(17, 0), [DayOfWeek.Sunday], [], "Asia/Kolkata")),
        "aurora-shopify", Connections("aurora", "BlueDart,Delhivery,DTDC", ["BLR", "DEL", "BOM"]), DemoCatalogue.Clothes, DemoCatalogue.IndianCities,
        "AT", 0.12m, 79m, 1999m, "razorpay", 0.35)
    { HasDoubtfulShoppers = true };

    private static BrandTerms AuroraTerms(WorkCalendar sixDays) =>
        new()
        {
            Brand = "aurora", Title = "Aurora Threads", Look = new() { Colour = "#7a2e3a" }, Currency = "INR", TimeZone = "Asia/Kolkata", Language = "en",
            Locations =
            [
                new("BLR", "Bengaluru, Whitefield", "aurora-warehouse", "IN", "5", 18m) { Calendar = sixDays },
                new("DEL", "Delhi, Okhla", "aurora-warehouse", "IN", "1", 22m) { Calendar = sixDays },
                new("BOM", "Mumbai, Bhiwandi", "aurora-warehouse", "IN", "4", 20m) { Calendar = sixDays },
            ],
            Routing = new()
            {
                PromiseDays = 4, LateCost = 15m,
                Rates =
                [
                    new("Surface", [], "IN", 52m, 500, 18m, 500, 0, 4),
                    new("Zonal", ["BLR"], "IN:5", 40m, 500, 15m, 500, 0, 2), new("Zonal", ["BLR"], "IN:6", 40m, 500, 15m, 500, 0, 2),
                    new("Zonal", ["DEL"], "IN:1", 40m, 500, 15m, 500, 0, 2), new("Zonal", ["DEL"], "IN:2", 40m, 500, 15m, 500, 0, 2),
                    new("Zonal", ["BOM"], "IN:4", 40m, 500, 15m, 500, 0, 2), new("Zonal", ["BOM"], "IN:3", 40m, 500, 15m, 500, 0, 2),
                    new("Metro", ["BLR"], "IN:560", 32m, 500, 12m, 500, 0, 1), new("Metro", ["DEL"], "IN:110", 32m, 500, 12m, 500, 0, 1),
                    new("Metro", ["BOM"], "IN:400", 32m, 500, 12m, 500, 0, 1),
                ],
            },
            Accounting = "aurora-xero", Alerts = "aurora-slack",
            Replenishment = new() { LowUnits = 10, LowDays = 7 },
            Voice = new()
            {
                Sender = "Aurora Threads", Support = "care@aurora.example", Languages = ["en", "hi", "id"], Fallback = new Dictionary<string, string> { ["mr"] = "hi" },
                SignOff = new Dictionary<string, string> { ["en"] = "All of us at Aurora", ["hi"] = "ऑरोरा परिवार", ["id"] = "Kami semua di Aurora" },
                Tone = "Warm and close, as to a guest. Names the craft. Never urges.",
            },
            MessageChannels = [new("whatsapp", "aurora-whatsapp"), new("email", "aurora-mail")],
        };

    private static DemoBrand Harbour() => new(
        new BrandTerms
        {
            Brand = "harbour", Title = "Harbour & Hearth", Look = new() { Colour = "#1c5d4a" }, Currency = "EUR", TimeZone = "Europe/Amsterdam", Language = "en",
            Locations =
            [
                new("RTM", "Rotterdam, Maasvlakte", "harbour-warehouse", "NL", "3", 4.20m),
                new("LEJ", "Leipzig, Schkeuditz", "harbour-warehouse", "DE", "0", 4.60m),
            ],
            Accounting = "harbour-xero", Alerts = "harbour-slack",
            Voice = new()
            {
                Sender = "Harbour & Hearth orders", Support = "orders@harbour.example", SignOff = new Dictionary<string, string> { [""] = "Harbour & Hearth, Rotterdam" },
                Tone = "Plain and exact, as on a bill of lading. Short sentences, no exclamation marks.",
            },
            MessageChannels = [new("whatsapp", "harbour-whatsapp"), new("email", "harbour-mail")],
            BorderCost = 3m, ZoneStepCost = 0.2m,
        },
        "harbour-shopify", Connections("harbour", "DHL,PostNL,DPD", ["RTM", "LEJ"]), DemoCatalogue.Housewares, DemoCatalogue.EuropeanCities,
        "HH", 0.21m, 5.95m, 75m, "shopify_payments", 0)
    {
        Kits = [new(new("HH-SET-BRK2", "Breakfast for two, mugs and side plates", 54.00m, 1820), [new("HH-MUG-SEA", 2), new("HH-PLT-21C", 2)])],
        Unexplained = new("HH-MUG-SEA-2PK", "Stoneware mug, sea, pair", 27.00m, 780),
    };

    // Not secrets: these open nothing but the twins of this sandbox.
    private static IReadOnlyList<DemoConnection> Connections(string brand, string carriers, string[] codes)
    {
        Dictionary<string, string> none = [];
        return
        [
            new($"{brand}-shopify", "shopify", new Dictionary<string, string>
            {
                ["shop"] = $"{brand}.myshopify.com", ["token"] = $"sandbox-{brand}-shop", ["webhook_secret"] = $"sandbox-{brand}-shop-webhooks",
            }, codes.Select((code, i) => (code, Id: $"65544149{i + 1}")).ToDictionary(l => l.code, l => l.Id)),
            new($"{brand}-warehouse", "warehouse-rest", new Dictionary<string, string>
            {
                ["token"] = $"sandbox-{brand}-warehouse", ["callback_secret"] = $"sandbox-{brand}-warehouse-callbacks", ["sandbox_carriers"] = carriers,
            }, codes.ToDictionary(c => c, c => c)),
            new($"{brand}-carrier", "carrier-rest", new Dictionary<string, string>
            {
                ["token"] = $"sandbox-{brand}-carrier", ["callback_secret"] = $"sandbox-{brand}-carrier-callbacks",
            }, none),
            new($"{brand}-reviews", "reviews-rest", new Dictionary<string, string> { ["callback_secret"] = $"sandbox-{brand}-reviews-callbacks" }, none),
            new($"{brand}-xero", "xero", new Dictionary<string, string>
            {
                ["tenant_id"] = $"sandbox-{brand}-books", ["token"] = $"sandbox-{brand}-xero", ["webhook_key"] = $"sandbox-{brand}-xero-webhooks",
            }, none),
            new($"{brand}-whatsapp", "whatsapp", new Dictionary<string, string>
            {
                ["phone_number_id"] = "106540352242922", ["business_account_id"] = "102290129340398", ["token"] = $"sandbox-{brand}-whatsapp", ["app_secret"] = $"sandbox-{brand}-whatsapp-app", ["verify_token"] = $"sandbox-{brand}",
            }, none),
            new($"{brand}-mail", "sendgrid", new Dictionary<string, string>
            {
                ["api_key"] = $"sandbox-{brand}-mail", ["from_email"] = $"orders@{brand}.example", ["from_name"] = brand == "aurora" ? "Aurora Threads" : "Harbour & Hearth",
            }, none),
            new($"{brand}-slack", "slack", new Dictionary<string, string> { ["token"] = $"xoxb-sandbox-{brand}", ["channel"] = "#orders" }, none),
        ];
    }
}
