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

    /// <summary>Why the channel would refuse a message made of a text; null = it would not, as far as we know.</summary>
    public string? Refusal(string connection, string name, string language, int parameters)
    {
        if (!IsRead(connection)) return null;
        if (Find(connection, name, language) is not { } text) return $"it holds no text {name} in {language}";
        if (!text.IsApproved) return $"the text {name} in {language} is {text.Status} there";
        return text.Parameters == parameters ? null : $"the text {name} in {language} has {text.Parameters} gaps there, we fill {parameters}";
    }
}
