using Quartermaster.Core.Codes;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.Runtime.Operations;

/// <summary>What a person may say of codes, from a page, a command, a file or a program.</summary>
/// <remarks>A code may only mean SKUs that we have: a typing error would make its orders wait for stock that never comes.</remarks>
public sealed class CodeDesk(Desk desk, CodeReads reads, HubPlan plan)
{
    private const int LongestCode = 100;

    /// <summary>What is wrong with it; null when it may be said.</summary>
    public async Task<string?> ComplaintAsync(string brand, string code, string channel, IReadOnlyList<Part> parts, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(code) || code.Length > LongestCode || code.Contains('\0')) return $"A code of at most {LongestCode} characters is needed.";
        if (parts.Any(p => string.IsNullOrWhiteSpace(p?.Sku) || p.Sku.Contains('\0'))) return "A SKU is empty, or has a character that no SKU has.";
        if (channel != Meaning.AllChannels && !(plan.Connections.TryGetValue(channel, out var at) && at.Brand == brand && at.Connector.Manifest.Capabilities.Contains(Capability.Storefront)))
            return $"'{channel}' is not a storefront of {brand}.";
        if (Part.Fault(parts) is { } fault) return fault;
        if (Part.IsItself(parts, code)) return null;
        var strangers = await reads.StrangersAsync(brand, parts, cancel);
        return strangers.Count == 0 ? null : $"{string.Join(", ", strangers)} {(strangers.Count == 1 ? "was" : "were")} never counted at any location. Count it first, or say of it that it is a SKU of yours.";
    }

    /// <returns>The signal's number.</returns>
    /// <exception cref="InvalidOperationException">It cannot mean that, with the reason.</exception>
    public async Task<long> SayAsync(string brand, string code, string channel, IReadOnlyList<Part> parts, string? why, string who, CancellationToken cancel)
    {
        if (await ComplaintAsync(brand, code, channel, parts, cancel) is { } complaint) throw new InvalidOperationException(complaint);
        return await desk.SendAsync(Stream(brand, code), new CodeSignal.Explained(code, channel, parts, who, why), who, cancel);
    }

    /// <summary>They are SKUs of ours that have not been counted yet.</summary>
    public Task<long> IsOursAsync(string brand, string code, string who, CancellationToken cancel) => SayAsync(brand, code, Meaning.AllChannels, [new(code, 1)], "it is a SKU of ours", who, cancel);

    /// <param name="number">Of what is undone; null = of what holds now.</param>
    /// <exception cref="InvalidOperationException">Nothing was said, or something else holds by now.</exception>
    public async Task<long> UndoAsync(string brand, string code, string channel, int? number, string who, CancellationToken cancel)
    {
        var now = (await reads.OfAsync(brand, code, cancel)).SaidFor(channel) ?? throw new InvalidOperationException($"Nothing is said of {code} {(channel.Length == 0 ? "for all channels" : $"at {channel}")}.");
        if (number is { } meant && meant != now.Number) throw new InvalidOperationException("Something else was said of it meanwhile; look at it again.");
        return await desk.SendAsync(Stream(brand, code), new CodeSignal.UndoAsked(code, channel, now.Number, who), who, cancel);
    }

    private static StreamId Stream(string brand, string code) => new(brand, CodeStream.Name, code);
}
