using Quartermaster.Core.Rules;

namespace Quartermaster.Configuration;

/// <summary>What the rules of a brand may name.</summary>
/// <param name="Alerts">The brand has a connection that tells operators.</param>
internal sealed record RuleNames(IReadOnlyCollection<string> Channels, IReadOnlyCollection<string> Pools, IReadOnlyCollection<string> Services, bool Alerts);

/// <summary>Reads <c>rules</c>: of a brand in the file, or of the dashboard. There is one reader, so that both are checked alike.</summary>
internal static class RulesSection
{
    private const int LongestName = 60;

    private static readonly string[] Roles = ["agent", "lead", "admin"];

    /// <param name="taken">Names that other rules of the brand have.</param>
    public static List<Rule> Read(Section section, RuleNames names, string origin = Rule.TheFile, IReadOnlyCollection<string>? taken = null)
    {
        List<Rule> rules = [];
        foreach (var item in section.Items("rules"))
        {
            var rule = Read(item, names, origin);
            if (rule is null) continue;
            if (rules.Exists(r => r.Name == rule.Name) || taken?.Contains(rule.Name) == true)
                section.Problems.Add(item.PlaceOf("name"), $"{item.Path}.name", $"there is a rule '{rule.Name}' already", "Give each rule of a brand its own name: orders and counts are told by it.");
            rules.Add(rule);
        }
        return rules;
    }

    private static Rule? Read(Section item, RuleNames names, string origin)
    {
        var before = item.Problems.Count;
        var name = item.Require("name", "Big cash orders");
        if (name is not null && (name.Text.Length > LongestName || name.Text.Any(char.IsControl)))
            name.IsWrong("the name is too long", $"Use at most {LongestName} characters on one line.");
        var when = Has(item, "when", "{ country: IN }, or when: { all: [] } for every order") ? ConditionSection.Read(item.Child("when"), names) : null;
        var then = Has(item, "then", "{ tag: check }, or hold, approve, pool, service, notify") ? ReadThen(item.Child("then"), names) : null;
        item.NothingElse();
        return item.Problems.Count > before ? null : new(name!.Text, when!, then!, origin);
    }

    private static bool Has(Section item, string key, string example)
    {
        if (item.ShapeOf(key) != Section.Shape.Nothing) return true;
        item.Problems.Add(item.Place, $"{item.Path}.{key}", "it is missing", $"Write {key}: {example}.");
        return false;
    }

    private static Then ReadThen(Section section, RuleNames names)
    {
        var before = section.Problems.Count;
        var then = new Then
        {
            Tags = [.. section.Several("tag").Select(t => t.Text)],
            Hold = section.ShapeOf("hold") == Section.Shape.Section ? ReadHold(section.Child("hold")) : section.Find("hold") is { } reason ? new(reason.Text, Roles[0], null) : null,
            Approve = Role(section, "approve", null),
            Pool = Known(section, "pool", names.Pools, "pool of this brand", "Name one under brands.NAME.routing.pools."),
            Service = Known(section, "service", names.Services, "service of this brand's rates", "Give a rate under brands.NAME.routing.rates that service."),
            Notify = section.Find("notify") is { } text && (names.Alerts || Silent(text)) ? text.Text : null,
        };
        foreach (var tag in section.Several("tag"))
            if (tag.Text.Length > LongestName) tag.IsWrong("the tag is too long", $"Use at most {LongestName} characters.");
        section.NothingElse();
        if (!then.Words().Any() && section.Problems.Count == before)
            section.Problems.Add(section.Place, section.Path, "nothing follows from the rule", "Write at least one of tag, hold, approve, pool, service, notify.");
        return then;
    }

    private static bool Silent(Written text)
    {
        text.IsWrong("this brand has nobody to tell", "Set alerts: to a connection that tells operators, or leave notify out.");
        return false;
    }

    private static HoldTerms ReadHold(Section section)
    {
        section.Require("reason", "Call the shopper first");
        var lapses = section.Find("lapses") is null ? (TimeSpan?)null : section.Period("lapses", TimeSpan.FromDays(2));
        if (lapses is { Ticks: <= 0 }) section.Find("lapses")!.IsWrong("the hold would end at once", "Write a length of time such as 2d or 12h, or leave it out.");
        var hold = new HoldTerms(section.Text("reason", ""), Role(section, "owner", Roles[0])!, lapses);
        section.NothingElse();
        return hold;
    }

    private static string? Role(Section section, string key, string? otherwise) =>
        section.Find(key) is null ? otherwise : section.Checked(key, Roles[0], Roles.Contains, "a role that may lift it", $"Write one of {string.Join(", ", Roles)}.");

    private static string? Known(Section section, string key, IReadOnlyCollection<string> known, string what, string none)
    {
        if (section.Find(key) is not { } written) return null;
        if (known.Contains(written.Text)) return written.Text;
        written.IsWrong($"'{written.Text}' is not a {what}", NearestWord.Hint(written.Text, known, none));
        return null;
    }
}
