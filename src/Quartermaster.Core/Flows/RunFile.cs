using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Core.Flows;

/// <summary>A customer as campaigns follow them: where they are in each, and what was said by which channel.</summary>
public sealed record RunFile(Runs Runs, Correspondence Messages)
{
    public static readonly RunFile Empty = new(Runs.None, Correspondence.Silent);

    private const int KeptMessages = 60;

    internal RunFile After(Event e) => e switch
    {
        RunEvent x => this with { Runs = RunDecider.Evolve(Runs, x) },
        MessageEvent x => this with { Messages = Newest(MessageDecider.Evolve(Messages, x)) },
        _ => throw new InvalidOperationException($"{e.GetType().Name} is not an event of a customer's campaigns."),
    };

    private static Correspondence Newest(Correspondence said) => said.All is { Count: > KeptMessages } all ? said with { All = [.. all.TakeLast(KeptMessages)] } : said;
}
