namespace Quartermaster.Configuration;

/// <summary>Where a configured value was written.</summary>
/// <param name="Source">A file, or the environment variable that took its place.</param>
/// <param name="Line">From 1; 0 when the source has no lines.</param>
public readonly record struct Place(string Source, int Line = 0, int Column = 0)
{
    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}

/// <summary>One mistake in the configuration, told so that nobody has to look anything up.</summary>
/// <param name="Key">Path of the key: <c>brands.aurora.currency</c>; empty for the file as a whole.</param>
/// <param name="Right">What would be right.</param>
public sealed record Problem(Place Place, string Key, string Wrong, string Right)
{
    public override string ToString() => $"{Place}: {(Key.Length > 0 ? $"{Key}: " : "")}{Wrong}. {Right}";
}

/// <summary>Collects every mistake, so that a person mends them all in one go.</summary>
internal sealed class Problems
{
    private readonly List<Problem> _found = [];

    public int Count => _found.Count;

    public IReadOnlyList<Problem> Found => [.. _found.OrderBy(p => p.Place.Line).ThenBy(p => p.Place.Column)];

    /// <summary>Says it once, however often the value is read.</summary>
    public void Add(Place place, string key, string wrong, string right)
    {
        if (new Problem(place, key, wrong, right) is var problem && !_found.Contains(problem))
            _found.Add(problem);
    }
}

/// <summary>The configuration cannot be used; <see cref="Problems"/> says everything that is wrong with it.</summary>
public sealed class ConfigurationException(IReadOnlyList<Problem> problems) : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<Problem> Problems { get; } = problems;
}
