using Quartermaster.Core.Kernel;

namespace Quartermaster.Configuration;

/// <summary>Reads <c>brands.NAME.delays</c>.</summary>
internal static class DelaySection
{
    /// <returns>Null when the brand has no such section: no parcel is watched.</returns>
    public static DelayTerms? Read(Section brand)
    {
        if (!brand.Names().Contains("delays")) return null;
        var section = brand.Child("delays");
        var usual = new DelayTerms();
        var terms = usual with
        {
            SilentAfter = section.Period("silent_after", usual.SilentAfter),
            LaneShare = section.Number("lane_share", usual.LaneShare),
            LaneParcels = section.Whole("lane_parcels", usual.LaneParcels, least: 1, most: 1_000_000),
            Credit = ReadCredit(section),
        };
        if (terms.SilentAfter <= TimeSpan.Zero) section.Find("silent_after")!.IsWrong("every parcel would be silent at once", "Write a length of time such as silent_after: 72h.");
        if (terms.LaneShare is <= 0m or > 1m) section.Find("lane_share")!.IsWrong("it is a share of the parcels on a lane", "Write a number above 0 and up to 1: 0.3 is three in ten.");
        section.NothingElse();
        return terms;
    }

    private static CreditTerms? ReadCredit(Section delays)
    {
        if (delays.ShapeOf("credit") == Section.Shape.Nothing) return null;
        var section = delays.Child("credit");
        section.Require("amount", "100");
        section.Require("most_per_month", "5000");
        var amount = section.Number("amount", 0m);
        var terms = new CreditTerms(amount, section.Number("most_per_order", amount), section.Number("most_per_month", 0m));
        terms = terms with { Keeps = section.Period("lapses_after", terms.Keeps) };
        if (terms.Keeps < TimeSpan.FromHours(1)) section.Find("lapses_after")!.IsWrong("nobody could decide in time", "Write how long somebody may decide: lapses_after: 7d.");
        if (amount <= 0m) section.Find("amount")?.IsWrong("nothing would be offered", "Write what one late parcel is worth, in the brand's currency: 100.");
        if (terms.MostPerOrder < amount) section.Find("most_per_order")!.IsWrong("it is less than what one parcel is worth, so nothing could be offered", "Write at least the amount, or leave it out.");
        if (terms.MostPerMonth < amount) section.Find("most_per_month")?.IsWrong("it is less than what one parcel is worth, so nothing could be offered", "Write what may be offered in a month for all orders together.");
        section.NothingElse();
        return terms;
    }
}
