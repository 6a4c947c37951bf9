using System.Text.Json;

namespace Quartermaster.Runtime.Customers;

/// <summary>By what else than their addresses an erased person is looked for. Only what tells who somebody is is looked for everywhere: a full name, a street with its number, a channel's id of them.</summary>
/// <param name="Alone">Names that are a word of many (<c>Li</c>, <c>Rose</c>): looked for in what belonged to them, where nothing else stands beside them.</param>
internal sealed record Sought(IReadOnlyList<string> Names, IReadOnlyList<string> Streets, IReadOnlyList<string> Ids, IReadOnlyList<string> Alone)
{
    private const int LongEnough = 6, LongStreet = 8, LongId = 7;

    /// <summary>What is looked for everywhere.</summary>
    public IEnumerable<string> Everywhere => Names.Concat(Streets).Concat(Ids);

    public static Sought Of(PersonalWords said, IEnumerable<string> ids)
    {
        var names = said.Names.ToLookup(n => n.Length >= LongEnough && n.Any(char.IsWhiteSpace));
        return new([.. names[true]], [.. said.Streets.Where(s => s.Length >= LongStreet && s.Any(char.IsDigit) && s.Any(char.IsLetter))],
            [.. said.Ids.Concat(ids).Where(id => id.Length >= LongId || (id.Length >= LongEnough && id.Any(char.IsLetter))).Distinct(StringComparer.OrdinalIgnoreCase)], [.. names[false]]);
    }

    /// <summary>By kind, as the row of the erasure keeps it until it was looked for.</summary>
    public string Write() => JsonSerializer.Serialize(new Dictionary<string, IReadOnlyList<string>> { ["name"] = Names, ["street"] = Streets, ["id"] = Ids, ["name alone"] = Alone });

    public static Sought Read(string? kept)
    {
        var by = kept is null ? [] : JsonSerializer.Deserialize<Dictionary<string, string[]>>(kept)!;
        IReadOnlyList<string> Of(string kind) => by.GetValueOrDefault(kind) ?? [];
        return new(Of("name"), Of("street"), Of("id"), Of("name alone"));
    }
}
