using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Runtime.Messages;
using Quartermaster.Runtime.ReadModels;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Operations;

/// <summary>A channel by which somebody can be answered.</summary>
/// <param name="WhyNot">Why words of our own would not be taken there now; null = they would.</param>
/// <param name="Texts">Texts that the channel holds and into whose one gap an answer can go.</param>
/// <param name="Newest">When the newest that waits for an answer there was written.</param>
public sealed record AnswerWay(string Channel, string? WhyNot, IReadOnlyList<HeldText> Texts, DateTimeOffset? Newest);

/// <summary>Answers customers in a person's own words: what they wrote, or asked on an order's page.</summary>
public sealed class AnswerDesk(Database database, Desk desk, HubPlan plan, TimeProvider clock)
{
    /// <summary>As long as a text may be that still fits everywhere; WhatsApp's approved texts take less.</summary>
    public const int Longest = 4000, LongestInTemplate = 900;

    private static readonly ContactStream Contacts = new();

    /// <summary>How a contact point can be answered now, in the brand's order; empty where none of its connections can.</summary>
    public async Task<IReadOnlyList<AnswerWay>> WaysAsync(string brand, ContactPoint to, CancellationToken cancel)
    {
        if (!plan.Brands.TryGetValue(brand, out var of)) return [];
        var contact = await StateAsync(brand, to, cancel);
        List<AnswerWay> ways = [];
        foreach (var channel in of.Terms.MessageChannels)
        {
            if ((channel.Kind == ContactPoint.Email) != (to.Kind == ContactPoint.Email) || ways.Exists(w => w.Channel == channel.Kind) || !CanAnswer(channel.Connection)) continue;
            var texts = !ContactPoint.HoldsTexts(channel.Kind) ? [] : (await HeldTextRows.ReadAsync(database, [channel.Connection], cancel)).Of(channel.Connection).Where(IsForAnswers).ToList();
            ways.Add(new(channel.Kind, ContactDecider.WhyNot(contact, channel.Kind, byTemplate: false, clock.GetUtcNow()), texts, (contact.Waiting ?? []).Where(w => w.Channel == channel.Kind).Select(w => (DateTimeOffset?)w.At).Max()));
        }
        return ways;
    }

    /// <param name="intent">Of this one answer: told twice it is sent once.</param>
    /// <param name="template">Name and language of a text that the channel holds, as <c>we_have_news en</c>; null = words of our own.</param>
    /// <param name="seen">When the newest was written that whoever answers has read; null = all.</param>
    /// <exception cref="InvalidOperationException">It would not be sent; the message says why.</exception>
    public async Task<long> AnswerAsync(string brand, ContactPoint to, string channel, string text, string? template, string intent, string who, CancellationToken cancel, DateTimeOffset? seen = null)
    {
        if (!await IsLiveAsync(brand, cancel)) throw new InvalidOperationException("The brand is not live: nothing is sent for it.");
        var way = (await WaysAsync(brand, to, cancel)).FirstOrDefault(w => w.Channel == channel) ?? throw new InvalidOperationException("No connection of the brand can send an answer there by that channel.");
        if (string.IsNullOrWhiteSpace(text)) throw new InvalidOperationException("There is nothing in it to send.");
        if (text.Length > (template is null ? Longest : LongestInTemplate)) throw new InvalidOperationException($"It is longer than {(template is null ? Longest : LongestInTemplate)} characters.");
        var held = template is null ? null : way.Texts.FirstOrDefault(t => $"{t.Name} {t.Language}" == template) ?? throw new InvalidOperationException($"'{template}' is no text of that channel's with one gap that is approved.");
        if (!await IsKnownAsync(brand, to, cancel)) throw new InvalidOperationException("Nobody who ordered from the brand, or wrote to it, has that address.");
        if (ContactDecider.WhyNot(await StateAsync(brand, to, cancel), channel, held is not null, clock.GetUtcNow()) is { } why) throw new InvalidOperationException(why);
        return await desk.SendAsync(to.On(brand), new ContactSignal.AnswerAsked(channel, text.Trim().ReplaceLineEndings("\n"), intent, who, held?.Name, held?.Language, seen), who, cancel);
    }

    private async Task<Contact> StateAsync(string brand, ContactPoint to, CancellationToken cancel) =>
        await new StreamHistory(database.General).StateAsync(brand, to.On(brand).Key, cancel) is { } state ? (Contact)Contacts.Load(state.State) : Contact.Unheard;

    private async Task<bool> IsLiveAsync(string brand, CancellationToken cancel)
    {
        await using var mode = database.General.CreateCommand("SELECT mode FROM brand WHERE brand = $1");
        return await mode.With(Text(brand)).ExecuteScalarAsync(cancel) is "live";
    }

    // Indexes: stream_pkey, lookup_pkey. The hub is no way to write to anybody at all.
    private async Task<bool> IsKnownAsync(string brand, ContactPoint to, CancellationToken cancel)
    {
        await using var find = database.General.CreateCommand("SELECT EXISTS (SELECT 1 FROM stream WHERE brand = $1 AND stream = $2) OR EXISTS (SELECT 1 FROM lookup WHERE brand = $1 AND term = $3)");
        return (bool)(await find.With(Text(brand), Text(to.On(brand).Key), Text(to.Address)).ExecuteScalarAsync(cancel))!;
    }

    private bool CanAnswer(string connection) => plan.Connections.TryGetValue(connection, out var by) && by.Connector.Manifest.Does.Contains(Wire.KindOf(typeof(MessageEffect.Answer)));

    // Marketing texts are no way to answer, and what else would be left empty is refused.
    private static bool IsForAnswers(HeldText text) => text is { IsApproved: true, IsMarketing: false, Parameters: 1, Others: 0, Buttons: 0 };
}
