using System.Collections.Frozen;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Core.Messages;

/// <summary>All texts that message channels hold themselves, by connection. A connection that was never read refuses nothing.</summary>
public sealed class HeldTexts(IReadOnlyDictionary<string, IReadOnlyList<HeldText>> byConnection)
{
    public static readonly HeldTexts Unread = new(new Dictionary<string, IReadOnlyList<HeldText>>());

    private readonly FrozenDictionary<string, FrozenDictionary<(string, string), HeldText>> _all =
        byConnection.ToFrozenDictionary(c => c.Key, c => c.Value.GroupBy(t => (t.Name, t.Language)).ToFrozenDictionary(g => g.Key, g => g.First()));

    /// <summary>Null when the connection was never read, or holds no such text.</summary>
    public HeldText? Find(string connection, string name, string language)
    {
        if (!_all.TryGetValue(connection, out var texts)) return null;
        return texts.GetValueOrDefault((name, language));
    }

    /// <summary>By name and language; empty when the connection was never read.</summary>
    public IReadOnlyList<HeldText> Of(string connection) =>
        _all.TryGetValue(connection, out var texts) ? [.. texts.Values.OrderBy(t => t.Name, StringComparer.Ordinal).ThenBy(t => t.Language, StringComparer.Ordinal)] : [];

    public bool IsRead(string connection) => _all.ContainsKey(connection);

    /// <summary>Why the channel would refuse a message that a template makes of a text; null = it would not, as far as we know.</summary>
    /// <param name="name">The text's, which may be the template's backup.</param>
    public string? Refusal(string connection, string name, string language, MessageTemplate template)
    {
        if (!IsRead(connection)) return null;
        if (Find(connection, name, language) is not { } text) return $"it holds no text {name} in {language}";
        if (!text.IsApproved) return $"the text {name} in {language} is {text.Status} there";
        if (text.Parameters != template.ParameterCount) return $"the text {name} in {language} has {text.Parameters} gaps there, we fill {template.ParameterCount}";
        if (text.Others > 0) return $"the text {name} in {language} has a gap there in its head, in a button's address, or with a name: those are not filled";
        return text.Buttons >= template.ButtonCount ? null : $"the text {name} in {language} has {text.Buttons} buttons for answers there, we send {template.ButtonCount}";
    }
}
