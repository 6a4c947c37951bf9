using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.Runtime.Editions;

/// <summary>The terms of each brand as they are in force: the file's, with the newest editions of the dashboard whose time has come.</summary>
/// <remarks>
/// An edition begins some seconds after it was saved (<see cref="EditionDesk.Begins"/>). By then every process has read it, so all of them turn to it at one
/// moment of the clock, and a decision goes by one edition: the one of its batch's time.
/// </remarks>
public sealed partial class EditionShelf(Database database, HubPlan plan, ILogger log)
{
    private readonly Dictionary<string, int> _seen = [];
    private volatile FrozenDictionary<string, IReadOnlyList<EditedTerms.Moment>> _moments = FrozenDictionary<string, IReadOnlyList<EditedTerms.Moment>>.Empty;

    /// <summary>The brand's terms that are in force at a time; null when it is not configured.</summary>
    public BrandTerms? TermsOf(string brand, DateTimeOffset at)
    {
        if (_moments.TryGetValue(brand, out var moments))
            foreach (var moment in moments)
                if (moment.From <= at) return moment.Terms;
        return plan.Brands.GetValueOrDefault(brand)?.Terms;
    }

    /// <summary>The terms of all brands.</summary>
    public IEnumerable<BrandTerms> AllAt(DateTimeOffset at) => plan.Brands.Keys.Select(brand => TermsOf(brand, at)!);

    /// <summary>Reads the editions of brands that have more of them than were seen.</summary>
    /// <param name="counts">How many there are, by brand.</param>
    internal async Task SeeAsync(IReadOnlyDictionary<string, int> counts, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var (brand, count) in counts)
        {
            if (_seen.GetValueOrDefault(brand) == count || !plan.Brands.ContainsKey(brand)) continue;
            var read = EditedTerms.Read(plan, brand, await new EditionReads(database.General).NewestAsync(brand, cancel), now);
            _moments = new Dictionary<string, IReadOnlyList<EditedTerms.Moment>>(_moments) { [brand] = read.Moments }.ToFrozenDictionary();
            foreach (var trouble in read.Troubles) await TellAsync(brand, trouble, now, cancel);
            _seen[brand] = count;
        }
    }

    private Task TellAsync(string brand, EditedTerms.Trouble trouble, DateTimeOffset now, CancellationToken cancel)
    {
        var cases = new Cases(database);
        var (stream, key) = trouble.Of.Flow is { } flow ? (FlowsStream, flow) : (RulesStream, RulesStream);
        if (trouble.What is not { } what) return cases.CloseAsync(brand, stream, key, now, cancel);
        LogUnreadable(log, brand, trouble.Of.Subject, what);
        return trouble.Of.Flow is { } id ? cases.OpenAsync(brand, stream, key, "flows.not_in_force", $"The newest edition of the flow {id} is not in force", what, now, cancel)
            : cases.OpenAsync(brand, stream, key, "rules.not_in_force", "The newest rules of the dashboard are not in force", what, now, cancel);
    }

    private const string RulesStream = "rules/dashboard", FlowsStream = "flows/dashboard";

    [LoggerMessage(310, LogLevel.Error, "The newest edition of {Brand}, {Subject}, cannot be read; the one before stays in force: {Why}")]
    private static partial void LogUnreadable(ILogger log, string brand, string subject, string why);
}
