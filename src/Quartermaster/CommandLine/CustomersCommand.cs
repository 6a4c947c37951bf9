using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Quartermaster.Dashboard.Customers;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>The people behind orders: finds, shows, hands over, erases.</summary>
internal static class CustomersCommand
{
    private const int Most = 100;

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true, IncludeFields = true };
    private static readonly Option<string?> Brand = new("--brand") { Description = "Only this brand; not needed when there is one" };
    private static readonly Option<string?> Segment = new("--segment") { Description = "new, returning, lapsed or high" };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why; it stands in the audit log and in the proof", Required = true };
    private static readonly Option<bool> Yes = new("--yes") { Description = "Do it: it cannot be undone" };
    private static readonly Argument<long> Id = new("customer") { Description = "The customer's number, as find shows it" };

    public static Command Create()
    {
        var text = new Argument<string?>("text") { Description = "The beginning of a name, an e-mail address or a phone number", Arity = ArgumentArity.ZeroOrOne };
        var find = new Command("find", "Customers by name, e-mail or phone") { text, Brand, Segment };
        find.Does((parsed, cancel) => FindAsync(parsed, parsed.GetValue(text), cancel));
        var show = new Command("show", "Everything that is known of a customer") { Id, Brand };
        show.Does(ShowAsync);
        var export = new Command("export", "Everything that is kept of a customer, as one JSON document to hand over") { Id, Brand };
        export.Does(ExportAsync);
        var erase = new Command("erase", "Takes a customer out of every table; goods and money stay. Refused while an order of theirs is under way") { Id, Brand, Reason, Yes };
        erase.Does(EraseAsync);
        var week = new Command("week", "Who said no and who came back in the last seven days, by channel") { Brand };
        week.Does(WeekAsync);
        return new Command("customers", "The people behind orders") { find, show, export, erase, week };
    }

    private static async Task<int> FindAsync(ParseResult parsed, string? text, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        if (parsed.GetValue(Segment) is { } segment && !CustomerReads.Segments.Contains(segment)) throw new CommandRefusedException($"'{segment}' is no segment; it is one of {string.Join(", ", CustomerReads.Segments)}.");
        IReadOnlyList<string> brands = parsed.GetValue(Brand) is { } named ? [access.Brand(named)] : access.Brands;
        var found = await Reads(access).FindAsync(brands, text, parsed.GetValue(Segment), 0, Most, TimeProvider.System.GetUtcNow(), cancel);
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Customer", "Name", "E-mail", "Phone", "Orders", "Ordered for", "Last order (UTC)");
        foreach (var c in found)
            table.AddRow(new Text($"{c.Realm} {c.Id}"), new Text(c.Name ?? ""), new Text(c.Email ?? ""), new Text(c.Phone ?? ""), new Text(c.Orders.ToString(CultureInfo.InvariantCulture)), new Text(string.Create(CultureInfo.InvariantCulture, $"{c.Spent:N2} {c.Currency}")), new Text(string.Create(CultureInfo.InvariantCulture, $"{c.LastAt:yyyy-MM-dd HH:mm}")));
        if (found.Count > 0) AnsiConsole.Write(table);
        Console.WriteLine(found.Count == Most ? $"The first {Most}; name a beginning for others." : $"{found.Count} found.");
        return ExitCode.Ok;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (realm, brands) = Realm(access, parsed);
        var profile = await Reads(access).OfAsync(brands, realm, parsed.GetValue(Id), cancel) ?? throw Unknown(parsed);
        Console.WriteLine(JsonSerializer.Serialize(profile, Indented));
        return ExitCode.Ok;
    }

    private static async Task<int> ExportAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (realm, brands) = Realm(access, parsed);
        var export = await Reads(access).ExportAsync(brands, realm, parsed.GetValue(Id), TimeProvider.System.GetUtcNow(), cancel) ?? throw Unknown(parsed);
        await Desk(access).ExportedAsync(realm, parsed.GetValue(Id), Access.Who, cancel);
        Console.WriteLine(export.ToJsonString(Indented));
        return ExitCode.Ok;
    }

    private static async Task<int> WeekAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var now = TimeProvider.System.GetUtcNow();
        foreach (var brand in parsed.GetValue(Brand) is { } named ? [access.Brand(named)] : access.Brands)
        {
            Console.WriteLine(brand);
            foreach (var row in await Reads(access).ComplianceAsync(brand, now.AddDays(-7), now, cancel)) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {row.Count,7:N0}  {CustomerLinks.Counted(row.What)}{(row.Channel.Length == 0 ? "" : $" ({row.Channel})")}"));
        }
        return ExitCode.Ok;
    }

    private static async Task<int> EraseAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (realm, brands) = Realm(access, parsed);
        var profile = await Reads(access).OfAsync(brands, realm, parsed.GetValue(Id), cancel) ?? throw Unknown(parsed);
        if (!parsed.GetValue(Yes))
        {
            Console.WriteLine($"{profile.Customer.Name ?? "Customer"} {profile.Customer.Id} with {profile.Orders.Count} orders would be erased from every table. It cannot be undone; add --yes to do it.");
            return ExitCode.Ok;
        }
        try
        {
            var report = await Desk(access).EraseAsync(realm, profile.Customer.Id, parsed.GetValue(Reason)!, Access.Who, cancel);
            foreach (var (table, rows) in report.Rows.OrderBy(r => r.Key, StringComparer.Ordinal)) Console.WriteLine($"{table}: {rows} rows");
            Console.WriteLine(CustomerLinks.Erased(report));
            return ExitCode.Ok;
        }
        catch (InvalidOperationException refused) { throw new CommandRefusedException(refused.Message); }
    }

    private static (string Realm, IReadOnlyList<string> Brands) Realm(Access access, ParseResult parsed) => (access.Configuration.Plan.RealmOf(access.Brand(parsed.GetValue(Brand))), access.Brands);

    private static CommandRefusedException Unknown(ParseResult parsed) => new($"There is no customer {parsed.GetValue(Id)}. quartermaster customers find lists them.");

    private static CustomerReads Reads(Access access) => new(access.Database.General, access.Configuration.Plan);

    private static CustomerDesk Desk(Access access) => new(access.Database, access.Desk, access.Configuration.Plan, TimeProvider.System);
}
