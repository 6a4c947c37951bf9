namespace Quartermaster.Sandbox;

/// <summary>Goods, places and names of the demo brands. All made up.</summary>
internal static class DemoCatalogue
{
    public static readonly IReadOnlyList<DemoProduct> Clothes =
    [
        .. Sizes("AT-KUR-IND", "Block-print kurta, indigo", 1499m, 260), .. Sizes("AT-KUR-RUS", "Block-print kurta, rust", 1499m, 260),
        .. Sizes("AT-LIN-OLV", "Linen shirt, olive", 1799m, 240), .. Sizes("AT-LIN-WHT", "Linen shirt, white", 1799m, 240),
        .. Sizes("AT-CHI-SND", "Relaxed chinos, sand", 1999m, 430), .. Sizes("AT-JOG-BLK", "Everyday joggers, black", 1299m, 380),
        .. Sizes("AT-TEE-NVY", "Organic tee, navy", 699m, 180), .. Sizes("AT-TEE-MRN", "Organic tee, maroon", 699m, 180),
        .. Sizes("AT-DRS-WRP", "Wrap dress, marigold", 2299m, 330), .. Sizes("AT-KUR-KID", "Kids' kurta, sky", 899m, 150),
        new("AT-STO-RUS", "Handloom stole, rust", 1199m, 210), new("AT-STO-TEA", "Handloom stole, teal", 1199m, 210),
        new("AT-SAR-IVO", "Chanderi sari, ivory and gold", 4999m, 620), new("AT-SAR-PLM", "Chanderi sari, plum", 4999m, 620),
        new("AT-BAG-JUT", "Jute tote, long handles", 599m, 320), new("AT-BEL-TAN", "Leather belt, tan", 899m, 190),
        new("AT-SOK-3PK", "Bamboo socks, pack of three", 449m, 120), new("AT-CAP-DEN", "Denim cap", 549m, 110),
    ];

    public static readonly IReadOnlyList<DemoProduct> Housewares =
    [
        new("HH-MUG-SEA", "Stoneware mug, sea", 14.95m, 390), new("HH-MUG-CHK", "Stoneware mug, chalk", 14.95m, 390), new("HH-MUG-SET4", "Stoneware mugs, set of four", 52.00m, 1600),
        new("HH-PLT-27S", "Dinner plate 27 cm, sea", 19.50m, 820), new("HH-PLT-27C", "Dinner plate 27 cm, chalk", 19.50m, 820), new("HH-PLT-21C", "Side plate 21 cm, chalk", 14.50m, 520),
        new("HH-BWL-PAS", "Pasta bowl, chalk", 18.00m, 700), new("HH-BWL-SAL", "Salad bowl, ash wood", 44.00m, 950), new("HH-CRF-1L", "Glass carafe, 1 l", 26.00m, 640),
        new("HH-GLS-6PK", "Tumblers, set of six", 33.00m, 1500), new("HH-LIN-TBL", "Linen tablecloth 150 × 250, flax", 89.00m, 900), new("HH-LIN-NAP4", "Linen napkins, set of four", 36.00m, 280),
        new("HH-TWL-BTH", "Waffle bath towel, sage", 34.00m, 620), new("HH-TWL-HND", "Waffle hand towel, sage", 16.00m, 240), new("HH-TWL-KIT2", "Kitchen towels, pair", 19.00m, 210),
        new("HH-BED-DUV", "Washed-linen duvet cover 200 × 200, dune", 159.00m, 1450), new("HH-BED-PIL", "Washed-linen pillowcase, dune", 29.00m, 260), new("HH-BED-SHT", "Fitted sheet 160 × 200, dune", 79.00m, 800),
        new("HH-THR-WOL", "Wool throw, harbour stripe", 98.00m, 1300), new("HH-CUS-45S", "Cushion cover 45 × 45, stripe", 32.00m, 300), new("HH-CUS-45O", "Cushion cover 45 × 45, ochre", 32.00m, 300),
        new("HH-CND-FIG", "Soy candle, fig and cedar", 28.00m, 480), new("HH-CND-SAL", "Soy candle, sea salt", 28.00m, 480), new("HH-CND-HLD", "Brass candle holder", 24.00m, 350),
        new("HH-LMP-TBL", "Table lamp, oak and linen", 119.00m, 2100), new("HH-LMP-PAP", "Paper pendant lamp 45 cm", 49.00m, 600), new("HH-VAS-TAL", "Vase, tall, smoked glass", 42.00m, 1100),
        new("HH-VAS-RND", "Vase, round, chalk", 35.00m, 900), new("HH-BSK-SEA-L", "Seagrass basket, large", 39.00m, 900), new("HH-BSK-SEA-S", "Seagrass basket, small", 24.00m, 500),
        new("HH-BRD-OAK", "Bread board, oiled oak", 37.00m, 1200), new("HH-KNF-BRD", "Bread knife, 23 cm", 46.00m, 260), new("HH-PAN-CST", "Cast-iron skillet 26 cm", 64.00m, 2600),
        new("HH-KET-GAS", "Whistling kettle 2 l, cream", 58.00m, 1150), new("HH-APR-FLX", "Linen apron, flax", 45.00m, 330), new("HH-OIL-CAN", "Olive oil can, enamel", 27.00m, 380),
        new("HH-JAR-3PK", "Storage jars, set of three", 41.00m, 1700), new("HH-TRY-BIR", "Serving tray, birch", 38.00m, 700), new("HH-MIR-RND", "Mirror 60 cm, round, oak", 129.00m, 3900),
        new("HH-RUG-JUT", "Jute rug 80 × 150", 74.00m, 2800), new("HH-HOK-BRS3", "Brass hooks, set of three", 22.00m, 240),
    ];

    private static readonly string[] IndianFirst = ["Asha", "Rahul", "Priya", "Vikram", "Meera", "Arjun", "Kavya", "Rohan", "Neha", "Sanjay", "Ananya", "Ishaan", "Divya", "Farhan", "Lakshmi"];
    private static readonly string[] IndianLast = ["Sharma", "Iyer", "Patel", "Reddy", "Khan", "Das", "Nair", "Gupta", "Bose", "Singh", "Kulkarni", "Menon", "Chatterjee"];
    private static readonly string[] IndianStreets = ["3rd Main, Indiranagar", "MG Road", "Park Street", "Linking Road", "Anna Salai", "Sector 18", "FC Road", "Civil Lines", "Jubilee Hills Road 36"];

    public static readonly IReadOnlyList<DemoCity> IndianCities =
    [
        Indian("Bengaluru", "Karnataka", "5600##"), Indian("Mumbai", "Maharashtra", "4000##"), Indian("New Delhi", "Delhi", "1100##"), Indian("Chennai", "Tamil Nadu", "6000##"),
        Indian("Kolkata", "West Bengal", "7000##"), Indian("Pune", "Maharashtra", "4110##"), Indian("Hyderabad", "Telangana", "5000##"), Indian("Jaipur", "Rajasthan", "3020##"), Indian("Kochi", "Kerala", "6820##"),
    ];

    public static readonly IReadOnlyList<DemoCity> EuropeanCities =
    [
        new("Amsterdam", "Noord-Holland", "10## AB", "NL", "Netherlands", "+316########", "nl-NL", ["Prinsengracht", "Overtoom", "Czaar Peterstraat"], ["Sanne", "Daan", "Lotte", "Bram", "Fleur"], ["de Vries", "Jansen", "Bakker", "Visser"]),
        new("Utrecht", "Utrecht", "35## KL", "NL", "Netherlands", "+316########", "nl-NL", ["Oudegracht", "Biltstraat"], ["Emma", "Thijs", "Noor", "Ruben"], ["Smit", "Meijer", "Mulder"]),
        new("Hamburg", "Hamburg", "202##", "DE", "Germany", "+49151########", "de-DE", ["Schanzenstraße", "Eppendorfer Weg", "Lange Reihe"], ["Lena", "Jonas", "Mia", "Paul", "Greta"], ["Schmidt", "Petersen", "Wagner", "Krüger"]),
        new("Leipzig", "Sachsen", "042##", "DE", "Germany", "+49160########", "de-DE", ["Karl-Heine-Straße", "Könneritzstraße"], ["Anton", "Frieda", "Emil"], ["Richter", "Lehmann", "Seidel"]),
        new("Paris", "Île-de-France", "750##", "FR", "France", "+336########", "fr-FR", ["rue Oberkampf", "rue des Martyrs", "avenue Parmentier"], ["Camille", "Hugo", "Inès", "Louis"], ["Martin", "Bernard", "Moreau", "Lefèvre"]),
        new("Antwerpen", "Antwerpen", "20##", "BE", "Belgium", "+3247#######", "nl-BE", ["Nationalestraat", "Kloosterstraat"], ["Marie", "Seppe", "Elise"], ["Peeters", "Maes", "Claes"]),
        new("København", "Hovedstaden", "22##", "DK", "Denmark", "+452#######", "da-DK", ["Nørrebrogade", "Istedgade"], ["Freja", "Mikkel", "Ida"], ["Nielsen", "Sørensen", "Holm"]),
    ];

    private static DemoCity Indian(string city, string province, string zip) => new(city, province, zip, "IN", "India", "+9198########", "en-IN", IndianStreets, IndianFirst, IndianLast);

    private static IEnumerable<DemoProduct> Sizes(string sku, string title, decimal price, int grams) =>
        new[] { "S", "M", "L" }.Select(size => new DemoProduct($"{sku}-{size}", $"{title} / {size}", price, grams));
}
