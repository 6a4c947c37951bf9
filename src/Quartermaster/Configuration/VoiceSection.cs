using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Configuration;

/// <summary>Reads <c>brands.NAME.voice</c>: how a brand speaks, and the folder of its own templates.</summary>
internal static class VoiceSection
{
    private const int Longest = 2_000;

    public static (VoiceTerms Terms, TemplateBook Templates) Read(Section brand)
    {
        var section = brand.Child("voice");
        var terms = new VoiceTerms
        {
            Sender = Short(section, "sender", 100),
            Tone = Short(section, "tone", Longest),
            SignOff = ReadSignOff(section),
            Support = Short(section, "support", 200),
            Languages = section.Words("languages") is { Count: > 0 } languages ? [.. languages.Select(Language).OfType<string>()] : null,
            Fallback = ReadFallback(section.Child("fallback")),
        };
        var templates = section.Find("templates") is { } folder ? TemplateBook.Shipped.With(ReadFolder(folder, section.Place.Source)) : TemplateBook.Shipped;
        section.NothingElse();
        return (terms, templates);
    }

    private static Dictionary<string, string> ReadSignOff(Section section)
    {
        if (section.ShapeOf("sign_off") != Section.Shape.Section)
        {
            if (section.Find("sign_off") is { } alone) OneLine(alone);
            return Short(section, "sign_off", Longest) is { } one ? new() { [""] = one } : [];
        }
        Dictionary<string, string> byLanguage = [];
        foreach (var (name, value, place) in section.Child("sign_off").Values())
            if (Language(new(name, place, $"{section.Path}.sign_off", section.Problems)) is { } language && value is not null)
            {
                OneLine(value);
                byLanguage[language] = value.Text.Trim();
            }
        return byLanguage;
    }

    // Subjects and text messages end with it as well.
    private static void OneLine(Written written)
    {
        if (written.Text.Trim().Contains('\n', StringComparison.Ordinal)) written.IsWrong("it has more than one line", "Write it on one line; what mails have around it belongs into their template.");
    }

    private static Dictionary<string, string> ReadFallback(Section section)
    {
        Dictionary<string, string> fallback = [];
        foreach (var (name, value, place) in section.Values())
            if (value is not null && Language(new(name, place, section.Path, section.Problems)) is { } from && Language(value) is { } to) fallback[from] = to;
        return fallback;
    }

    /// <summary><c>pt-BR</c> becomes <c>pt-br</c>; null when it is no language, which is then said.</summary>
    private static string? Language(Written written)
    {
        if (LanguageNames.Normal(written.Text) is { } language) return language;
        written.IsWrong($"'{written.Text}' is not a language", "Write its two letters, with a region where it matters: en, hi, pt-BR.");
        return null;
    }

    private static string? Short(Section section, string key, int longest)
    {
        if (section.Find(key) is not { } written) return null;
        if (written.Text.Length > longest) written.IsWrong("it is too long", $"Use at most {longest:N0} characters.");
        return written.Text.Trim() is { Length: > 0 } text ? text : null;
    }

    /// <summary><c>FOLDER/en/shipped.txt</c> and so on, in place of the program's own; a folder is meant from where the configuration stands.</summary>
    private static List<MessageTemplate> ReadFolder(Written folder, string configuration)
    {
        var path = Path.GetFullPath(folder.Text, Path.GetDirectoryName(Path.GetFullPath(configuration)) ?? ".");
        List<MessageTemplate> templates = [];
        if (!Directory.Exists(path))
        {
            folder.IsWrong($"there is no folder '{path}'", "Make it, with a file for each message: en/shipped.txt.");
            return templates;
        }
        foreach (var file in Directory.EnumerateFiles(path, "*.txt", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var parts = Path.GetRelativePath(path, file).Split(Path.DirectorySeparatorChar);
            if (parts is not [var name, var occasionFile] || LanguageNames.Normal(name) is not { } language || Occasions.Find(Path.GetFileNameWithoutExtension(occasionFile)) is not { } occasion)
            {
                folder.IsWrong($"{file} is no message", $"Name it LANGUAGE/OCCASION.txt; the occasions are {string.Join(", ", Occasions.All.Select(Occasions.Name))}.");
                continue;
            }
            try { templates.Add(MessageTemplate.Read(occasion, language, File.ReadAllText(file))); }
            catch (TemplateException wrong)
            {
                foreach (var problem in wrong.Problems) folder.Problems.Add(new(file, problem.Line, 1), folder.Path, problem.What, "Mend the template; docs/messages.md says what it can hold.");
            }
        }
        return templates;
    }
}
