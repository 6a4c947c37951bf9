using System.Collections.Frozen;
using System.Reflection;

namespace Quartermaster.Core.Kernel;

/// <summary>The versioned name under which a signal, event, effect or request is stored: <c>order.placed.v1</c>.</summary>
/// <remarks>Once released a name keeps its shape; a changed shape takes the next version and the old one stays readable.</remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class WireAttribute(string kind) : Attribute
{
    public string Kind { get; } = kind;
}

/// <summary>Finds the type behind a stored name and the name of a type. The part before the first dot is the capability.</summary>
public static class Wire
{
    private static readonly FrozenDictionary<string, Type> Types = typeof(Wire).Assembly.GetTypes()
        .Where(t => t.IsDefined(typeof(WireAttribute), false))
        .ToFrozenDictionary(t => t.GetCustomAttribute<WireAttribute>()!.Kind);

    private static readonly FrozenDictionary<Type, string> Kinds = Types.ToFrozenDictionary(p => p.Value, p => p.Key);

    public static IEnumerable<Type> All => Types.Values;

    /// <exception cref="ArgumentException">The type carries no <see cref="WireAttribute"/>.</exception>
    public static string KindOf(Type type) =>
        Kinds.TryGetValue(type, out var kind) ? kind : throw new ArgumentException($"{type.Name} has no [Wire] name.", nameof(type));

    public static Type? TypeOf(string kind) => Types.GetValueOrDefault(kind);

    /// <summary><c>order.placed.v1</c> → <c>order</c>.</summary>
    public static string CapabilityOf(string kind) => kind.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? kind[..dot] : kind;
}
