using System.Reflection;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors;

/// <summary>All connectors there are. A connector is found by its type, never listed: adding one touches its own folder.</summary>
public static class ConnectorCatalogue
{
    /// <summary>One instance of every connector in this assembly and in the given ones, by key.</summary>
    /// <exception cref="InvalidOperationException">Two connectors claim the same key.</exception>
    public static IReadOnlyDictionary<string, IConnector> Find(params Assembly[] more)
    {
        var found = new SortedDictionary<string, IConnector>(StringComparer.Ordinal);
        foreach (var type in more.Prepend(typeof(ConnectorCatalogue).Assembly).Distinct().SelectMany(a => a.GetTypes()).Where(IsConnector))
        {
            var connector = (IConnector)Activator.CreateInstance(type)!;
            if (!found.TryAdd(connector.Manifest.Key, connector))
                throw new InvalidOperationException($"{type.FullName} and {found[connector.Manifest.Key].GetType().FullName} both call themselves '{connector.Manifest.Key}'.");
        }
        return found;
    }

    private static bool IsConnector(Type type) =>
        type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IConnector)) && type.GetConstructor(Type.EmptyTypes) is not null;
}
