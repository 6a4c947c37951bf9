using System.Collections.Concurrent;

namespace Quartermaster.SignIn;

/// <summary>Slows down guessing: after five wrong passwords for a name, or twenty from one address, each quarter of an hour.</summary>
/// <remarks>Counted per process: with several, a guesser gets that many tries at each, which is still nothing against 12 characters.</remarks>
public sealed class SignInThrottle(TimeProvider clock)
{
    private const int PerName = 5;
    private const int PerAddress = 20;
    private const int Remembered = 10_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, (int Failures, DateTimeOffset Since)> _failures = new(StringComparer.Ordinal);

    public bool IsOpen(string name, string address) => Count("name/" + name) < PerName && Count("address/" + address) < PerAddress;

    public void Failed(string name, string address)
    {
        if (_failures.Count > Remembered)
        {
            foreach (var (key, value) in _failures)
                if (value.Since + Window < clock.GetUtcNow()) _failures.TryRemove(key, out _);
        }

        Add("name/" + name);
        Add("address/" + address);
    }

    public void Succeeded(string name) => _failures.TryRemove("name/" + name, out _);

    private int Count(string key) => _failures.TryGetValue(key, out var seen) && seen.Since + Window > clock.GetUtcNow() ? seen.Failures : 0;

    private void Add(string key) => _failures.AddOrUpdate(key, _ => (1, clock.GetUtcNow()),
        (_, seen) => seen.Since + Window > clock.GetUtcNow() ? (seen.Failures + 1, seen.Since) : (1, clock.GetUtcNow()));
}
