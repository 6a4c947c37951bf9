using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Rules;
using Quartermaster.Runtime.Operations;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Rules;

/// <summary>The rules of each brand as they are in force: the file's, and after them the newest edition of the dashboard's whose time has come.</summary>
/// <remarks>
/// An edition begins some seconds after it was saved (<see cref="RuleDesk.Begins"/>). By then every process has read it, so all of them turn to it at one
/// moment of the clock, and a decision goes by one edition: the one of its batch's time.
/// </remarks>
public sealed partial class RuleShelf(Database database, HubPlan plan, ILogger log)
{
    /// <summary>One that cannot be read is passed over for an older one; further back nobody looks.</summary>
    private const int MostRead = 10;

    private readonly Dictionary<string, int> _seen = [];
    private volatile FrozenDictionary<string, IReadOnlyList<Edition>> _editions = FrozenDictionary<string, IReadOnlyList<Edition>>.Empty;

    /// <summary>The brand's terms with the rules that are in force at a time; null when it is not configured.</summary>
    public BrandTerms? TermsOf(string brand, DateTimeOffset at)
    {
        if (_editions.TryGetValue(brand, out var editions))
            foreach (var edition in editions)
                if (edition.From <= at) return edition.Terms;
        return plan.Brands.GetValueOrDefault(brand)?.Terms;
    }

    /// <summary>Reads the editions of brands that have a newer one than was seen.</summary>
    internal async Task SeeAsync(IReadOnlyDictionary<string, int> newest, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var (brand, number) in newest)
        {
            if (_seen.GetValueOrDefault(brand) == number || !plan.Brands.TryGetValue(brand, out var configured)) continue;
            var (read, trouble) = await ReadAsync(brand, configured, now, cancel);
            _editions = new Dictionary<string, IReadOnlyList<Edition>>(_editions) { [brand] = read }.ToFrozenDictionary();
            await TellAsync(brand, trouble, now, cancel);
            _seen[brand] = number;
        }
    }

    /// <summary>Those whose time is still to come, and the newest one that has begun and can be read.</summary>
    private async Task<(List<Edition> Editions, string? Trouble)> ReadAsync(string brand, BrandPlan configured, DateTimeOffset now, CancellationToken cancel)
    {
        List<Edition> found = [];
        string? trouble = null;
        await using (var command = database.General.CreateCommand("SELECT number, text, from_at FROM rule_edition WHERE brand = $1 ORDER BY number DESC LIMIT $2").With(Text(brand), Int(MostRead)))
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            while ((found.Count == 0 || found[^1].From > now) && await reader.ReadAsync(cancel))
            {
                var (number, from) = (reader.GetInt32(0), reader.Instant(2));
                try
                {
                    var rules = plan.ReadRules is { } read ? read(plan, brand, reader.GetString(1)) : throw new InvalidOperationException("This program cannot read rules.");
                    found.Add(new(from, configured.Terms with { Rules = configured.Rules.With(rules, number).Judge }));
                }
                catch (Exception e)
                {
                    // An older one than the newest that can be read is history.
                    if (found.Count == 0) trouble ??= $"Edition {number}: {e.Message}";
                    LogUnreadable(log, brand, number, e.Message);
                }
            }
        }
        return (found, trouble);
    }

    private Task TellAsync(string brand, string? trouble, DateTimeOffset now, CancellationToken cancel)
    {
        var cases = new Cases(database);
        return trouble is null ? cases.CloseAsync(brand, Stream, Stream, now, cancel)
            : cases.OpenAsync(brand, Stream, Stream, "rules.not_in_force", "The newest rules of the dashboard are not in force", trouble, now, cancel);
    }

    private const string Stream = "rules/dashboard";

    private sealed record Edition(DateTimeOffset From, BrandTerms Terms);

    [LoggerMessage(310, LogLevel.Error, "Rules of {Brand}, edition {Number}, cannot be read; the edition before stays in force: {Why}")]
    private static partial void LogUnreadable(ILogger log, string brand, int number, string why);
}
