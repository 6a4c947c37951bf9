using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.Slack;

/// <summary>Posts the operators' alerts into a Slack channel, by bot token or by incoming webhook.</summary>
/// <remarks>Slack is only spoken to, so there is no inbound file: what people answer in the channel stays there.</remarks>
public sealed class SlackConnector : IConnector
{
    public Manifest Manifest { get; } = new()
    {
        Key = "slack",
        Title = "Slack",
        Capabilities = [Capability.Alerts],
        Does = [MessageReports.Alert],
        RepeatSafety = RepeatSafety.Once,
        // About one message a second into one channel, with short bursts tolerated.
        Limits = new(Batch: 1, Concurrency: 1, PerSecond: 1, Burst: 5),
        Documentation = "https://api.slack.com/methods/chat.postMessage",
        Settings =
        [
            new("token", "Bot token (xoxb-…) with chat:write. This and channel, or webhook_url.", Required: false, Secret: true),
            new("channel", "Id or name of the channel: C0123456789 or #orders. The app must have been invited.", Required: false),
            new("webhook_url", "Address of an incoming webhook, in place of token and channel.", Required: false, Secret: true),
            new("base_url", "Address of the Web API.", Required: false, Default: SlackApi.Home),
            RepeatUnsure.Setting,
        ],
    };

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var redactor = RedactorFor(session.Settings);
        return Separately.DoAsync(batch, work => work.Effect is MessageEffect.Alert alert
            ? PostAsync(session, redactor, alert, cancel)
            : Task.FromResult(Unsupported.By("Slack", work)));
    }

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => Separately.GuardedAsync(async () =>
    {
        var redactor = RedactorFor(session.Settings);
        if (UsesWebhook(session.Settings))
        {
            var refused = await SlackApi.PostToWebhookAsync(session, redactor, "{}"u8.ToArray(), cancel).ConfigureAwait(false);
            return new Result(SlackAnswers.JudgeWebhookTest(refused), refused.Exchange);
        }
        var answer = await SlackApi.TestTokenAsync(session, redactor, cancel).ConfigureAwait(false);
        return new Result(SlackAnswers.JudgeApi(answer, reads: true), answer.Exchange);
    });

    private static async Task<Result> PostAsync(Session session, Redactor redactor, MessageEffect.Alert alert, CancellationToken cancel)
    {
        if (UsesWebhook(session.Settings))
        {
            var hooked = await SlackApi.PostToWebhookAsync(session, redactor, SlackOutbound.Body(alert, null), cancel).ConfigureAwait(false);
            return new Result(SlackAnswers.JudgeWebhook(hooked), hooked.Exchange);
        }
        var answer = await SlackApi.PostMessageAsync(session, redactor, SlackOutbound.Body(alert, session.Settings["channel"]), cancel).ConfigureAwait(false);
        return new Result(SlackAnswers.JudgeApi(answer), answer.Exchange);
    }

    private static bool UsesWebhook(Settings settings) => settings.Find("webhook_url") is not null;

    private Redactor RedactorFor(Settings settings) => SecretAddress.Redactor(Manifest, settings, "webhook_url");
}
