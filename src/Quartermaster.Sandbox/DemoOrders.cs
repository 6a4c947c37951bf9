using System.Globalization;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Sandbox;

/// <summary>The orders of a demo brand. Each is a function of its number alone, so that a shop which was restarted knows again what was ordered before.</summary>
public sealed class DemoOrders(DemoBrand brand)
{
    // Above 2^53, so that whoever reads ids as doubles is found out at once.
    private const long FirstId = 10_000_000_000_000_000;

    // One possible order every five seconds since then.
    private static readonly DateTimeOffset Opening = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const double KitShare = 0.2;

    // One order in so many has the brand's unexplained code: a case that somebody may leave open all day, not a growing pile.
    private const long UnexplainedEvery = 240;

    private const long DoubtfulEvery = 75;

    /// <summary>Domain of the mailboxes that doubtful shoppers give.</summary>
    public const string Throwaway = "throwaway.example";

    /// <summary>All of them order on one device and with one card.</summary>
    private static readonly NewVisit Thief = new("203.0.113.77", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "en-US", "411111/1111", "J Doe");

    public static long NumberAt(DateTimeOffset now) => Math.Max(1, (long)((now - Opening).TotalSeconds / 5));

    public static long IdOf(long number) => FirstId + number;

    /// <summary>The last number up to this one whose order has the brand's unexplained code.</summary>
    public static long LastUnexplained(long number) => number - number % UnexplainedEvery;

    /// <summary>The last number up to this one whose shopper is doubtful.</summary>
    public static long LastDoubtful(long number) => number - number % DoubtfulEvery;

    /// <summary>The order of this id; null when the id is none of this shop's.</summary>
    public NewOrder? Recall(long id) => id > FirstId && id < FirstId + 1_000_000_000 ? Make(id - FirstId) : null;

    public NewOrder Make(long number)
    {
        var dice = new Dice($"{brand.Terms.Brand}/{number.ToString(CultureInfo.InvariantCulture)}");
        var lines = Lines(dice);
        // Drawn apart, so that a brand without kits has the orders it always had.
        var apart = new Dice($"kit/{brand.Terms.Brand}/{number.ToString(CultureInfo.InvariantCulture)}");
        if (brand.Kits.Count > 0 && apart.Chance(KitShare)) lines.Add(One(apart.Of(brand.Kits).Product));
        var odd = LastUnexplained(number) == number ? brand.Unexplained : null;
        if (odd is not null) lines = [One(odd)];
        var goods = lines.Sum(l => l.Price * l.Quantity - l.Discount);
        var doubtful = brand.HasDoubtfulShoppers && LastDoubtful(number) == number;
        var cash = dice.Chance(brand.CashShare) || doubtful;
        // What waits to be explained should not wait for its payment too.
        var paid = (!cash && !dice.Chance(0.08)) || odd is not null;
        var who = Who(dice, number);
        if (doubtful) who = who with { Email = who.Email!.Split('@')[0] + "@" + Throwaway, Phone = null };
        return new NewOrder(
            IdOf(number), $"#{brand.NumberPrefix}-{number.ToString(CultureInfo.InvariantCulture)}", brand.Terms.Currency, who, lines,
            goods >= brand.FreeFrom ? 0m : brand.Shipping, cash ? "Cash on Delivery (COD)" : brand.Gateway, paid, brand.Tax,
            dice.Chance(0.06) ? "Please leave with a neighbour" : null, dice.Chance(0.15) ? "vip" : "", doubtful ? Thief : null);
    }

    private static NewLine One(DemoProduct product) => new(product.Sku, product.Title, product.Price, 1, product.Grams);

    private List<NewLine> Lines(Dice dice)
    {
        var count = dice.Number() switch { < 0.55 => 1, < 0.85 => 2, < 0.96 => 3, _ => 4 };
        var lines = new List<NewLine>(count);
        while (lines.Count < count)
        {
            // The square makes the front of the catalogue sell best.
            var product = brand.Products[(int)(Math.Pow(dice.Number(), 2) * brand.Products.Count)];
            if (lines.Any(l => l.Sku == product.Sku)) continue;
            var quantity = dice.Number() switch { < 0.82 => 1, < 0.95 => 2, _ => 3 };
            var discount = dice.Chance(0.15) ? Math.Round(product.Price * quantity * 0.10m, 2) : 0m;
            lines.Add(new NewLine(product.Sku, product.Title, product.Price, quantity, product.Grams, discount));
        }
        return lines;
    }

    private Shopper Who(Dice dice, long number)
    {
        var city = dice.Of(brand.Cities);
        var (first, last) = (dice.Of(city.First), dice.Of(city.Last));
        var house = (1 + (int)(dice.Number() * 180)).ToString(CultureInfo.InvariantCulture);
        var street = dice.Of(city.Streets);
        return new Shopper(
            7_000_000_000_000_000 + number, first, last, $"{Plain(first)}.{Plain(last)}.{Letters(number)}@example.com", dice.Chance(0.9) ? dice.Fill(city.Dial) : null,
            city.CountryCode == "IN" ? $"{house}, {street}" : $"{street} {house}", dice.Chance(0.3) ? "2nd floor" : null,
            city.City, city.Province, dice.Fill(city.ZipPattern), city.CountryCode, city.Country, city.Locale);
    }

    // There are few names; with three letters behind them a buyer comes back after 17,576 orders, and not five times a day.
    private static string Letters(long number) => string.Create(3, number, (text, n) => { for (var i = 0; i < text.Length; i++, n /= 26) text[i] = (char)('a' + n % 26); });

    private static string Plain(string name) =>
        string.Concat(name.ToLowerInvariant().Normalize(System.Text.NormalizationForm.FormD).Where(char.IsAsciiLetter));

    /// <summary>A row of draws that depends on its seed alone.</summary>
    private sealed class Dice(string seed)
    {
        private ulong state = Knobs.Hash(seed);

        public double Number()
        {
            state += 0x9E3779B97F4A7C15UL;
            var x = state;
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
            return ((x ^ (x >> 31)) >> 11) * (1.0 / (1UL << 53));
        }

        public bool Chance(double share) => Number() < share;

        public T Of<T>(IReadOnlyList<T> choices) => choices[(int)(Number() * choices.Count)];

        public string Fill(string pattern) => string.Concat(pattern.Select(c => c == '#' ? (char)('0' + (int)(Number() * 10)) : c));
    }
}
