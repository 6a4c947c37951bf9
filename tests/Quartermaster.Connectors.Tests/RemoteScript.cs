using System.Net;
using System.Text;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Tests;

/// <summary>The remote system in a test: answers that were written down before, and every request that was made. A call nobody expected fails the test.</summary>
internal sealed class RemoteScript
{
    private readonly Queue<Func<HttpResponseMessage>> answers = [];

    public List<Heard> Requests { get; } = [];

    public RemoteScript Answer(int status, string body = "", params (string Name, string Value)[] headers)
    {
        answers.Enqueue(() =>
        {
            var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            foreach (var (name, value) in headers) response.Headers.TryAddWithoutValidation(name, value);
            return response;
        });
        return this;
    }

    public RemoteScript Fail(HttpRequestError error) => Throw(new HttpRequestException(error));

    public RemoteScript Throw(Exception exception)
    {
        answers.Enqueue(() => throw exception);
        return this;
    }

    /// <summary>A session of brand <c>aurora</c> that can reach nothing but this script.</summary>
    public Session Session(string connection, params (string Key, string Value)[] settings) => new(
        "aurora", connection, new Settings(settings.ToDictionary(s => s.Key, s => s.Value)), "", new Dictionary<string, string>(),
        new HttpClient(new Handler(this)), new Midday());

    internal sealed record Heard(string Line, string Body, IReadOnlyDictionary<string, string> Headers);

    private sealed class Handler(RemoteScript script) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            script.Requests.Add(new Heard($"{request.Method} {request.RequestUri!.AbsoluteUri}", body,
                request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase)));
            return script.answers.TryDequeue(out var answer) ? answer() : throw new InvalidOperationException($"Nobody wrote down an answer to {request.Method} {request.RequestUri}.");
        }
    }

    /// <summary>2026-11-21 12:00:00 UTC, always.</summary>
    private sealed class Midday : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    }
}
