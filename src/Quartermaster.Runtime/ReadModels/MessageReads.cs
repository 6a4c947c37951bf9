using Npgsql;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Messages;
using Quartermaster.Runtime.Messages;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>One edition of a template.</summary>
/// <param name="Text">Empty = back to the words before any edition.</param>
/// <param name="DecidedBy">Null = it waits for approval.</param>
/// <param name="From">When it began, or begins; null = it was not approved.</param>
public sealed record MessageEditionRow(Occasion Occasion, string Language, int Number, string Text, string Note, string ByWhom, DateTimeOffset At, string? DecidedBy, DateTimeOffset? From)
{
    public bool IsWaiting => DecidedBy is null;
}

/// <param name="ReadAt">When the channel was asked last; null = never with success.</param>
/// <param name="Error">Why the last question was not answered; null = it was.</param>
public sealed record HeldTextsRow(string Connection, DateTimeOffset? ReadAt, string? Error);

/// <summary>Reads templates, what waits for approval, and what channels hold.</summary>
public sealed class MessageReads(Database database)
{
    /// <summary>All editions of a brand, newest first.</summary>
    public Task<List<MessageEditionRow>> EditionsAsync(string brand, CancellationToken cancel) =>
        ListAsync("SELECT occasion, language, number, text, note, by_whom, at, decided_by, from_at FROM message_edition WHERE brand = $1 ORDER BY at DESC, number DESC LIMIT 500", cancel, brand);

    public Task<List<MessageEditionRow>> EditionsAsync(string brand, Occasion occasion, string language, CancellationToken cancel) =>
        ListAsync("SELECT occasion, language, number, text, note, by_whom, at, decided_by, from_at FROM message_edition WHERE brand = $1 AND occasion = $2 AND language = $3 ORDER BY number DESC LIMIT 50",
            cancel, brand, Occasions.Name(occasion), language);

    /// <summary>The voice that is in force at a moment, read anew: what a page shows and a command tells must not depend on which process is asked.</summary>
    public async Task<Voice> InForceAsync(HubPlan plan, string brand, DateTimeOffset at, CancellationToken cancel)
    {
        var configured = plan.Brands[brand];
        var book = configured.Templates;
        foreach (var row in await ListAsync("SELECT occasion, language, number, text, note, by_whom, at, decided_by, from_at FROM message_edition WHERE brand = $1 AND from_at <= $2 ORDER BY from_at, number", cancel, brand, at))
        {
            try { book = TemplateDesk.Apply(book, configured.Templates, Occasions.Name(row.Occasion), row.Language, row.Text, row.Number); }
            catch (TemplateException) { /* As in the machine: the words before it stay in force, and a case says so. */ }
        }
        return new(configured.Terms, book, await HeldTextRows.ReadAsync(database, [.. configured.Terms.MessageChannels.Where(c => c.Kind == "whatsapp").Select(c => c.Connection)], cancel));
    }

    public Task<List<HeldTextsRow>> HeldAsync(IReadOnlyList<string> connections, CancellationToken cancel) =>
        database.General.ListAsync("SELECT connection, read_at, error FROM held_text_read WHERE connection = ANY($1) ORDER BY connection",
            r => new HeldTextsRow(r.GetString(0), r.IsDBNull(1) ? null : r.At(1), r.Text(2)), cancel, connections.ToArray());

    /// <summary>An order by its number as the shopper knows it; the brand's newest when none is named, null when there is none.</summary>
    public async Task<PastOrder?> OrderAsync(string brand, string? number, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(number))
        {
            await foreach (var newest in new PastOrders(database.General).NewestAsync(brand, DateTimeOffset.MinValue, 1, cancel)) return newest;
            return null;
        }
        var page = await new OrderList(database.General).PageAsync(new([brand], number.Trim(), Size: 20), cancel);
        var row = page.Rows.FirstOrDefault(r => r.Number == number.Trim() || r.Number == "#" + number.Trim());
        if (row is null) return null;
        var found = await database.General.OneAsync("SELECT state FROM stream WHERE brand = $1 AND stream = $2", r => r.GetFieldValue<byte[]>(0), cancel, brand, row.Stream);
        return found is not null && new OrderStream().Load(found) is OrderFile { Order.Facts: not null } file ? new(row.Stream, row.Number, row.PlacedAt, file) : null;
    }

    // An occasion that only a newer program knows is not this one's to show.
    private async Task<List<MessageEditionRow>> ListAsync(string sql, CancellationToken cancel, params Value[] values) =>
        [.. (await database.General.ListAsync(sql, r => Occasions.Find(r.GetString(0)) is not { } occasion ? null : new MessageEditionRow(occasion, r.GetString(1), r.GetInt32(2), r.GetString(3), r.GetString(4), r.GetString(5), r.At(6), r.Text(7), r.IsDBNull(8) ? null : r.At(8)), cancel, values)).OfType<MessageEditionRow>()];
}
