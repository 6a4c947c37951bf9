using Quartermaster.Core.Kernel;

namespace Quartermaster.Runtime.Editions;

/// <summary>A brand's terms with what the dashboard says put into them. Whoever reads editions reads them here: the machine that goes by them, pages, and commands.</summary>
public static class EditedTerms
{
    /// <summary>One that cannot be read is passed over for an older one; further back nobody looks.</summary>
    internal const int MostRead = 10;

    /// <summary>The terms by the newest editions that can be read, those whose time is still to come included.</summary>
    /// <param name="editions">Newest first.</param>
    public static BrandTerms Newest(HubPlan plan, string brand, IEnumerable<Edition> editions) => Read(plan, brand, editions, DateTimeOffset.MaxValue).Moments[0].Terms;

    /// <param name="editions">Newest first.</param>
    internal static Reading Read(HubPlan plan, string brand, IEnumerable<Edition> editions, DateTimeOffset now)
    {
        var configured = plan.Brands[brand];
        List<List<Change>> subjects = [];
        List<Trouble> troubles = [];
        foreach (var subject in editions.GroupBy(e => e.Subject).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            List<Change> changes = [];
            string? trouble = null;
            foreach (var edition in subject)
            {
                if (changes.Count > 0 && changes[^1].From <= now) break;
                try { changes.Add(new(edition.From, ChangeOf(plan, configured, edition))); }
                catch (Exception e)
                {
                    // An older one than the newest that can be read is history.
                    if (changes.Count == 0) trouble ??= $"Edition {edition.Number}: {e.Message}";
                }
            }
            subjects.Add(changes);
            troubles.Add(new(subject.First(), trouble));
        }
        var times = subjects.SelectMany(changes => changes.Select(c => c.From)).Append(DateTimeOffset.MinValue).Distinct().OrderDescending();
        return new([.. times.Select(at => new Moment(at, subjects.Aggregate(configured.Terms, (terms, changes) => changes.FirstOrDefault(c => c.From <= at)?.Put(terms) ?? terms)))], troubles);
    }

    private static Func<BrandTerms, BrandTerms> ChangeOf(HubPlan plan, BrandPlan configured, Edition edition)
    {
        var brand = configured.Terms.Brand;
        if (edition.Flow is { } id)
        {
            var flow = edition.Text.Length == 0 ? configured.Flows.Find(id) : (plan.ReadFlow ?? throw new InvalidOperationException("This program cannot read flows."))(plan, brand, id, edition.Text);
            return terms => terms with { Campaigns = (terms.Campaigns ?? configured.Flows).With(id, flow) is { All.Count: > 0 } flows ? flows : null };
        }
        var rules = (plan.ReadRules ?? throw new InvalidOperationException("This program cannot read rules."))(plan, brand, edition.Text);
        return terms => terms with { Rules = configured.Rules.With(rules, edition.Number).Judge };
    }

    private sealed record Change(DateTimeOffset From, Func<BrandTerms, BrandTerms> Put);

    /// <param name="Moments">The newest first.</param>
    internal sealed record Reading(IReadOnlyList<Moment> Moments, IReadOnlyList<Trouble> Troubles);

    /// <summary>The terms from a time on.</summary>
    internal sealed record Moment(DateTimeOffset From, BrandTerms Terms);

    /// <param name="What">Why its newest edition is not in force; null = it is.</param>
    internal sealed record Trouble(Edition Of, string? What);
}
