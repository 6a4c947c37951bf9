using System.Reflection;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Architecture;

/// <summary>A capability of the core never sees another: what two of them have to do with each other is told in Flows.</summary>
public sealed class CapabilityTests
{
    private const string Root = "Quartermaster.Core.";

    /// <summary>What everybody may use.</summary>
    private static readonly string[] Shared = ["Kernel", "Connecting"];

    /// <summary>The further edges, each with its reason. Any other is a mistake, or a decision that is made here.</summary>
    private static readonly Dictionary<string, string[]> Edges = new()
    {
        ["Kernel"] = [],
        ["Connecting"] = ["Kernel"],
        ["Flows"] = ["*"],
        ["Json"] = ["*"], // how each message is written down; nobody but the runtime asks for it
    };

    private static readonly Assembly Core = typeof(Money).Assembly;

    [Fact]
    public void No_capability_sees_another() =>
        Uses().Where(use => !MaySee(use.From, use.To))
            .Select(use => $"{use.By.FullName} uses {use.Of.FullName}")
            .Distinct().Order(StringComparer.Ordinal)
            .ShouldBeEmpty();

    [Fact]
    public void Every_edge_names_a_capability_that_exists()
    {
        var folders = Core.GetTypes().Select(Capability).OfType<string>().ToHashSet();
        Edges.Values.SelectMany(to => to).Concat(Shared).Where(folder => folder != "*").Except(folders).ShouldBeEmpty();
    }

    // The reader of method bodies would be blind in silence if a token were skipped: it must see its own call below.
    [Fact]
    public void What_a_method_body_uses_is_seen()
    {
        static int OnlyHere() => new List<Version>().Count;
        OnlyHere().ShouldBe(0);
        TypesUsed.By(typeof(CapabilityTests)).ShouldContain(typeof(Version));
    }

    private static bool MaySee(string from, string to) =>
        from == to
        || (Edges.TryGetValue(from, out var edges) ? edges.Contains(to) || edges.Contains("*") : Shared.Contains(to));

    private static IEnumerable<(Type By, string From, Type Of, string To)> Uses() =>
        from type in Core.GetTypes()
        let here = Capability(type)
        where here is not null
        from used in TypesUsed.By(type)
        let there = used.Assembly == Core ? Capability(used) : null
        where there is not null
        select (type, here, used, there);

    private static string? Capability(Type type) =>
        type.Namespace is { } space && space.StartsWith(Root, StringComparison.Ordinal) ? space[Root.Length..].Split('.')[0] : null;
}
