using System.Text.Json.Serialization;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Messages;

/// <summary>Why the shopper hears from us. Each is caused by an event, never by a timer.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Occasion>))]
public enum Occasion { Confirmed, Shipped, OutForDelivery, Delivered, Backordered, Cancelled }

/// <summary>Signals to the correspondence of an order.</summary>
public abstract record MessageSignal : Signal
{
    private MessageSignal() { }

    /// <summary>Whom to write to and how the order is called; sent by a flow when the order is placed or edited.</summary>
    [Wire("message.know.v1")]
    public sealed record Know(Correspondent To) : MessageSignal;

    /// <summary>Something happened that the shopper should hear.</summary>
    /// <param name="Subject">What it is about within the order: a parcel id, or empty.</param>
    /// <param name="Facts">Values for the template by name: <c>tracking</c>, <c>carrier</c>, <c>tracking_url</c> …</param>
    [Wire("message.say.v1")]
    public sealed record Say(Occasion Occasion, string Subject, IReadOnlyDictionary<string, string> Facts) : MessageSignal;
}

/// <param name="Phone">E.164, or null.</param>
/// <param name="Language">Two-letter language the shopper reads.</param>
public sealed record Correspondent(string OrderRef, string Number, string? Name, string? Email, string? Phone, string Language);

/// <summary>What was said.</summary>
public abstract record MessageEvent : Event
{
    private MessageEvent() { }

    [Wire("message.known.v1")]
    public sealed record Known(Correspondent To) : MessageEvent;

    [Wire("message.planned.v1")]
    public sealed record Planned(Occasion Occasion, string Subject, string Channel, string Connection, IReadOnlyDictionary<string, string> Facts) : MessageEvent;

    /// <summary>The first channel could not reach the shopper; the next one is tried.</summary>
    [Wire("message.fell_back.v1")]
    public sealed record FellBack(Occasion Occasion, string Subject, string From, string Why) : MessageEvent;

    /// <summary>No channel could reach the shopper.</summary>
    [Wire("message.unreachable.v1")]
    public sealed record Unreachable(Occasion Occasion, string Subject, string Why) : MessageEvent;
}

/// <summary>Work for the message channels.</summary>
public abstract record MessageEffect : Effect
{
    private MessageEffect() { }

    /// <summary>Send one message by template. Connectors render it in their own way: WhatsApp by parameters, e-mail by text.</summary>
    /// <param name="Template">Name of the template: <c>order_confirmed</c>.</param>
    /// <param name="Parameters">Positional values; the first is always the order number as the shopper knows it.</param>
    /// <param name="Text">The same message as plain text, for channels without templates.</param>
    [Wire("message.send.v1")]
    [ReportsOnlyTrouble]
    public sealed record Send(string OrderRef, Occasion Occasion, string To, string? ToName, string Language, string Template, IReadOnlyList<string> Parameters, string Subject, string Text) : MessageEffect;

    /// <summary>Tell the operators something.</summary>
    [Wire("message.alert.v1")]
    [ReportsOnlyTrouble]
    public sealed record Alert(string Title, string Text, string? Link, string Severity) : MessageEffect;
}
