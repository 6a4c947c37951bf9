using Npgsql;
using Quartermaster.Runtime.Operations;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Editions;

/// <summary>Keeps what is written in the dashboard as editions: every one of them stays, with who saved it, when and why.</summary>
public sealed class EditionDesk(Database database, TimeProvider clock)
{
    /// <summary>How long after it was saved an edition begins: several times as long as processes take to see it.</summary>
    public static readonly TimeSpan Begins = TimeSpan.FromSeconds(3);

    /// <summary>Saves what has been checked already.</summary>
    /// <param name="subject">As <see cref="Edition.Subject"/> is written.</param>
    /// <param name="after">The edition that the person saw; 0 = none.</param>
    /// <returns>The number of the new edition.</returns>
    /// <exception cref="InvalidOperationException">Somebody has saved another one meanwhile.</exception>
    public async Task<int> SaveAsync(string brand, string subject, string text, string note, int after, string who, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // The primary key lets one of two people who saw the same edition save the next.
        await using var save = new NpgsqlCommand("""
            INSERT INTO edition(brand, subject, number, text, note, by_whom, saved_at, from_at)
            SELECT $1, $8, $2 + 1, $3, $4, $5, $6, $7 WHERE $2 = coalesce((SELECT max(number) FROM edition WHERE brand = $1 AND subject = $8), 0) ON CONFLICT DO NOTHING
            """, connection, transaction);
        save.With(Text(brand), Int(after), Text(text), Text(note), Text(who), Instant(now), Instant(now + Begins), Text(subject));
        if (await save.ExecuteNonQueryAsync(cancel) == 0) throw new InvalidOperationException("Somebody has saved another edition meanwhile. Load the page again and put your change into theirs.");
        await Desk.AuditAsync(connection, transaction, who, subject == Edition.Rules ? "rules.save" : "flow.save", brand, subject == Edition.Rules ? $"edition {after + 1}" : $"{subject}, edition {after + 1}", note, cancel);
        await transaction.CommitAsync(cancel);
        return after + 1;
    }
}
