using Npgsql;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Editions;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>Reads what was written in the dashboard over what the file says.</summary>
public sealed class EditionReads(NpgsqlDataSource database)
{
    /// <summary>The editions of one subject, newest first.</summary>
    public Task<List<Edition>> OfAsync(string brand, string subject, int size, CancellationToken cancel) =>
        database.ListAsync($"SELECT {Columns} FROM edition WHERE brand = $1 AND subject = $2 ORDER BY number DESC LIMIT $3", Row, cancel, brand, subject, size);

    /// <summary>The newest editions of every subject, newest first; some of each, because one that cannot be read any more leads to the one before.</summary>
    public Task<List<Edition>> NewestAsync(string brand, CancellationToken cancel) => database.ListAsync(
        // Index: edition_pkey, the run of the brand.
        $"SELECT {Columns} FROM (SELECT *, row_number() OVER (PARTITION BY subject ORDER BY number DESC) AS back FROM edition WHERE brand = $1) e WHERE back <= $2 ORDER BY subject, number DESC", Row, cancel, brand, EditedTerms.MostRead);

    /// <summary>What the brand writes of its own accord, the dashboard's flows included.</summary>
    public async Task<CampaignTerms> FlowsAsync(HubPlan plan, string brand, CancellationToken cancel) =>
        EditedTerms.Newest(plan, brand, await NewestAsync(brand, cancel)).Campaigns ?? plan.Brands[brand].Flows with { All = [] };

    private const string Columns = "subject, number, text, note, by_whom, saved_at, from_at";

    private static Edition Row(NpgsqlDataReader r) => new(r.GetString(0), r.GetInt32(1), r.GetString(2), r.GetString(3), r.GetString(4), r.At(5), r.At(6));
}
