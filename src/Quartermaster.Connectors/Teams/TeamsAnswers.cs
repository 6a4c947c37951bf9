using System.Globalization;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Teams;

/// <summary>Answer → outcome. A workflow answers for itself: 202 says that it was started, not that the card was posted.</summary>
internal static class TeamsAnswers
{
    public static Outcome Judge(Answer answer) => answer.Status switch
    {
        // The run's id is all there is to find it by in the workflow's history.
        >= 200 and < 300 => new Outcome.Done(answer.Header("x-ms-workflow-run-id")),
        // The workflow was deleted, switched off, or its address made anew.
        401 or 403 or 404 or 410 => new Outcome.NotConnected($"The workflow's address is not accepted ({answer.Status}): copy it again from Teams."),
        // From the kept answer, which has been cleaned: an error page may repeat the address, and that is the credential.
        400 or 413 => new Outcome.Refused(answer.Status.ToString(CultureInfo.InvariantCulture), Remote.Shorten(answer.Exchange.Answer, 300)),
        _ => answer.Usual()!,
    };
}
