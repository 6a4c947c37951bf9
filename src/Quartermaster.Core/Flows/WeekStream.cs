using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Flows;

/// <summary>Tells a brand's operators each week who said no, what came back, and what their channels hold against their texts.</summary>
public sealed class WeekStream() : AlertingStream<WeekReport, WeekEvent>(WeekStream.Name, WeekReport.None)
{
    public const string Name = "week";

    private static readonly TimeSpan Patience = TimeSpan.FromDays(2);

    protected override Decision Decide(WeekReport told, Signal signal, Situation situation) => signal is WeekSignal.Ended ended ? WeekDecider.Decide(told, ended) : throw NotFor(signal, "a week");

    protected override WeekReport Evolve(WeekReport told, WeekEvent e) => WeekDecider.Evolve(told, e);

    protected override AlertNews? News(WeekEvent e, Situation situation) => e is WeekEvent.Reported told
        ? new("alert", told.Week, new($"{situation.Terms.Title}: week {told.Week} of writing to customers", string.Join('\n', told.Lines), $"/customers/week?brand={situation.Stream.Brand}", "info"), Patience)
        : null;
}
