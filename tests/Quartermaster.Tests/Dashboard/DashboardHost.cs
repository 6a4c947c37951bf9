using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Quartermaster.Api;
using Quartermaster.Configuration;
using Quartermaster.Connectors.Klaviyo;
using Quartermaster.Connectors.Shopify;
using Quartermaster.Connectors.WarehouseRest;
using Quartermaster.Connectors.Xero;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Dashboard;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Migrations;
using Quartermaster.Runtime.Operations;
using Quartermaster.SignIn;
using Quartermaster.Testing;

namespace Quartermaster.Tests.Dashboard;

/// <summary>The dashboard and the API on a real database, without the machine behind them: what is on a page was put there by a test.</summary>
internal sealed partial class DashboardHost : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly Runtime.Database _runtime;
    private readonly WebApplication _app;

    private DashboardHost(TestDatabase database, Runtime.Database runtime, WebApplication app, HubPlan plan)
    {
        (_database, _runtime, _app, Plan) = (database, runtime, app, plan);
        Address = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Seed = new(_runtime.General, plan);
    }

    public HubPlan Plan { get; }

    public Uri Address { get; }

    public Seed Seed { get; }

    public Npgsql.NpgsqlDataSource Source => _runtime.General;

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<DashboardHost> StartAsync(bool sandboxed = false, bool demo = false, Func<HubPlan, HubPlan>? change = null)
    {
        var cancel = TestContext.Current.CancellationToken;
        var database = await TestPostgres.NewDatabaseAsync("dashboard", async (address, c) =>
        {
            await using var source = Npgsql.NpgsqlDataSource.Create(address);
            await Migrator.RunAsync(source, NullLogger.Instance, c);
        }, cancel);
        var runtime = new Runtime.Database(database.ConnectionString);
        var plan = (change ?? (p => p))(TwoBrands(sandboxed, demo)).WithDashboard();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddRouting();
        builder.Services.AddSingleton(plan);
        builder.Services.AddSingleton(new Runtime.Hosting.HubOptions(Runtime.Hosting.Roles.All));
        builder.Services.AddSingleton(runtime);
        builder.Services.AddSingleton(runtime.General);
        builder.Services.AddSingleton(s => new Desk(runtime, null, TimeProvider.System));
        builder.Services.AddSingleton(s => new PriceDesk(plan, new(runtime, plan, TimeProvider.System, NullLogger<Runtime.Switches.Switchboard>.Instance), TimeProvider.System, _ => null));
        var links = new Runtime.Risk.ShopperLinks(runtime, new Uri("https://hub.example"));
        await links.OpenAsync(cancel);
        builder.Services.AddSingleton(links);
        builder.Services.AddDashboard();
        builder.Services.AddApi();
        var app = builder.Build();
        app.MapDashboard();
        app.MapApi();
        await app.StartAsync(cancel);
        return new(database, runtime, app, plan);
    }

    /// <summary>A browser of somebody signed in with this role; cookies kept, redirects not followed.</summary>
    public async Task<HttpClient> SignedInAsync(string name, Role role = Role.Admin, params string[] brands)
    {
        const string password = "correct horse battery";
        await Get<Operators>().CreateAsync(name, password, role, brands.Length == 0 ? null : brands, "test", TestContext.Current.CancellationToken);
        var client = Client();
        (await PostAsync(client, "/sign-in", "/do/sign-in", ("name", name), ("password", password))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return client;
    }

    public HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new(), UseCookies = true }) { BaseAddress = Address };

    /// <summary>Opens a page, takes the seal from its form, and posts with it, as a browser does.</summary>
    public static async Task<HttpResponseMessage> PostAsync(HttpClient client, string page, string to, params (string, string)[] fields)
    {
        var html = await client.GetStringAsync(page, TestContext.Current.CancellationToken);
        var seal = SealPattern().Match(html).Groups[1].Value;
        var all = fields.Select(f => KeyValuePair.Create(f.Item1, f.Item2)).Append(new("__form", seal)).Append(new("back", page));
        return await client.PostAsync(to, new FormUrlEncodedContent(all), TestContext.Current.CancellationToken);
    }

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _runtime.DisposeAsync();
        await _database.DisposeAsync();
    }

    public static HubPlan TwoBrands(bool sandboxed, bool demo = false)
    {
        var aurora = new BrandTerms { Brand = "aurora", Title = "Aurora Outdoor", Currency = "EUR", TimeZone = "Europe/Berlin", Locations = [new("BER", "Berlin", "aurora-warehouse", "DE", "1", 4.2m), new("ROT", "Rotterdam", "aurora-warehouse", "NL", "3", 5.1m) { Labels = new("aurora-post", "N", "U", new("Aurora", null, "Kade 1", null, "Rotterdam", null, "3011", "NL", "+31101234567", null), 500) { Closes = true, CloseAt = new(17, 30) } }] };
        // Rules that only a gift meets, so that pages have something long to tell of one.
        var rules = new Core.Rules.RuleBook([new("Gifts are wrapped and looked at", new Core.Rules.Condition.Text(Core.Rules.RuleField.Find("note")!, Core.Rules.TextTest.Contains, ["gift"]), new() { Tags = ["gift"], Hold = new("Wrap it in the blue paper with the silver ribbon and put the card inside", "agent", TimeSpan.FromDays(2)) })]);
        var banyan = new BrandTerms { Brand = "banyan", Title = "Banyan Tea", Currency = "INR", TimeZone = "Asia/Kolkata", Locations = [new("BLR", "Bengaluru", "banyan-warehouse", "IN", "5", 40m)], MessageChannels = [new("email", "banyan-mail")] };
        var scorer = new Core.Risk.RiskScorer(new() { Postcodes = ["IN:5600"] });
        banyan = banyan with { Risk = new() { Assess = scorer.Score, Review = 60, Confirm = new() { From = 30, HoldOut = 0m, PayLink = "https://pay.example/{id}?amount={amount}" } } };
        banyan = banyan with { Campaigns = new(Core.Campaigns.ShippedCampaigns.All) { Offers = new Dictionary<string, OfferTerms> { ["ten"] = new(["TEN"], new Dictionary<string, string> { [""] = "10 %" }, 50) } } };
        ConnectionPlan[] connections =
        [
            Connection("aurora-shopify", "aurora", new ShopifyConnector()), Connection("aurora-warehouse", "aurora", new WarehouseRestConnector()), Connection("aurora-xero", "aurora", new XeroConnector()), Connection("aurora-klaviyo", "aurora", new KlaviyoConnector()),
            Connection("banyan-shopify", "banyan", new ShopifyConnector()), Connection("banyan-warehouse", "banyan", new WarehouseRestConnector()),
        ];
        return new(new Dictionary<string, BrandPlan> { ["aurora"] = new(aurora with { Rules = rules.Judge }, BrandMode.Live) { Rules = rules }, ["banyan"] = new(banyan, BrandMode.Shadow) { Scorer = scorer } }, connections.ToDictionary(c => c.Key)) { IsDemo = demo };

        ConnectionPlan Connection(string key, string brand, IConnector connector) =>
            new(key, brand, connector, new Settings(new Dictionary<string, string> { ["shop"] = key + ".myshopify.com" }), "", new Dictionary<string, string>(), null, sandboxed);
    }

    [GeneratedRegex("name=\"__form\" value=\"([^\"]+)\"")]
    private static partial Regex SealPattern();
}
