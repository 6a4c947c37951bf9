using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Quartermaster.Sandbox.Twins;

/// <summary>A mail as it came over the wire.</summary>
/// <param name="Content">Headers and body with the dots un-stuffed, one character per byte.</param>
/// <param name="Encrypted">It came over TLS.</param>
public sealed record SinkMail(string From, IReadOnlyList<string> Recipients, string Content, string? User, bool Encrypted);

/// <summary>How a <see cref="SmtpSink"/> behaves.</summary>
/// <param name="Certificate">With one, STARTTLS is offered.</param>
/// <param name="TlsFromTheStart">Encrypt before the greeting, as port 465 does.</param>
/// <param name="Login">User and password to ask for; null = none.</param>
/// <param name="LoginWays">What is announced behind AUTH.</param>
/// <param name="Instead">A reply to give in place of the usual one, seeing the command line; null = the usual one, empty = hang up.</param>
/// <param name="Take">Called with each complete mail; the reply to the final dot, empty = hang up without a word.</param>
public sealed record SinkBehaviour(
    Func<SinkMail, string> Take, X509Certificate2? Certificate = null, bool TlsFromTheStart = false, (string User, string Password)? Login = null,
    string LoginWays = "PLAIN LOGIN", Func<string, string?>? Instead = null, Func<Task>? BeforeEachReply = null);

/// <summary>A mail server that takes everything on a loopback port and delivers nothing.</summary>
/// <remarks>Closing waits for the conversations: whoever gave the certificate may dispose of it afterwards, and a handshake that still reads one that is gone takes the process down.</remarks>
public sealed class SmtpSink : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly SinkBehaviour behaviour;
    private readonly CancellationTokenSource closing = new();
    private readonly ConcurrentDictionary<Task, bool> talks = [];
    private readonly Task accepting;

    /// <param name="port">0 takes a free one.</param>
    public SmtpSink(int port, SinkBehaviour behaviour)
    {
        this.behaviour = behaviour;
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        // The door is taken away when nobody stands in it: a listener that is stopped between two conversations fails the next wait as a mistake of ours.
        await accepting.ConfigureAwait(false);
        listener.Dispose();
        await Task.WhenAll(talks.Keys).ConfigureAwait(false);
        closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        var token = closing.Token;
        try
        {
            while (true)
            {
                var talk = TalkAsync(await listener.AcceptTcpClientAsync(token).ConfigureAwait(false), token);
                talks[talk] = true;
                _ = talk.ContinueWith(over => talks.TryRemove(over, out _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task TalkAsync(TcpClient client, CancellationToken cancel)
    {
        using (client)
            try
            {
                Stream stream = client.GetStream();
                if (behaviour.TlsFromTheStart) stream = await EncryptAsync(behaviour, stream, cancel).ConfigureAwait(false);
                var talk = new SmtpSinkTalk(behaviour, stream, behaviour.TlsFromTheStart);
                await using (talk.ConfigureAwait(false)) await talk.RunAsync(cancel).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or System.Security.Authentication.AuthenticationException or ObjectDisposedException)
            {
                // The other side hung up, or did not trust the certificate; a mail server does not mind.
            }
    }

    internal static async Task<SslStream> EncryptAsync(SinkBehaviour behaviour, Stream stream, CancellationToken cancel)
    {
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = behaviour.Certificate }, cancel).ConfigureAwait(false);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}

/// <summary>One client's conversation.</summary>
internal sealed class SmtpSinkTalk(SinkBehaviour behaviour, Stream stream, bool encrypted) : IAsyncDisposable
{
    private StreamReader reader = ReaderOf(stream);
    private string? user;
    private string from = "";
    private List<string> recipients = [];

    // The stream may have become an encrypted one since, which closes the one below it.
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    public async Task RunAsync(CancellationToken cancel)
    {
        if (!await ReplyAsync(behaviour.Instead?.Invoke("") ?? "220 sandbox ESMTP", cancel).ConfigureAwait(false)) return;
        while (await reader.ReadLineAsync(cancel).ConfigureAwait(false) is { } line)
        {
            var reply = behaviour.Instead?.Invoke(line) ?? await UsualAsync(line, cancel).ConfigureAwait(false);
            if (!await ReplyAsync(reply, cancel).ConfigureAwait(false) || reply.StartsWith("221", StringComparison.Ordinal)) return;
            if (reply.StartsWith("220 go", StringComparison.Ordinal)) await EncryptAsync(cancel).ConfigureAwait(false);
        }
    }

    private async Task<string> UsualAsync(string line, CancellationToken cancel)
    {
        var command = line.Split(' ', 2)[0].ToUpperInvariant();
        switch (command)
        {
            case "EHLO": return Offers();
            case "HELO" or "NOOP": return "250 sandbox";
            case "STARTTLS": return behaviour.Certificate is null || encrypted ? "502 5.5.1 no" : "220 go ahead";
            case "AUTH": return await LogInAsync(line, cancel).ConfigureAwait(false);
            case "MAIL" when behaviour.Login is not null && user is null: return "530 5.7.0 authentication required";
            case "MAIL":
                (from, recipients) = (Bracketed(line), []);
                return "250 2.1.0 ok";
            case "RCPT":
                recipients.Add(Bracketed(line));
                return "250 2.1.5 ok";
            case "RSET":
                (from, recipients) = ("", []);
                return "250 2.0.0 ok";
            case "DATA" when recipients.Count == 0: return "503 5.5.1 no recipients";
            case "DATA":
                if (!await ReplyAsync("354 end with a dot", cancel).ConfigureAwait(false)) return "";
                return behaviour.Take(new SinkMail(from, recipients, await ContentAsync(cancel).ConfigureAwait(false), user, encrypted));
            case "QUIT": return "221 2.0.0 bye";
            default: return "500 5.5.2 unknown command";
        }
    }

    private string Offers()
    {
        var offers = new List<string> { "sandbox greets you", "SIZE 26214400", "8BITMIME", "ENHANCEDSTATUSCODES" };
        if (behaviour.Certificate is not null && !encrypted) offers.Add("STARTTLS");
        if (behaviour.Login is not null) offers.Add("AUTH " + behaviour.LoginWays);
        return string.Join("\r\n", offers.Select((o, i) => (i == offers.Count - 1 ? "250 " : "250-") + o));
    }

    private async Task<string> LogInAsync(string line, CancellationToken cancel)
    {
        string name, password;
        if (line.StartsWith("AUTH PLAIN ", StringComparison.OrdinalIgnoreCase))
        {
            var parts = Decoded(line[11..]).Split('\0');
            if (parts.Length != 3) return "501 5.5.2 malformed";
            (name, password) = (parts[1], parts[2]);
        }
        else
        {
            await ReplyAsync("334 VXNlcm5hbWU6", cancel).ConfigureAwait(false);
            name = Decoded(await reader.ReadLineAsync(cancel).ConfigureAwait(false) ?? "");
            await ReplyAsync("334 UGFzc3dvcmQ6", cancel).ConfigureAwait(false);
            password = Decoded(await reader.ReadLineAsync(cancel).ConfigureAwait(false) ?? "");
        }
        if (behaviour.Login != (name, password)) return "535 5.7.8 wrong user or password";
        user = name;
        return "235 2.7.0 welcome";
    }

    private async Task<string> ContentAsync(CancellationToken cancel)
    {
        var content = new StringBuilder();
        while (await reader.ReadLineAsync(cancel).ConfigureAwait(false) is { } line)
        {
            if (line == ".") return content.ToString();
            content.Append(line.StartsWith('.') ? line.AsSpan(1) : line).Append("\r\n");
        }
        throw new EndOfStreamException("The client left in the middle of a mail.");
    }

    private async Task<bool> ReplyAsync(string reply, CancellationToken cancel)
    {
        if (behaviour.BeforeEachReply is { } wait) await wait().ConfigureAwait(false);
        if (reply.Length == 0) return false;
        await stream.WriteAsync(Encoding.UTF8.GetBytes(reply + "\r\n"), cancel).ConfigureAwait(false);
        return true;
    }

    private async Task EncryptAsync(CancellationToken cancel)
    {
        stream = await SmtpSink.EncryptAsync(behaviour, stream, cancel).ConfigureAwait(false);
        (encrypted, reader) = (true, ReaderOf(stream));
    }

    // Latin-1 keeps every byte as one character, whatever the mail's own encoding is.
    private static StreamReader ReaderOf(Stream stream) => new(stream, Encoding.Latin1, false, 4096, leaveOpen: true);

    private static string Bracketed(string line) => line.IndexOf('<', StringComparison.Ordinal) is >= 0 and var open && line.IndexOf('>', StringComparison.Ordinal) is var close && close > open
        ? line[(open + 1)..close]
        : "";

    private static string Decoded(string base64)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(base64));
        }
        catch (FormatException)
        {
            return "";
        }
    }
}
