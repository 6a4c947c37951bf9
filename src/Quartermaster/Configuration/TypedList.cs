namespace Quartermaster.Configuration;

/// <summary>Reads one list of the configuration that a person typed somewhere else.</summary>
internal static class TypedList
{
    /// <summary>Reads text that begins with the key, or with the list itself.</summary>
    /// <param name="file">How the text is called in messages.</param>
    /// <exception cref="ConfigurationException">With everything that is wrong.</exception>
    public static T Read<T>(string yaml, string key, string file, Func<Section, T> read)
    {
        // A list on its own is taken too; messages then tell the lines of what was typed.
        var bare = yaml.AsSpan().TrimStart() is ['-', ..];
        try
        {
            // The environment is empty: a variable would make the same text mean something else in another process.
            var source = new Source(file, new EnvironmentValues(_ => null), new Problems());
            var root = new Section(YamlText.Parse(bare ? $"{key}:\n{yaml}" : yaml, source), "", new(file, 1, 1), source);
            var list = read(root);
            root.NothingElse();
            return source.Problems.Count == 0 ? list : throw new ConfigurationException(source.Problems.Found);
        }
        catch (ConfigurationException wrong) when (bare)
        {
            throw new ConfigurationException([.. wrong.Problems.Select(p => p with { Place = p.Place with { Line = Math.Max(1, p.Place.Line - 1) } })]);
        }
    }
}
