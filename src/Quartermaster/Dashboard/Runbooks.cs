using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Quartermaster.Dashboard;

/// <summary>The pages of the documentation that operators need, read where the product is: the runbook, and the open contracts.</summary>
internal sealed class Runbooks(IHostEnvironment environment)
{
    // Raw HTML is left out: the pages are ours, but a renderer that passes nothing through needs no trust.
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UseAutoIdentifiers().Build();

    private readonly Shelf _operations = new("operations", "/runbook", environment);
    private readonly Shelf _contracts = new("contracts", "/contracts", environment);

    public IReadOnlyList<(string Name, string Title)> All() => _operations.All();

    /// <summary>The page for a kind of case, <c>order.no_address</c> → order-no-address; a connector's own kinds share its page. Null when there is none.</summary>
    public string? For(string kind)
    {
        var name = kind.Replace('.', '-').Replace('_', '-');
        return _operations.FileOf(name + ".md") is not null ? name : _operations.FileOf(kind.Split('.')[0] + ".md") is not null ? kind.Split('.')[0] : null;
    }

    public string? Html(string name) => Html(_operations, name);

    /// <summary>A contract as a page.</summary>
    public string? Contract(string name) => Html(_contracts, name);

    /// <summary>The file of a contract that programs read.</summary>
    public string? OpenApiOf(string name) => _contracts.FileOf(name + ".openapi.yaml");

    /// <summary>Where a manifest's documentation is read: at the vendor, or here when the contract is our own (<c>docs/contracts/NAME.md</c>).</summary>
    public static string AddressOf(string documentation) =>
        documentation.StartsWith("docs/contracts/", StringComparison.Ordinal) ? "/contracts/" + Path.GetFileNameWithoutExtension(documentation) : documentation;

    private string? Html(Shelf shelf, string name)
    {
        if (shelf.FileOf(name + ".md") is not { } file) return null;
        var page = Markdown.Parse(File.ReadAllText(file), Pipeline);
        foreach (var link in page.Descendants<LinkInline>())
        {
            var target = link.Url?.Split('#')[0] ?? "";
            if (target.Length == 0 || target.StartsWith("https://", StringComparison.Ordinal)) continue;
            var on = target.StartsWith("../contracts/", StringComparison.Ordinal) ? _contracts : target.StartsWith("../operations/", StringComparison.Ordinal) ? _operations : shelf;
            var there = target[(target.LastIndexOf('/') + 1)..];
            // The rest of the documentation is in the repository, not beside the program.
            link.Url = on.FileOf(there) is null ? "/runbook" : $"{on.Address}/{(there.EndsWith(".md", StringComparison.Ordinal) ? there[..^3] : there)}";
        }

        return page.ToHtml(Pipeline);
    }

    /// <summary>One folder of the documentation: beside the program, in the project when it is run from there, or in the repository.</summary>
    private sealed class Shelf(string folder, string address, IHostEnvironment environment)
    {
        private readonly string? _folder = new[] { AppContext.BaseDirectory, environment.ContentRootPath }.Concat(Above(AppContext.BaseDirectory))
            .Select(f => Path.Combine(f, "docs", folder)).FirstOrDefault(Directory.Exists);

        public string Address => address;

        public IReadOnlyList<(string Name, string Title)> All() =>
            _folder is null ? [] : [.. Directory.EnumerateFiles(_folder, "*.md").Order(StringComparer.Ordinal).Select(f => (Path.GetFileNameWithoutExtension(f), TitleOf(f)))];

        // Names are letters, digits, dashes and dots, and begin with no dot, so that no address leads out of the folder.
        public string? FileOf(string name) =>
            _folder is not null && name.Length is > 3 and < 100 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            && Path.Combine(_folder, name) is var file && File.Exists(file) ? file : null;

        private static string TitleOf(string file) => File.ReadLines(file).FirstOrDefault(l => l.StartsWith("# ", StringComparison.Ordinal))?[2..].Trim() ?? Path.GetFileNameWithoutExtension(file);

        private static IEnumerable<string> Above(string folder)
        {
            for (var at = new DirectoryInfo(folder).Parent; at is not null; at = at.Parent) yield return at.FullName;
        }
    }
}
