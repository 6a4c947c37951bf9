using System.CommandLine;
using System.Globalization;
using Quartermaster.Configuration;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.CommandLine;

/// <summary>Says that units became damaged, or are so no more.</summary>
internal static class DamagedCommand
{
    private static readonly Argument<string> Sku = new("sku") { Description = "A SKU of ours" };
    private static readonly Argument<string> Location = new("location") { Description = "The location's code" };
    private static readonly Argument<int> Units = new("units") { Description = "How many, up to 10,000,000" };
    private static readonly Option<Damage> What = new("--what") { Description = "found: they lay among those on hand. came: so, and were not counted on hand. repaired: they can be sold after all. discarded: they are gone for good." };
    private static readonly Option<string> Reason = new("--reason") { Description = "What happened", Required = true };
    private static readonly Option<string?> Brand = new("--brand") { Description = "The brand; not needed when there is one" };

    public static Command Create()
    {
        var command = new Command("damaged", "Notes units that are there and cannot be sold, or can be again") { Sku, Location, Units, What, Reason, Brand };
        command.Does(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (brand, sku, location, units, what) = (access.Brand(parsed.GetValue(Brand)), parsed.GetValue(Sku)!, parsed.GetValue(Location)!, parsed.GetValue(Units), parsed.GetValue(What));
        if (sku.Length > 100 || string.IsNullOrWhiteSpace(sku)) throw new CommandRefusedException("A SKU of at most 100 characters is needed.");
        if (units is < 1 or > 10_000_000) throw new CommandRefusedException("A number of units from 1 to 10,000,000 is needed.");
        string[] known = [.. access.Configuration.Plan.Brands[brand].Terms.Locations.Select(l => l.Code)];
        if (!known.Contains(location)) throw new CommandRefusedException($"There is no location '{location}'. {NearestWord.Hint(location, known, "")}");
        if (await new StockReads(access.Database.General).WhyNotAsync(brand, sku, location, what, units, cancel) is { } why) throw new CommandRefusedException(why);
        await access.Desk.SendAsync(new StreamId(brand, "stock", sku), new StockSignal.DamageTold(sku, location, units, what, parsed.GetValue(Reason)!, Access.Who, Guid.NewGuid().ToString("N")), Access.Who, cancel);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Noted: {units:N0} of {sku} at {location}."));
        return ExitCode.Ok;
    }
}
