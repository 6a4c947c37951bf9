using System.Globalization;

namespace Quartermaster.Core.Kernel;

/// <summary>How the brand looks on the pages that its shoppers see.</summary>
public sealed record BrandLook
{
    public static readonly BrandLook Plain = new();

    /// <summary>What the shop calls itself there; null = as the brand is titled.</summary>
    public string? Name { get; init; }

    /// <summary>Of buttons, links and steps on white: <c>#1f5fae</c>. White on it, and it on white, has to be readable.</summary>
    public string Colour { get; init; } = "#1f5fae";

    /// <summary>A picture at an https address, shown beside the name; null = the name alone.</summary>
    public Uri? Logo { get; init; }

    /// <summary>WCAG 2.2 AA, 1.4.3: text of usual size.</summary>
    public const double Readable = 4.5;

    // The lighter of the two grounds that words stand on in the dark.
    private const string Night = "#1f242a";

    /// <summary>The same colour, lighter until it can be read on a dark page.</summary>
    public string OnDark
    {
        get
        {
            var (red, green, blue) = Parts(Colour);
            for (var white = 0; white <= 100; white += 5)
            {
                var lighter = Text(red + (255 - red) * white / 100, green + (255 - green) * white / 100, blue + (255 - blue) * white / 100);
                if (Contrast(lighter, Night) >= Readable) return lighter;
            }
            return "#ffffff";
        }
    }

    /// <summary>The same colour, darker until it can be read on white.</summary>
    public static string Darker(string colour)
    {
        var (red, green, blue) = Parts(colour);
        for (var left = 100; left > 0; left -= 5)
            if (Text(red * left / 100, green * left / 100, blue * left / 100) is var darker && Contrast(darker, "#ffffff") >= Readable) return darker;
        return "#000000";
    }

    public static bool IsColour(string text) => text.Length == 7 && text[0] == '#' && text.Skip(1).All(char.IsAsciiHexDigit);

    /// <summary>Contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it by relative luminance.</summary>
    public static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        var (red, green, blue) = Parts(colour);
        return (0.2126 * Linear(red)) + (0.7152 * Linear(green)) + (0.0722 * Linear(blue));
    }

    private static double Linear(int part) => part / 255.0 is var s && s <= 0.04045 ? s / 12.92 : Math.Pow(((part / 255.0) + 0.055) / 1.055, 2.4);

    private static (int Red, int Green, int Blue) Parts(string colour) => (Part(colour, 1), Part(colour, 3), Part(colour, 5));

    private static int Part(string colour, int at) => int.Parse(colour.AsSpan(at, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static string Text(int red, int green, int blue) => string.Create(CultureInfo.InvariantCulture, $"#{red:x2}{green:x2}{blue:x2}");
}
