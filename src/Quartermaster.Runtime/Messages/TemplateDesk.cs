using Npgsql;
using Quartermaster.Core.Messages;
using Quartermaster.Runtime.Operations;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Messages;

/// <summary>Keeps a brand's own templates as editions: proposed by one, approved by another, and all of them stay.</summary>
public sealed class TemplateDesk(Database database, TimeProvider clock)
{
    /// <summary>How long after its approval an edition begins: several times as long as processes take to see it.</summary>
    public static readonly TimeSpan Begins = TimeSpan.FromSeconds(3);

    /// <summary>Keeps what has been checked already, for somebody to approve.</summary>
    /// <param name="text">Empty = back to the words before any edition.</param>
    /// <param name="after">The newest edition that the person saw; 0 = none.</param>
    /// <returns>The number of the new edition.</returns>
    /// <exception cref="InvalidOperationException">Somebody has written another one meanwhile.</exception>
    public async Task<int> ProposeAsync(string brand, Occasion occasion, string language, string text, string note, int after, string who, CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // The primary key lets one of two people who saw the same edition save the next.
        await using var save = new NpgsqlCommand("""
            INSERT INTO message_edition(brand, occasion, language, number, text, note, by_whom, at)
            SELECT $1, $2, $3, $4 + 1, $5, $6, $7, $8 WHERE $4 = coalesce((SELECT max(number) FROM message_edition WHERE brand = $1 AND occasion = $2 AND language = $3), 0) ON CONFLICT DO NOTHING
            """, connection, transaction);
        save.With(Text(brand), Text(Occasions.Name(occasion)), Text(language), Int(after), Text(text), Text(note), Text(who), Instant(clock.GetUtcNow()));
        if (await save.ExecuteNonQueryAsync(cancel) == 0) throw new InvalidOperationException("Somebody has written other words meanwhile. Load the page again and put your change into theirs.");
        await Desk.AuditAsync(connection, transaction, who, "message.propose", brand, Target(occasion, language, after + 1), note, cancel);
        await transaction.CommitAsync(cancel);
        return after + 1;
    }

    /// <summary>Puts a proposed edition in force.</summary>
    /// <param name="isAlone">Nobody else may approve for this brand, so who proposed it may.</param>
    /// <exception cref="InvalidOperationException">It is not there to be approved, or not by this person.</exception>
    public async Task ApproveAsync(string brand, Occasion occasion, string language, int number, string who, bool isAlone, CancellationToken cancel)
    {
        var from = clock.GetUtcNow() + Begins;
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Lock: all editions of the template, so that of two who approve at once the second sees what the first did.
        await using (var alone = new NpgsqlCommand("SELECT 1 FROM message_edition WHERE brand = $1 AND occasion = $2 AND language = $3 ORDER BY number FOR UPDATE", connection, transaction))
            await alone.With(Text(brand), Text(Occasions.Name(occasion)), Text(language)).ExecuteNonQueryAsync(cancel);
        // One that an approved newer edition has overtaken would take its words back unseen.
        await using var approve = new NpgsqlCommand("""
            UPDATE message_edition e SET decided_by = $5, from_at = $6
            WHERE brand = $1 AND occasion = $2 AND language = $3 AND number = $4 AND decided_by IS NULL AND (by_whom <> $5 OR $7)
              AND NOT EXISTS (SELECT 1 FROM message_edition n WHERE n.brand = $1 AND n.occasion = $2 AND n.language = $3 AND n.number > $4 AND n.from_at IS NOT NULL)
            """, connection, transaction);
        approve.With(Text(brand), Text(Occasions.Name(occasion)), Text(language), Int(number), Text(who), Instant(from), Bool(isAlone));
        if (await approve.ExecuteNonQueryAsync(cancel) == 0)
            throw new InvalidOperationException($"Edition {number} cannot be approved: it was decided on already, a newer one is in force, or you proposed it yourself and somebody else may approve it.");
        await Desk.AuditAsync(connection, transaction, who, "message.approve", brand, Target(occasion, language, number), isAlone ? "by the only one who may approve" : null, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Turns a proposed edition down, or takes one's own back.</summary>
    /// <exception cref="InvalidOperationException">It was decided on already.</exception>
    public async Task DropAsync(string brand, Occasion occasion, string language, int number, string who, CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var drop = new NpgsqlCommand("UPDATE message_edition SET decided_by = $5 WHERE brand = $1 AND occasion = $2 AND language = $3 AND number = $4 AND decided_by IS NULL", connection, transaction);
        drop.With(Text(brand), Text(Occasions.Name(occasion)), Text(language), Int(number), Text(who));
        if (await drop.ExecuteNonQueryAsync(cancel) == 0) throw new InvalidOperationException($"Edition {number} was decided on already.");
        await Desk.AuditAsync(connection, transaction, who, "message.drop", brand, Target(occasion, language, number), null, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>A book with one edition put into it.</summary>
    /// <param name="configured">What an edition without words goes back to.</param>
    /// <exception cref="TemplateException">Its words cannot be used (any more).</exception>
    public static TemplateBook Apply(TemplateBook book, TemplateBook configured, string occasion, string language, string text, int number)
    {
        var of = Occasions.Find(occasion) ?? throw new TemplateException([new(1, $"there is no occasion '{occasion}'.")]);
        if (text.Length > 0) return book.With([MessageTemplate.Read(of, language, text, number)]);
        return configured.Find(of, language) is { } before ? book.With([before]) : book.Without(of, language);
    }

    private static string Target(Occasion occasion, string language, int number) => $"{Occasions.Name(occasion)} in {language}, edition {number}";
}
