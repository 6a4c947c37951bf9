using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Customers;

/// <summary>What marketing tools are told of the brand's customers. Never planned and kept: made when it is sent, from what is true then (ADR 33).</summary>
public abstract record CustomerEffect : Effect
{
    private CustomerEffect() { }

    /// <summary>Say all that is known of a customer under one e-mail address. The whole profile each time, so a repeat changes nothing there.</summary>
    /// <param name="Email">By which the tool knows them; lower case.</param>
    /// <param name="Phone">E.164.</param>
    /// <param name="Name">First and last as the shopper wrote them, in one.</param>
    /// <param name="Orders">At this brand, without cancelled ones.</param>
    /// <param name="Lifetime">What was ordered at this brand and not cancelled, one for each currency.</param>
    /// <param name="Segments">Words of <see cref="Customers.Segments"/>.</param>
    /// <param name="Consents">One for each channel by which this customer can be written to.</param>
    /// <param name="RemoteId">The tool's own id of them; null = it has not given one yet.</param>
    [Wire("customer.push.v1")]
    public sealed record Push(
        string Email, string? Phone, string? Name, string? Language, string? Country, int Orders, IReadOnlyList<Lifetime> Lifetime, DateTimeOffset? FirstOrderAt, DateTimeOffset? LastOrderAt,
        IReadOnlyList<string> Segments, IReadOnlyList<Consent> Consents, string? RemoteId = null) : CustomerEffect
    {
        /// <summary>What holds for a channel; null where they cannot be written to by it.</summary>
        public Consent? By(string channel)
        {
            foreach (var consent in Consents)
                if (consent.Channel == channel) return consent;
            return null;
        }
    }

    /// <summary>Delete for good somebody who was erased here.</summary>
    /// <param name="RemoteId">The tool's own id of them, which says nothing of who it is.</param>
    /// <param name="Email">Only where the tool may know them and never gave an id.</param>
    [Wire("customer.forget.v1")]
    public sealed record Forget(string? RemoteId, string? Email) : CustomerEffect;
}

/// <summary>What somebody ordered in one currency and did not cancel.</summary>
public sealed record Lifetime(string Currency, decimal Amount);

/// <summary>What may be sent to somebody by one channel, as far as we have their word for it.</summary>
/// <param name="Why">How they said so, or why not; null where nothing was said.</param>
/// <param name="At">When.</param>
/// <param name="IsNews">The tool has not been told this yet. Only what is news is acted on there, so that what somebody said to the tool itself stands.</param>
public sealed record Consent(string Channel, Wish Wish, string? Why = null, DateTimeOffset? At = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsNews = false);

/// <summary>What somebody wants, or what came back from them.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Wish>))]
public enum Wish
{
    /// <summary>They never said. Nobody is subscribed or unsubscribed for it.</summary>
    Unsaid,

    /// <summary>They said that they want to be written to, and it is kept as proof.</summary>
    Marketing,

    /// <summary>No marketing.</summary>
    NoMarketing,

    /// <summary>Nothing at all: it bounced, they complained, they wrote STOP, or one of us decided so.</summary>
    Nothing,
}
