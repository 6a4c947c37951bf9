using Npgsql;
using Quartermaster.Runtime.Operations;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Rules;

/// <summary>Keeps the dashboard's rules as editions: every one of them stays, with who saved it, when and why.</summary>
public sealed class RuleDesk(Database database, TimeProvider clock)
{
    /// <summary>How long after it was saved an edition begins: several times as long as processes take to see it.</summary>
    public static readonly TimeSpan Begins = TimeSpan.FromSeconds(3);

    /// <summary>Saves what has been checked already.</summary>
    /// <param name="after">The edition that the person saw; 0 = none.</param>
    /// <returns>The number of the new edition.</returns>
    /// <exception cref="InvalidOperationException">Somebody has saved another one meanwhile.</exception>
    public async Task<int> SaveAsync(string brand, string text, string note, int after, string who, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // The primary key lets one of two people who saw the same edition save the next.
        await using var save = new NpgsqlCommand("""
            INSERT INTO rule_edition(brand, number, text, note, by_whom, saved_at, from_at)
            SELECT $1, $2 + 1, $3, $4, $5, $6, $7 WHERE $2 = coalesce((SELECT max(number) FROM rule_edition WHERE brand = $1), 0) ON CONFLICT DO NOTHING
            """, connection, transaction);
        save.With(Text(brand), Int(after), Text(text), Text(note), Text(who), Instant(now), Instant(now + Begins));
        if (await save.ExecuteNonQueryAsync(cancel) == 0) throw new InvalidOperationException("Somebody has saved other rules meanwhile. Load the page again and put your change into theirs.");
        await Desk.AuditAsync(connection, transaction, who, "rules.save", brand, $"edition {after + 1}", note, cancel);
        await transaction.CommitAsync(cancel);
        return after + 1;
    }
}
