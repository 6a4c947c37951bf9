namespace Quartermaster.Connectors.Shared;

/// <summary>Knows cash on delivery by the name that a shop shows for the way of paying.</summary>
public static class CashOnDelivery
{
    private static readonly string[] Words = ["cash on delivery", "cash_on_delivery", "nachnahme", "contra reembolso", "contrareembolso", "contrassegno", "za pobraniem", "pay on delivery"];

    /// <param name="gateway">As it is shown: "Cash on Delivery (COD)", "Nachnahme"; null = unknown.</param>
    public static bool Is(string? gateway) => gateway is not null
        && (Words.Any(w => gateway.Contains(w, StringComparison.OrdinalIgnoreCase))
            || gateway.Split([' ', '-', '_', '(', ')'], StringSplitOptions.RemoveEmptyEntries).Contains("COD", StringComparer.OrdinalIgnoreCase));
}
