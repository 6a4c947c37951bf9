using System.Globalization;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>A mail server in a box, on a free port of the loopback.</summary>
/// <remarks>
/// Mail to <c>refused.example</c> is refused with 550 5.1.1, mail to <c>later.example</c> put off with 451. The fault knobs work
/// here too: put off instead of a 429 or 500, taken and silent for the 500 after the work, hung up for a reset.
/// </remarks>
[TwinOf("smtp")]
public sealed class SmtpTwin(TwinContext context) : ITwin, IAsyncDisposable
{
    private readonly Outbox outbox = new(context.Clock);
    private SmtpSink? sink;

    /// <summary>What went out, newest first.</summary>
    public IReadOnlyList<Sent> Messages => outbox.Newest();

    public void Map(IEndpointRouteBuilder routes)
    {
        var login = context.Settings.TryGetValue("user", out var user) ? (user, context.Settings.GetValueOrDefault("password", "")) : ((string, string)?)null;
        sink = new SmtpSink(0, new SinkBehaviour(Take, Login: login, Instead: Instead,
            BeforeEachReply: () => context.Faults.Latency > TimeSpan.Zero ? Task.Delay(context.Faults.Latency, context.Clock) : Task.CompletedTask));
        routes.MapOutbox("E-mail", context, outbox);
    }

    // Whatever server and encryption are configured: a sandboxed connection must not reach the real one.
    public IReadOnlyDictionary<string, string> Way(Uri address) => new Dictionary<string, string>
    {
        ["host"] = "127.0.0.1",
        ["port"] = sink!.Port.ToString(CultureInfo.InvariantCulture),
        ["security"] = "none",
    };

    public ValueTask DisposeAsync() => sink?.DisposeAsync() ?? ValueTask.CompletedTask;

    private string? Instead(string line)
    {
        if (line.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase) && line.Contains("@refused.example>", StringComparison.OrdinalIgnoreCase)) return "550 5.1.1 no such mailbox";
        if (line.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase) && line.Contains("@later.example>", StringComparison.OrdinalIgnoreCase)) return "451 4.7.1 greylisted, come back later";
        if (!line.StartsWith("MAIL", StringComparison.OrdinalIgnoreCase)) return null;
        if (Happens(context.Faults.TooMany) || Happens(context.Faults.FailBefore)) return "451 4.3.0 try again later";
        return Happens(context.Faults.Reset / 2) ? "" : null;
    }

    private string Take(SinkMail mail)
    {
        var text = MailText.Of(mail.Content);
        // A mail server does not look at Message-ID; the page shows both copies of a repeated mail.
        var message = outbox.Keep("", string.Join(", ", mail.Recipients), text.Header("Subject"), text.Text.TrimEnd(), "sent").Message;
        return Happens(context.Faults.FailAfter) || Happens(context.Faults.Reset / 2) ? "" : $"250 2.0.0 kept as {message.Id}";
    }

    private static bool Happens(double probability) => probability > 0 && Random.Shared.NextDouble() < probability;
}
