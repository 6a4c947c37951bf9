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

    [GeneratedRegex(@"^CREATE TABLE (?:IF NOT EXISTS )?(\w+)", RegexOptions.Multiline)]
    private static partial Regex Tables();
}
