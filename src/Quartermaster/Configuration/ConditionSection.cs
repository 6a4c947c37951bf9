using System.Globalization;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Rules;

namespace Quartermaster.Configuration;

/// <summary>Reads <c>when</c>: fields with their tests, all of which have to be met, and groups of further ones.</summary>
public static class ConditionSection
{
    private static readonly string[] Groups = ["all", "any", "none"];

    public static readonly IReadOnlyDictionary<string, TextTest> TextTests = new Dictionary<string, TextTest>
    {
        ["is"] = TextTest.Is, ["is_not"] = TextTest.IsNot, ["in"] = TextTest.In, ["not_in"] = TextTest.NotIn, ["starts_with"] = TextTest.StartsWith, ["ends_with"] = TextTest.EndsWith, ["contains"] = TextTest.Contains,
    };

    public static readonly IReadOnlyDictionary<string, NumberTest> NumberTests = new Dictionary<string, NumberTest>
    {
        ["is"] = NumberTest.Is, ["is_not"] = NumberTest.IsNot, ["at_least"] = NumberTest.AtLeast, ["at_most"] = NumberTest.AtMost, ["more_than"] = NumberTest.MoreThan, ["less_than"] = NumberTest.LessThan, ["between"] = NumberTest.Between,
    };

    internal static Condition Read(Section section, RuleNames names)
    {
        List<Condition> parts = [];
        if (!section.Names().Any()) section.Problems.Add(section.Place, section.Path, "the condition is empty", "Write { country: IN }, or { all: [] } for every order.");
        foreach (var key in section.Names().ToList())
        {
            if (Groups.Contains(key))
            {
                var of = section.Items(key).Select(item => Read(item, names)).ToList();
                parts.Add(key switch { "all" => new Condition.All(of), "any" => new Condition.Any(of), _ => new Condition.None(of) });
                if (of.Count == 0 && key != "all") section.Problems.Add(section.PlaceOf(key), $"{section.Path}.{key}", "the group is empty", $"Write {key}: [ {{ country: IN }}, {{ tag: vip }} ]");
            }
            else if (RuleField.Find(key) is { } field) ReadField(section, field, names, parts);
            else section.Problems.Add(section.PlaceOf(key), $"{section.Path}.{key}", $"'{key}' is nothing that a rule can ask about", NearestWord.Hint(key, [.. RuleField.All.Select(f => f.Name), .. Groups], ""));
        }
        return parts is [var only] ? only : new Condition.All(parts);
    }

    private static void ReadField(Section section, RuleField field, RuleNames names, List<Condition> parts)
    {
        var shape = section.ShapeOf(field.Name);
        if (shape == Section.Shape.Section)
        {
            var tests = section.Child(field.Name);
            string[] fitting = field.Kind switch { RuleFieldKind.Number => [.. NumberTests.Keys], RuleFieldKind.YesNo => ["is"], _ => [.. TextTests.Keys] };
            foreach (var test in tests.Names().ToList())
            {
                if (!fitting.Contains(test))
                    tests.Problems.Add(tests.PlaceOf(test), $"{tests.Path}.{test}", $"'{test}' is no test for {field.Name}, which is a {Kind(field)}", NearestWord.Hint(test, fitting, ""));
                else if (Test(tests, test, test, field, names) is { } one) parts.Add(one);
            }
            if (!tests.Names().Any()) Missing(section, field);
        }
        else if (Test(section, field.Name, shape == Section.Shape.List ? "in" : "is", field, names) is { } one) parts.Add(one);
    }

    /// <param name="key">Where the operands stand.</param>
    private static Condition? Test(Section section, string key, string test, RuleField field, RuleNames names)
    {
        var operands = section.Several(key);
        if (operands.Count == 0)
        {
            Missing(section, field);
            return null;
        }
        var before = section.Problems.Count;
        Condition condition = field.Kind switch
        {
            RuleFieldKind.Number => Number(operands, test, field),
            RuleFieldKind.YesNo => new Condition.YesNo(field, YesOrNo(operands, field)),
            _ => Text(operands, test, field, names),
        };
        return section.Problems.Count > before ? null : condition;
    }

    private static void Missing(Section section, RuleField field)
    {
        if (section.Problems.Count == 0 || !section.Problems.Found.Any(p => p.Key.StartsWith($"{section.Path}.{field.Name}", StringComparison.Ordinal)))
            section.Problems.Add(section.PlaceOf(field.Name), $"{section.Path}.{field.Name}", "there is nothing to compare with", Example(field));
    }

    private static Condition.Number Number(IReadOnlyList<Written> operands, string test, RuleField field)
    {
        if (!NumberTests.TryGetValue(test, out var known))
        {
            operands[0].IsWrong($"{field} is a number and cannot be one of a list", Example(field));
            return new(field, NumberTest.Is, 0m);
        }
        var expected = known == NumberTest.Between ? 2 : 1;
        if (operands.Count != expected)
        {
            operands[0].IsWrong(expected == 2 ? "two numbers are needed here" : "one number is needed here", expected == 2 ? $"Write {field}: {{ between: [50, 200] }}" : Example(field));
            return new(field, known, 0m);
        }
        var numbers = operands.Select(o => Amount(o, field)).ToList();
        if (expected == 2 && numbers[0] > numbers[1]) operands[0].IsWrong("the first number is the larger one, so nothing would match", $"Write {field}: {{ between: [{operands[1].Text}, {operands[0].Text}] }}");
        return new(field, known, numbers[0], expected == 2 ? numbers[1] : 0m);
    }

    private static decimal Amount(Written written, RuleField field)
    {
        if (decimal.TryParse(written.Text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)) return value;
        written.IsWrong($"'{written.Text}' is not a number", Example(field));
        return 0m;
    }

    private static bool YesOrNo(IReadOnlyList<Written> operands, RuleField field)
    {
        if (operands is not [{ Text: "true" or "false" } one])
        {
            operands[0].IsWrong($"'{operands[0].Text}' is neither true nor false", $"Write {field}: true or {field}: false");
            return false;
        }
        return one.Text == "true";
    }

    private static Condition.Text Text(IReadOnlyList<Written> operands, string test, RuleField field, RuleNames names)
    {
        var known = TextTests[test];
        if (operands.Count > 1 && known is TextTest.Is or TextTest.IsNot)
            operands[1].IsWrong("one text is needed here", $"Write {field}: {{ {(known == TextTest.Is ? "in" : "not_in")}: [{string.Join(", ", operands.Select(o => o.Text))}] }}");
        // A beginning or a part may be anything; a whole value has to be one that exists.
        if (known is TextTest.Is or TextTest.IsNot or TextTest.In or TextTest.NotIn)
            foreach (var operand in operands)
                CheckValue(operand, field, names);
        return new(field, known, [.. operands.Select(o => o.Text)]);
    }

    private static void CheckValue(Written operand, RuleField field, RuleNames names)
    {
        if (field.Values.Count > 0 && !field.Values.Contains(operand.Text, StringComparer.OrdinalIgnoreCase))
            operand.IsWrong($"'{operand.Text}' is not a value of {field}", NearestWord.Hint(operand.Text, field.Values, ""));
        else if (field.Name == "country" && !Countries.IsKnown(operand.Text.ToUpperInvariant())) operand.IsWrong($"'{operand.Text}' is not a country", "Write its ISO 3166 code: IN, DE, US.");
        else if (field.Name == "currency" && !Currencies.IsKnown(operand.Text.ToUpperInvariant())) operand.IsWrong($"'{operand.Text}' is not a currency", "Write its ISO 4217 code: EUR, INR, USD.");
        else if (field.Name == "channel" && !names.Channels.Contains(operand.Text, StringComparer.OrdinalIgnoreCase)) operand.IsWrong($"'{operand.Text}' is not a storefront of this brand", NearestWord.Hint(operand.Text, names.Channels, "Add it under connections."));
    }

    private static string Kind(RuleField field) => field.Kind switch { RuleFieldKind.Number => "number", RuleFieldKind.YesNo => "yes or no", _ => "text" };

    private static string Example(RuleField field) => field.Kind switch
    {
        RuleFieldKind.Number => $"Write {field}: {{ at_least: 100 }}",
        RuleFieldKind.YesNo => $"Write {field}: true",
        _ => $"Write {field}: {(field.Values.Count > 0 ? field.Values[0] : "a text")}, or {field}: {{ starts_with: ab }}",
    };
}
