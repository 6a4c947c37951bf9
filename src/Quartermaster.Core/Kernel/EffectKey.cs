namespace Quartermaster.Core.Kernel;

/// <summary>Makes the deterministic key under which an effect happens once: <c>order/5600000001/submit/1</c>.</summary>
public static class EffectKey
{
    /// <summary>Longest key every connector can carry; several vendors cut at 100 or 128 characters.</summary>
    public const int Longest = 100;

    /// <param name="parts">What it is and which one, from general to particular; empty parts are left out.</param>
    public static string Of(StreamId stream, params ReadOnlySpan<string> parts)
    {
        var key = stream.Key;
        foreach (var part in parts)
            if (part.Length > 0) key = $"{key}/{part}";
        return key.Length <= Longest ? key : Shortened(key, Longest);
    }

    // The head stays readable; 64 bits of FNV-1a over the whole keep two long keys apart.
    internal static string Shortened(string key, int longest)
    {
        var head = longest - 17;
        // Half an emoji is no text that a database takes.
        if (char.IsHighSurrogate(key[head - 1])) head--;
        return $"{key.AsSpan(0, head)}~{Fnv.Of(key):x16}";
    }
}
