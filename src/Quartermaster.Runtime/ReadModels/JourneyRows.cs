using Npgsql;
using Quartermaster.Core.Shipping;
using Quartermaster.Runtime.Partitions;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>Keeps how each parcel's way ended, in the transaction that decides it.</summary>
internal static class JourneyRows
{
    // Carriers' names come from warehouses, and nothing bounds them there.
    private const int Longest = 100;

    public static void AddWrites(NpgsqlBatch batch, HubPlan plan, BatchDecision decided)
    {
        List<(string Brand, string Stream, ShippingEvent.JourneyEnded Ended)>? rows = null;
        foreach (var d in decided.Decisions)
            foreach (var e in d.Events)
                if (e is ShippingEvent.JourneyEnded ended) (rows ??= []).Add((d.Stream.Id.Brand, d.Stream.Id.Key, ended));
        if (rows is null) return;
        batch.Add("""
            INSERT INTO journey(brand, stream, parcel, day, carrier, service, origin, country, zone, outcome, hours, on_time, first_try, damaged, area, on_delivery, gap)
            SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::int[], $12::boolean[], $13::boolean[], $14::boolean[], $15::text[], $16::boolean[], $17::int[])
            """,
            Texts(rows.Select(r => r.Brand)), Texts(rows.Select(r => r.Stream)), Texts(rows.Select(r => r.Ended.ParcelId)), Days(rows.Select(r => Tallies.DayOf(plan, r.Brand, decided.Now))),
            Names(rows, j => j.Carrier), Names(rows, j => j.Service), Names(rows, j => j.From), Names(rows, j => j.Country), Names(rows, j => j.Zone),
            Texts(rows.Select(r => r.Ended.End.ToString())), Ints(rows.Select(r => r.Ended.Hours)), NullableBools(rows.Select(r => r.Ended.OnTime)), Bools(rows.Select(r => r.Ended.FirstTry)), Bools(rows.Select(r => r.Ended.Damaged)),
            Texts(rows.Select(r => r.Ended.To?.Area ?? "")), Bools(rows.Select(r => r.Ended.To?.OnDelivery ?? false)), Ints(rows.Select(r => r.Ended.Gap)));
    }

    private static NpgsqlParameter Names(List<(string Brand, string Stream, ShippingEvent.JourneyEnded Ended)> rows, Func<Journey, string> name) =>
        Texts(rows.Select(r => Core.Connecting.Storable.Cut(name(r.Ended.Journey), Longest)));
}
