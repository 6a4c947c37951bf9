using Quartermaster.Core.Messages;
using static Quartermaster.Configuration.ConfigurationTestBed;

namespace Quartermaster.Configuration;

public sealed class VoiceSectionTests
{
    private const string Written = """
        brands:
          aurora:
            voice:
              sender: Aurora care
              tone: warm, never loud
              support: help@aurora.example
              sign_off: { en: All of us at Aurora, hi: आपकी टीम }
              languages: [en, hi, pt-BR]
              fallback: { mr: hi }
            answers: { where_is_my_order: send }
          cedar:
            voice: { sign_off: Your team }
        """;

    [Fact]
    public void What_is_written_is_spoken_with_and_reads_back_as_the_same()
    {
        var read = Read(Written);
        var voice = read.Plan.Brands["aurora"].Terms.Voice;
        (voice.Sender, voice.Tone, voice.Support).ShouldBe(("Aurora care", "warm, never loud", "help@aurora.example"));
        voice.SignOff.ShouldBe(new Dictionary<string, string> { ["en"] = "All of us at Aurora", ["hi"] = "आपकी टीम" }, ignoreOrder: true);
        voice.Languages.ShouldBe(["en", "hi", "pt-br"]);
        voice.Fallback.ShouldBe(new Dictionary<string, string> { ["mr"] = "hi" });
        read.Plan.Brands["cedar"].Terms.Voice.SignOff.ShouldBe(new Dictionary<string, string> { [""] = "Your team" });
        (read.Plan.Brands["aurora"].Terms.AnswersAtOnce, read.Plan.Brands["cedar"].Terms.AnswersAtOnce).ShouldBe((true, false));
        var shown = EffectiveConfiguration.Write(read);
        EffectiveConfiguration.Write(Read(shown)).ShouldBe(shown);
    }

    [Theory]
    [InlineData("[en, hi, pt-BR]", "[english]", "'english' is not a language")]
    [InlineData("{ mr: hi }", "{ mr: hindi }", "'hindi' is not a language")]
    [InlineData("{ sign_off: Your team }", "{ sign_off: \"Your\\nteam\" }", "it has more than one line")]
    [InlineData("{ sign_off: Your team }", "{ templates: nowhere }", "there is no folder")]
    [InlineData("{ sign_off: Your team }", "{ singoff: x }", "singoff")]
    [InlineData("where_is_my_order: send", "where_is_my_order: always", "'always' is not a way to answer")]
    public void What_cannot_be_is_said_with_what_would_be_right(string written, string instead, string complaint) =>
        Mistakes(Written.Replace(written, instead, StringComparison.Ordinal)).ShouldContain(m => m.Contains(complaint));

    [Fact]
    public void A_folder_of_templates_takes_the_place_of_the_programs_own_and_its_mistakes_are_told_with_their_lines()
    {
        var folder = Directory.CreateTempSubdirectory("qm-words-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "pt"));
            var file = Path.Combine(folder, "pt", "confirmed.txt");
            File.WriteAllText(file, "class: transactional\n--- subject\nOi {{number}}\n--- mail\nOi\n--- text\nOi\n--- whatsapp order_confirmed");
            var yaml = $"brands:\n  aurora:\n    voice: {{ templates: \"{folder}\" }}\n";
            Read(yaml).Plan.Brands["aurora"].Templates.Find(Occasion.Confirmed, "pt").ShouldNotBeNull();
            File.WriteAllText(file, "class: transactional\n--- subject\nOi {{city}}\n--- mail\nOi\n--- text\nOi\n--- whatsapp order_confirmed");
            Mistakes(yaml).ShouldContain(m => m.Contains("confirmed.txt:3") && m.Contains("'city' is not always known"));
            File.WriteAllText(Path.Combine(folder, "pt", "never.txt"), "x");
            Mistakes(yaml).ShouldContain(m => m.Contains("never.txt is no message"));
        }
        finally { Directory.Delete(folder, recursive: true); }
    }
}
