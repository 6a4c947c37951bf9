using System.Text.Json.Serialization;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Messages;

/// <summary>Work for the message channels.</summary>
public abstract record MessageEffect : Effect
{
    private MessageEffect() { }

    /// <summary>The code of a refusal for today only: the channel takes no more that advertises for this reader, whoever it comes from.</summary>
    public const string NotToday = "not_today";

    /// <summary>Send one message by template. Connectors render it in their own way: WhatsApp by parameters, e-mail by text.</summary>
    /// <param name="Language">The language it is in.</param>
    /// <param name="Template">Name of the template, for WhatsApp the one at Meta: <c>order_confirmed</c>.</param>
    /// <param name="Parameters">Positional values, for channels that hold the text themselves.</param>
    /// <param name="Text">The finished message, for channels that do not.</param>
    /// <param name="HasAnotherWay">There is a further channel by which this shopper can be told.</param>
    /// <param name="Edition">Which of the brand's editions of the template it was written with; 0 = the words of the program or of the configuration.</param>
    /// <param name="Html">The brand's own HTML of the text; null = the channel makes it of the text.</param>
    /// <param name="Sender">The name it comes from; null = as the connection says.</param>
    /// <param name="Buttons">Answers that can be given by a button, where the channel has buttons; their names come back with the answer.</param>
    /// <param name="Country">Where the reader is, where no order tells it: nobody is disturbed at night.</param>
    /// <param name="Unsubscribe">Address at which the reader unsubscribes with one click; null = the message does not say so.</param>
    [Wire("message.send.v1")]
    [ReportsOnlyTrouble]
    public sealed record Send(string OrderRef, Occasion Occasion, string To, string? ToName, string Language, string Template, IReadOnlyList<string> Parameters, string Subject, string Text,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool HasAnotherWay = false, IReadOnlyList<string>? Buttons = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] LegalClass Class = LegalClass.Transactional, string? Unsubscribe = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Edition = 0, string? Html = null, string? Sender = null, string? Country = null) : MessageEffect, IHasAnotherWay;

    /// <summary>Write to somebody who is no shopper: a supplier. By e-mail; what comes of it is reported.</summary>
    [Wire("message.letter.v1")]
    public sealed record Letter(string To, string? ToName, string Subject, string Text) : MessageEffect;

    /// <summary>Answer somebody by the channel that they wrote by, in words that no template holds; what comes of it is reported.</summary>
    /// <param name="Subject">For channels that have one; null = the channel has none.</param>
    /// <param name="InReplyTo">The id of the mail that it answers, as that mail bears it: <c>&lt;…@…&gt;</c>.</param>
    /// <param name="Template">A text that the channel holds, whose one gap it goes into; null = the channel takes words of our own.</param>
    /// <param name="Language">Of that text.</param>
    [Wire("message.answer.v1")]
    public sealed record Answer(string To, string Text, string? Subject = null, string? InReplyTo = null, string? Template = null, string? Language = null) : MessageEffect;

    /// <summary>Tell the operators something.</summary>
    [Wire("message.alert.v1")]
    [ReportsOnlyTrouble]
    [GoesOutInShadow]
    public sealed record Alert(string Title, string Text, string? Link, string Severity) : MessageEffect;
}
