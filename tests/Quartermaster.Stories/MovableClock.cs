namespace Quartermaster.Stories;

/// <summary>The time of day, and days that a story lets pass at once. Timers ring by the real clock.</summary>
public sealed class MovableClock : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);
}
