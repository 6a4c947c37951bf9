using System.Net;
using System.Net.Sockets;
using Quartermaster.Configuration;
using Quartermaster.Connectors;
using Quartermaster.Import;
using Quartermaster.Testing;

namespace Quartermaster.Hosting;

/// <summary>A whole process of a configured hub, as <c>up</c> starts it.</summary>
public sealed class HubHostTests
{
    // The name of a demo brand, which is nothing but a name.
    private const string Aurora = """
        brands: { aurora: { mode: live, locations: { BLR: { country: IN, warehouse: wms } } } }
        connections:
          aurora-shopify: { connector: shopify, brand: aurora, sandbox: true }
          wms: { connector: warehouse-rest, brand: aurora, sandbox: true, locations: { BLR: BLR } }
          mail: { connector: smtp, brand: aurora, sandbox: true, settings: { host: smtp.example.com, port: 587, from: a@b.example } }
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_configured_hub_has_no_shoppers_and_no_open_door_whatever_its_brand_is_called()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        var configuration = Configured(database, TestPorts.Free());
        await using var hub = await HubHost.StartAsync(configuration, Cancel);
        using var visitor = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = configuration.Listen };

        (await visitor.GetStringAsync("/readyz", Cancel)).ShouldBe("ready");
        (await visitor.GetStringAsync("/sign-in", Cancel)).ShouldNotContain("demo");
        using var door = await visitor.PostAsync("/do/sign-in/demo", new FormUrlEncodedContent([]), Cancel);
        door.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await OrderImportTests.ListAsync(database.Source, "SELECT stream FROM signal")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_taken_address_is_told_before_anything_is_joined()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var configuration = Configured(database, ((IPEndPoint)other.LocalEndpoint).Port);

        var refused = await Should.ThrowAsync<IOException>(() => HubHost.StartAsync(configuration, Cancel));

        refused.Message.ShouldBe($"The address {configuration.Listen.GetLeftPart(UriPartial.Authority)} is in use");
        (await OrderImportTests.ListAsync(database.Source, "SELECT id FROM process")).ShouldBeEmpty();
    }

    internal static HubConfiguration Configured(TestDatabase database, int port) =>
        new ConfigurationReader(ConnectorCatalogue.Find(), new EnvironmentValues(_ => null), DemoPlan.Sandbox).Read(Aurora, "quartermaster.yaml") with
        {
            Database = database.ConnectionString,
            DataFolder = Path.Combine(Path.GetTempPath(), $"qm-hub-{port}"),
            Listen = new($"http://127.0.0.1:{port}"),
        };
}
