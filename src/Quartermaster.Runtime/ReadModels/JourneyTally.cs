using Quartermaster.Core.Shipping;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>How carriers did, as counters: <c>journey/CARRIER|SERVICE|FROM|COUNTRY|ZONE/MEASURE</c>, per day on which parcels ended.</summary>
internal static class JourneyTally
{
    public const string Prefix = "journey/";

    /// <summary>First name behind all of them, for a range of the index.</summary>
    public const string Behind = "journey0";

    // Carriers' names come from warehouses; a counter's name has room for so much of one.
    private const int Longest = 40;

    public static IEnumerable<(string Name, decimal Value)> Of(ShippingEvent.JourneyEnded e)
    {
        var j = e.Journey;
        var lane = $"{Prefix}{Plain(j.Carrier)}|{Plain(j.Service)}|{Plain(j.From)}|{Plain(j.Country)}|{Plain(j.Zone)}/";
        yield return (lane + "ended", 1);
        if (e.End == JourneyEnd.Delivered)
        {
            yield return (lane + "delivered", 1);
            yield return (lane + "hours", e.Hours);
        }
        if (e.End == JourneyEnd.Returned) yield return (lane + "returned", 1);
        if (e.End == JourneyEnd.Lost) yield return (lane + "lost", 1);
        if (e.FirstTry) yield return (lane + "first_try", 1);
        if (e.Damaged) yield return (lane + "damaged", 1);
        if (e.OnTime is { } onTime)
        {
            yield return (lane + "promised", 1);
            if (onTime) yield return (lane + "on_time", 1);
        }
    }

    /// <summary>The lane and the measure in a counter's name.</summary>
    public static (Journey Journey, string Measure) Read(string name)
    {
        var slash = name.LastIndexOf('/');
        var parts = name[Prefix.Length..slash].Split('|');
        return (new(parts[0], parts[1], parts[2], parts[3], parts[4]), name[(slash + 1)..]);
    }

    private static string Plain(string text)
    {
        var plain = text.Replace('|', ' ').Replace('/', ' ');
        return plain.Length <= Longest ? plain : Core.Connecting.Storable.Cut(plain, Longest - 1);
    }
}
