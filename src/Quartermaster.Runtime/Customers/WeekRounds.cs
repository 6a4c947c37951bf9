using System.Globalization;
using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.Runtime.Customers;

/// <summary>On Monday morning, by the brand's clock, its operators are told of the week that has ended. A hub that was down on Monday tells on Tuesday.</summary>
internal sealed class WeekRounds(HubRuntime hub, TimeProvider clock)
{
    private const int Morning = 8;

    private readonly Dictionary<string, string> _told = [];

    public async Task RunAsync(CancellationToken cancel)
    {
        var reads = new CustomerReads(hub.Database.General, hub.Plan);
        foreach (var terms in hub.Plan.Brands.Values.Select(b => b.Terms))
        {
            if (terms is not { Alerts: not null, MessageChannels.Count: > 0 } || hub.Switches.ModeOf(terms.Brand) == BrandMode.Off) continue;
            if (EndedAt(terms, clock.GetUtcNow()) is not { } week || _told.GetValueOrDefault(terms.Brand) == week.Name) continue;
            var rows = await reads.ComplianceAsync(terms.Brand, week.From, week.Until, cancel);
            List<string> lines = [.. rows.Select(ComplianceWords.Line), .. ComplianceWords.Rates(rows, terms)];
            if (lines.Count > 0)
            {
                var ended = new WeekSignal.Ended(week.Name, lines);
                await hub.Intake.WriteAsync(new Arrival(terms.Brand, new StreamId(terms.Brand, WeekStream.Name, "customers").Key, false, Wire.KindOf(ended.GetType()), "hub/week", null, null, CoreJson.Write(ended), clock.GetUtcNow()), cancel);
            }
            _told[terms.Brand] = week.Name;
        }
    }

    /// <summary>The week that has just ended where the brand is; null when that was days ago.</summary>
    internal static (string Name, DateTimeOffset From, DateTimeOffset Until)? EndedAt(BrandTerms terms, DateTimeOffset now)
    {
        var there = terms.ThereAt(now);
        if (there.DayOfWeek is not (DayOfWeek.Monday or DayOfWeek.Tuesday) || (there.DayOfWeek == DayOfWeek.Monday && there.Hour < Morning)) return null;
        var monday = DateOnly.FromDateTime(there.DateTime).AddDays(there.DayOfWeek == DayOfWeek.Tuesday ? -1 : 0);
        var before = monday.AddDays(-7).ToDateTime(TimeOnly.MinValue);
        return (string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(before)}-W{ISOWeek.GetWeekOfYear(before):00}"), Midnight(monday.AddDays(-7)), Midnight(monday));

        DateTimeOffset Midnight(DateOnly day)
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(terms.TimeZone);
            var midnight = day.ToDateTime(TimeOnly.MinValue);
            // Where clocks are changed at midnight, the day begins when there is an hour.
            while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
            return new(TimeZoneInfo.ConvertTimeToUtc(midnight, zone), TimeSpan.Zero);
        }
    }
}
