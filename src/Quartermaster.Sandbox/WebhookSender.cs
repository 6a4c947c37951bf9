using System.Net.Http.Headers;

namespace Quartermaster.Sandbox;

/// <summary>Delivers twins' webhooks: at least once, in no promised order.</summary>
/// <remarks>A delivery is a task that sleeps between attempts; there is no loop that looks for work.</remarks>
public sealed class WebhookSender : IWebhookSender, IAsyncDisposable
{
    private const int Attempts = 12;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly TimeProvider clock;
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim connections = new(64);
    private readonly HttpClient http;
    private readonly Lock gate = new();
    private int underWay;
    private TaskCompletionSource? allDone;
    private long givenUp;

    public WebhookSender(TimeProvider clock)
    {
        this.clock = clock;
        http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
    }

    /// <summary>Deliveries that found no taker in all their attempts.</summary>
    public long GivenUp => Interlocked.Read(ref givenUp);

    public void Send(TwinContext from, string path, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, TimeSpan delay = default)
    {
        var address = new Uri(path.Length == 0 ? from.Callback.ToString() : $"{from.Callback.ToString().TrimEnd('/')}/{path.TrimStart('/')}");
        if (Random.Shared.NextDouble() < from.Faults.Lose) return;
        if (Random.Shared.NextDouble() < from.Faults.Reorder) delay += TimeSpan.FromMilliseconds(300 + Random.Shared.Next(1200));
        Begin(address, body, headers, delay);
        // A third of the doubles come at the same moment, the rest soon after.
        if (Random.Shared.NextDouble() < from.Faults.Duplicate)
            Begin(address, body, headers, delay + (Random.Shared.Next(3) == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Random.Shared.Next(50, 800))));
    }

    public Task DeliveredAsync(CancellationToken cancel)
    {
        lock (gate)
        {
            if (underWay == 0) return Task.CompletedTask;
            allDone ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return allDone.Task.WaitAsync(cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        try
        {
            await DeliveredAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A hub that holds its answer back must not hold up the end.
        }
        http.Dispose();
        connections.Dispose();
        stopping.Dispose();
    }

    private void Begin(Uri address, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, TimeSpan delay)
    {
        lock (gate)
        {
            if (stopping.IsCancellationRequested) return;
            underWay++;
        }
        _ = DeliverAsync(address, body, headers, delay);
    }

    private async Task DeliverAsync(Uri address, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, TimeSpan delay)
    {
        try
        {
            // Leaves the caller's request at once, and its locks with it.
            await Task.Yield();
            if (delay > TimeSpan.Zero) await Task.Delay(delay, clock, stopping.Token).ConfigureAwait(false);
            var pause = FirstPause;
            for (var attempt = 1; attempt <= Attempts; attempt++)
            {
                if (await TryAsync(address, body, headers).ConfigureAwait(false)) return;
                await Task.Delay(pause, clock, stopping.Token).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            Interlocked.Increment(ref givenUp);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The box is closed.
        }
        finally
        {
            lock (gate)
            {
                if (--underWay == 0)
                {
                    allDone?.TrySetResult();
                    allDone = null;
                }
            }
        }
    }

    private async Task<bool> TryAsync(Uri address, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers)
    {
        await connections.WaitAsync(stopping.Token).ConfigureAwait(false);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            foreach (var (name, value) in headers)
                if (!request.Headers.TryAddWithoutValidation(name, value))
                {
                    request.Content.Headers.Remove(name);
                    request.Content.Headers.TryAddWithoutValidation(name, value);
                }
            using var response = await http.SendAsync(request, stopping.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            connections.Release();
        }
    }
}
