using System.Text.RegularExpressions;

namespace Quartermaster.Architecture;

public sealed partial class NamingTests
{
    /// <summary>Words that say nothing about the business: a type that needs one has not found its name yet.</summary>
    private static readonly string[] Empty =
        ["Manager", "Helper", "Util", "Utility", "Common", "Base", "Impl", "Dto", "Info", "Data", "Processor"];

    /// <summary>Files that stand in their parent's namespace.</summary>
    private static readonly string[] ElsewhereOnPurpose =
    [
        "src/Quartermaster.Connectors/Shared/ConnectorCatalogue.cs", // the way in for the program, which knows no connector's folder
        "src/Quartermaster.Core/Json/CoreJson.cs", // the way in for the runtime, which asks for messages of every capability
    ];

    [Fact]
    public void No_type_hides_behind_an_empty_word() =>
        DeclaredTypes()
            .Where(type => Empty.Any(word => type.Name.EndsWith(word, StringComparison.Ordinal) || type.Name.EndsWith(word + "s", StringComparison.Ordinal)))
            .Select(type => $"{type.Where} {type.Name}")
            .ShouldBeEmpty();

    [Fact]
    public void The_declarations_are_really_found()
    {
        var names = DeclaredTypes().Select(type => type.Name).ToHashSet();
        names.ShouldContain(nameof(NamingTests));
        names.ShouldContain("ClusterSettings", "a record");
        names.ShouldContain("PostgresBinaries", "a partial record with a parameter list");
    }

    [Fact]
    public void A_namespace_is_its_folder() =>
        (from file in Repository.Sources("src")
         where file.Path.EndsWith(".cs", StringComparison.Ordinal) && !file.Path.Contains("/Tests/", StringComparison.Ordinal)
               && !ElsewhereOnPurpose.Contains(file.Path)
         let declared = file.Lines.Select(line => FileNamespace().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value
         where declared is not null && declared != Expected(file.Path)
         select $"{file.Path} declares {declared}, its folder says {Expected(file.Path)}")
        .ShouldBeEmpty();

    private static string Expected(string path) => string.Join('.', path.Split('/')[1..^1]);

    private static IEnumerable<(string Where, string Name)> DeclaredTypes() =>
        from file in Repository.Sources("src", "tests")
        from line in file.CodeLines()
        from match in Declaration().Matches(line.Text)
        select ($"{file.Path}:{line.Number}", match.Groups[1].Value);

    [GeneratedRegex(@"(?:^|[\s(])(?:class|interface|enum|struct|record(?:\s+(?:struct|class))?)\s+([A-Z]\w*)\s*(?:[<({:;]|$|where\b)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^namespace\s+([\w.]+)\s*[;{]?")]
    private static partial Regex FileNamespace();
}
