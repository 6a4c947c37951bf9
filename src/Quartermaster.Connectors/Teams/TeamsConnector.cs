using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.Teams;

/// <summary>Posts the operators' alerts into a Teams channel or chat through a Workflows address.</summary>
/// <remarks>Teams is only spoken to, so there is no inbound file. The old Office 365 connectors are not supported: Microsoft has retired them.</remarks>
public sealed class TeamsConnector : IConnector
{
    public Manifest Manifest { get; } = new()
    {
        Key = "teams",
        Title = "Microsoft Teams",
        Capabilities = [Capability.Alerts],
        Does = [MessageReports.Alert],
        RepeatSafety = RepeatSafety.Once,
        // More than four posts a second are throttled.
        Limits = new(Batch: 1, Concurrency: 1, PerSecond: 2, Burst: 4),
        Documentation = "https://learn.microsoft.com/connectors/teams/#microsoft-teams-webhook",
        Settings =
        [
            new("workflow_url", "Address of the workflow 'Post to a channel when a webhook request is received'. Whoever knows it may post.", Secret: true),
            new("base_url", "Put in place of the workflow's host; for the sandbox and for proxies.", Required: false),
            RepeatUnsure.Setting,
        ],
    };

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel) =>
        Separately.DoAsync(batch, work => work.Effect is MessageEffect.Alert alert
            ? PostAsync(session, alert, cancel)
            : Task.FromResult(Unsupported.By("Teams", work)));

    /// <summary>A workflow can only be started, so the test posts a small card that says what it is.</summary>
    public Task<Result> TestAsync(Session session, CancellationToken cancel) =>
        Separately.GuardedAsync(() => PostAsync(session,
            new MessageEffect.Alert("Quartermaster can post here", $"Connection test of {session.Connection}. Nothing to do.", null, "info"), cancel));

    private async Task<Result> PostAsync(Session session, MessageEffect.Alert alert, CancellationToken cancel)
    {
        var redactor = SecretAddress.Redactor(Manifest, session.Settings, "workflow_url");
        var answer = await TeamsApi.PostAsync(session, redactor, TeamsOutbound.Body(alert), cancel).ConfigureAwait(false);
        return new Result(TeamsAnswers.Judge(answer), answer.Exchange);
    }
}
