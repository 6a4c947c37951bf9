using System.Collections.Concurrent;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Messages;

/// <summary>Keeps the numbers that messages come from to what their channel lets them do.</summary>
/// <remarks>In memory where the connection's lane is owned, and in a table for who owns it next. A connection whose channel names no limit is asked nothing.</remarks>
public sealed class Senders(Database database)
{
    private readonly ConcurrentDictionary<string, SenderTally> _tallies = new();
    private readonly Dictionary<string, long> _openedUnder = [];

    /// <summary>Must it be asked before this connection sends?</summary>
    internal bool Watch(string connection) => _tallies.TryGetValue(connection, out var tally) && tally.Limits;

    internal SenderTally? Find(string connection) => _tallies.GetValueOrDefault(connection);

    /// <summary>Has this process counted since it owns the lane? Another one may have sent in between.</summary>
    internal bool IsOpen(string connection, long token) => _openedUnder.GetValueOrDefault(connection) == token;

    /// <summary>Begins to count, or goes on with another limit.</summary>
    internal async Task SetAsync(string connection, long token, SenderStanding standing, DateTimeOffset now, CancellationToken cancel)
    {
        if (IsOpen(connection, token) && Find(connection) is { } open)
        {
            open.Standing = standing;
            return;
        }
        List<(long, DateTimeOffset)> told = [];
        await using (var command = database.General.CreateCommand("SELECT who, at FROM sender_told WHERE connection = $1 AND at > $2 ORDER BY at").With(Text(connection), Instant(now - SenderTally.Window)))
        await using (var reader = await command.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel)) told.Add((reader.GetInt64(0), reader.Instant(1)));
        _tallies[connection] = new(standing, told);
        _openedUnder[connection] = token;
    }

    /// <param name="asked">With what stands for the reader: no address is kept.</param>
    /// <returns>Why each may not be sent, or not yet; null = it may.</returns>
    internal async Task<Outcome?[]> AskAsync(string connection, IReadOnlyList<(string Reader, MessageEffect.Send Message)> asked, DateTimeOffset now, CancellationToken cancel)
    {
        var answers = new Outcome?[asked.Count];
        if (Find(connection) is not { } tally) return answers;
        HashSet<long> told = [];
        for (var i = 0; i < asked.Count; i++)
        {
            var who = unchecked((long)Fnv.Of(asked[i].Reader));
            answers[i] = tally.Ask(who, asked[i].Message.Class == LegalClass.Marketing, asked[i].Message.HasAnotherWay, now);
            if (answers[i] is null) told.Add(who);
        }
        if (told.Count == 0) return answers;
        // Kept before they are sent, as they are counted. By primary key, in its order.
        await using var keep = database.Engine.CreateCommand("INSERT INTO sender_told(connection, who, at) SELECT $1, u, $3 FROM unnest($2::bigint[]) u ON CONFLICT (connection, who) DO UPDATE SET at = excluded.at");
        await keep.With(Text(connection), Longs(told.Order()), Instant(now)).ExecuteNonQueryAsync(cancel);
        return answers;
    }
}
