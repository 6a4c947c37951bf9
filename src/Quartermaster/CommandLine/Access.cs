using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Quartermaster.Configuration;
using Quartermaster.Connectors;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Rules;
using Quartermaster.Hosting;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Sandbox;
using Quartermaster.SignIn;

namespace Quartermaster.CommandLine;

/// <summary>What most commands need: the configuration and the database, whether or not a hub is running.</summary>
internal sealed class Access : IAsyncDisposable
{
    public static readonly Option<string?> Config = new("--config", "-c")
    {
        Description = "The configuration file (QM_CONFIG; quartermaster.yaml in this folder)",
        Recursive = true,
    };

    public static readonly Option<string?> Data = new("--data")
    {
        Description = "The data folder, where the private PostgreSQL lives when no database is configured (QM_DATA; .data in this folder)",
        Recursive = true,
    };

    private readonly OpenDatabase _database;

    private Access(HubConfiguration configuration, OpenDatabase database) => (Configuration, _database) = (configuration, database);

    public HubConfiguration Configuration { get; }

    public Database Database => _database.Database;

    public OpenDatabase Store => _database;

    public Desk Desk => new(Database, wakeup: null, TimeProvider.System);

    /// <summary>In whose name commands act; written to the audit log.</summary>
    public static string Who => Environment.UserName;

    public IReadOnlyList<string> Brands => [.. Configuration.Plan.Brands.Keys];

    public static HubConfiguration Read(ParseResult parsed) => Read(parsed, parsed.GetValue(Config));

    public static HubConfiguration ReadFile(string? file) =>
        new ConfigurationReader(ConnectorCatalogue.Find(), EnvironmentValues.OfThisProcess, DemoPlan.Sandbox, [.. SandboxHost.Known().Keys]).Find(file);

    private static HubConfiguration Read(ParseResult parsed, string? file)
    {
        var read = ReadFile(file);
        read = read with { Plan = read.Plan.WithDashboard() };
        return parsed.GetValue(Data) is { Length: > 0 } folder ? read with { DataFolder = folder } : read;
    }

    /// <summary>Opens the database that a hub uses; a folder that holds none stays as it is.</summary>
    /// <param name="migrate">False for a look that changes nothing.</param>
    public static Task<Access> OpenAsync(ParseResult parsed, CancellationToken cancel, bool migrate = true) => OpenAsync(parsed, parsed.GetValue(Config), cancel, migrate);

    /// <param name="file">The hub's configuration; null = the usual one.</param>
    public static async Task<Access> OpenAsync(ParseResult parsed, string? file, CancellationToken cancel, bool migrate = true)
    {
        var configuration = Read(parsed, file);
        var database = await OpenDatabase.FindAsync(configuration, NullLogger.Instance, cancel);
        try
        {
            // Which private one depends on the folder this was run in: whoever reads the answer should see whose it is.
            if (database.IsPrivate)
                await Console.Error.WriteLineAsync($"Database: {database.Where}");
            if (migrate)
                await database.MigrateAsync(NullLogger.Instance, cancel);
            return new(configuration, database);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whoever has the configuration and the database may do everything, and sees everything.</summary>
    public Reader Reader => new(Who, Role.Admin, Brands, Everywhere: true);

    /// <summary>The brand that <see cref="Given.OnlyBrand"/> names, or all.</summary>
    /// <exception cref="CommandRefusedException">There is no such brand.</exception>
    public IReadOnlyList<string> Among(ParseResult parsed) => parsed.GetValue(Given.OnlyBrand) is { } named ? [Brand(named)] : Brands;

    /// <summary>Brands that an option names, each known; null when it names none.</summary>
    /// <exception cref="CommandRefusedException">There is no such brand.</exception>
    public string[]? Several(ParseResult parsed, Option<string[]> named) => parsed.GetValue(named) is { Length: > 0 } brands ? [.. brands.Select(b => Brand(b))] : null;

    /// <summary>The brand that was named, or the only one there is.</summary>
    /// <exception cref="CommandRefusedException">There is no such brand, or several to choose from.</exception>
    public string Brand(string? named)
    {
        if (named is null)
            return Brands.Count == 1 ? Brands[0] : throw new CommandRefusedException($"Say which brand with --brand: {string.Join(", ", Brands)}.");
        return Brands.Contains(named) ? named
            : throw new CommandRefusedException($"There is no brand '{named}'. {NearestWord.Hint(named, Brands, "None is configured.")}");
    }

    /// <summary>A brand's terms with all of its rules, the dashboard's included.</summary>
    /// <param name="plan">Of another configuration; null = of this one.</param>
    public async Task<BrandTerms> TermsInForceAsync(string brand, CancellationToken cancel, HubPlan? plan = null)
    {
        var configured = (plan ??= Configuration.Plan).Brands[brand];
        return configured.Terms with { Rules = (await RulesInForceAsync(brand, plan, cancel)).Judge };
    }

    /// <summary>The rules of a configuration, and after them the dashboard's newest.</summary>
    public Task<RuleBook> RulesInForceAsync(string brand, HubPlan plan, CancellationToken cancel) => new RuleReads(Database.General).InForceAsync(plan, brand, DashboardRules.Read, cancel);

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
