using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Twilio;

/// <summary>The calls to Twilio's API of 2010.</summary>
internal static class TwilioApi
{
    public const string Home = "https://api.twilio.com";

    // Newest first; more than one shopper is ever sent while a message is in doubt.
    private const int Listed = 50;

    public static async Task<Answer> SendAsync(Session session, Redactor redactor, string form, CancellationToken cancel)
    {
        using var request = Request(session, HttpMethod.Post, "/Messages.json");
        request.Content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");
        return await Remote.AskAsync(session.Http, request, form, redactor, cancel).ConfigureAwait(false);
    }

    /// <summary>What was sent to a number lately. Not by <c>DateSent</c>: a message that still waits at Twilio has none and would be missed.</summary>
    public static async Task<Answer> ListAsync(Session session, Redactor redactor, string to, CancellationToken cancel)
    {
        using var request = Request(session, HttpMethod.Get, $"/Messages.json?To={Uri.EscapeDataString(to)}&PageSize={Listed}");
        return await Remote.AskAsync(session.Http, request, "", redactor, cancel).ConfigureAwait(false);
    }

    public static async Task<Answer> LookAtAccountAsync(Session session, Redactor redactor, CancellationToken cancel)
    {
        using var request = Request(session, HttpMethod.Get, ".json");
        return await Remote.AskAsync(session.Http, request, "", redactor, cancel).ConfigureAwait(false);
    }

    private static HttpRequestMessage Request(Session session, HttpMethod method, string rest)
    {
        var (settings, account) = (session.Settings, session.Settings["account_sid"]);
        var request = new HttpRequestMessage(method, new Uri($"{settings.Get("base_url", Home).TrimEnd('/')}/2010-04-01/Accounts/{Uri.EscapeDataString(account)}{rest}"));
        request.Headers.Authorization = BasicKey.Of(account, settings["auth_token"]);
        return request;
    }
}
