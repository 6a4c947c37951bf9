using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Quartermaster.Architecture;

/// <summary>The working tree as the architecture tests read it: source text, without what a build leaves behind.</summary>
internal static partial class Repository
{
    public static readonly string Root = FindRoot();

    public static IReadOnlyList<SourceFile> Sources(params string[] under) =>
        [.. under.Select(folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories))
            .Where(path => Path.GetExtension(path) is ".cs" or ".razor" && !Generated().IsMatch(Slashed(path)))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(Slashed(Path.GetRelativePath(Root, path)), File.ReadAllLines(path)))];

    public static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string Slashed(string path) => path.Replace('\\', '/');

    // The path of this very file is compiled in, so the tests find the tree wherever they are run from.
    private static string FindRoot([CallerFilePath] string here = "")
    {
        foreach (var start in (string[])[AppContext.BaseDirectory, Path.GetDirectoryName(here)!])
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, "Quartermaster.slnx")))
                    return folder.FullName;
        throw new DirectoryNotFoundException("Quartermaster.slnx is in no folder above the tests.");
    }

    [GeneratedRegex("/(bin|obj|node_modules|vendor)/")]
    private static partial Regex Generated();
}

/// <summary>One source file by its path from the repository's root, with forward slashes.</summary>
internal sealed record SourceFile(string Path, IReadOnlyList<string> Lines)
{
    /// <summary>The lines without comments and documentation. A comment mark inside a string cuts its line short, which errs on the quiet side.</summary>
    public IEnumerable<(int Number, string Text)> CodeLines()
    {
        var inComment = false;
        foreach (var (index, line) in Lines.Index())
        {
            var text = line;
            if (inComment)
            {
                var end = text.IndexOf("*/", StringComparison.Ordinal);
                if (end < 0)
                    continue;
                (text, inComment) = (text[(end + 2)..], false);
            }
            var comment = text.IndexOf("//", StringComparison.Ordinal);
            if (comment >= 0)
                text = text[..comment];
            var begin = text.IndexOf("/*", StringComparison.Ordinal);
            if (begin >= 0 && !text[begin..].Contains("*/", StringComparison.Ordinal))
                (text, inComment) = (text[..begin], true);
            yield return (index + 1, text);
        }
    }

    public override string ToString() => Path;
}
