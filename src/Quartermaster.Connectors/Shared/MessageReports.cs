using System.Security.Cryptography;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.Shared;

/// <summary>What the message channels share.</summary>
public static class MessageReports
{
    /// <summary>Wire kind of a message to a shopper.</summary>
    public const string Send = "message.send.v1";

    public const string Alert = "message.alert.v1";

    /// <summary>Wire kind of a message to somebody who is no shopper.</summary>
    public const string Letter = "message.letter.v1";

    /// <summary>Wire kind of an answer to who wrote.</summary>
    public const string Answer = "message.answer.v1";

    /// <summary>An alert for an e-mail connection that was told of no operators. The shoppers' mail on the same lane goes on.</summary>
    public static readonly Result NobodyToAlert =
        new(new Outcome.Refused("alerts_to_missing", "This connection has no alerts_to: set the operators' addresses, or name another connection for alerts."), Exchange.None);

    /// <summary>The vendor could not deliver what it had accepted. An order, or a campaign, tries its next channel; for a supplier's letter it is as if it had been refused at once.</summary>
    /// <returns>Null when the key is not one of theirs.</returns>
    public static Forwarded? Undelivered(string brand, string channel, string? effectKey, string code, string why) => StreamOf(brand, effectKey) switch
    {
        { Kind: "order" or "run" } order => new(order, new MessageSignal.NotDelivered(effectKey!, channel, code, why)),
        { Kind: "purchase" } order => new(order, new EffectSettled(effectKey!, Letter, new Outcome.Refused(code, why))),
        { Kind: "contact" } contact => new(contact, new EffectSettled(effectKey!, Answer, new Outcome.Refused(code, why))),
        _ => null,
    };

    /// <summary>The mail was to a shopper: a supplier's or an operator's mailbox is nobody's consent. Mail of other programs on the same account carries no key and is the brand's all the same.</summary>
    public static bool IsToAShopper(string brand, string? effectKey) => effectKey is null || StreamOf(brand, effectKey) is { Kind: "order" or "contact" or "run" };

    /// <summary>The stream that planned a message: <c>order/5600000000001/msg/shipped/p1</c> → <c>order/5600000000001</c>.</summary>
    public static StreamId? StreamOf(string brand, string? effectKey)
    {
        if (effectKey is null) return null;
        var kind = effectKey.IndexOf('/', StringComparison.Ordinal);
        var message = effectKey.IndexOf("/msg/", StringComparison.Ordinal);
        return kind > 0 && message > kind + 1 ? new(brand, effectKey[..kind], effectKey[(kind + 1)..message]) : null;
    }

    /// <summary>Id of a delivery at a vendor that gives none: its retries carry the same bytes.</summary>
    public static string IdOf(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return Convert.ToHexStringLower(hash);
    }
}
