using Npgsql;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Replenishment;

/// <summary>What was sold of a SKU from a location on one day of the brand's calendar.</summary>
public readonly record struct DayOfSales(DateOnly Day, string Sku, string Location, int Units);

/// <summary>Takes in sales of the time before the hub, so that demand is known from the first day on.</summary>
public sealed class SalesHistory(Database database)
{
    private const int Batch = 10_000;

    /// <returns>How many days were taken in; what is known of a day already stays, whether it was counted here or taken in before.</returns>
    public async Task<int> AddAsync(string brand, IReadOnlyList<DayOfSales> days, CancellationToken cancel)
    {
        var added = 0;
        foreach (var batch in days.Chunk(Batch))
        {
            await using var add = database.General.CreateCommand("INSERT INTO sold(brand, day, sku, location, units) SELECT $1, * FROM unnest($2::date[], $3::text[], $4::text[], $5::int[]) ON CONFLICT DO NOTHING")
                .With(Text(brand), Days(batch.Select(d => d.Day)), Texts(batch.Select(d => d.Sku)), Texts(batch.Select(d => d.Location)), Ints(batch.Select(d => d.Units)));
            added += await add.ExecuteNonQueryAsync(cancel);
        }
        return added;
    }
}
