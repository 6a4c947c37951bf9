using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Quartermaster.Architecture;

/// <summary>Who may know whom, project by project.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Quartermaster.Core"] = [],
        ["Quartermaster.Connectors"] = ["Quartermaster.Core"],
        ["Quartermaster.Runtime"] = ["Quartermaster.Core"],
        ["Quartermaster.Sandbox"] = ["Quartermaster.Core"],
        ["Quartermaster"] = ["Quartermaster.Core", "Quartermaster.Connectors", "Quartermaster.Runtime", "Quartermaster.Sandbox"],
    };

    public static TheoryData<string> Projects => [.. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(path => Path.GetFileName(path)!).Order()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_sees_only_whom_it_may(string project)
    {
        Allowed.Keys.ShouldContain(project, "a new project is a decision: add it to this table");
        References(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path))
            .Except(Allowed[project])
            .ShouldBeEmpty();
    }

    [Fact]
    public void The_core_uses_no_package_and_no_framework_but_the_plain_one()
    {
        References("Quartermaster.Core", "PackageReference").ShouldBeEmpty();
        References("Quartermaster.Core", "FrameworkReference").ShouldBeEmpty();

        // The lock file also shows what comes in through the props files; the guard against banned symbols is the one exception.
        using var locked = JsonDocument.Parse(Repository.Text("src/Quartermaster.Core/packages.lock.json"));
        locked.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject().Select(package => package.Name))
            .ShouldBe(["Microsoft.CodeAnalysis.BannedApiAnalyzers"]);
    }

    [Fact]
    public void The_runtime_knows_no_connector_by_name()
    {
        var connectors = Connectors().ToArray();
        Mentions(Repository.Sources("src/Quartermaster.Runtime"), text =>
                connectors.FirstOrDefault(name => Regex.IsMatch(text, $@"\b{name}")) is { } named ? $"speaks of {named}" : null)
            .ShouldBeEmpty("generalise the contract in Core/Connecting instead");
    }

    [Fact]
    public void A_connector_is_known_to_its_own_folder_only()
    {
        foreach (var connector in Connectors())
            Mentions(
                    // A test may bring two connectors together; the product may not.
                    Repository.Sources("src").Where(file => !file.Path.Contains("/Tests/", StringComparison.Ordinal)
                        && !file.Path.StartsWith($"src/Quartermaster.Connectors/{connector}/", StringComparison.Ordinal)),
                    text => text.Contains($"Connectors.{connector}", StringComparison.Ordinal) ? $"uses {connector}" : null)
                .ShouldBeEmpty("a connector is found, never listed");
    }

    private static IEnumerable<string> Connectors() =>
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src/Quartermaster.Connectors"))
            .Select(path => Path.GetFileName(path)!)
            .Where(name => name is not ("bin" or "obj" or "Shared"));

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Parse(Repository.Text($"src/{project}/{project}.csproj")).Descendants(kind)
            .Select(reference => reference.Attribute("Include")!.Value);

    private static IEnumerable<string> Mentions(IEnumerable<SourceFile> files, Func<string, string?> complaint) =>
        from file in files
        from line in file.CodeLines()
        let found = complaint(line.Text)
        where found is not null
        select $"{file.Path}:{line.Number} {found}";
}
