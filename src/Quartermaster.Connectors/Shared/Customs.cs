using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Shared;

/// <summary>What is declared of goods that cross a customs border, alike for all who sell labels.</summary>
internal static class Customs
{
    /// <summary>Somebody has to tell customs what is in the parcel.</summary>
    public static bool Declares(Consignment parcel) => !Countries.ShareCustoms(parcel.From.Country, parcel.To.Country);

    /// <summary>Why the declaration cannot be written; null when it can, or none is needed.</summary>
    public static string? Missing(string vendor, Consignment parcel)
    {
        if (!Declares(parcel)) return null;
        List<string> open = [];
        foreach (var item in parcel.Items)
        {
            List<string> lacks = [];
            if (item.TariffCode is null) lacks.Add("tariff number");
            if (item.Origin is null) lacks.Add("country of origin");
            if (item.Grams <= 0) lacks.Add("weight");
            if (item.UnitValue <= 0m) lacks.Add("value");
            if (lacks.Count > 0) open.Add($"{item.Sku} ({string.Join(", ", lacks)})");
        }
        if (open.Count == 0) return null;
        return $"{vendor} wants tariff number, origin, weight and value of goods that cross a customs border. Not known: {string.Join("; ", open)}. {WhatToDo}";
    }

    /// <summary>Why a vendor that asks for the rest itself cannot be told of the goods either: a declaration over nothing is a false one. Null when it can, or none is needed.</summary>
    public static string? WithoutValue(Consignment parcel)
    {
        if (!Declares(parcel)) return null;
        string[] free = [.. parcel.Items.Where(item => item.UnitValue <= 0m).Select(item => item.Sku).Distinct()];
        return free.Length == 0 ? null : $"What the shop sells without a price has no value that could be declared to customs: {string.Join(", ", free)}. {WhatToDo}";
    }

    private const string WhatToDo = "Say it on the page of the SKU, or by quartermaster import skus, and have the label bought again; or hand the order over without our label.";

    /// <summary>What all of it is worth, in the consignment's currency.</summary>
    public static decimal Value(Consignment parcel) => parcel.Items.Sum(item => item.UnitValue * item.Quantity);
}
