using System.Net;
using System.Text;

namespace Quartermaster.Core.Messages;

/// <summary>One text with gaps, in the part of the Handlebars language that messages need.</summary>
/// <remarks>
/// <c>{{fact}}</c>, <c>{{#if fact}} … {{else}} … {{/if}}</c>, <c>{{#each items}} … {{/each}}</c>, <c>{{plural fact "one" "many"}}</c>, <c>{{! remark }}</c>.
/// It is read and checked once; what is optional can only stand where the template has asked for it, so that no message has a blank.
/// </remarks>
public sealed class Template
{
    private readonly IReadOnlyList<Piece> _pieces;

    private Template(IReadOnlyList<Piece> pieces, bool isNeverEmpty) => (_pieces, IsNeverEmpty) = (pieces, isNeverEmpty);

    /// <summary>Something comes out, whatever is known.</summary>
    internal bool IsNeverEmpty { get; }

    /// <exception cref="TemplateException">With everything that is wrong.</exception>
    public static Template Read(string source, Occasion occasion, Wording wording, int firstLine = 1)
    {
        var problems = new List<TemplateProblem>();
        var template = Read(source, occasion, wording, firstLine, problems);
        return problems.Count == 0 ? template! : throw new TemplateException(problems);
    }

    /// <returns>Null when something is wrong with it, which <paramref name="problems"/> then tell.</returns>
    internal static Template? Read(string source, Occasion occasion, Wording wording, int firstLine, List<TemplateProblem> problems)
    {
        var before = problems.Count;
        var pieces = new TemplateReader(source, firstLine, problems).Read();
        var check = new TemplateCheck(occasion, wording, problems);
        if (problems.Count == before) check.Look(pieces);
        return problems.Count == before ? new(pieces, check.Speaks(pieces)) : null;
    }

    internal string Write(Telling telling, bool asHtml = false)
    {
        var text = new StringBuilder(512);
        Write(_pieces, telling, asHtml, text);
        return text.ToString().Trim();
    }

    private static void Write(IReadOnlyList<Piece> pieces, Telling telling, bool asHtml, StringBuilder text)
    {
        foreach (var piece in pieces)
            switch (piece)
            {
                case Piece.Words words: text.Append(words.Text); break;
                case Piece.Gap gap: Put(gap.Fact.Tell(telling) ?? throw new InvalidOperationException($"'{gap.Fact.Name}' is not known, and the template names it unasked."), asHtml, text); break;
                case Piece.Plural plural: text.Append(plural.Forms[telling.Wording.FormOf(plural.Fact.Count(telling))]); break;
                case Piece.If choice: Write(choice.Fact.Tell(telling) is null ? choice.Else : choice.Then, telling, asHtml, text); break;
                case Piece.Each each:
                    foreach (var item in telling.Facts.Items) Write(each.Item, telling with { Item = item }, asHtml, text);
                    break;
                default: throw new System.Diagnostics.UnreachableException(piece.GetType().Name);
            }
    }

    private static void Put(string value, bool asHtml, StringBuilder text) => text.Append(asHtml ? WebUtility.HtmlEncode(value) : value);
}

/// <summary>A piece of a template.</summary>
internal abstract record Piece(int Line)
{
    public sealed record Words(int Line, string Text) : Piece(Line);

    public sealed record Gap(int Line, Fact Fact) : Piece(Line);

    /// <param name="Forms">One for each form that the language has.</param>
    public sealed record Plural(int Line, Fact Fact, IReadOnlyList<string> Forms) : Piece(Line);

    public sealed record If(int Line, Fact Fact, IReadOnlyList<Piece> Then, IReadOnlyList<Piece> Else) : Piece(Line);

    public sealed record Each(int Line, IReadOnlyList<Piece> Item) : Piece(Line);
}

/// <param name="Line">In the text that was typed; the first is 1.</param>
public sealed record TemplateProblem(int Line, string What)
{
    public override string ToString() => $"line {Line}: {What}";
}

/// <summary>A template that was typed cannot be used; nothing was changed.</summary>
public sealed class TemplateException(IReadOnlyList<TemplateProblem> problems) : Exception(string.Join("\n", problems))
{
    public IReadOnlyList<TemplateProblem> Problems { get; } = problems;
}
