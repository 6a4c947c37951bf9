using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>What a person reads in a terminal of some width.</summary>
public sealed class ListingTests
{
    private const string Said = "Held for review: the billing country differs from the country of delivery, and it is the first order of this e-mail address.";

    private static readonly Listing Orders = new(["Placed (UTC)", "Number", "State", "Total", "Buyer", "Attention"], "Buyer", "Placed (UTC)");

    private static readonly string[][] Rows =
    [
        ["2026-11-22 12:33", "#HH-5624898", "delivered", "42.00 EUR", "Mara Lind", ""],
        ["2026-11-22 12:34", "#AT-5625002", "partly_shipped", "177679.60 INR", "Asha Rao", Said],
    ];

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(120)]
    [InlineData(200)]
    public void Numbers_states_and_totals_stay_whole_and_the_sentence_takes_the_rest(int width)
    {
        var lines = Written(width, Rows);

        var order = lines.Single(l => l.Contains("#AT-5625002", StringComparison.Ordinal));
        order.ShouldSatisfyAllConditions(o => o.ShouldContain(" partly_shipped "), o => o.ShouldContain(" 177679.60 INR "), o => o.ShouldContain(" Held "));
        lines.Single(l => l.Contains("#HH-5624898", StringComparison.Ordinal)).ShouldContain(" 42.00 EUR ");
        string.Join(' ', lines.Where(l => l.StartsWith('│')).Select(l => l.Split('│')[^2].Trim()).Where(t => t is not ("" or "Attention"))).ShouldBe(Said);
        lines.ShouldAllBe(l => l.Length <= Math.Max(width, 74), "no wider than the terminal, as long as what stays whole has room in it");
    }

    [Fact]
    public void A_narrow_terminal_goes_without_the_spare_columns_and_says_so()
    {
        Written(120, Rows)[1].ShouldContain("Buyer");
        Written(100, Rows).ShouldSatisfyAllConditions(l => l[1].ShouldNotContain("Buyer"), l => l[1].ShouldContain("Placed"), l => l[^1].ShouldBe("No room for Buyer: widen the terminal, or use --json."));
        Written(80, Rows)[^1].ShouldBe("No room for Buyer, Placed (UTC): widen the terminal, or use --json.");
    }

    [Fact]
    public void Nothing_to_list_is_a_line_of_headings() => Written(120, [])[1].ShouldContain("Attention");

    private static string[] Written(int width, string[][] rows)
    {
        using var screen = new StringWriter();
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(screen) });
        console.Profile.Width = width;
        Orders.Write(console, rows);
        return screen.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n');
    }
}
