using System.Globalization;
using Quartermaster.Core.Rules;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Quartermaster.Configuration;

/// <summary>Rules as YAML text: written from what is in force, and read from what a person types.</summary>
public static class RuleText
{
    /// <summary>Longest text of rules that is taken.</summary>
    public const int Longest = 100_000;

    /// <summary>Reads text that begins with <c>rules:</c>, or with the list itself.</summary>
    /// <param name="file">How the text is called in messages.</param>
    /// <exception cref="ConfigurationException">With everything that is wrong.</exception>
    internal static IReadOnlyList<Rule> Read(string yaml, string file, RuleNames names, string origin, IReadOnlyCollection<string> taken) =>
        TypedList.Read(yaml, "rules", file, section => RulesSection.Read(section, names, origin, taken));

    public static string Write(IEnumerable<Rule> rules)
    {
        var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(new YamlMappingNode { { "rules", Nodes(rules) } })).Save(writer, assignAnchors: false);
        return writer.ToString().TrimEnd('.', '\n', '\r') + "\n";
    }

    internal static YamlSequenceNode Nodes(IEnumerable<Rule> rules) => new(rules.Select(Node));

    private static YamlMappingNode Node(Rule rule) => new() { { "name", Quoted(rule.Name) }, { "when", When(rule.When) }, { "then", Then(rule.Then) } };

    private static YamlMappingNode When(Condition condition) => condition switch
    {
        Condition.All all => Group("all", all.Of),
        Condition.Any any => Group("any", any.Of),
        Condition.None none => Group("none", none.Of),
        Condition.Text text => Test(text.Field, Word(ConditionSection.TextTests, text.Test), text.Operands.Count == 1 ? Quoted(text.Operands[0]) : List(text.Operands.Select(Quoted))),
        Condition.Number { Test: NumberTest.Between } number => Test(number.Field, "between", List([Text(number.Operand), Text(number.To)])),
        Condition.Number number => Test(number.Field, Word(ConditionSection.NumberTests, number.Test), Text(number.Operand)),
        Condition.YesNo yes => new() { { yes.Field.Name, yes.Wanted ? "true" : "false" } },
        _ => throw new System.Diagnostics.UnreachableException(condition.GetType().Name),
    };

    private static YamlMappingNode Group(string name, IEnumerable<Condition> of) => new() { { name, new YamlSequenceNode(of.Select(When)) } };

    private static YamlMappingNode Test(RuleField field, string test, YamlNode operand) => new() { { field.Name, new YamlMappingNode { { test, operand } } } };

    private static YamlMappingNode Then(Then then)
    {
        var node = new YamlMappingNode();
        if (then.Tags.Count > 0) node.Add("tag", List(then.Tags.Select(Quoted)));
        if (then.Hold is { } hold)
        {
            var terms = new YamlMappingNode { { "reason", Quoted(hold.Reason) }, { "owner", hold.Owner } };
            if (hold.Lapses is { } lapses) terms.Add("lapses", EffectiveConfiguration.Period(lapses));
            node.Add("hold", terms);
        }
        if (then.Approve is { } role) node.Add("approve", role);
        if (then.Pool is { } pool) node.Add("pool", pool);
        if (then.Service is { } service) node.Add("service", Quoted(service));
        if (then.Notify is { } text) node.Add("notify", Quoted(text));
        return node;
    }

    private static YamlSequenceNode List(IEnumerable<YamlNode> items) => new(items) { Style = SequenceStyle.Flow };

    private static YamlScalarNode Quoted(string text) => new(text) { Style = ScalarStyle.DoubleQuoted };

    private static YamlScalarNode Text(decimal value) => new(value.ToString(CultureInfo.InvariantCulture));

    private static string Word<T>(IReadOnlyDictionary<string, T> words, T test) where T : struct, Enum => words.First(w => w.Value.Equals(test)).Key;
}
