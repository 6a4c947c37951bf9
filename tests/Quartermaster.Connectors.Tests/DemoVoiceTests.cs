using System.Globalization;
using System.Runtime.CompilerServices;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Sandbox;

namespace Quartermaster.Connectors.Tests;

/// <summary>Whatever real orders look like, no message of a demo brand has a hole.</summary>
/// <remarks>The orders are a real retailer's where <c>QM_DATA_SAMPLES</c>, or <c>shared/data</c> beside the repository, holds them; otherwise they are made of the rows below.</remarks>
public sealed class DemoVoiceTests
{
    private const int Orders = 1_000;

    private static readonly MessageChannel[] Channels = [new("email", "mail"), new("whatsapp", "wa"), new("sms", "sms")];

    private static readonly (string Order, string Title, int Quantity, decimal Price, string Customer)[] BuiltIn =
    [
        ("536365", "WHITE HANGING HEART T-LIGHT HOLDER", 6, 2.55m, "17850.0"), ("536365", "SET 7 BABUSHKA NESTING BOXES", 2, 7.65m, "17850.0"), ("536414", "", 56, 0m, ""),
        ("536544", "DECORATIVE ROSE BATHROOM BOTTLE", 1, 2.51m, ""), ("536545", "\tPOPART RECT PENCIL SHARPENER \"ASST\"\r\n", 144, 0.19m, "13047.0"), ("536546", "?", 1, 0m, ""), ("C536379", "Discount & <credit>", -1, 27.50m, "14527.0"),
    ];

    public static TheoryData<string> Brands() => [.. DemoBrands.All.Select(b => b.Terms.Brand)];

    [Theory, MemberData(nameof(Brands))]
    public void Every_template_reads_whole_for_a_thousand_real_orders_in_three_languages(string key)
    {
        var brand = DemoBrands.All.Single(b => b.Terms.Brand == key);
        var voice = new Voice(brand.Terms, brand.Templates);
        var written = 0;
        foreach (var facts in Facts(brand.Terms.Currency))
            foreach (var occasion in Occasions.All)
                foreach (var language in (string[])["en", "hi", "id"])
                    foreach (var channel in Channels)
                    {
                        Look(voice.Write(occasion, channel, language, occasion switch { Occasion.ToConfirm => facts with { Due = facts.Total }, Occasion.CreditGiven => facts with { Credit = facts.Total }, _ => facts }), language, $"{occasion} of {facts.Number} by {channel.Kind}");
                        written++;
                    }
        written.ShouldBe(Orders * Occasions.All.Count * 3 * 3);
    }

    [Fact]
    public void The_brands_sound_unlike_each_other_and_unlike_the_program()
    {
        string Mail(DemoBrand brand) => new Voice(brand.Terms, brand.Templates).Write(Occasion.Confirmed, Channels[0], "en", SpecimenFacts.All).Text;
        DemoBrands.All.Select(Mail).Append(new Voice(DemoBrands.All[0].Terms, TemplateBook.Shipped).Write(Occasion.Confirmed, Channels[0], "en", SpecimenFacts.All).Text).ShouldBeUnique();
    }

    private static void Look(Writing written, string language, string what)
    {
        written.Language.ShouldBe(language, what);
        if (written.Text.Length == 0 || written.Subject.Length == 0 || written.Subject.Contains('\n', StringComparison.Ordinal)) throw new InvalidOperationException($"{what}: '{written.Subject}' / '{written.Text}'");
        foreach (var text in written.Parameters.Append(written.Text).Append(written.Subject))
            if (text.Trim().Length == 0 || text.Contains("\n\n\n", StringComparison.Ordinal) || text.Contains("{{", StringComparison.Ordinal) || text.Contains(" .", StringComparison.Ordinal) || text.Contains("• \n", StringComparison.Ordinal))
                throw new InvalidOperationException($"{what}: there is a hole in '{text}'");
    }

    /// <summary>Every other order knows nothing that need not be known.</summary>
    private static IEnumerable<MessageFacts> Facts(string currency)
    {
        var orders = Rows().GroupBy(r => r.Order).Take(Orders).ToList();
        for (var i = 0; i < Orders; i++)
        {
            var rows = orders[i % orders.Count];
            var isKnown = i % 2 == 0;
            yield return new()
            {
                Number = "#" + rows.Key,
                Name = isKnown && rows.First().Customer.Length > 0 ? "Customer " + rows.First().Customer : null,
                // As PriceOfOrder does it: what has no name or no units is not told.
                Items = [.. rows.Where(r => r.Quantity > 0 && !string.IsNullOrWhiteSpace(r.Title)).Select(r => new ItemFacts(r.Title, r.Quantity))],
                Total = new(rows.Sum(r => decimal.Max(0, r.Quantity) * r.Price), currency),
                City = isKnown ? "Leeds" : null,
                Carrier = isKnown ? "DHL" : null,
                Tracking = isKnown ? "JD01" + rows.Key : " ",
                TrackingLink = isKnown ? "https://track.example/" + rows.Key : null,
                Expected = i % 3 == 0 ? new DateOnly(2026, 1, 1).AddDays(i % 365) : null,
                Reason = i % 5 == 0 ? "The ferry is late." : null,
                Link = i % 7 == 0 ? "https://shop.example/" + rows.Key : null,
                Address = isKnown ? "1 High Street, Leeds" : null,
                AnswerLink = i % 4 == 0 ? "https://shop.example/a/" + rows.Key : null,
            };
        }
    }

    private static IEnumerable<(string Order, string Title, int Quantity, decimal Price, string Customer)> Rows([CallerFilePath] string here = "")
    {
        if (Folder(here) is not { } folder) return BuiltIn;
        return from file in Directory.EnumerateFiles(folder, "*.csv").Order(StringComparer.Ordinal)
               from line in File.ReadLines(file).Skip(1)
               let cells = Cells(line)
               where cells.Count >= 7
               select (cells[0], cells[2], int.Parse(cells[3], CultureInfo.InvariantCulture), decimal.Parse(cells[5], CultureInfo.InvariantCulture), cells[6]);
    }

    private static string? Folder(string here)
    {
        if (Environment.GetEnvironmentVariable("QM_DATA_SAMPLES") is { Length: > 0 } set) return Path.Combine(set, "online_retail", "by-day");
        for (var folder = new DirectoryInfo(Path.GetDirectoryName(here)!); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Quartermaster.slnx")) && folder.Parent is { } parent && Path.Combine(parent.FullName, "shared", "data", "online_retail", "by-day") is var beside && Directory.Exists(beside)) return beside;
        return null;
    }

    private static List<string> Cells(string line)
    {
        List<string> cells = [];
        var cell = new System.Text.StringBuilder();
        var quoted = false;
        foreach (var c in line)
        {
            if (c == '"') quoted = !quoted;
            else if (c == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else cell.Append(c);
        }
        cells.Add(cell.ToString());
        return cells;
    }
}
