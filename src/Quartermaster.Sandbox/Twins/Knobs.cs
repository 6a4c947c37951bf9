using System.Globalization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Sandbox.Twins;

/// <summary>Settings of a twin: the keys that begin with <c>sandbox_</c>; a connector never sees them used.</summary>
internal static class Knobs
{
    public static TimeSpan Milliseconds(this TwinContext context, string key, int otherwise) =>
        TimeSpan.FromMilliseconds(context.Number(key, otherwise));

    public static double Number(this TwinContext context, string key, double otherwise) =>
        context.Settings.TryGetValue(key, out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    /// <summary>A number from 0 to 1 that depends on the text alone, so that the same order meets the same fate in every run.</summary>
    public static double Fate(string text) => (Hash(text) >> 11) * (1.0 / (1UL << 53));

    public static ulong Hash(string text)
    {
        var hash = Fnv.Of(text);
        // FNV's last characters hardly reach its upper bits; this spreads them.
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCDUL;
        return hash ^ (hash >> 33);
    }
}
