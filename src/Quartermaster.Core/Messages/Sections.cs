namespace Quartermaster.Core.Messages;

/// <summary>A message's template as it stands in a file or an editor: a head, and sections that begin with <c>--- name</c>.</summary>
internal sealed class Sections
{
    private const string Mark = "--- ";

    private static readonly string[] Known = ["subject", "mail", "html", "text", "whatsapp"];
    private static readonly string[] Needed = ["subject", "mail", "text", "whatsapp"];

    private readonly Dictionary<string, Section> _byName = [];
    private Section _head = new("", "", "", 1);

    /// <param name="Rest">What stands behind the name on its line.</param>
    /// <param name="Line">Where its text begins.</param>
    internal sealed record Section(string Name, string Rest, string Text, int Line);

    public static Sections Read(string source, List<TemplateProblem> problems)
    {
        var sections = new Sections();
        string name = "", rest = "";
        var (begin, at) = (1, 1);
        List<string> lines = [];
        foreach (var line in source.Split('\n'))
        {
            at++;
            if (!line.StartsWith(Mark, StringComparison.Ordinal))
            {
                lines.Add(line);
                continue;
            }
            sections.Keep(new(name, rest, string.Join('\n', lines), begin), problems);
            var words = line[Mark.Length..].Trim().Split(' ', 2);
            (name, rest, begin) = (words[0], words.Length > 1 ? words[1].Trim() : "", at);
            lines.Clear();
        }
        sections.Keep(new(name, rest, string.Join('\n', lines), begin), problems);
        foreach (var needed in Needed)
            if (!sections._byName.ContainsKey(needed)) problems.Add(new(at - 1, $"the section '--- {needed}' is missing."));
        return sections;
    }

    public Section? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The lines of a section that are not empty.</summary>
    public IEnumerable<(string Text, int Line)> Lines(string name) =>
        Find(name) is { } section ? section.Text.Split('\n').Select((text, i) => (text.Trim(), section.Line + i)).Where(line => line.Item1.Length > 0) : [];

    /// <summary><c>order_shipped</c>, or <c>order_shipped, otherwise order_plain</c>.</summary>
    public (string? Name, string? Backup) HeldNames(List<TemplateProblem> problems)
    {
        if (Find("whatsapp") is not { } section) return (null, null);
        var names = section.Rest.Split(", otherwise ", StringSplitOptions.TrimEntries);
        if (names is [var name] && IsName(name)) return (name, null);
        if (names is [var first, var backup] && IsName(first) && IsName(backup)) return (first, backup);
        problems.Add(new(section.Line - 1, "write the name of the text at Meta, lower-case letters, digits and underscores: '--- whatsapp order_shipped', or '--- whatsapp order_shipped, otherwise order_plain'."));
        return (null, null);
    }

    public LegalClass Legal(Occasion occasion, List<TemplateProblem> problems)
    {
        var line = _head.Text.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.StartsWith("class:", StringComparison.Ordinal));
        switch (line?["class:".Length..].Trim())
        {
            case "marketing": return LegalClass.Marketing;
            case "transactional" when Occasions.IsOfAnOrder(occasion): return LegalClass.Transactional;
            case "transactional":
                problems.Add(new(1, $"a message of the occasion {Occasions.Name(occasion)} tells nobody of an order: it is 'class: marketing'."));
                return LegalClass.Marketing;
            default:
                problems.Add(new(1, "begin with 'class: transactional', or 'class: marketing' for what only those may get who agreed to it."));
                return LegalClass.Marketing;
        }
    }

    private void Keep(Section section, List<TemplateProblem> problems)
    {
        if (section.Name.Length == 0) _head = section;
        else if (!Known.Contains(section.Name)) problems.Add(new(section.Line - 1, $"there is no section '{section.Name}'; they are {string.Join(", ", Known)}."));
        else if (!_byName.TryAdd(section.Name, section with { Text = section.Text.Trim('\n') })) problems.Add(new(section.Line - 1, $"the section '{section.Name}' stands here twice."));
    }

    private static bool IsName(string text) => text.Length is > 0 and <= 512 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');
}
