using Npgsql;
using Quartermaster.Core.Orders;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>What somebody's orders are found by, which is only ever added to: a name that was corrected years ago finds them still.</summary>
internal static class SearchTerms
{
    /// <summary>Everything that their orders are found by. Reads the whole table, which has no index by order.</summary>
    public static async Task<IReadOnlyList<(string Brand, string Term, string Stream)>> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ErasureSubject subject, CancellationToken cancel)
    {
        await using var read = new NpgsqlCommand("SELECT brand, term, stream FROM lookup WHERE (brand, stream) IN (SELECT * FROM unnest($1::text[], $2::text[]))", connection, transaction);
        read.CommandTimeout = 0;
        read.With(Texts(subject.Streams.Select(s => s.Brand)), Texts(subject.Streams.Select(s => s.Key)));
        List<(string, string, string)> found = [];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) found.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        return found;
    }

    /// <summary>Takes the terms away that could be a person's: all but what the order is called and what was in it, as its row says it now.</summary>
    /// <param name="kept">By order, what stays.</param>
    public static async Task ForgetAsync(RowRewriter rows, ErasureSubject subject, IReadOnlyList<(string Brand, string Term, string Stream)> found, IReadOnlyDictionary<(string Brand, string Stream), IReadOnlyList<string>> kept, CancellationToken cancel)
    {
        var theirs = subject.Secrets.Concat(subject.Words).Select(s => s.ToLowerInvariant()).SelectMany(s => s.Contains('@', StringComparison.Ordinal) ? new[] { s, Mailbox.TermOf(Mailbox.Of(s)) } : [s]).ToHashSet();
        var gone = found.Where(f => kept.GetValueOrDefault((f.Brand, f.Stream))?.Contains(f.Term) != true)
            // What was found anew since the table was read.
            .Concat(from stream in subject.Streams from term in theirs select (stream.Brand, Term: term, Stream: stream.Key)).Distinct().ToList();
        await rows.RunAsync("lookup", "DELETE FROM lookup l USING unnest($1::text[], $2::text[], $3::text[]) AS u(brand, term, stream) WHERE l.brand = u.brand AND l.term = u.term AND l.stream = u.stream",
            [Texts(gone.Select(g => g.Brand)), Texts(gone.Select(g => g.Term)), Texts(gone.Select(g => g.Stream))], cancel);
    }
}
