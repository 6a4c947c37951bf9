using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Quartermaster.Connectors.Tests;

/// <summary>A vendor's published OpenAPI file, and what it says against a body of ours or of our twin. Knows as much of JSON Schema as those files use.</summary>
internal sealed class OpenApiContract
{
    private readonly JsonNode root;

    private OpenApiContract(JsonNode root) => this.root = root;

    /// <param name="path">Below the folder of contracts; without that folder the test is skipped.</param>
    public static OpenApiContract Require(string path)
    {
        var file = ContractFolder.Require(path);
        if (path.EndsWith("json", StringComparison.Ordinal)) return new(JsonNode.Parse(File.ReadAllText(file))!);
        var yaml = new YamlStream();
        // UPS's files have tabs, and blanks at ends of lines, where YAML forbids them.
        using var text = new StringReader(string.Join('\n', File.ReadLines(file).Select(line => line.Replace("\t", "        ", StringComparison.Ordinal).TrimEnd())));
        yaml.Load(text);
        // Once through text, so that numbers convert as those of a JSON file do.
        return new(JsonNode.Parse(Read(yaml.Documents[0].RootNode)!.ToJsonString())!);
    }

    /// <summary>A schema by its name: <c>status_detail_code</c>.</summary>
    public JsonNode Schema(string name) => root["components"]!["schemas"]![name]!;

    /// <summary>What is wrong with a request body; empty when nothing is.</summary>
    public IReadOnlyList<string> Request(string method, string path, string body) =>
        Check(Content(Resolve(Operation(method, path)["requestBody"]!)), body, readOnlyMayMiss: true);

    /// <summary>What is wrong with a form; its members are texts, so numbers are read as such first.</summary>
    public IReadOnlyList<string> Form(string method, string path, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var schema = Resolve(Operation(method, path)["requestBody"]!)["content"]!["application/x-www-form-urlencoded"]!["schema"]!;
        var body = new JsonObject(fields.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)((string?)schema["properties"]?[f.Key]?["type"] == "integer" ? JsonNode.Parse(f.Value) : JsonValue.Create(f.Value)))));
        var wrong = Check(schema, body.ToJsonString(), readOnlyMayMiss: true);
        wrong.AddRange(body.Where(f => schema["properties"]![f.Key] is null).Select(f => $"{f.Key} is not in the contract"));
        return wrong;
    }

    public IReadOnlyList<string> Answer(string method, string path, int status, string body) =>
        Check(Content(Resolve(Operation(method, path)["responses"]![status.ToString(CultureInfo.InvariantCulture)]!)), body, readOnlyMayMiss: false);

    private JsonNode Operation(string method, string path) => root["paths"]?[path]?[method] ?? throw new ArgumentException($"The contract has no {method} {path}.");

    private static JsonNode Content(JsonNode holder) => holder["content"]!.AsObject().First(c => c.Key.Contains("json", StringComparison.Ordinal)).Value!["schema"]!;

    private List<string> Check(JsonNode schema, string body, bool readOnlyMayMiss)
    {
        List<string> wrong = [];
        Check(JsonNode.Parse(body), schema, "$", readOnlyMayMiss, wrong, closed: true);
        return wrong;
    }

    private void Check(JsonNode? value, JsonNode schema, string at, bool lenient, List<string> wrong, bool closed)
    {
        schema = Resolve(schema);
        if (value is null)
        {
            if (!MayBeNull(schema)) wrong.Add($"{at} is null");
            return;
        }
        foreach (var part in schema["allOf"] as JsonArray ?? []) Check(value, part!, at, lenient, wrong, closed: false);
        foreach (var key in (string[])["oneOf", "anyOf"])
            if (schema[key] is JsonArray ways && !ways.Any(way => Fits(value, way!, at, lenient))) wrong.Add($"{at} fits none of its {key}");
        if (schema["enum"] is JsonArray allowed && !allowed.Any(a => JsonNode.DeepEquals(a, value))) wrong.Add($"{at} is {value.ToJsonString()}, not one of {allowed.ToJsonString()}");
        CheckType(value, schema, at, wrong);
        if (value is JsonObject thing) CheckObject(thing, schema, at, lenient, wrong, closed);
        if (value is JsonArray list && schema["items"] is { } items)
            for (var i = 0; i < list.Count; i++) Check(list[i], items, $"{at}[{i}]", lenient, wrong, closed: true);
    }

    private bool Fits(JsonNode value, JsonNode way, string at, bool lenient)
    {
        List<string> wrong = [];
        Check(value, way, at, lenient, wrong, closed: false);
        return wrong.Count == 0;
    }

    private void CheckObject(JsonObject thing, JsonNode schema, string at, bool lenient, List<string> wrong, bool closed)
    {
        var properties = Properties(schema);
        foreach (var needed in schema["required"] as JsonArray ?? [])
            if (!thing.ContainsKey((string)needed!) && !(lenient && properties.GetValueOrDefault((string)needed!)?["readOnly"]?.GetValue<bool>() == true)) wrong.Add($"{at}.{needed} is missing");
        foreach (var (name, inner) in thing)
            if (schema["properties"]?[name] is { } known) Check(inner, known, $"{at}.{name}", lenient, wrong, closed: true);
            // Parts of an allOf each forbid what the others add; together they mean all of it.
            else if (closed && IsClosed(schema) && !properties.ContainsKey(name)) wrong.Add($"{at}.{name} is not in the contract");
    }

    private static void CheckType(JsonNode value, JsonNode schema, string at, List<string> wrong)
    {
        var kind = value.GetValueKind();
        // Newer files write the types that a value may have as a list.
        string?[] types = schema["type"] is JsonArray several ? [.. several.Select(t => (string?)t)] : [(string?)schema["type"]];
        if (!types.Any(type => IsOf(type, value, kind))) wrong.Add($"{at} is {value.ToJsonString()}, not {string.Join(" or ", types)}");
        if (kind != System.Text.Json.JsonValueKind.String) return;
        var text = (string)value!;
        if (schema["maxLength"] is { } most && text.Length > (int)most) wrong.Add($"{at} has {text.Length} characters, at most {most}");
        if (schema["minLength"] is { } least && text.Length < (int)least) wrong.Add($"{at} has {text.Length} characters, at least {least}");
        if (schema["pattern"] is { } pattern && !Regex.IsMatch(text, (string)pattern!)) wrong.Add($"{at} is {text}, not {pattern}");
    }

    private static bool IsOf(string? type, JsonNode value, System.Text.Json.JsonValueKind kind) => type switch
    {
        "string" => kind == System.Text.Json.JsonValueKind.String,
        "number" => kind == System.Text.Json.JsonValueKind.Number,
        "integer" => kind == System.Text.Json.JsonValueKind.Number && decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture) % 1 == 0,
        "boolean" => kind is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        "array" => value is JsonArray,
        "object" => value is JsonObject,
        "null" => false,
        _ => true,
    };

    private Dictionary<string, JsonNode> Properties(JsonNode schema)
    {
        Dictionary<string, JsonNode> all = [];
        schema = Resolve(schema);
        foreach (var (name, inner) in schema["properties"] as JsonObject ?? []) all[name] = inner!;
        foreach (var key in (string[])["allOf", "oneOf", "anyOf"])
            foreach (var part in schema[key] as JsonArray ?? [])
                foreach (var (name, inner) in Properties(part!)) all[name] = inner;
        return all;
    }

    private bool IsClosed(JsonNode schema)
    {
        schema = Resolve(schema);
        return schema["additionalProperties"] is JsonValue no && no.TryGetValue<bool>(out var open) && !open || (schema["allOf"] as JsonArray ?? []).Any(part => IsClosed(part!));
    }

    private bool MayBeNull(JsonNode schema)
    {
        schema = Resolve(schema);
        return schema["nullable"]?.GetValue<bool>() == true || (schema["allOf"] as JsonArray ?? []).Any(part => MayBeNull(part!)) || (schema["type"] as JsonArray)?.Any(t => (string?)t == "null") == true || (string?)(schema["type"] as JsonValue) == "null"
            || (schema["oneOf"] as JsonArray ?? schema["anyOf"] as JsonArray ?? []).Any(part => MayBeNull(part!)) || (schema["type"] is null && schema["allOf"] is null && schema["oneOf"] is null && schema["anyOf"] is null && schema["properties"] is null);
    }

    private JsonNode Resolve(JsonNode node)
    {
        while (node["$ref"] is JsonValue to)
        {
            var found = root;
            foreach (var step in ((string)to!)[2..].Split('/')) found = found[step.Replace("~1", "/", StringComparison.Ordinal)]!;
            node = found;
        }
        return node;
    }

    private static JsonNode? Read(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Read(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Read)]),
        YamlScalarNode { Style: not ScalarStyle.Plain } text => JsonValue.Create(text.Value),
        YamlScalarNode { Value: null or "" or "~" or "null" } => null,
        YamlScalarNode { Value: "true" } => JsonValue.Create(true),
        YamlScalarNode { Value: "false" } => JsonValue.Create(false),
        YamlScalarNode scalar when decimal.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => null,
    };
}
