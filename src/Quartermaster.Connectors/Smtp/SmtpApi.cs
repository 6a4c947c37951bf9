using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Smtp;

/// <summary>One conversation with a mail server over a socket (RFC 5321, 3207, 4954); the only file that opens one.</summary>
/// <remarks>A batch of mails goes through one conversation. Nothing is pipelined, so it is always known what a reply belongs to.</remarks>
internal sealed class SmtpApi : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // The server may check and store before it answers to the final dot; hanging up early is what makes mails arrive twice.
    private static readonly TimeSpan ContentPatience = TimeSpan.FromMinutes(2);

    private static readonly byte[] FinalDot = ".\r\n"u8.ToArray();

    private readonly SmtpServer server;
    private readonly Socket socket;
    private Stream stream;
    private readonly byte[] buffer = new byte[4096];
    private int start, end;
    private HashSet<string> offers = [];

    private SmtpApi(SmtpServer server, Socket socket)
    {
        (this.server, this.socket) = (server, socket);
        stream = new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>What was said since the last mail began, secrets left out.</summary>
    public StringBuilder Transcript { get; } = new();

    /// <summary>The server closed or fell silent; the next mail needs a new conversation.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Connects, encrypts and logs in.</summary>
    /// <returns>A conversation ready for mail, or the reason why there is none.</returns>
    public static async Task<(SmtpApi? Talk, Outcome? Trouble, string Transcript)> OpenAsync(SmtpServer server, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var talk = (SmtpApi?)null;
        try
        {
            using (var limit = Limit(Patience, cancel)) await socket.ConnectAsync(server.Host, server.Port, limit.Token).ConfigureAwait(false);
            talk = new SmtpApi(server, socket);
            var trouble = await talk.BeginAsync(cancel).ConfigureAwait(false);
            if (trouble is null) return (talk, null, talk.Transcript.ToString());
            await talk.DisposeAsync().ConfigureAwait(false);
            return (null, trouble, talk.Transcript.ToString());
        }
        catch (Exception e) when (IsBroken(e))
        {
            socket.Dispose();
            var said = talk?.Transcript.ToString() ?? "";
            return e is AuthenticationException
                ? (null, new Outcome.NotConnected($"No trusted encryption with {server.Host}: {e.Message}"), said)
                : (null, new Outcome.TryLater($"No conversation with {server.Host}:{server.Port}: {Why(e)}"), said);
        }
    }

    public async Task<Outcome> SendAsync(SmtpMail mail, CancellationToken cancel)
    {
        var contentSent = false;
        try
        {
            if (mail.NeedsUtf8 && !offers.Contains("SMTPUTF8")) return new Outcome.Refused("no_smtputf8", "The server takes no addresses with letters outside ASCII.");
            var size = offers.Contains("SIZE") ? $" SIZE={mail.Content.Length}" : "";
            var sender = await SayAsync($"MAIL FROM:<{mail.Sender}>{size}{(mail.NeedsUtf8 ? " SMTPUTF8" : "")}", cancel).ConfigureAwait(false);
            if (!sender.IsPositive) return await GiveUpAsync(SmtpStage.Sender, sender, mail, cancel).ConfigureAwait(false);
            var (named, refused) = await NameRecipientsAsync(mail, cancel).ConfigureAwait(false);
            if (named == 0) return await GiveUpAsync(SmtpStage.Recipient, refused!, mail, cancel).ConfigureAwait(false);
            var go = await SayAsync("DATA", cancel).ConfigureAwait(false);
            if (go.Code != 354) return await GiveUpAsync(SmtpStage.DataCommand, go, mail, cancel).ConfigureAwait(false);
            using var limit = Limit(ContentPatience, cancel);
            await stream.WriteAsync(SmtpMime.DotStuffed(mail.Content.Span), limit.Token).ConfigureAwait(false);
            // Until here the server cannot have the whole message, whatever happens; from the next byte on it can.
            contentSent = true;
            await stream.WriteAsync(FinalDot, limit.Token).ConfigureAwait(false);
            var taken = await HearAsync(ContentPatience, limit.Token).ConfigureAwait(false);
            IsOver = taken.Code == 421;
            return SmtpAnswers.Judge(SmtpStage.Content, taken, mail.MessageId);
        }
        catch (Exception e) when (IsBroken(e))
        {
            IsOver = true;
            return SmtpAnswers.Broken(contentSent, Why(e));
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Politeness only: whatever comes of it, the mails are settled.
            if (!IsOver) await stream.WriteAsync("QUIT\r\n"u8.ToArray()).ConfigureAwait(false);
        }
        catch (Exception e) when (IsBroken(e))
        {
            IsOver = true;
        }
        await stream.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<Outcome?> BeginAsync(CancellationToken cancel)
    {
        if (server.Security == SmtpSecurity.Tls) await EncryptAsync(cancel).ConfigureAwait(false);
        var greeting = await HearAsync(Patience, cancel).ConfigureAwait(false);
        if (!greeting.IsPositive) return SmtpAnswers.Judge(SmtpStage.Greeting, greeting, "");
        if (await GreetAsync(cancel).ConfigureAwait(false) is { } unheard) return unheard;
        if (server.Security == SmtpSecurity.StartTls)
        {
            // Never on without encryption: a man in the middle only has to hide the offer.
            if (!offers.Contains("STARTTLS")) return new Outcome.NotConnected($"{server.Host} does not offer STARTTLS; set security to tls, or to none for a relay of your own.");
            var ready = await SayAsync("STARTTLS", cancel).ConfigureAwait(false);
            if (!ready.IsPositive) return SmtpAnswers.Judge(SmtpStage.Encryption, ready, "");
            // Whatever came before the handshake was not the server's: somebody put it into the plain part.
            if (start != end) return new Outcome.NotConnected($"{server.Host} sent more than its reply to STARTTLS: the connection is being tampered with.");
            await EncryptAsync(cancel).ConfigureAwait(false);
            if (await GreetAsync(cancel).ConfigureAwait(false) is { } unheardAgain) return unheardAgain;
        }
        return server.User is null ? null : await LogInAsync(server.User, server.Password ?? "", cancel).ConfigureAwait(false);
    }

    private async Task EncryptAsync(CancellationToken cancel)
    {
        var secure = new SslStream(stream, leaveInnerStreamOpen: false, (_, certificate, _, errors) => server.Trusts(certificate, errors));
        stream = secure;
        using var limit = Limit(Patience, cancel);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = server.Host }, limit.Token).ConfigureAwait(false);
    }

    private async Task<Outcome?> GreetAsync(CancellationToken cancel)
    {
        // RFC 5321 asks for the client's name, or its address in brackets where it has none that the world knows.
        var local = (socket.LocalEndPoint as System.Net.IPEndPoint)?.Address;
        local = local is { IsIPv4MappedToIPv6: true } ? local.MapToIPv4() : local;
        var name = local is { AddressFamily: AddressFamily.InterNetworkV6 } ? $"[IPv6:{local}]" : $"[{local}]";
        var reply = await SayAsync($"EHLO {name}", cancel).ConfigureAwait(false);
        offers = reply.IsPositive
            ? [.. reply.Text.Split('\n').Skip(1).SelectMany(Offer)]
            : [];
        if (reply.Code is 500 or 502) reply = await SayAsync($"HELO {name}", cancel).ConfigureAwait(false);
        return reply.IsPositive ? null : SmtpAnswers.Judge(SmtpStage.Hello, reply, "");
    }

    // "AUTH PLAIN LOGIN" becomes AUTH, AUTH PLAIN and AUTH LOGIN.
    private static IEnumerable<string> Offer(string line)
    {
        var words = line.ToUpperInvariant().Split([' ', '='], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? [] : words.Skip(1).Select(w => $"{words[0]} {w}").Prepend(words[0]);
    }

    private async Task<Outcome?> LogInAsync(string user, string password, CancellationToken cancel)
    {
        SmtpReply reply;
        if (offers.Contains("AUTH PLAIN"))
        {
            reply = await SayAsync($"AUTH PLAIN {Base64($"\0{user}\0{password}")}", cancel, "AUTH PLAIN " + Redactor.Mark).ConfigureAwait(false);
        }
        else if (offers.Contains("AUTH LOGIN"))
        {
            reply = await SayAsync("AUTH LOGIN", cancel).ConfigureAwait(false);
            if (reply.Code == 334) reply = await SayAsync(Base64(user), cancel, Redactor.Mark).ConfigureAwait(false);
            if (reply.Code == 334) reply = await SayAsync(Base64(password), cancel, Redactor.Mark).ConfigureAwait(false);
        }
        else
        {
            return new Outcome.NotConnected($"{server.Host} offers neither AUTH PLAIN nor AUTH LOGIN{(server.Security == SmtpSecurity.None ? " without encryption" : "")}.");
        }
        return reply.Code == 235 ? null : SmtpAnswers.Judge(SmtpStage.Login, reply, "");
    }

    private async Task<(int Taken, SmtpReply? Refused)> NameRecipientsAsync(SmtpMail mail, CancellationToken cancel)
    {
        var taken = 0;
        var refused = (SmtpReply?)null;
        foreach (var recipient in mail.Recipients)
        {
            var reply = await SayAsync($"RCPT TO:<{recipient}>", cancel).ConfigureAwait(false);
            if (reply.IsPositive) taken++;
            else refused ??= reply;
        }
        return (taken, refused);
    }

    private async Task<Outcome> GiveUpAsync(SmtpStage stage, SmtpReply reply, SmtpMail mail, CancellationToken cancel)
    {
        try
        {
            // 421: the server is closing. Otherwise RSET clears the table for the next mail.
            IsOver = reply.Code == 421 || !(await SayAsync("RSET", cancel).ConfigureAwait(false)).IsPositive;
        }
        catch (Exception e) when (IsBroken(e))
        {
            IsOver = true;
        }
        return SmtpAnswers.Judge(stage, reply, mail.MessageId);
    }

    /// <param name="shown">What the transcript shows in place of a secret.</param>
    private async Task<SmtpReply> SayAsync(string command, CancellationToken cancel, string? shown = null)
    {
        Transcript.Append("C: ").AppendLine(shown ?? command);
        using (var limit = Limit(Patience, cancel)) await stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), limit.Token).ConfigureAwait(false);
        return await HearAsync(Patience, cancel).ConfigureAwait(false);
    }

    private async Task<SmtpReply> HearAsync(TimeSpan patience, CancellationToken cancel)
    {
        using var limit = Limit(patience, cancel);
        var text = new StringBuilder();
        for (var lines = 1; ; lines++)
        {
            var line = await ReadLineAsync(limit.Token).ConfigureAwait(false);
            Transcript.Append("S: ").AppendLine(line);
            var (code, more, rest) = SmtpReply.ParseLine(line);
            if (lines > 1) text.Append('\n');
            text.Append(rest);
            if (!more) return new SmtpReply(code, text.ToString());
            if (lines >= 100) throw new InvalidDataException("The reply does not end.");
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken cancel)
    {
        while (true)
        {
            var found = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (found >= 0)
            {
                var line = Encoding.UTF8.GetString(buffer, start, found).TrimEnd('\r');
                start += found + 1;
                return line;
            }
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }
            if (end == buffer.Length) throw new InvalidDataException("A line of the reply is too long.");
            var read = await stream.ReadAsync(buffer.AsMemory(end), cancel).ConfigureAwait(false);
            if (read == 0) throw new EndOfStreamException("the server closed the connection");
            end += read;
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static CancellationTokenSource Limit(TimeSpan patience, CancellationToken cancel)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        return limit;
    }

    private static bool IsBroken(Exception e) =>
        e is IOException or SocketException or InvalidDataException or OperationCanceledException or AuthenticationException or ObjectDisposedException;

    private static string Why(Exception e) => e is OperationCanceledException ? "no reply in time, or stopped" : e.Message;
}
