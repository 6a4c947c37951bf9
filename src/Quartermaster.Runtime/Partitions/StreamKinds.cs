using System.Collections.Frozen;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Runtime.Partitions;

/// <summary>Every kind of stream there is, found by type: adding one needs no list.</summary>
public static class StreamKinds
{
    private static readonly FrozenDictionary<string, IStreamKind> All = typeof(IStreamKind).Assembly.GetTypes()
        .Where(t => t is { IsAbstract: false, IsInterface: false } && t.IsAssignableTo(typeof(IStreamKind)))
        .Select(t => (IStreamKind)Activator.CreateInstance(t)!)
        .ToFrozenDictionary(k => k.Kind);

    public static IStreamKind? Find(string kind) => All.GetValueOrDefault(kind);
}
