using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Quartermaster.Configuration;

/// <summary>Parses YAML with positions, and takes <c>${NAME}</c> where a person would expect it to be taken.</summary>
internal static partial class YamlText
{
    // In { a: ${B} } the first closing brace would end the mapping. Private-use characters of the same length stand in for the
    // braces of references while the text is parsed, so that columns stay right.
    private const char Dollar = '\uE000', Open = '\uE001', Close = '\uE002';

    /// <summary>More than anybody writes; a stack holds far more.</summary>
    private const int DeepestLevel = 30;

    /// <returns>Null for an empty file.</returns>
    /// <exception cref="ConfigurationException">It cannot be parsed; nothing else can be said about it then.</exception>
    public static YamlMappingNode? Parse(string yaml, Source source)
    {
        try
        {
            var text = Reference().Replace(yaml, r => $"{Dollar}{Open}{r.Value[2..^1]}{Close}");
            RefuseBoundless(text, source);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            var root = stream.Documents.Count > 0 ? stream.Documents[0].RootNode : null;
            foreach (var scalar in root?.AllNodes.OfType<YamlScalarNode>() ?? [])
                scalar.Value = scalar.Value?.Replace(Dollar, '$').Replace(Open, '{').Replace(Close, '}');
            if (root is null or YamlMappingNode or YamlScalarNode { Value: null or "" })
                return root as YamlMappingNode;
            source.Problems.Add(source.At(root.Start), "", "the file is not a list of keys", "Begin with brands: and connections:, see quartermaster.example.yaml.");
        }
        catch (YamlException broken)
        {
            var place = TabIn(yaml) is { } line && broken.Message.Contains("tab", StringComparison.Ordinal) ? new(source.File, line, 1) : source.At(broken.Start);
            source.Problems.Add(place, "", $"this is not YAML: {Plain(broken)}", "Check indentation (spaces, no tabs), quotes and brackets around this line.");
        }
        throw new ConfigurationException(source.Problems.Found);
    }

    // Aliases make a billion nodes of a kilobyte, and every level is a call on the stack, whose end takes the process with it. The parser's
    // events come one by one, so both are seen before anything is built.
    private static void RefuseBoundless(string text, Source source)
    {
        var parser = new Parser(new StringReader(text));
        for (var level = 0; parser.MoveNext();)
        {
            var here = parser.Current!;
            level += here switch { MappingStart or SequenceStart => 1, MappingEnd or SequenceEnd => -1, _ => 0 };
            if (here is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
                source.Problems.Add(source.At(here.Start), "", "anchors (&) and aliases (*) are not read", "Write what is meant in each place.");
            else if (level > DeepestLevel)
                source.Problems.Add(source.At(here.Start), "", $"this is nested more than {DeepestLevel} levels deep", "Nest less; look for brackets or dashes that are too many.");
            else continue;
            throw new ConfigurationException(source.Problems.Found);
        }
    }

    // The parser points at the mapping that contains the tab.
    private static int? TabIn(string yaml)
    {
        foreach (var (index, line) in yaml.Split('\n').Index())
            if (line[..^line.TrimStart().Length].Contains('\t', StringComparison.Ordinal))
                return index + 1;
        return null;
    }

    private static string Plain(YamlException broken) => (broken.InnerException?.Message ?? broken.Message).TrimEnd('.');

    [GeneratedRegex(@"\$\{[A-Za-z0-9_]*(:-[^}\n]*)?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}
