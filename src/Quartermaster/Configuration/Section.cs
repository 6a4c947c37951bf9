using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Quartermaster.Configuration;

/// <summary>What reading one configuration file has at hand.</summary>
internal sealed record Source(string File, EnvironmentValues Environment, Problems Problems)
{
    public Place At(Mark mark) => new(File, (int)mark.Line, (int)mark.Column);
}

/// <summary>One written value with the place to point at when it is wrong.</summary>
internal sealed record Written(string Text, Place Place, string Path, Problems Problems)
{
    public void IsWrong(string wrong, string right) => Problems.Add(Place, Path, wrong, right);
}

/// <summary>One mapping of the file, read key by key; what nobody asked for is an unknown key.</summary>
/// <remarks>A section that is not written reads as an empty one, so that defaults live in one place.</remarks>
internal sealed class Section(YamlMappingNode? node, string path, Place place, Source source)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public string Path => path;
    public Place Place => place;
    public Problems Problems => source.Problems;

    /// <summary>A scalar, environment put in; null when it is not written or written empty.</summary>
    /// <param name="mayBeUnset">A variable without a value counts as not written.</param>
    public Written? Find(string key, bool mayBeUnset = false)
    {
        if (Node(key) is not { } found)
            return null;
        if (found is not YamlScalarNode scalar)
        {
            source.Problems.Add(source.At(found.Start), Join(key), "one value is expected here, not a list or a section", $"Write {key}: value");
            return null;
        }
        try
        {
            var text = source.Environment.Expand(scalar.Value ?? "").Trim();
            // A bare `key:` and `key: ~` mean "not set", like an environment variable that is empty.
            return text.Length == 0 || (scalar.Style == ScalarStyle.Plain && text is "~" or "null") ? null : new(text, source.At(scalar.Start), Join(key), source.Problems);
        }
        catch (EnvironmentValueException missing) when (missing.IsUnset && mayBeUnset)
        {
            return null;
        }
        catch (EnvironmentValueException missing)
        {
            source.Problems.Add(source.At(scalar.Start), Join(key), missing.Wrong, missing.Right);
            return null;
        }
    }

    /// <summary>A scalar that must be there.</summary>
    public Written? Require(string key, string example)
    {
        var before = source.Problems.Count;
        var found = Find(key);
        if (found is null && source.Problems.Count == before)
            source.Problems.Add(place, Join(key), "it is missing", $"Write {key}: {example}");
        return found;
    }

    public string Text(string key, string otherwise) => Find(key)?.Text ?? otherwise;

    public Section Child(string key)
    {
        var found = Node(key);
        if (found is YamlScalarNode { Value: null or "" or "~" or "null" })
            found = null;
        if (found is not null and not YamlMappingNode)
            source.Problems.Add(source.At(found.Start), Join(key), "a section is expected here", $"Write {key}: and its keys below, two spaces further in.");
        return new(found as YamlMappingNode, Join(key), found is null ? place : source.At(found.Start), source);
    }

    /// <summary>The sections of a mapping whose keys are names that a person chose.</summary>
    public IEnumerable<(string Name, Section Section)> Children()
    {
        foreach (var (key, value) in node?.Children ?? Enumerable.Empty<KeyValuePair<YamlNode, YamlNode>>())
        {
            var name = NameOf(key);
            var at = source.At(key.Start);
            if (value is not YamlMappingNode && value is not YamlScalarNode { Value: null or "" })
                source.Problems.Add(source.At(value.Start), Join(name), "a section is expected here", $"Write {name}: and its keys below, two spaces further in.");
            yield return (name, new(value as YamlMappingNode, Join(name), at, source));
        }
    }

    /// <summary>The scalars of a mapping whose keys are names that a person or a vendor chose.</summary>
    public IEnumerable<(string Name, Written? Value, Place Place)> Values()
    {
        foreach (var key in node?.Children.Keys.ToList() ?? [])
            yield return (NameOf(key), Find(NameOf(key)), source.At(key.Start));
    }

    /// <summary>The keys that are written; looking at them does not make them known.</summary>
    public IEnumerable<string> Names() => node?.Children.Keys.Select(NameOf) ?? [];

    /// <summary>A list of sections.</summary>
    public IEnumerable<Section> Items(string key)
    {
        switch (Node(key))
        {
            case YamlSequenceNode list:
                foreach (var (index, item) in list.Children.Index())
                {
                    var itemPath = string.Create(CultureInfo.InvariantCulture, $"{Join(key)}[{index}]");
                    if (item is not YamlMappingNode)
                        source.Problems.Add(source.At(item.Start), itemPath, "a section is expected here", "Write - {key: value, …}");
                    yield return new(item as YamlMappingNode, itemPath, source.At(item.Start), source);
                }
                break;
            case null or YamlScalarNode { Value: null or "" }:
                break;
            case var other:
                source.Problems.Add(source.At(other.Start), Join(key), "a list is expected here", $"Write {key}: [ {{…}}, {{…}} ]");
                break;
        }
    }

    /// <summary>A list of words, written as a list or separated by commas.</summary>
    public IReadOnlyList<Written> Words(string key) => Node(key) switch
    {
        YamlSequenceNode list => [.. list.Children.OfType<YamlScalarNode>().Select(w => new Written(w.Value ?? "", source.At(w.Start), Join(key), source.Problems))],
        _ when Find(key) is { } written => [.. Split(written)],
        _ => [],
    };

    public static IEnumerable<Written> Split(Written written) =>
        written.Text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(word => written with { Text = word });

    /// <summary>What stands behind a key.</summary>
    public Shape ShapeOf(string key) => Node(key) switch
    {
        null => Shape.Nothing,
        YamlSequenceNode => Shape.List,
        YamlMappingNode => Shape.Section,
        _ => Shape.One,
    };

    /// <summary>Where a key stands; the section itself when it does not.</summary>
    public Place PlaceOf(string key) => node?.Children.Keys.FirstOrDefault(k => NameOf(k) == key) is { } found ? source.At(found.Start) : place;

    /// <summary>One text or a list of them, each taken whole; environment put in.</summary>
    public IReadOnlyList<Written> Several(string key) => Node(key) is YamlSequenceNode list
        ? [.. list.Children.Index().Select(item => new Section(new YamlMappingNode(new YamlScalarNode(key), item.Item), path, place, source).Find(key)).OfType<Written>()]
        : Find(key) is { } one ? [one] : [];

    /// <summary>Reports the keys that nobody asked for; called when everything known has been read.</summary>
    public void NothingElse()
    {
        foreach (var key in node?.Children.Keys ?? [])
            if (NameOf(key) is var name && !_asked.Contains(name))
                source.Problems.Add(source.At(key.Start), Join(name), $"'{name}' is not a known key", NearestWord.Hint(name, _asked, "Nothing can be set here."));
    }

    public enum Shape { Nothing, One, List, Section }

    private YamlNode? Node(string key)
    {
        _asked.Add(key);
        return node?.Children.FirstOrDefault(c => NameOf(c.Key) == key).Value;
    }

    private static string NameOf(YamlNode key) => (key as YamlScalarNode)?.Value ?? key.ToString();

    private string Join(string key) => path.Length == 0 ? key : $"{path}.{key}";
}
