using System.Text.RegularExpressions;

namespace Quartermaster.Architecture;

/// <summary>The page that shows where things are leaves nothing out: what stands there is looked up in the code, and what it does not name is not found by a newcomer.</summary>
public sealed partial class MapTests
{
    private static readonly string Map = Repository.Text("docs/architecture.md");

    [Theory]
    [InlineData("src/Quartermaster.Core")]
    [InlineData("src/Quartermaster.Runtime")]
    public void Every_folder_is_on_the_map(string project) =>
        Directory.GetDirectories(Path.Combine(Repository.Root, project)).Select(Path.GetFileName)
            .Where(folder => folder is not ("bin" or "obj") && !Map.Contains($"`{folder}`", StringComparison.Ordinal))
            .ShouldBeEmpty();

    [Fact]
    public void Every_table_is_on_the_map()
    {
        var tables = Directory.GetFiles(Path.Combine(Repository.Root, "src/Quartermaster.Runtime/Migrations"), "*.sql")
            .SelectMany(file => Tables().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).ToList();
        tables.Count.ShouldBeGreaterThan(40, "the tables are looked for");
        tables.Where(table => !Map.Contains($"`{table}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    /// <summary>Whoever is alarmed is told what to do: by a page of that name, or by the one that a connector's unreadable webhooks share.</summary>
    [Fact]
    public void Every_alarm_has_its_page_and_every_page_is_found()
    {
        var pages = Directory.GetFiles(Path.Combine(Repository.Root, "docs/operations"), "*.md").Select(file => Path.GetFileNameWithoutExtension(file)!).Where(page => page != "README").ToHashSet();
        var kinds = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/Tests/", StringComparison.Ordinal))
            .SelectMany(file => Alarms().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).ToHashSet();
        kinds.Count.ShouldBeGreaterThan(60, "the kinds are looked for");
        kinds.Where(kind => !pages.Contains(kind.Replace('.', '-').Replace('_', '-')) && !pages.Contains(kind.Split('.')[0])).ShouldBeEmpty();
        var index = Repository.Text("docs/operations/README.md");
        pages.Where(page => !index.Contains($"({page}.md)", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    /// <summary>The first word in the form of a kind behind the places where cases are opened and signals set apart, and where their kinds are named.</summary>
    [GeneratedRegex(@"(?:\bOpened\(|\bOpenAsync\(|\bCase\(|\bPark\(|NotUnderstoodException\(|\bconst string \w*(?:Case|Kind) = |\bHoldKind\.\w+ => )[^;{}]{0,240}?""([a-z]+\.[a-z_]+)""")]
    private static partial Regex Alarms();

    [GeneratedRegex(@"^CREATE TABLE (?:IF NOT EXISTS )?(\w+)", RegexOptions.Multiline)]
    private static partial Regex Tables();
}
