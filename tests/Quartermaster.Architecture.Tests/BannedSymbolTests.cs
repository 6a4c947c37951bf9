namespace Quartermaster.Architecture;

public sealed class BannedSymbolTests
{
    /// <summary>Where a banned symbol is named on purpose. A line here needs a reason beside it in the file.</summary>
    private static readonly string[] MayNameThem =
    [
        "src/Quartermaster.Core/Connecting/IConnector.cs",
    ];

    [Fact]
    public void Nobody_switches_the_guard_off_in_passing() =>
        (from file in Repository.Sources("src")
         where !MayNameThem.Contains(file.Path)
         from line in file.Lines.Index()
         where line.Item.Contains("RS0030", StringComparison.Ordinal)
         select $"{file.Path}:{line.Index + 1} {line.Item.Trim()}")
        .ShouldBeEmpty();
}
