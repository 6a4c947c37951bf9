using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.__Name__;

/// <summary>What an answer of __Name__ means: answer → outcome. Pure.</summary>
internal static class __Name__Answers
{
    public static Outcome Sent(Answer answer) => (answer.Usual(), answer.Status) switch
    {
        // Our key was seen before, even if that first call timed out on our side: it is done.
        (_, 409) => new Outcome.AlreadyDone(),
        ({ } trouble, _) => trouble,
        _ => new Outcome.Done(),
    };
}
