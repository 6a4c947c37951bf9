using System.Globalization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Risk;

/// <summary>What it means that orders share a device, a card, a network or an e-mail address.</summary>
/// <remarks>
/// A buyer who orders again from the own device with the own card shares both with himself: that is no reason. Orders of several names that go to one address
/// are a household's and count half; a network, which an office or all of a mobile operator shares, counts little, from many orders on, and not beside a device.
/// </remarks>
internal static class SharedTraits
{
    /// <param name="add">Takes the term, its points and the words.</param>
    /// <returns>True when the e-mail address gave a reason.</returns>
    public static bool Reasons(RiskPoints points, IReadOnlyList<SharedTrait>? shared, Action<string, int, string> add)
    {
        if (shared is null || shared.Count == 0) return false;
        if (Over(points, shared, TraitKind.Card, s => s.IsOfSeveral) is { } card) add("same_card", Damped(points.SameCard, card), Words(card, "with this card"));
        if (Over(points, shared, TraitKind.Device, s => s.IsOfSeveral) is { } device) add("same_device", Damped(points.SameDevice, device), Words(device, "from this device"));
        else if (Over(points, shared, TraitKind.Network, s => s.IsOfSeveral && !s.IsOfOneHouse) is { } network) add("same_network", points.SameNetwork, Words(network, "from this network"));
        if (Over(points, shared, TraitKind.Email, _ => true) is not { } email) return false;
        add("same_email", points.SameEmail, $"{Nth(email.Orders + 1)} order with this e-mail address within {Time(email.Within)}");
        return points.SameEmail != 0;
    }

    /// <summary>The shortest window whose line is reached.</summary>
    private static SharedTrait? Over(RiskPoints points, IReadOnlyList<SharedTrait> shared, TraitKind kind, Func<SharedTrait, bool> counts)
    {
        foreach (var line in points.Shared)
            foreach (var one in shared)
                if (one.Kind == kind && one.Within == line.Within && line.Of(kind) > 0 && one.Orders + 1 >= line.Of(kind) && counts(one)) return one;
        return null;
    }

    private static int Damped(int points, SharedTrait shared) => shared.IsOfOneHouse ? points / 2 : points;

    private static string Words(SharedTrait shared, string with)
    {
        var who = shared.Names > 0 ? $"{shared.Names + 1} different names" : $"{shared.Emails + 1} different e-mail addresses";
        return $"{Nth(shared.Orders + 1)} order {with} within {Time(shared.Within)}, {who}{(shared.IsOfOneHouse ? ", all to one address, as in a household" : "")}";
    }

    private static string Nth(int n) => string.Create(CultureInfo.InvariantCulture, $"{n}{(n % 100 is >= 11 and <= 13 ? "th" : (n % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" })}");

    private static string Time(TimeSpan time) => time switch
    {
        { TotalHours: 1 } => "an hour",
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} minutes"),
        { TotalHours: <= 48 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} hours"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.#} days"),
    };
}
