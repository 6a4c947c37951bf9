using System.Text.Json.Nodes;
using Quartermaster.Core.Messages;

namespace Quartermaster.Sandbox.Twins;

/// <summary>The texts that a sandboxed WhatsApp account holds: one for every message that the program ships, approved, until somebody changes that.</summary>
internal sealed class RegisteredTexts
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Name, string Language), Registered> _all = TemplateBook.Shipped.All.ToDictionary(t => (t.HeldName, t.Language), t => new Registered(t.HeldName, t.Language, Body(t), t.ButtonCount, "APPROVED", "UTILITY"));

    public IReadOnlyList<Registered> All
    {
        get { lock (_gate) return [.. _all.Values.OrderBy(t => t.Name, StringComparer.Ordinal).ThenBy(t => t.Language, StringComparer.Ordinal)]; }
    }

    public bool Change(string name, string language, string? status, string? category)
    {
        lock (_gate)
        {
            if (!_all.TryGetValue((name, language), out var text)) return false;
            _all[(name, language)] = text with { Status = status ?? text.Status, Category = category ?? text.Category };
            return true;
        }
    }

    /// <summary>As Meta answers to a message of a text that it holds and does not let be used. One that it does not know is let through: brands of the sandbox call theirs as they like.</summary>
    public (int Code, string Title, string Details)? Refusal(string name, string language)
    {
        lock (_gate)
            return _all.TryGetValue((name, language), out var text) && text.Status != "APPROVED"
                ? (132015, "Template is Paused", $"template name ({name}) is {text.Status.ToLowerInvariant()} in {language}")
                : null;
    }

    private static string Body(MessageTemplate template) =>
        $"{Occasions.Name(template.Occasion).Replace('_', ' ')}: " + string.Join(" · ", Enumerable.Range(1, template.ParameterCount).Select(i => $"{{{{{i}}}}}"));

    internal sealed record Registered(string Name, string Language, string Body, int Buttons, string Status, string Category)
    {
        public JsonObject ToJson() => new()
        {
            ["name"] = Name, ["language"] = Language, ["status"] = Status, ["category"] = Category, ["id"] = $"{(uint)Knobs.Hash(Name + Language)}",
            ["quality_score"] = new JsonObject { ["score"] = "GREEN" },
            ["components"] = new JsonArray(
            [
                new JsonObject { ["type"] = "BODY", ["text"] = Body },
                .. Buttons == 0 ? [] : new JsonNode[] { new JsonObject { ["type"] = "BUTTONS", ["buttons"] = new JsonArray([.. Enumerable.Range(1, Buttons).Select(n => new JsonObject { ["type"] = "QUICK_REPLY", ["text"] = $"Answer {n}" })]) } },
            ]),
        };
    }
}
