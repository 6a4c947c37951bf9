using Quartermaster.Core.Kernel;

namespace Quartermaster.Configuration;

/// <summary>Reads <c>brands.NAME.replenishment</c>.</summary>
internal static class ReplenishmentSection
{
    /// <returns>Null when the brand has no such section: nobody is told and nothing is drafted.</returns>
    public static ReplenishmentTerms? Read(Section brand)
    {
        if (!brand.Names().Contains("replenishment")) return null;
        var section = brand.Child("replenishment");
        var usual = new ReplenishmentTerms();
        var units = section.Find("low_units") is null ? (int?)null : section.Whole("low_units", 0);
        var terms = usual with
        {
            LowUnits = units,
            // A section without a line would be one that nobody hears of.
            LowDays = section.Find("low_days") is null ? units is null ? 7m : null : section.Number("low_days", 7m),
            DemandDays = section.Whole("demand_days", usual.DemandDays, least: 7, most: 365),
            ServiceLevel = section.Number("service_level", usual.ServiceLevel),
            ReviewDays = section.Whole("review_days", usual.ReviewDays, least: 1, most: 90),
            Drafts = section.Find("drafts") is null ? usual.Drafts : section.Flag("drafts"),
        };
        if (terms.ServiceLevel is < 0.5m or > 0.999m)
            section.Find("service_level")!.IsWrong($"'{terms.ServiceLevel}' is not a share between 0.5 and 0.999", "Write for example service_level: 0.95, to have goods in 95 of 100 cases until the next delivery comes.");
        section.NothingElse();
        return terms;
    }
}
