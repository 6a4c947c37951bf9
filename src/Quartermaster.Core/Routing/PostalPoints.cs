using System.Collections.Frozen;

namespace Quartermaster.Core.Routing;

/// <summary>Where postal codes lie: the middle of the places that share one.</summary>
/// <remarks>
/// Sixteen bytes a code: 41,000 of the United States are less than a megabyte. A code that is not known (new ones are given out every year) lies where its
/// neighbour in the order of the codes does, if both begin alike; codes are given out by region in all countries that have them.
/// </remarks>
public sealed class PostalPoints
{
    /// <summary>Mean radius R₁ of the earth in kilometres (IUGG; Moritz, Geodetic Reference System 1980).</summary>
    private const double EarthRadius = 6371.0088;

    /// <summary>Characters that two codes have to begin with alike to be neighbours.</summary>
    private const int Alike = 3;

    // A character is one digit to this base, so that codes of any length sort as texts do.
    private const ulong Letters = 37;

    private readonly FrozenDictionary<string, Country> countries;

    /// <param name="points">By country and plain code (<see cref="PostalCode.Plain"/>), in any order, each once.</param>
    public PostalPoints(IEnumerable<(string Country, string Code, Point Where)> points) =>
        countries = points.GroupBy(p => p.Country).ToFrozenDictionary(g => g.Key, g => new Country([.. g.Select(p => (Key(p.Code), p.Where)).OrderBy(p => p.Item1)]), StringComparer.OrdinalIgnoreCase);

    public static PostalPoints None { get; } = new([]);

    /// <summary>How many codes are known.</summary>
    public int Count => countries.Values.Sum(c => c.Keys.Length);

    /// <summary>Null when neither the code nor a neighbour of it is known.</summary>
    public Point? Find(string country, string? postalCode)
    {
        if (!countries.TryGetValue(country, out var known)) return null;
        var (whole, area) = PostalCode.Forms(country, postalCode);
        if (whole.Length == 0) return null;
        return known.Exactly(Key(whole)) ?? (area is null ? null : known.Exactly(Key(area))) ?? known.Near(Key(area ?? whole));
    }

    /// <summary>Kilometres between two places as the crow flies.</summary>
    /// <remarks>Haversine formula: R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (2), 1984, p. 159. Exact to 0.6 %, as the earth is no sphere.</remarks>
    public static double Kilometres(Point from, Point to)
    {
        var (latitude, longitude) = (Radians(to.Latitude - from.Latitude), Radians(to.Longitude - from.Longitude));
        var half = Square(Math.Sin(latitude / 2)) + (Math.Cos(Radians(from.Latitude)) * Math.Cos(Radians(to.Latitude)) * Square(Math.Sin(longitude / 2)));
        return 2 * EarthRadius * Math.Asin(Math.Min(1, Math.Sqrt(half)));
    }

    private static double Radians(double degrees) => degrees * Math.PI / 180;

    private static double Square(double value) => value * value;

    private static ulong Key(string code)
    {
        var key = 0ul;
        for (var i = 0; i < PostalCode.Longest; i++) key = (key * Letters) + (i >= code.Length ? 0ul : char.IsAsciiDigit(code[i]) ? (ulong)(code[i] - '0' + 1) : (ulong)(code[i] - 'A' + 11));
        return key;
    }

    /// <summary>A place on the globe, in degrees.</summary>
    public readonly record struct Point(float Latitude, float Longitude);

    private sealed class Country((ulong Key, Point Where)[] sorted)
    {
        private static readonly ulong Rest = Power(PostalCode.Longest - Alike);

        private readonly Point[] points = [.. sorted.Select(s => s.Where)];

        public ulong[] Keys { get; } = [.. sorted.Select(s => s.Key)];

        public Point? Exactly(ulong key) => Array.BinarySearch(Keys, key) is >= 0 and var at ? points[at] : null;

        /// <summary>The code that stands nearest in the order among those that begin alike.</summary>
        public Point? Near(ulong key)
        {
            var behind = ~Array.BinarySearch(Keys, key);
            if (behind < 0) return points[~behind];
            ulong? below = behind > 0 && IsAlike(Keys[behind - 1], key) ? key - Keys[behind - 1] : null;
            ulong? above = behind < Keys.Length && IsAlike(Keys[behind], key) ? Keys[behind] - key : null;
            return (below, above) switch
            {
                (null, null) => null,
                (null, _) => points[behind],
                (_, null) => points[behind - 1],
                _ => points[below <= above ? behind - 1 : behind],
            };
        }

        private static bool IsAlike(ulong left, ulong right) => left / Rest == right / Rest;

        private static ulong Power(int exponent)
        {
            var power = 1ul;
            for (var i = 0; i < exponent; i++) power *= Letters;
            return power;
        }
    }
}
