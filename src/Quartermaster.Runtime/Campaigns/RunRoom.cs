using Npgsql;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Partitions;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Campaigns;

/// <summary>Answers in one batch's transaction what campaigns ask: what is known of a customer, and whether a code may still be promised. Only brands that have campaigns ask.</summary>
/// <remarks>A code is given under a lock of its offer that lasts as long as the transaction, so no two workers give the last one; an offer is asked for some times in a minute and not in a second.</remarks>
internal sealed class RunRoom(HubPlan plan, PeopleLook people, NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    /// <summary>Class of the advisory locks of offers; the second number is a hash of brand and offer.</summary>
    private const int LockClass = 83;

    public async Task AnswerAsync(List<(OpenDecision Decision, Request Request)> asked, DateTimeOffset now, CancellationToken cancel)
    {
        List<(OpenDecision Decision, RunRequest.Look Ask)>? looks = null;
        List<(OpenDecision Decision, RunRequest.TakeOffer Ask)>? wishes = null;
        foreach (var (decision, request) in asked)
            if (request is RunRequest.Look look) (looks ??= []).Add((decision, look));
            else if (request is RunRequest.TakeOffer wish) (wishes ??= []).Add((decision, wish));
        if (looks is not null)
        {
            var found = await people.ReadAsync(connection, transaction, [.. looks.Select(l => (l.Decision.Stream.Id.Brand, l.Ask.Of))], now, cancel);
            for (var i = 0; i < looks.Count; i++) looks[i].Decision.Signals.AddFirst(new RunSignal.Looked(looks[i].Ask.Of, found[i], looks[i].Ask.Bought));
        }
        if (wishes is null) return;
        // Always in the same order: two batches that want the same two offers wait for each other and not for ever.
        foreach (var (decision, ask) in wishes.OrderBy(w => (w.Decision.Stream.Id.Brand, w.Ask.Offer)))
        {
            var code = plan.Brands[decision.Stream.Id.Brand].Flows.Offers.GetValueOrDefault(ask.Offer) is { } offer ? await GiveAsync(decision, ask, offer, now, cancel) : null;
            decision.Signals.AddFirst(new RunSignal.OfferTaken(ask.Run, ask.Step, ask.Offer, ask.By, code));
        }
    }

    private async Task<string?> GiveAsync(OpenDecision decision, RunRequest.TakeOffer ask, OfferTerms offer, DateTimeOffset now, CancellationToken cancel)
    {
        var (terms, stream) = (plan.Brands[decision.Stream.Id.Brand].Terms, decision.Stream.Id);
        var today = terms.DayOf(now);
        if (today > offer.Until) return null;
        // What is only recorded promises nothing to anybody.
        if (decision.Mode != BrandMode.Live) return offer.Codes[0];
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add("SELECT pg_advisory_xact_lock($1, $2)", Int(LockClass), Int((int)Fnv.Of($"{stream.Brand}/{ask.Offer}")));
        // Index: offer_given_pkey, the run of the offer. After the lock, so that what others gave is seen.
        batch.Add("""
            SELECT (SELECT code FROM offer_given WHERE brand = $1 AND offer = $2 AND stream = $3 AND run = $4), count(*) FILTER (WHERE month = $5), count(*) FILTER (WHERE stream = $3), array_agg(code) FILTER (WHERE $6)
            FROM offer_given WHERE brand = $1 AND offer = $2
            """, Text(stream.Brand), Text(ask.Offer), Text(stream.Key), Text(ask.Run), Day(new(today.Year, today.Month, 1)), Bool(offer.IsEachOnce));
        string? before;
        long inMonth, toThem;
        string[] gone;
        await using (var reader = await batch.ExecuteReaderAsync(cancel))
        {
            await reader.NextResultAsync(cancel);
            await reader.ReadAsync(cancel);
            (before, inMonth, toThem, gone) = (reader.TextOrNull(0), reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(3) ? [] : reader.GetFieldValue<string[]>(3));
        }
        if (before is not null) return before;
        if (inMonth >= offer.MostPerMonth || toThem >= offer.MostPerCustomer || offer.Codes.Except(gone, StringComparer.Ordinal).FirstOrDefault() is not { } code) return null;
        await using var give = new NpgsqlCommand("INSERT INTO offer_given(brand, offer, stream, run, code, once, month, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", connection, transaction);
        await give.With(Text(stream.Brand), Text(ask.Offer), Text(stream.Key), Text(ask.Run), Text(code), Bool(offer.IsEachOnce), Day(new(today.Year, today.Month, 1)), Instant(now)).ExecuteNonQueryAsync(cancel);
        return code;
    }
}
