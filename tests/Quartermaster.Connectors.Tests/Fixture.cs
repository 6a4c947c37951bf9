using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quartermaster.Connectors.Tests;

/// <summary>The recorded bodies beside a connector.</summary>
internal static class Fixture
{
    public static byte[] Bytes(string connector, string name) =>
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Connectors", connector, "Fixtures", name));

    public static string Text(string connector, string name) => System.Text.Encoding.UTF8.GetString(Bytes(connector, name));

    /// <summary>Fails with both texts when the JSON differs from what was approved; layout does not count, order of members does.</summary>
    public static void ShouldBeApproved(this string json, string connector, string name) =>
        Pretty(json).ShouldBe(Pretty(Text(connector, name)), $"{connector}/Fixtures/{name} holds what was approved");

    private static string Pretty(string json) => JsonNode.Parse(json)!.ToJsonString(Indented);

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
}
