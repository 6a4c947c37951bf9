using Quartermaster.Configuration;
using Quartermaster.Core.Kernel;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Quartermaster.Dashboard.Shown;

/// <summary>A flow as the fields of a form. Each is called as its key in the file is, so that what the reader of the file says of a key stands beside its field.</summary>
public sealed class FlowFields
{
    /// <summary>One more than a flow may have: that there are too many is told, and not overlooked.</summary>
    public const int MostSteps = 11;

    private const int Longest = 20_000;

    private static readonly string[] Texts = ["title", "trigger", "hold_out", "converts_within", "rest", "link", "usual"], OfStep = ["wait", "say", "by", "offer"], OfAudience = ["orders_from", "orders_to", "total_from", "countries", "languages"];

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Steps that are written, and empty ones to write into.</summary>
    public int Steps { get; set; }

    public string this[string field] => _values.GetValueOrDefault(field, "");

    public bool EndsOn(string end) => this["ends_on"].Split(", ").Contains(end);

    public static string Step(int index, string field) => $"steps[{index}].{field}";

    public static FlowFields Of(Campaign flow)
    {
        var fields = new FlowFields { Steps = flow.Steps.Count };
        fields.Take("", CampaignSection.Write(flow));
        return fields;
    }

    /// <exception cref="ArgumentException">A field holds what no text has.</exception>
    public static FlowFields Of(IFormCollection form)
    {
        var fields = new FlowFields();
        foreach (var name in Texts.Append("lasts").Concat(OfAudience.Select(a => $"only.{a}"))) fields._values[name] = Value(name);
        fields._values["ends_on"] = string.Join(", ", form["ends_on"].OfType<string>());
        for (var i = 0; i < MostSteps; i++)
        {
            var step = OfStep.Concat(OfAudience.Select(a => $"only.{a}")).ToDictionary(name => name, name => Value(Step(i, name)));
            // An empty row says nothing, and the next one takes its place.
            if (step.Values.All(v => v.Length == 0)) continue;
            foreach (var (name, value) in step) fields._values[Step(fields.Steps, name)] = value;
            fields.Steps++;
        }
        return fields;

        string Value(string name)
        {
            var value = form[name].ToString().Trim();
            if (value.Length > Longest) throw new ArgumentException($"“{name}” is longer than {Longest:N0} characters.");
            return value.Contains('\0', StringComparison.Ordinal) ? throw new ArgumentException($"“{name}” holds a character that no text has.") : value;
        }
    }

    /// <summary>As the file would say it.</summary>
    public string ToText(string id)
    {
        var flow = new YamlMappingNode();
        foreach (var name in Texts.Where(name => this[name].Length > 0)) flow.Add(name, Quoted(this[name]));
        flow.Add("only", Mapping("only.", OfAudience));
        flow.Add("ends_on", new YamlSequenceNode(this["ends_on"].Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(Quoted)));
        flow.Add("lasts", Lasts());
        flow.Add("steps", new YamlSequenceNode(Enumerable.Range(0, Steps).Select(i =>
        {
            var step = Mapping(Step(i, ""), OfStep);
            if (Mapping(Step(i, "only."), OfAudience) is { Children.Count: > 0 } only) step.Add("only", only);
            return step;
        })));
        return FlowText.Write(id, flow);
    }

    private YamlMappingNode Mapping(string before, string[] names)
    {
        var mapping = new YamlMappingNode();
        foreach (var name in names.Where(name => this[before + name].Length > 0)) mapping.Add(name, Quoted(this[before + name]));
        return mapping;
    }

    // A line each: TEA-100: 30d. One without a colon is told as it stands.
    private YamlMappingNode Lasts()
    {
        Dictionary<string, string> lasts = [];
        foreach (var line in this["lasts"].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            lasts[line.LastIndexOf(':') is > 0 and var colon ? line[..colon].TrimEnd() : line] = line[(line.LastIndexOf(':') + 1)..].Trim();
        var mapping = new YamlMappingNode();
        foreach (var (sku, time) in lasts) mapping.Add(Quoted(sku), Quoted(time.Length == 0 ? sku : time));
        return mapping;
    }

    private void Take(string path, YamlNode node)
    {
        switch (node)
        {
            case YamlScalarNode scalar:
                _values[path] = scalar.Value ?? "";
                break;
            case YamlSequenceNode { Children: var items } when items.All(i => i is YamlScalarNode):
                _values[path] = string.Join(", ", items.OfType<YamlScalarNode>().Select(i => i.Value));
                break;
            case YamlSequenceNode { Children: var items }:
                foreach (var (index, item) in items.Index()) Take($"{path}[{index}]", item);
                break;
            case YamlMappingNode { Children: var lasts } when path == "lasts":
                _values[path] = string.Join('\n', lasts.Select(l => $"{l.Key}: {l.Value}"));
                break;
            case YamlMappingNode mapping:
                foreach (var (key, value) in mapping.Children) Take(path.Length == 0 ? key.ToString() : $"{path}.{key}", value);
                break;
        }
    }

    private static YamlScalarNode Quoted(string text) => new(text) { Style = ScalarStyle.DoubleQuoted };
}
