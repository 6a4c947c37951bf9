using System.Text.RegularExpressions;
using Quartermaster.Connectors;

namespace Quartermaster.Configuration;

/// <summary>The configuration files that are shipped are read as a newcomer's copy of them would be.</summary>
public sealed partial class ShippedFilesTests
{
    [Theory]
    [InlineData("quartermaster.example.yaml")]
    [InlineData("bench/quartermaster.yaml")]
    [InlineData("samples/online-retail.yaml")]
    public void Every_shipped_configuration_is_right(string file)
    {
        var read = new ConfigurationReader(ConnectorCatalogue.Find(), new EnvironmentValues(name => name.StartsWith("QM_", StringComparison.Ordinal) ? null : "http://127.0.0.1:1"), () => ConfigurationTestBed.SandboxPlan)
            .Read(Text(file).Replace("${HUB_PORT:-19200}", "19200", StringComparison.Ordinal), file);

        read.Plan.Brands.ShouldNotBeEmpty();
        read.Plan.Connections.ShouldNotBeEmpty();
    }

    [Fact]
    public void Every_variable_of_the_example_stands_in_the_example_environment() =>
        Reference().Matches(string.Join('\n', Text("quartermaster.example.yaml").Split('\n').Where(line => !line.TrimStart().StartsWith('#'))))
            .Select(m => m.Groups[1].Value).ShouldAllBe(name => Text(".env.example").Contains(name + "="));

    private static string Text(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Quartermaster.slnx"))) folder = folder.Parent;
        return File.ReadAllText(Path.Combine(folder.FullName, file));
    }

    [GeneratedRegex(@"\$\{([A-Z_]+)")]
    private static partial Regex Reference();
}
