using System.Globalization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Configuration;

/// <summary>Reads <c>brands.NAME.customers</c>.</summary>
internal static class ContactSection
{
    public static ContactTerms Read(Section brand)
    {
        var section = brand.Child("customers");
        var usual = ContactTerms.Usual;
        var terms = new ContactTerms(
            section.Checked("marketing", "opt_in", text => text is "opt_in" or "opt_out", "a kind of consent", "Write opt_in (nobody who did not say yes) or opt_out (everybody who did not say no).") == "opt_in",
            ReadQuiet(section, usual.Quiet),
            section.Whole("most", usual.Most, least: 1, most: 100),
            section.Whole("days", usual.Days, least: 1, most: 90))
        {
            AcrossBrands = section.Flag("across_brands"),
        };
        section.NothingElse();
        return terms;
    }

    /// <summary><c>21:00-08:00</c>, <c>none</c>.</summary>
    public static string Written(QuietHours? quiet) => quiet is null ? "none" : string.Create(CultureInfo.InvariantCulture, $"{quiet.From:HH:mm}-{quiet.To:HH:mm}");

    private static QuietHours? ReadQuiet(Section section, QuietHours? usual)
    {
        if (section.Find("quiet_hours") is not { } written) return usual;
        if (written.Text == "none") return null;
        if (written.Text.Split('-') is [var from, var to] && Time(from) is { } begins && Time(to) is { } ends && begins != ends) return new(begins, ends);
        written.IsWrong($"'{written.Text}' are no hours", "Write quiet_hours: \"21:00-08:00\", or none.");
        return usual;
    }

    private static TimeOnly? Time(string text) => TimeOnly.TryParseExact(text.Trim(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
