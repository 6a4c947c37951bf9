using Quartermaster.Core.Codes;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Flows;

/// <summary>What a new meaning of a code would do to an order.</summary>
public enum OrderFate
{
    Untouched,

    /// <summary>It would read the code anew.</summary>
    Changes,

    /// <summary>A warehouse has it, or it has left: it keeps what it has.</summary>
    Keeps,
}

/// <summary>Foretells what a word about a code would do, by the rules that decide it.</summary>
/// <param name="Channel">Empty = all channels that are not in <paramref name="Others"/>.</param>
/// <param name="Parts">None = nobody knows it any more.</param>
/// <param name="Others">Channels that have a meaning of their own.</param>
public sealed record MeaningChange(string Code, string Channel, IReadOnlyList<Part> Parts, IReadOnlyCollection<string> Others)
{
    public bool Concerns(string channel) => Channel == channel || (Channel == Meaning.AllChannels && !Others.Contains(channel));

    public OrderFate Of(OrderFile file)
    {
        if (file.Order is not { Ended: false, Facts: { } facts } order || !Concerns(facts.Channel)) return OrderFate.Untouched;
        foreach (var line in facts.Lines)
        {
            if (line.Sku != Code || !line.RequiresShipping || line.Quantity <= 0 || order.MeantOf(line.LineId) is { ByPerson: true }) continue;
            var now = order.MeantOf(line.LineId)?.Parts ?? [new(Code, 1)];
            if (!Part.Same(now, Parts)) return WhenCodesAreReadPlanAgain.Keeps(file, Code) ? OrderFate.Keeps : OrderFate.Changes;
        }
        return OrderFate.Untouched;
    }
}
