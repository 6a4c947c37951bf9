using Quartermaster.Connectors;
using Quartermaster.Core.Channels;
using Quartermaster.Core.Connecting;
using Quartermaster.Runtime;
using Quartermaster.Sandbox;

namespace Quartermaster.Hosting;

/// <summary>The plan of a hub that nothing was configured for, or that is driven by a load test: demo brands, every connection a twin.</summary>
internal static class DemoPlan
{
    public static HubPlan Sandbox() => Of(DemoBrands.All, limits: null) with { IsDemo = true };

    /// <param name="limits">Null: as the vendors publish them.</param>
    public static HubPlan Of(IReadOnlyList<DemoBrand> brands, Limits? limits)
    {
        var connectors = ConnectorCatalogue.Find();
        return new(
            brands.ToDictionary(b => b.Terms.Brand, b => new BrandPlan(b.Terms, BrandMode.Live)),
            brands.SelectMany(b => b.Connections.Select(c => new ConnectionPlan(
                c.Key, b.Terms.Brand, connectors[c.Connector], new Settings(new Dictionary<string, string>(c.Settings)), "", c.Locations,
                limits is null ? null : limits with { Batch = connectors[c.Connector].Manifest.Limits.Batch }, Sandboxed: true)
            {
                // A load test measures orders; its shop's shelves are not the question.
                Stock = limits is null && connectors[c.Connector].Manifest.StockBatch > 0 ? new StockTerms(Buffer: 1, From: []) : null,
            })).ToDictionary(c => c.Key));
    }
}
