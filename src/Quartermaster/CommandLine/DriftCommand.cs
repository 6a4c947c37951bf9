using System.CommandLine;
using System.Globalization;
using Quartermaster.Configuration;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime.Channels;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.CommandLine;

/// <summary>What channels and warehouses had instead of our numbers; overwrites what is asked about.</summary>
internal static class DriftCommand
{
    private const int Months = 12;

    private static readonly Argument<string?> Connection = new("connection") { Description = "Only this connection", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string> Channel = new("connection") { Description = "The storefront" };
    private static readonly Option<string?> Sku = new("--sku") { Description = "Only this SKU; otherwise all that is asked about" };

    public static Command Create()
    {
        var list = new Command("list", "Differences by month and cause") { Connection, Given.Json };
        list.Does(ListAsync);
        var overwrite = new Command("overwrite", "Sets our numbers over those that somebody changed at a channel and that are asked about") { Channel, Sku };
        overwrite.Does(OverwriteAsync);
        return new Command("drift", "What channels and warehouses had instead of our numbers") { list, overwrite };
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        IReadOnlyList<string> of = parsed.GetValue(Connection) is { } named ? [Known(access, named)] : [.. access.Configuration.Plan.Connections.Keys];
        var today = DateTime.UtcNow.Date;
        var months = await new ChannelReads(access.Database.General).DriftMonthsAsync(of, new DateTimeOffset(today.AddDays(1 - today.Day), TimeSpan.Zero).AddMonths(1 - Months), cancel);
        return Printed.Rows(parsed, months, "Nobody had another number than ours.", ["Month", "Connection", "Cause", "Differences"], m => [m.Month.ToString("yyyy-MM", CultureInfo.InvariantCulture), m.Connection, DriftWords.Cause(m.Cause), m.Count]);
    }

    private static async Task<int> OverwriteAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var plan = access.Configuration.Plan.Connections[Known(access, parsed.GetValue(Channel)!)];
        var count = await new DriftDesk(access.Database, TimeProvider.System).OverwriteAsync(plan, parsed.GetValue(Sku), Access.Who, cancel);
        if (count == 0) throw new CommandRefusedException($"Nothing is asked about at {plan.Key}.");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "number" : "numbers")} of {plan.Key} overwritten with ours."));
        return ExitCode.Ok;
    }

    private static string Known(Access access, string connection)
    {
        var known = access.Configuration.Plan.Connections.Keys.ToList();
        return known.Contains(connection) ? connection : throw new CommandRefusedException($"There is no connection '{connection}'. {NearestWord.Hint(connection, known, "")}");
    }
}
