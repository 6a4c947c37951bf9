using System.Collections.Concurrent;
using System.Text;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Runtime.Tests.Machine;

/// <summary>A remote system in memory: remembers what was done under which key, answers as the test says.</summary>
public sealed class FakeConnector : IConnector
{
    public ConcurrentQueue<Work> Calls { get; } = new();
    public ConcurrentDictionary<string, int> DoneByKey { get; } = new();
    public ConcurrentQueue<Work> LookUps { get; } = new();

    /// <summary>What to answer; the default does the work.</summary>
    public Func<Work, Outcome> Answer { get; set; } = _ => new Outcome.Done("remote");
    public Func<Work, Outcome> LookUpAnswer { get; set; } = _ => new Outcome.TryLater("not there");

    /// <summary>Works that cannot begin when they are to be done.</summary>
    public Func<Work, bool> NotNow { get; set; } = _ => false;
    public Func<CancellationToken, Task>? Before { get; set; }
    public RepeatSafety Safety { get; set; } = RepeatSafety.ByKey;
    public Limits Limits { get; set; } = new(Batch: 10, Concurrency: 4);
    public Settings Settings { get; set; } = Settings.Empty;
    public TimeSpan CallLimit { get; set; } = TimeSpan.FromSeconds(30);

    public Manifest Manifest => new()
    {
        Polls = true, Key = "fake", Title = "Fake", Capabilities = [Capability.Warehouse], Settings = [], Limits = Limits, RepeatSafety = Safety, CallLimit = CallLimit, Documentation = "none",
        Does = [.. Wire.All.Where(t => t.IsAssignableTo(typeof(Effect))).Select(Wire.KindOf)],
    };

    public Knock Receive(Session session, Delivery delivery) => Knock.Refuse;

    /// <summary>Bodies of the tests: <c>poison</c> cannot be read, <c>crash</c> throws, anything else means nothing.</summary>
    public Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) => Encoding.UTF8.GetString(body.Span) switch
    {
        "poison" => throw new NotUnderstoodException("fake.poison", "this body is poison"),
        "crash" => throw new InvalidOperationException("the reader has a bug"),
        _ => Reading.Ignored("nothing in it"),
    };

    /// <summary>What a poll finds.</summary>
    public List<Found> Changed { get; } = [];

    public IAsyncEnumerable<Found> PollAsync(Session session, DateTimeOffset since, CancellationToken cancel) => Changed.ToAsyncEnumerable();

    public async Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        if (Before is not null) await Before(cancel);
        return [.. batch.Select(work =>
        {
            if (NotNow(work)) return Result.NotNow("the budget is used up", TimeSpan.FromMilliseconds(50));
            Calls.Enqueue(work);
            var outcome = Answer(work);
            if (outcome is Outcome.Done) DoneByKey.AddOrUpdate(work.Key, 1, (_, n) => n + 1);
            return new Result(outcome, new Exchange("request " + work.Key, "answer"));
        })];
    }

    public Task<Result> LookUpAsync(Session session, Work work, CancellationToken cancel)
    {
        LookUps.Enqueue(work);
        return Task.FromResult(new Result(LookUpAnswer(work), new Exchange("look-up", "")));
    }

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => Task.FromResult(new Result(new Outcome.Done(), Exchange.None));
}
