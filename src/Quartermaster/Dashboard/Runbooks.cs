using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Quartermaster.Dashboard;

/// <summary>The operations pages of the documentation, read where the product is, so that an operator need not look for them.</summary>
internal sealed class Runbooks(IHostEnvironment environment)
{
    // Raw HTML is left out: the pages are ours, but a renderer that passes nothing through needs no trust.
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UseAutoIdentifiers().Build();

    private readonly string? _folder = new[] { Path.Combine(AppContext.BaseDirectory, "docs", "operations"), Path.Combine(environment.ContentRootPath, "docs", "operations") }
        .Concat(Above(AppContext.BaseDirectory).Select(f => Path.Combine(f, "docs", "operations"))).FirstOrDefault(Directory.Exists);

    public IReadOnlyList<(string Name, string Title)> All() =>
        _folder is null ? [] : [.. Directory.EnumerateFiles(_folder, "*.md").Order(StringComparer.Ordinal).Select(f => (Path.GetFileNameWithoutExtension(f), TitleOf(f)))];

    /// <summary>The page for a kind of case, <c>order.no_address</c> → order-no-address; a connector's own kinds share its page. Null when there is none.</summary>
    public string? For(string kind)
    {
        var name = kind.Replace('.', '-').Replace('_', '-');
        return FileOf(name) is not null ? name : FileOf(kind.Split('.')[0]) is not null ? kind.Split('.')[0] : null;
    }

    public string? Html(string name)
    {
        if (FileOf(name) is not { } file) return null;
        var page = Markdown.Parse(File.ReadAllText(file), Pipeline);
        foreach (var link in page.Descendants<LinkInline>())
        {
            var target = link.Url?.Split('#')[0] ?? "";
            if (target.EndsWith(".md", StringComparison.Ordinal) && FileOf(target[..^3]) is not null) link.Url = "/runbook/" + target[..^3];
            // The rest of the documentation is in the repository, not beside the program.
            else if (!target.StartsWith("https://", StringComparison.Ordinal) && target.Length > 0) link.Url = "/runbook";
        }

        return page.ToHtml(Pipeline);
    }

    // Names are letters, digits and dashes, so that no address leads out of the folder.
    private string? FileOf(string name) =>
        _folder is not null && name.Length is > 0 and < 100 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && Path.Combine(_folder, name + ".md") is var file && File.Exists(file) ? file : null;

    private static string TitleOf(string file) => File.ReadLines(file).FirstOrDefault(l => l.StartsWith("# ", StringComparison.Ordinal))?[2..].Trim() ?? Path.GetFileNameWithoutExtension(file);

    private static IEnumerable<string> Above(string folder)
    {
        for (var at = new DirectoryInfo(folder).Parent; at is not null; at = at.Parent) yield return at.FullName;
    }
}
