using Microsoft.Extensions.Logging;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Lanes;

namespace Quartermaster.Runtime.Messages;

/// <summary>Reads the texts that message channels hold themselves, each hour and whenever the channel tells of a change, and says which of ours cannot be used.</summary>
/// <remarks>Runs where the connection's lane is owned, so once per hub. A notice only makes us look: what counts is what the channel then answers.</remarks>
internal sealed partial class TextRounds(HubRuntime hub, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1), Look = TimeSpan.FromSeconds(5), AfterTrouble = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, DateTimeOffset> _notBefore = [];
    private readonly Dictionary<string, Voice> _compared = [];

    public async Task RunAsync(CancellationToken stop)
    {
        if (!hub.Plan.Connections.Values.Any(c => c.Connector.Manifest.HoldsTexts)) return;
        while (!stop.IsCancellationRequested)
        {
            foreach (var lane in hub.Lanes!.Lanes)
            {
                if (lane.Token == 0 || !lane.Plan.Connector.Manifest.HoldsTexts || hub.Switches.LaneStopped(lane.Connection)) continue;
                try { await LookAfterAsync(lane, stop); }
                catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
                catch (Exception e) { await FailedAsync(lane, e.Message); }
            }
            try { await Task.Delay(Look, stop); }
            catch (OperationCanceledException) { return; }
        }
    }

    private async Task LookAfterAsync(Lane lane, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (_notBefore.TryGetValue(lane.Connection, out var wait) && now < wait) return;
        if (await HeldTextRows.DueAsync(hub.Database, lane.Plan.Brand, lane.Connection, now - Every, cancel) is not { } heard)
        {
            // Words of ours that have changed since may fit no longer, or again: nobody has to wait an hour to hear of it.
            if (hub.Switches.Voices.Of(lane.Plan.Brand, now) is { } voice && voice != _compared.GetValueOrDefault(lane.Connection) && voice.Texts.IsRead(lane.Connection)) await TellAsync(lane, voice, voice.Texts, now, cancel);
            return;
        }
        if (await lane.Plan.Connector.ReadTextsAsync(lane.Session, cancel) is not { } texts)
        {
            // Settings do not change while a process runs.
            _notBefore[lane.Connection] = DateTimeOffset.MaxValue;
            return;
        }
        await HeldTextRows.KeepAsync(hub.Database, lane.Connection, texts, heard, now, cancel);
        if (hub.Switches.Voices.Of(lane.Plan.Brand, now) is { } words) await TellAsync(lane, words, new(new Dictionary<string, IReadOnlyList<HeldText>> { [lane.Connection] = texts }), now, cancel);
    }

    /// <summary>One case for all of them: who mends one at the vendor mends the others there as well.</summary>
    private async Task TellAsync(Lane lane, Voice voice, HeldTexts texts, DateTimeOffset now, CancellationToken cancel)
    {
        var (brand, stream) = (lane.Plan.Brand, "connection/" + lane.Connection);
        List<string> unusable = [], advertised = [];
        foreach (var template in voice.Templates.All)
        {
            var language = voice.HeldIn(template);
            if (language == template.Language && !IsWritten(voice, template, texts, lane.Connection)) continue;
            if (texts.Refusal(lane.Connection, template.HeldName, language, template) is { } why)
                unusable.Add(template.HeldBackup is { } backup && texts.Refusal(lane.Connection, backup, language, template) is null ? $"{why}; {backup} is sent instead" : $"{why}; its messages go by the next channel");
            else if (template.Class == LegalClass.Transactional && texts.Find(lane.Connection, template.HeldName, language) is { IsMarketing: true })
                advertised.Add($"{template.HeldName} in {language}");
        }
        await CaseAsync(unusable, "texts_not_usable", "message.template_not_usable", $"{lane.Connection}: {unusable.Count} {(unusable.Count == 1 ? "text" : "texts")} cannot be used", string.Join(".\n", unusable));
        await CaseAsync(advertised, "texts_made_marketing", "message.template_made_marketing", $"{lane.Connection} counts messages about orders as advertising", $"{string.Join(", ", advertised)}: the category is MARKETING there, although we send it without consent to advertising.");
        _compared[lane.Connection] = voice;

        Task CaseAsync(List<string> found, string key, string kind, string title, string detail) => found.Count == 0
            ? hub.Cases.CloseAsync(brand, stream, key, now, cancel)
            : hub.Cases.OpenAsync(brand, stream, key, kind, title, detail, now, cancel);
    }

    /// <summary>A language that the brand does not name counts only where the channel holds something of it: nobody has to register what no shopper reads.</summary>
    private static bool IsWritten(Voice voice, MessageTemplate template, HeldTexts texts, string connection) =>
        voice.Brand.Voice.Languages is { } named ? named.Contains(template.Language)
        : template.Language == voice.Brand.Language || texts.Find(connection, template.HeldName, template.Language) is not null;

    private async Task FailedAsync(Lane lane, string why)
    {
        LogTrouble(log, lane.Connection, why);
        _notBefore[lane.Connection] = clock.GetUtcNow() + AfterTrouble;
        try { await HeldTextRows.FailedAsync(hub.Database, lane.Connection, why, CancellationToken.None); }
        catch (Npgsql.NpgsqlException e) { LogTrouble(log, lane.Connection, e.Message); }
    }

    [LoggerMessage(670, LogLevel.Warning, "The texts that {Connection} holds could not be read, tried again later: {Why}")]
    private static partial void LogTrouble(ILogger log, string connection, string why);
}
