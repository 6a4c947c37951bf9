using System.Globalization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Rules;

/// <summary>The rules of one brand in their order, as they are in force. Made once per version; asking it allocates nothing until a rule matches.</summary>
/// <remarks>All matching rules run in order. Of what decides, the first rule wins, and what lost is told with the winner's name.</remarks>
public sealed class RuleBook
{
    public static readonly RuleBook Empty = new([]);

    /// <param name="edition">Number of the dashboard's rules among them; null = there are none.</param>
    public RuleBook(IReadOnlyList<Rule> rules, int? edition = null)
    {
        Rules = rules;
        Edition = edition;
        var hash = Fnv.Of(string.Concat(rules.Select(rule => $"{rule.Name}\n{rule.When}\n{string.Join('\n', rule.Then.Words())}\n")));
        Version = string.Create(CultureInfo.InvariantCulture, $"{hash >> 32:x8}{(edition is { } e ? $", dashboard {e}" : "")}");
    }

    public IReadOnlyList<Rule> Rules { get; }

    public int? Edition { get; }

    /// <summary>The same for the same rules, in every process: a hash of what they say, and the number of the dashboard's edition.</summary>
    public string Version { get; }

    /// <summary>What decisions ask; null when there is nothing to ask.</summary>
    public Judge? Judge => Rules.Count == 0 ? null : Say;

    /// <summary>These rules after the ones that are there.</summary>
    public RuleBook With(IReadOnlyList<Rule> more, int? edition) => new([.. Rules, .. more], edition);

    public Ruling Say(RuleFacts order)
    {
        var said = new Saying(Version);
        foreach (var rule in Rules)
        {
            if (!rule.When.IsMet(order)) continue;
            said.Take(rule, order);
            // A later rule may ask for a tag that this one put on.
            if (rule.Then.Tags.Count > 0) order = order with { Tags = [.. order.Tags, .. rule.Then.Tags] };
        }
        return said.Ruling;
    }

    /// <summary>Collects what rules say, the first of each kind winning.</summary>
    private sealed class Saying(string version)
    {
        private readonly List<RuleMatch> _matches = [];
        private readonly Dictionary<string, string> _winners = [];
        private readonly List<string> _tags = [];
        private readonly List<RuleNotice> _notices = [];
        private RuleHold? _hold, _approval;
        private string? _pool, _service;

        public Ruling Ruling => new(version, _matches)
        {
            Tags = _tags.Count == 0 ? null : _tags, Notices = _notices.Count == 0 ? null : _notices, Hold = _hold, Approval = _approval, Pool = _pool, Service = _service,
        };

        public void Take(Rule rule, RuleFacts order)
        {
            List<string> because = [], does = [], lost = [];
            rule.When.Explain(order, because);
            if (because.Count == 0) because.Add("every order");
            var evidence = string.Join("; ", because);
            foreach (var tag in rule.Then.Tags)
            {
                does.Add($"tag {tag}");
                if (!_tags.Contains(tag)) _tags.Add(tag);
            }
            if (rule.Then.Hold is { } hold && Wins("hold", rule, hold.ToString())) _hold = new(rule.Name, hold.Reason, hold.Owner, evidence, hold.Lapses);
            if (rule.Then.Approve is { } role && Wins("approval", rule, $"approval by {role}")) _approval = new(rule.Name, $"The rule '{rule.Name}' asks for approval: {evidence}.", role, evidence);
            if (rule.Then.Pool is { } pool && Wins("pool", rule, $"from pool {pool}")) _pool = pool;
            if (rule.Then.Service is { } service && Wins("service", rule, $"by service {service}")) _service = service;
            if (rule.Then.Notify is { } text)
            {
                does.Add($"notify: {text}");
                _notices.Add(new(rule.Name, text));
            }
            _matches.Add(new(rule.Name, because, does, lost.Count == 0 ? null : lost));

            bool Wins(string what, Rule by, string words)
            {
                if (_winners.TryAdd(what, by.Name))
                {
                    does.Add(words);
                    return true;
                }
                lost.Add($"{words}, because '{_winners[what]}' came first");
                return false;
            }
        }
    }
}
