using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Runtime.Operations;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Messages;

/// <summary>The voice of each brand as it is in force: the configured words, over them the approved editions whose time has come, and what channels say of the texts that they hold themselves.</summary>
/// <remarks>
/// As with rules, an edition begins some seconds after its approval, so that every process turns to it at one moment of the clock. What channels say is
/// taken as soon as it is seen: until then a message is refused there, which leads to the same next channel.
/// </remarks>
public sealed partial class VoiceShelf
{
    private readonly Database _database;
    private readonly HubPlan _plan;
    private readonly ILogger _log;
    private readonly Dictionary<string, string> _seen = [];
    private volatile FrozenDictionary<string, IReadOnlyList<Moment>> _moments;

    public VoiceShelf(Database database, HubPlan plan, ILogger log)
    {
        (_database, _plan, _log) = (database, plan, log);
        _moments = plan.Brands.ToFrozenDictionary(b => b.Key, b => (IReadOnlyList<Moment>)[new(DateTimeOffset.MinValue, new(b.Value.Terms, b.Value.Templates))]);
    }

    /// <summary>The brand's voice at a time; null when it is not configured.</summary>
    public Voice? Of(string brand, DateTimeOffset at)
    {
        if (_moments.TryGetValue(brand, out var moments))
        {
            foreach (var moment in moments)
                if (moment.From <= at) return moment.Voice;
            // A batch may have looked at the clock a little before these were read: its words are the brand's all the same.
            return moments[^1].Voice;
        }
        return null;
    }

    /// <summary>Reads anew what has changed.</summary>
    /// <param name="marks">By brand, something that differs whenever an edition was approved or a text that a channel holds has changed.</param>
    internal async Task SeeAsync(IReadOnlyDictionary<string, string> marks, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var (brand, mark) in marks)
        {
            if (_seen.GetValueOrDefault(brand) == mark || !_plan.Brands.TryGetValue(brand, out var configured)) continue;
            var (moments, trouble) = await ReadAsync(brand, configured, now, cancel);
            _moments = new Dictionary<string, IReadOnlyList<Moment>>(_moments) { [brand] = moments }.ToFrozenDictionary();
            await TellAsync(brand, trouble, now, cancel);
            _seen[brand] = mark;
        }
    }

    private async Task<(List<Moment> Newest, string? Trouble)> ReadAsync(string brand, BrandPlan configured, DateTimeOffset now, CancellationToken cancel)
    {
        var texts = await HeldTextRows.ReadAsync(_database, [.. configured.Terms.MessageChannels.Where(c => c.Kind == "whatsapp").Select(c => c.Connection)], cancel);
        Dictionary<(string, string), string> trouble = [];
        var book = configured.Templates;
        List<Moment> moments = [new(DateTimeOffset.MinValue, new(configured.Terms, book, texts))];
        foreach (var row in await EditionsAsync(brand, cancel))
        {
            try
            {
                book = TemplateDesk.Apply(book, configured.Templates, row.Occasion, row.Language, row.Text, row.Number);
                moments.Add(new(row.From, new(configured.Terms, book, texts)));
                // What is older than the newest that can be read is history.
                trouble.Remove((row.Occasion, row.Language));
            }
            // The words before it stay in force; a fact that this program does not know any more is the usual reason.
            catch (TemplateException e)
            {
                trouble[(row.Occasion, row.Language)] = $"{row.Occasion} in {row.Language}, edition {row.Number}: {e.Message}";
                LogUnreadable(_log, brand, trouble[(row.Occasion, row.Language)]);
            }
        }
        moments.Reverse();
        var begun = moments.FindIndex(m => m.From <= now);
        return (moments[..(begun + 1)], trouble.Count == 0 ? null : string.Join("\n", trouble.Values));
    }

    private async Task<List<EditionInForce>> EditionsAsync(string brand, CancellationToken cancel)
    {
        // Of each template the newest that has begun, and those whose time is still to come, are what matters; older ones are few.
        await using var command = _database.General.CreateCommand("SELECT occasion, language, number, text, from_at FROM message_edition WHERE brand = $1 AND from_at IS NOT NULL ORDER BY from_at, number").With(Text(brand));
        List<EditionInForce> found = [];
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) found.Add(new(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), reader.Instant(4)));
        return found;
    }

    private Task TellAsync(string brand, string? trouble, DateTimeOffset now, CancellationToken cancel)
    {
        var cases = new Cases(_database);
        return trouble is null ? cases.CloseAsync(brand, Stream, Stream, now, cancel)
            : cases.OpenAsync(brand, Stream, Stream, "message.template_not_in_force", "A template that was approved is not in force", trouble, now, cancel);
    }

    private const string Stream = "messages/templates";

    private sealed record Moment(DateTimeOffset From, Voice Voice);

    private sealed record EditionInForce(string Occasion, string Language, int Number, string Text, DateTimeOffset From);

    [LoggerMessage(311, LogLevel.Error, "A template of {Brand} cannot be read; the words before it stay in force: {Why}")]
    private static partial void LogUnreadable(ILogger log, string brand, string why);
}
