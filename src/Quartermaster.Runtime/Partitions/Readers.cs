using System.Collections.Frozen;
using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Risk;

namespace Quartermaster.Runtime.Partitions;

/// <summary>Reads stored webhook bodies with the connector of the connection they came through. Pure: there is no way out from here.</summary>
public sealed class Readers(HubPlan plan, TraitHash traits, ShopperLinks links, TimeProvider clock)
{
    private readonly FrozenDictionary<string, (IConnector Connector, Session Session)> _connections = plan.Connections.Values.ToFrozenDictionary(
        c => c.Key,
        c => (c.Connector, c.Open(Sealed, clock) with { HashTrait = traits.Of(c.Brand), ProofOf = what => links.ProofOf(c.Brand, what) }));

    private static readonly HttpClient Sealed = new(new NoWayOut());

    public Session SessionOf(string connection) => _connections[connection].Session;

    public bool Knows(string connection) => _connections.ContainsKey(connection);

    /// <exception cref="NotUnderstoodException">The body cannot be read, or its connection is no longer configured.</exception>
    public Reading Read(string connection, string topic, ReadOnlyMemory<byte> body, DateTimeOffset at) =>
        _connections.TryGetValue(connection, out var c)
            ? c.Connector.Read(c.Session, topic, body, at)
            : throw new NotUnderstoodException("hub.connection_unknown", $"The connection '{connection}' is not configured (any more).");

    private sealed class NoWayOut : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Reading a webhook is pure; a connector must not call out there.");
    }
}
