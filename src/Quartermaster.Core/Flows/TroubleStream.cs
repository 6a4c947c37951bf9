using System.Globalization;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Troubles;

namespace Quartermaster.Core.Flows;

/// <summary>All that waits for a person in one brand: the team hears of it where it looks anyway.</summary>
public sealed class TroubleStream() : AlertingStream<TroubleNotice, TroubleEvent>(TroubleNotice.Stream, TroubleNotice.None)
{
    private const int MostLines = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromHours(12);

    protected override Decision Decide(TroubleNotice told, Signal signal, Situation situation) => signal is TroubleSignal x ? TroubleDecider.Decide(told, x, situation.At) : throw NotFor(signal, "the troubles of a brand");

    protected override TroubleNotice Evolve(TroubleNotice told, TroubleEvent e) => TroubleDecider.Evolve(told, e);

    protected override AlertNews? News(TroubleEvent e, Situation situation) => e is TroubleEvent.Told told
        ? new("alert", told.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), Alert(told, situation.Terms.Title), Patience)
        : null;

    private static MessageEffect.Alert Alert(TroubleEvent.Told told, string brand)
    {
        var lines = told.News.Take(MostLines).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count:N0} × {g.Words}"));
        if (told.News.Count > MostLines) lines = lines.Append($"and {told.News.Count - MostLines} more causes");
        if (told.Others > 0) lines = lines.Append(told.Others == 1 ? "One cause that was told before is open still." : $"{told.Others} causes that were told before are open still.");
        return new(told.News is [var one] ? $"{brand}: {one.Words}" : $"{brand}: {told.News.Count} causes of trouble need somebody", string.Join("\n", lines), "/failures", "warning");
    }
}
