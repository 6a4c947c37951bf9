using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox;

/// <summary>A stand-in for one remote system that speaks the vendor's real HTTP, so that its connector runs unmodified.</summary>
/// <remarks>Found by type, like connectors. One instance per sandboxed connection; its routes live below <c>/{connection}</c>.</remarks>
public interface ITwin
{
    /// <summary>Maps the vendor's addresses, relative to the twin's own base address. Faults are injected around them by the host.</summary>
    void Map(IEndpointRouteBuilder routes);

    /// <summary>Settings that lead the connector to this twin instead of the vendor; asked for once it is mapped.</summary>
    IReadOnlyDictionary<string, string> Way(Uri address) => new Dictionary<string, string> { ["base_url"] = address.ToString().TrimEnd('/') };
}

/// <summary>Marks the twin of a connector: <c>[TwinOf("shopify")]</c>. The class has one constructor, taking a <see cref="TwinContext"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TwinOfAttribute(string connector) : Attribute
{
    public string Connector { get; } = connector;
}

/// <summary>What a twin needs to know about the connection it stands in for.</summary>
/// <param name="Settings">The connection's settings as the hub has them, secrets included: the twin signs its webhooks with them.</param>
/// <param name="Callback">Where the hub takes this connection's webhooks: <c>http://127.0.0.1:5080/webhooks/aurora-shopify</c>.</param>
/// <param name="Hub">Sends webhooks: at least once, with the retries, duplicates and reordering that <see cref="Faults"/> ask for.</param>
/// <param name="Faults">Knobs of this twin; changed while it runs.</param>
public sealed record TwinContext(string Brand, string Connection, IReadOnlyDictionary<string, string> Settings, Uri Callback, IWebhookSender Hub, Faults Faults, TimeProvider Clock);

/// <summary>Delivers a twin's webhooks to the hub like the vendor would.</summary>
public interface IWebhookSender
{
    /// <summary>Queues one delivery; retried until 2xx (200 ms doubling to 5 s, 12 attempts), duplicated and reordered as the faults say.</summary>
    void Send(TwinContext from, string path, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, TimeSpan delay = default);
}

/// <summary>How badly a twin behaves. All are probabilities from 0 to 1 unless said otherwise.</summary>
public sealed class Faults
{
    /// <summary>Added to every answer.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>429 with Retry-After.</summary>
    public double TooMany { get; set; }
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>500 before any work.</summary>
    public double FailBefore { get; set; }

    /// <summary>500 although the work was done.</summary>
    public double FailAfter { get; set; }

    /// <summary>Connection reset, half of them after the work.</summary>
    public double Reset { get; set; }

    /// <summary>A webhook is sent twice.</summary>
    public double Duplicate { get; set; }

    /// <summary>A webhook is delayed so that a later one overtakes it.</summary>
    public double Reorder { get; set; }

    /// <summary>A webhook is never sent.</summary>
    public double Lose { get; set; }
}
