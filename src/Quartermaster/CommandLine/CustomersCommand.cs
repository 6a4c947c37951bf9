using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Quartermaster.Core.Customers;
using Quartermaster.Dashboard.Customers;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Customers;
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
        var find = new Command("find", "Customers by name, e-mail or phone") { text, Brand, Segment, Given.Json };
        find.Does((parsed, cancel) => FindAsync(parsed, parsed.GetValue(text), cancel));
        var show = new Command("show", "Everything that is known of a customer") { Id, Brand };
        show.Does(ShowAsync);
        var export = new Command("export", "Everything that is kept of a customer, as one JSON document to hand over") { Id, Brand };
        export.Does(ExportAsync);
        var erase = new Command("erase", "Takes a customer out of every table; goods and money stay. Waits while an order of theirs is under way") { Id, Brand, Reason, Yes };
        erase.Does(EraseAsync);
        var whose = new Argument<string>("address") { Description = "An e-mail address or a phone number, in full" };
        var forget = new Command("erase-address", "Erases whoever has an address, also one who left a checkout or wrote and never ordered") { whose, Brand, Reason, Yes };
        forget.Does((parsed, cancel) => EraseAddressAsync(parsed, parsed.GetValue(whose)!, cancel));
        var address = new Argument<string?>("address") { Description = "Only those of whoever had this e-mail address or phone number", Arity = ArgumentArity.ZeroOrOne };
        var erasures = new Command("erasures", "Erasures that were asked for, what they wait for, and their proof") { address };
        erasures.Does((parsed, cancel) => ErasuresAsync(parsed, parsed.GetValue(address), cancel));
        var number = new Argument<long>("erasure") { Description = "Its number, as erasures shows it" };
        var withdraw = new Command("withdraw", "Withdraws an erasure that waits") { number };
        withdraw.Does((parsed, cancel) => WithdrawAsync(parsed, parsed.GetValue(number), cancel));
        var channel = new Argument<string>("channel") { Description = "email, whatsapp or sms; any = they do not mind any more" };
        var how = new Option<string>("--how") { Description = "Where they said so", Required = true };
        var prefer = new Command("prefer", "Keeps by which channel a customer wants to be written to, where it reaches them") { Id, channel, how, Brand };
        prefer.Does((parsed, cancel) => PreferAsync(parsed, parsed.GetValue(channel)!, parsed.GetValue(how)!, cancel));
        var to = new Argument<string>("address") { Description = "Whom: the e-mail address or phone number they wrote from, or ordered with" };
        var by = new Option<string>("--by") { Description = "email, whatsapp or sms", Required = true };
        var words = new Option<string>("--text") { Description = "What to say", Required = true };
        var within = new Option<string?>("--template") { Description = "Later than 24 hours after they wrote by WhatsApp: an approved text with one gap, as its name and language, \"we_have_news en\"" };
        var answer = new Command("answer", "Answers a customer in your own words; it stands on the timeline under your name") { to, by, words, within, Brand };
        answer.Does((parsed, cancel) => AnswerAsync(parsed, parsed.GetValue(to)!, parsed.GetValue(by)!, parsed.GetValue(words)!, parsed.GetValue(within), cancel));
        var week = new Command("week", "The last seven days of writing to customers: who said no, what came back, what channels say of our texts") { Brand };
        week.Does(WeekAsync);
        var customers = new Command("customers", "The people behind orders") { find, show, export, prefer, answer, erase, forget, erasures, withdraw, week };
        foreach (var ask in CustomerAsks.Create()) customers.Add(ask);
        return customers;
    }

    private static async Task<int> FindAsync(ParseResult parsed, string? text, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        if (parsed.GetValue(Segment) is { } segment && !CustomerReads.Segments.Contains(segment)) throw new CommandRefusedException($"'{segment}' is no segment; it is one of {string.Join(", ", CustomerReads.Segments)}.");
        IReadOnlyList<string> brands = parsed.GetValue(Brand) is { } named ? [access.Brand(named)] : access.Brands;
        var found = await Reads(access).FindAsync(brands, text, parsed.GetValue(Segment), 0, Most, TimeProvider.System.GetUtcNow(), cancel);
        if (parsed.GetValue(Given.Json))
        {
            foreach (var c in found) Printed.Object(c);
            return ExitCode.Ok;
        }
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
        Console.WriteLine(JsonSerializer.Serialize(export, Indented));
        return ExitCode.Ok;
    }

    private static async Task<int> PreferAsync(ParseResult parsed, string channel, string how, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (realm, brands) = Realm(access, parsed);
        var profile = await Reads(access).OfAsync(brands, realm, parsed.GetValue(Id), cancel) ?? throw Unknown(parsed);
        try { await Desk(access).PreferAsync(access.Brand(parsed.GetValue(Brand)), profile.Points(), channel == "any" ? null : channel, how, Access.Who, cancel); }
        catch (InvalidOperationException refused) { throw new CommandRefusedException(refused.Message); }
        Console.WriteLine(channel == "any" ? "Noted: they do not mind." : $"Noted: by {channel} first, where it reaches them.");
        return ExitCode.Ok;
    }

    private static async Task<int> AnswerAsync(ParseResult parsed, string to, string by, string text, string? template, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var desk = new AnswerDesk(access.Database, access.Desk, access.Configuration.Plan, TimeProvider.System);
        try { await desk.AnswerAsync(access.Brand(parsed.GetValue(Brand)), ContactPoint.Of(by, to), by, text, template, Guid.CreateVersion7().ToString("N"), Access.Who, cancel); }
        catch (InvalidOperationException refused) { throw new CommandRefusedException(refused.Message); }
        Console.WriteLine("It is sent by the next hub that runs, within seconds.");
        return ExitCode.Ok;
    }

    private static async Task<int> WeekAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var now = TimeProvider.System.GetUtcNow();
        foreach (var brand in parsed.GetValue(Brand) is { } named ? [access.Brand(named)] : access.Brands)
        {
            Console.WriteLine(brand);
            var rows = await Reads(access).ComplianceAsync(brand, now.AddDays(-7), now, cancel);
            foreach (var row in rows) Console.WriteLine($"  {ComplianceWords.Line(row)}");
            if (access.Configuration.Plan.Brands.TryGetValue(brand, out var found))
                foreach (var rate in ComplianceWords.Rates(rows, found.Terms)) Console.WriteLine($"  {rate}");
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
        return await DoAsync(access, brands, await Desk(access).AskErasureAsync(realm, profile.Customer.Id, parsed.GetValue(Reason)!, Access.Who, cancel), cancel);
    }

    private static async Task<int> EraseAddressAsync(ParseResult parsed, string address, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (realm, brands) = Realm(access, parsed);
        if (!parsed.GetValue(Yes))
        {
            Console.WriteLine("Whoever has that address would be erased from every table. It cannot be undone; add --yes to do it.");
            return ExitCode.Ok;
        }
        try { return await DoAsync(access, brands, await Desk(access).AskErasureOfAddressAsync(realm, address, parsed.GetValue(Reason)!, Access.Who, cancel), cancel); }
        catch (InvalidOperationException nothing) { throw new CommandRefusedException(nothing.Message); }
    }

    private static async Task<int> DoAsync(Access access, IReadOnlyList<string> brands, long asked, CancellationToken cancel)
    {
        // Whether or not a hub runs; where one does it already, this waits for it.
        await new Erasures(access.Database, access.Configuration.Plan, TimeProvider.System).RunAloneAsync(cancel);
        var erasure = (await Proofs(access).OfAsync(brands, asked, cancel))!;
        foreach (var (table, rows) in (erasure.Rows ?? new Dictionary<string, int>()).OrderBy(r => r.Key, StringComparer.Ordinal)) Console.WriteLine($"{table}: {rows} rows");
        Print(erasure);
        return ExitCode.Ok;
    }

    private static async Task<int> ErasuresAsync(ParseResult parsed, string? address, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var found = address is null ? await Proofs(access).ListAsync(access.Brands, Most, cancel) : await Proofs(access).OfAddressAsync(access.Brands, address, cancel);
        foreach (var erasure in found) Print(erasure);
        if (found.Count == 0) Console.WriteLine(address is null ? "Nobody was to be erased." : "Nobody who had that address was to be erased.");
        return ExitCode.Ok;
    }

    private static async Task<int> WithdrawAsync(ParseResult parsed, long number, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var erasure = await Proofs(access).OfAsync(access.Brands, number, cancel) ?? throw new CommandRefusedException($"There is no erasure {number}.");
        try { await Desk(access).WithdrawErasureAsync(erasure.Realm, number, Access.Who, cancel); }
        catch (InvalidOperationException refused) { throw new CommandRefusedException(refused.Message); }
        Console.WriteLine($"Erasure {number} is withdrawn.");
        return ExitCode.Ok;
    }

    private static void Print(ErasureRow of) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Erasure {of.Id} of customer {of.Realm} {of.Person}, asked for by {of.ByWhom} at {of.AskedAt:yyyy-MM-dd HH:mm} UTC ({of.Reason}). {CustomerLinks.Outcome(of)}"));

    private static (string Realm, IReadOnlyList<string> Brands) Realm(Access access, ParseResult parsed) => (access.Configuration.Plan.RealmOf(access.Brand(parsed.GetValue(Brand))), access.Brands);

    private static CommandRefusedException Unknown(ParseResult parsed) => new($"There is no customer {parsed.GetValue(Id)}. quartermaster customers find lists them.");

    private static CustomerReads Reads(Access access) => new(access.Database.General, access.Configuration.Plan);

    private static ErasureReads Proofs(Access access) => new(access.Database, access.Configuration.Plan);

    private static CustomerDesk Desk(Access access) => new(access.Database, access.Desk, access.Configuration.Plan, TimeProvider.System);
}
