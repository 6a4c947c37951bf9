using System.Text.RegularExpressions;
using Quartermaster.Connectors;
using Quartermaster.Sandbox;

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
    public void The_example_starts_without_any_variable_once_its_connections_are_sandboxed()
    {
        var text = Text("quartermaster.example.yaml");
        var sandboxed = Connector().Replace(text, "$0\n    sandbox: true");
        var read = new ConfigurationReader(ConnectorCatalogue.Find(), new EnvironmentValues(_ => null), () => ConfigurationTestBed.SandboxPlan, [.. SandboxHost.Known().Keys])
            .Read(sandboxed, "quartermaster.yaml");

        read.Plan.Connections.Values.ShouldAllBe(c => c.Sandboxed);
        read.IsSandbox.ShouldBeFalse();
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

    [GeneratedRegex("^    connector: .*$", RegexOptions.Multiline)]
    private static partial Regex Connector();

    [GeneratedRegex(@"\$\{([A-Z_]+)")]
    private static partial Regex Reference();
}
