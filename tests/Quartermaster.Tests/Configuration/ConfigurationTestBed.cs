using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Purchasing;
using Quartermaster.Runtime;

namespace Quartermaster.Configuration;

/// <summary>Reads configuration text against a few connectors that exist only here, so that no vendor's change touches these tests.</summary>
internal static class ConfigurationTestBed
{
    public static readonly IReadOnlyDictionary<string, IConnector> Known = new IConnector[]
    {
        new Fake("shop", Capability.Storefront, new("shop", "The shop's domain"), new("token", "Access token", Secret: true), new("version", "API version", Required: false, Default: "2026-01")),
        new Fake("depot", Capability.Warehouse, new Setting("base_url", "Address of the warehouse's API")),
        new Fake("ledger", Capability.Accounting),
        new Fake("accounts", Capability.Accounting, new Setting("tenant", "Whose books")),
        new Fake("mail", Capability.Messages),
        new Fake("bell", Capability.Alerts),
        new Fake("detective", Capability.Reviewer),
    }.ToDictionary(c => c.Manifest.Key);

    public static readonly HubPlan SandboxPlan = new(new Dictionary<string, BrandPlan>(), new Dictionary<string, ConnectionPlan>()) { IsDemo = true };

    public const string Good = """
        database: postgres://hub:s3cret@db.example:5433/hub
        public_address: https://hub.example.com
        brands:
          aurora:
            title: Aurora
            currency: INR
            time_zone: Asia/Kolkata
            mode: live
            accounting: aurora-books
            messages: [ {kind: email, connection: aurora-mail} ]
            payment_patience: 1d12h
            locations:
              BLR: { title: Bengaluru, country: IN, postal_zone: "5", cost: 40.5, warehouse: aurora-depot }
        connections:
          aurora-shop:
            connector: shop
            brand: aurora
            settings: { shop: aurora.example, token: ${SHOP_TOKEN} }
            locations: { BLR: "gid://1" }
            limits: { per_second: 2, per_day: 5000 }
          aurora-depot: { connector: depot, brand: aurora, settings: { base_url: "https://${DEPOT_HOST:-depot.example}/v1" } }
          aurora-books: { connector: ledger, brand: aurora }
          aurora-mail: { connector: mail, brand: aurora }
        """;

    public static HubConfiguration Read(string yaml, params (string Name, string Value)[] environment) =>
        new ConfigurationReader(Known, Environment([.. environment, ("SHOP_TOKEN", "t0ken")]), () => SandboxPlan, ["shop", "depot"]).Read(yaml, "quartermaster.yaml");

    public static IReadOnlyList<string> Mistakes(string yaml, params (string Name, string Value)[] environment) =>
        [.. Should.Throw<ConfigurationException>(() => Read(yaml, environment)).Problems.Select(p => p.ToString())];

    public static EnvironmentValues Environment(params (string Name, string Value)[] values) =>
        new(name => values.Where(v => v.Name == name).Select(v => v.Value).FirstOrDefault());

    private sealed class Fake(string key, Capability capability, params Setting[] settings) : IConnector
    {
        public Manifest Manifest { get; } = new()
        {
            Key = key,
            Title = key.ToUpperInvariant(),
            Capabilities = [capability],
            Settings = settings,
            Limits = new(Batch: 10),
            Does = key switch { "accounts" => [Wire.KindOf(typeof(PurchaseEffect.Draft))], "detective" => [Wire.KindOf(typeof(Core.Orders.OrderEffect.AskOpinion))], _ => [] },
            RepeatSafety = RepeatSafety.ByKey,
            Documentation = "",
        };

        public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Result> TestAsync(Session session, CancellationToken cancel) => throw new NotSupportedException();
    }
}
