using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Messages;

/// <summary>Everything that is said at one occasion in one language: a mail, a short text, and what goes into the gaps of the text that Meta holds.</summary>
/// <remarks>Made once per edition and checked while it is made; writing with it cannot leave a blank.</remarks>
public sealed class MessageTemplate
{
    public const int LongestSource = 20_000;
    private const int LongestSubject = 150, LongestText = 1_000, MostParameters = 20;

    private readonly Template _subject, _mail, _text;
    private readonly Template? _html;
    private readonly IReadOnlyList<Template> _parameters;
    private readonly Wording _wording;
    private readonly bool _saysStop;

    private MessageTemplate(Occasion occasion, string language, string source, LegalClass legal, Template subject, Template mail, Template text, Template? html, string whatsApp, string? backup, IReadOnlyList<Template> parameters, bool saysStop)
    {
        (Occasion, Language, Source, Class, HeldName, HeldBackup) = (occasion, language, source, legal, whatsApp, backup);
        (_subject, _mail, _text, _html, _parameters, _wording, _saysStop) = (subject, mail, text, html, parameters, Wording.Of(language), saysStop);
    }

    public Occasion Occasion { get; }

    /// <summary>Lower case, with or without a region: <c>en</c>, <c>pt-br</c>.</summary>
    public string Language { get; }

    /// <summary>As it was typed.</summary>
    public string Source { get; }

    public LegalClass Class { get; }

    /// <summary>Which of the brand's editions it is; 0 = the words of the program or of the configuration.</summary>
    public int Edition { get; private init; }

    /// <summary>The name of the text at Meta.</summary>
    public string HeldName { get; }

    /// <summary>Taken while the first cannot be used; null = there is none.</summary>
    public string? HeldBackup { get; }

    /// <summary>How many gaps the text at Meta has to have.</summary>
    public int ParameterCount => _parameters.Count;

    /// <summary>How many answers can be given by a button.</summary>
    public int ButtonCount => MessageDecider.AnswersTo(Occasion);

    /// <exception cref="TemplateException">With everything that is wrong.</exception>
    public static MessageTemplate Read(Occasion occasion, string language, string source, int edition = 0)
    {
        source = source.ReplaceLineEndings("\n").Trim();
        var problems = new List<TemplateProblem>();
        if (source.Length > LongestSource) throw new TemplateException([new(1, $"it is longer than {LongestSource:N0} characters.")]);
        if (source.Contains('\0', StringComparison.Ordinal)) throw new TemplateException([new(1, "it holds a character that no text has.")]);
        var sections = Sections.Read(source, problems);
        var wording = Wording.Of(language);
        Template? One(string name) => sections.Find(name) is { } section ? Part(section.Text, section.Line) : null;
        Template? Part(string text, int line)
        {
            var part = Template.Read(text, occasion, wording, line, problems);
            if (part?.IsNeverEmpty == false) problems.Add(new(line, "it can come out empty: write something outside {{#if}}, or into {{else}} as well."));
            return part;
        }
        var (subject, mail, text, html) = (One("subject"), One("mail"), One("text"), One("html"));
        var (whatsApp, backup) = sections.HeldNames(problems);
        List<Template?> parameters = [.. sections.Lines("whatsapp").Select(line => Part(line.Text, line.Line))];
        var legal = sections.Legal(occasion, problems);
        if (parameters.Count > MostParameters) problems.Add(new(sections.Find("whatsapp")!.Line, $"a text at Meta has at most {MostParameters} gaps."));
        if (problems.Count > 0) throw new TemplateException(problems);
        var template = new MessageTemplate(occasion, language, source, legal, subject!, mail!, text!, html, whatsApp!, backup, [.. parameters.Select(p => p!)], sections.Find("text")!.Text.Contains(WayOut.Stop, StringComparison.Ordinal)) { Edition = edition };
        template.TryOut(sections, problems);
        return problems.Count == 0 ? template : throw new TemplateException(problems);
    }

    /// <param name="whatsApp">The name at Meta that is used; null = the mail is written.</param>
    internal Writing Write(BrandTerms brand, MessageChannel channel, MessageFacts facts, string? whatsApp = null)
    {
        var telling = TellingOf(brand, facts);
        var isMail = channel.Kind == "email";
        var isMarketing = Class == LegalClass.Marketing;
        var text = (isMail ? _mail : _text).Write(telling);
        var html = isMail ? _html?.Write(telling, asHtml: true) : null;
        if (isMarketing && isMail && facts.Unsubscribe is { } address) (text, html) = (WayOut.OfMail(text, Language, address), html is null ? null : WayOut.OfHtml(html, Language, address));
        if (isMarketing && channel.Kind == "sms" && !_saysStop) text = WayOut.OfText(text, Language);
        List<string> parameters = [];
        if (channel.Kind == "whatsapp")
            foreach (var parameter in _parameters) parameters.Add(parameter.Write(telling));
        return new()
        {
            Template = whatsApp ?? HeldName,
            Language = Language,
            Edition = Edition,
            Parameters = parameters,
            Subject = _subject.Write(telling),
            Text = text,
            Html = html,
            Sender = isMail ? brand.Voice.Sender : null,
            IsMarketing = isMarketing,
            // Where nobody outside reaches this hub, a link would lead nowhere; an advertisement without a way out is not written.
            Unusable = isMarketing && isMail && facts.Unsubscribe is null ? "an advertisement by mail has to say how to end it, and this hub has no public_address for a link" : null,
        };
    }

    private Telling TellingOf(BrandTerms brand, MessageFacts facts)
    {
        var voice = brand.Voice;
        var signOff = voice.SignOff.GetValueOrDefault(Language) ?? voice.SignOff.GetValueOrDefault(Language[..2]) ?? voice.SignOff.GetValueOrDefault("") ?? brand.Title;
        return new(facts, _wording, brand.Title, signOff, voice.Support);
    }

    /// <summary>What the check of facts cannot see: texts that come out too long, or with a hole, although nothing is missing.</summary>
    private void TryOut(Sections sections, List<TemplateProblem> problems)
    {
        var brand = new BrandTerms { Brand = "brand", Title = "Brand" };
        var told = brand with { Voice = new() { Support = "+49 30 1234567", SignOff = new Dictionary<string, string> { [""] = "Your team at Brand" } } };
        foreach (var telling in new[] { TellingOf(told, SpecimenFacts.All), TellingOf(brand, SpecimenFacts.Least) })
        {
            Look("subject", _subject.Write(telling), LongestSubject, oneLine: true);
            Look("mail", _mail.Write(telling), LongestSource, oneLine: false);
            Look("text", _text.Write(telling), LongestText, oneLine: false);
            if (_html is not null) Look("html", _html.Write(telling, asHtml: true), LongestSource, oneLine: false);
        }

        void Look(string section, string text, int longest, bool oneLine)
        {
            if (text.Length > longest) Say(section, $"it comes out longer than {longest:N0} characters.");
            if (oneLine && text.Contains('\n', StringComparison.Ordinal)) Say(section, "it comes out on more than one line.");
            if (text.Contains("\n\n\n", StringComparison.Ordinal)) Say(section, "it comes out with two empty lines in a row; put the line break inside {{#if}} as well.");
        }

        void Say(string section, string what)
        {
            var problem = new TemplateProblem(sections.Find(section)!.Line, $"{section}: {what}");
            if (!problems.Contains(problem)) problems.Add(problem);
        }
    }
}
