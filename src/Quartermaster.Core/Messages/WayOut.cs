using System.Collections.Frozen;
using System.Net;

namespace Quartermaster.Core.Messages;

/// <summary>How to hear no more of it: what every advertisement ends with, whoever wrote its words.</summary>
/// <remarks>Words that hold the address, or the word STOP, tell it in their own way, and nothing is added to them. A language that is not listed here gets English.</remarks>
internal static class WayOut
{
    /// <summary>What ends it on a phone; carriers and the hub understand it in every language.</summary>
    public const string Stop = "STOP";

    private static readonly Words English = new("Unsubscribe", "Reply STOP to end.");

    private static readonly FrozenDictionary<string, Words> ByLanguage = new Dictionary<string, Words>
    {
        ["en"] = English,
        ["hi"] = new("ये ईमेल बंद करें", "बंद करने के लिए STOP लिखें।"),
        ["id"] = new("Berhenti berlangganan", "Balas STOP untuk berhenti."),
        ["de"] = new("Abmelden", "Abmelden mit STOP."),
        ["es"] = new("Darse de baja", "Responda STOP para no recibir más."),
        ["fr"] = new("Se désabonner", "STOP pour ne plus en recevoir."),
        ["it"] = new("Annulla l'iscrizione", "Rispondi STOP per non riceverne più."),
        ["nl"] = new("Afmelden", "Antwoord STOP om te stoppen."),
        ["pt"] = new("Cancelar subscrição", "Responda STOP para não receber mais."),
    }.ToFrozenDictionary();

    public static string OfMail(string text, string language, string address) =>
        text.Contains(address, StringComparison.Ordinal) ? text : $"{text}\n\n{In(language).Mail}: {address}";

    public static string OfHtml(string html, string language, string address)
    {
        var link = WebUtility.HtmlEncode(address);
        if (html.Contains(link, StringComparison.Ordinal)) return html;
        var line = $"<p style=\"font-size:12px\"><a href=\"{link}\">{WebUtility.HtmlEncode(In(language).Mail)}</a></p>";
        var end = html.LastIndexOf("</body>", StringComparison.OrdinalIgnoreCase);
        return end < 0 ? html + line : html.Insert(end, line);
    }

    public static string OfText(string text, string language) => $"{text} {In(language).Text}";

    private static Words In(string language) => ByLanguage.GetValueOrDefault(language) ?? ByLanguage.GetValueOrDefault(language[..2]) ?? English;

    /// <param name="Mail">What a link to the end is called.</param>
    private sealed record Words(string Mail, string Text);
}
