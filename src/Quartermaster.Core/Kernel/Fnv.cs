namespace Quartermaster.Core.Kernel;

/// <summary>FNV-1a, 64 bits: the same in every process and release, for keys and shares. Protects nothing.</summary>
public static class Fnv
{
    public static ulong Of(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037ul;
        foreach (var c in text) hash = (hash ^ c) * 1099511628211ul;
        return hash;
    }
}
