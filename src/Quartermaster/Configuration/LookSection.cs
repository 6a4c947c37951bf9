using System.Globalization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Configuration;

/// <summary>Reads <c>brands.NAME.look</c>.</summary>
internal static class LookSection
{
    public static BrandLook Read(Section brand)
    {
        var section = brand.Child("look");
        var look = new BrandLook
        {
            Name = section.Find("name") is { } name ? Short(name) : null,
            Colour = section.Find("colour") is { } colour ? Colour(colour) : BrandLook.Plain.Colour,
            Logo = section.Find("logo") is { } logo ? Logo(logo) : null,
        };
        section.NothingElse();
        return look;
    }

    private static string Short(Written name)
    {
        if (name.Text.Length > 60) name.IsWrong("it is too long for the head of a phone's page", "Use at most 60 characters.");
        return name.Text;
    }

    private static string Colour(Written colour)
    {
        if (!BrandLook.IsColour(colour.Text))
        {
            colour.IsWrong($"'{colour.Text}' is not a colour", "Write six hexadecimal digits in quotes: \"#1f5fae\".");
            return BrandLook.Plain.Colour;
        }
        var text = colour.Text.ToLowerInvariant();
        if (BrandLook.Contrast(text, "#ffffff") is var contrast && contrast < BrandLook.Readable)
            colour.IsWrong(string.Create(CultureInfo.InvariantCulture, $"white text on {text} cannot be read by everybody (contrast {contrast:0.0}, WCAG asks for {BrandLook.Readable:0.0})"), $"A darker tone of it would be \"{BrandLook.Darker(text)}\".");
        return text;
    }

    private static Uri? Logo(Written logo)
    {
        if (Uri.TryCreate(logo.Text, UriKind.Absolute, out var address) && address is { Scheme: "https", UserInfo: "" }) return address;
        logo.IsWrong($"'{logo.Text}' is not where a browser could fetch a picture", "Write an https address: https://shop.example/logo.svg");
        return null;
    }
}
