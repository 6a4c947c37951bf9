using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Shared;

/// <summary>A parcel's weight and sides in the units that its carrier expects where it is sent from. Rounded up: what is declared too light is charged again.</summary>
/// <param name="IsImperial">Pounds and inches.</param>
internal sealed record Measures(bool IsImperial, decimal Weight, int? Length, int? Width, int? Height)
{
    private const decimal GramsPerPound = 453.59237m, CentimetresPerInch = 2.54m;

    // The United States with their territories; everywhere else carriers weigh in kilograms.
    private static readonly string[] Imperial = ["US", "PR", "VI", "GU", "AS", "MP"];

    public static Measures Of(Consignment parcel) => Of(parcel, Imperial.Contains(parcel.From.Country));

    public static Measures Of(Consignment parcel, bool imperial)
    {
        var weight = decimal.Ceiling(decimal.Max(1, parcel.Grams) / (imperial ? GramsPerPound : 1000m) * 10) / 10;
        return new(imperial, weight, Side(parcel.Size?.Length), Side(parcel.Size?.Width), Side(parcel.Size?.Height));

        int? Side(int? cm) => cm is not { } length ? null : imperial ? (int)decimal.Ceiling(length / CentimetresPerInch) : length;
    }
}
