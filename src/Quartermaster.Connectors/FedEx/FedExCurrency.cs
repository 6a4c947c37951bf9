namespace Quartermaster.Connectors.FedEx;

/// <summary>FedEx has names of its own for some currencies; all others go by ISO 4217.</summary>
internal static class FedExCurrency
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["AED"] = "DHS",
        ["ARS"] = "ARN",
        ["CHF"] = "SFR",
        ["CLP"] = "CHP",
        ["DOP"] = "RDD",
        ["GBP"] = "UKL",
        ["JMD"] = "JAD",
        ["JPY"] = "JYE",
        ["KRW"] = "WON",
        ["KWD"] = "KUD",
        ["MXN"] = "NMP",
        ["SGD"] = "SID",
        ["TWD"] = "NTD",
        ["UYU"] = "UYP",
        ["XCD"] = "ECD",
    };

    private static readonly Dictionary<string, string> Codes = Names.ToDictionary(name => name.Value, name => name.Key, StringComparer.Ordinal);

    /// <summary>What FedEx calls it.</summary>
    public static string Of(string iso) => Names.GetValueOrDefault(iso, iso);

    /// <summary>What everybody else calls it.</summary>
    public static string? Iso(string? name) => name is null ? null : Codes.GetValueOrDefault(name, name);
}
