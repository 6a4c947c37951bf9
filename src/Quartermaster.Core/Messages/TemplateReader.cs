namespace Quartermaster.Core.Messages;

/// <summary>Reads the text of a template into pieces.</summary>
internal sealed class TemplateReader(string source, int firstLine, List<TemplateProblem> problems)
{
    private int _at;
    private int _line = firstLine;

    public IReadOnlyList<Piece> Read() => Block(null, out _);

    /// <param name="closes">The block that is open: <c>if</c>, <c>each</c>; null = none.</param>
    /// <param name="ended">What ended it: <c>else</c> or <c>/if</c>.</param>
    private List<Piece> Block(string? closes, out string ended)
    {
        List<Piece> pieces = [];
        var openedAt = _line;
        while (_at < source.Length)
        {
            var open = source.IndexOf("{{", _at, StringComparison.Ordinal);
            if (open < 0) break;
            var close = source.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0)
            {
                Wrong(_line + Breaks(_at, open), "'{{' is never closed by '}}'.");
                _at = source.Length;
                break;
            }
            var tag = source[(open + 2)..close].Trim();
            var (until, next) = StandsAlone(open, close + 2, tag) ?? (open, close + 2);
            if (until > _at) pieces.Add(new Piece.Words(_line, source[_at..until]));
            var line = _line + Breaks(_at, open);
            _line += Breaks(_at, next);
            _at = next;
            if (tag == "else" || tag.StartsWith('/'))
            {
                if (closes is not null && (tag == "else" ? closes == "if" : tag[1..].Trim() == closes))
                {
                    ended = tag;
                    return pieces;
                }
                Wrong(line, $"'{{{{{tag}}}}}' ends nothing that is open.");
            }
            else if (!tag.StartsWith('!') && One(tag, line) is { } piece) pieces.Add(piece);
        }
        if (closes is not null) Wrong(openedAt, $"'{{{{#{closes}}}}}' is never closed by '{{{{/{closes}}}}}'.");
        else if (_at < source.Length) pieces.Add(new Piece.Words(_line, source[_at..]));
        _at = source.Length;
        ended = "";
        return pieces;
    }

    private Piece? One(string tag, int line)
    {
        var words = Split(tag);
        switch (words)
        {
            case ["#if", var name]:
                {
                    var then = Block("if", out var ended);
                    var otherwise = ended == "else" ? Block("if", out ended) : [];
                    if (ended == "else") Wrong(line, "'{{#if}}' has two '{{else}}'.");
                    return Known(name, line) is { } fact ? new Piece.If(line, fact, then, otherwise) : null;
                }
            case ["#each", var name]:
                {
                    var item = Block("each", out _);
                    if (name == "items") return new Piece.Each(line, item);
                    return Wrong(line, $"'{{{{#each {name}}}}}': only items can be gone through.");
                }
            case ["plural", var name, _, ..]:
                if (Known(name, line) is not { } counted) return null;
                if (counted.Kind != FactKind.Count) return Wrong(line, $"'{name}' is no number of things; plural takes item_count or quantity.");
                return new Piece.Plural(line, counted, [.. words.Skip(2)]);
            case [var name] when !name.StartsWith('#'):
                if (name == "items") return Wrong(line, "'items' is a list: write {{#each items}} … {{/each}}.");
                if (Known(name, line) is not { } told) return null;
                return told.Kind == FactKind.YesNo ? Wrong(line, $"'{name}' can only be asked: {{{{#if {name}}}}} … {{{{/if}}}}.") : new Piece.Gap(line, told);
            default:
                return Wrong(line, $"'{{{{{tag}}}}}' is not understood. Write {{{{fact}}}}, {{{{#if fact}}}}, {{{{#each items}}}} or {{{{plural fact \"one\" \"many\"}}}}.");
        }
    }

    private Fact? Known(string name, int line)
    {
        if (Fact.Find(name) is { } fact) return fact;
        Wrong(line, $"there is no fact '{name}'.");
        return null;
    }

    private Piece? Wrong(int line, string what)
    {
        problems.Add(new(line, what));
        return null;
    }

    /// <summary>A block's tag that has a line to itself takes that line with it, as everywhere in Handlebars.</summary>
    private (int Until, int Next)? StandsAlone(int open, int after, string tag)
    {
        if (tag is not ['#' or '/' or '!', ..] and not "else") return null;
        var start = open;
        while (start > 0 && source[start - 1] is ' ' or '\t') start--;
        var end = after;
        while (end < source.Length && source[end] is ' ' or '\t') end++;
        if ((start > 0 && source[start - 1] != '\n') || (end < source.Length && source[end] != '\n')) return null;
        return (start, int.Min(end + 1, source.Length));
    }

    private int Breaks(int from, int to) => from >= to ? 0 : source.AsSpan(from, to - from).Count('\n');

    /// <summary>Words, and what stands in quotes as one.</summary>
    private static List<string> Split(string tag)
    {
        List<string> words = [];
        for (var at = 0; at < tag.Length;)
        {
            if (char.IsWhiteSpace(tag[at]))
            {
                at++;
                continue;
            }
            if (tag[at] is '"' or '\'')
            {
                var end = tag.IndexOf(tag[at], at + 1);
                if (end < 0) end = tag.Length;
                words.Add(tag[(at + 1)..end]);
                at = int.Min(end + 1, tag.Length);
                continue;
            }
            var stop = at;
            while (stop < tag.Length && !char.IsWhiteSpace(tag[stop])) stop++;
            words.Add(tag[at..stop]);
            at = stop;
        }
        return words;
    }
}
