namespace Quartermaster.Core.Messages;

/// <summary>Proves that a template names nothing that can be missing: what is known only sometimes stands inside the question for it, whatever else is known.</summary>
internal sealed class TemplateCheck(Occasion occasion, Wording wording, List<TemplateProblem> problems)
{
    private readonly HashSet<Fact> _asked = [];
    private bool _inItem;

    public void Look(IReadOnlyList<Piece> pieces)
    {
        foreach (var piece in pieces)
            switch (piece)
            {
                case Piece.Gap gap: Name(gap.Fact, gap.Line); break;
                case Piece.Plural plural: Look(plural); break;
                case Piece.If choice: Look(choice); break;
                case Piece.Each each: Look(each); break;
            }
    }

    /// <summary>Does something come out, whatever is known? Words that are only blanks are nothing.</summary>
    public bool Speaks(IReadOnlyList<Piece> pieces)
    {
        foreach (var piece in pieces)
        {
            var speaks = piece switch
            {
                Piece.Words words => !string.IsNullOrWhiteSpace(words.Text),
                Piece.If choice => Speaks(choice),
                // Stands inside the question for the items, so there is at least one.
                Piece.Each each => Speaks(each.Item),
                _ => true,
            };
            if (speaks) return true;
        }
        return false;
    }

    private bool Speaks(Piece.If choice)
    {
        // Known anyway, or asked for already: the other branch never comes out.
        if (choice.Fact.PresenceAt(occasion, _inItem) == Presence.Always || _asked.Contains(choice.Fact)) return Speaks(choice.Then);
        if (!Speaks(choice.Else)) return false;
        _asked.Add(choice.Fact);
        var speaks = Speaks(choice.Then);
        _asked.Remove(choice.Fact);
        return speaks;
    }

    private void Look(Piece.If choice)
    {
        if (!CanBe(choice.Fact, choice.Line)) return;
        var isNew = _asked.Add(choice.Fact);
        Look(choice.Then);
        if (isNew) _asked.Remove(choice.Fact);
        Look(choice.Else);
    }

    private void Look(Piece.Each each)
    {
        if (_inItem) problems.Add(new(each.Line, "an item has no items of its own."));
        if (!_asked.Contains(Fact.Find("items")!)) problems.Add(new(each.Line, "an order may have no items left: put the list inside {{#if items}} … {{/if}}."));
        _inItem = true;
        Look(each.Item);
        _inItem = false;
    }

    private void Look(Piece.Plural plural)
    {
        Name(plural.Fact, plural.Line);
        if (plural.Forms.Count != wording.Forms)
            problems.Add(new(plural.Line, $"plural has {plural.Forms.Count} {(plural.Forms.Count == 1 ? "form" : "forms")}; this language takes {wording.Forms}."));
        if (plural.Forms.Any(string.IsNullOrWhiteSpace)) problems.Add(new(plural.Line, "a form of plural is empty."));
    }

    private void Name(Fact fact, int line)
    {
        if (!CanBe(fact, line) || fact.PresenceAt(occasion, _inItem) == Presence.Always || _asked.Contains(fact) || _asked.Any(asked => asked.Name == fact.ComesWith)) return;
        problems.Add(new(line, $"'{fact.Name}' is not always known: put it inside {{{{#if {fact.Name}}}}} … {{{{/if}}}}."));
    }

    private bool CanBe(Fact fact, int line)
    {
        if (fact.PresenceAt(occasion, _inItem) != Presence.Never) return true;
        problems.Add(new(line, fact.PresenceAt(occasion, inItem: true) != Presence.Never
            ? $"'{fact.Name}' is known of an item only: put it inside {{{{#each items}}}} … {{{{/each}}}}."
            : $"'{fact.Name}' is never known when a message of the occasion {Occasions.Name(occasion)} is written."));
        return false;
    }
}
