namespace Quartermaster.Runtime.Partitions;

/// <summary>From which number on a worker reads each of its partitions: what was decided a moment ago is dead in the index, and need not be walked again.</summary>
/// <remarks>
/// Numbers are given before the commit, so a lower one may come to light after a higher one was read, by as long as a transaction takes. The mark therefore
/// follows at a distance, and now and then everything is read from the start: nothing that is ready is passed over for longer than that, however busy the hub is.
/// </remarks>
internal sealed class LowMarks(TimeProvider clock)
{
    /// <summary>A group commit on a busy machine takes tens of milliseconds; the mark stays behind what was read by one to two of these.</summary>
    private static readonly TimeSpan Distance = TimeSpan.FromMilliseconds(250);

    /// <summary>Whatever comes later than that waits for this.</summary>
    private static readonly TimeSpan FromTheStart = TimeSpan.FromSeconds(2);

    private readonly long[] _start = new long[Core.Kernel.StreamId.Partitions];
    private readonly long[] _marks = new long[Core.Kernel.StreamId.Partitions];
    private readonly long[] _before = new long[Core.Kernel.StreamId.Partitions];
    private readonly long[] _read = new long[Core.Kernel.StreamId.Partitions];
    private long _movedAt = clock.GetTimestamp();
    private long _startedAt = clock.GetTimestamp();

    /// <summary>The lowest number to read, by partition. For one read: the next one may begin elsewhere.</summary>
    public long[] ToRead()
    {
        var now = clock.GetTimestamp();
        if (clock.GetElapsedTime(_startedAt, now) >= FromTheStart)
        {
            _startedAt = now;
            return _start;
        }
        if (clock.GetElapsedTime(_movedAt, now) >= Distance)
        {
            _movedAt = now;
            _before.CopyTo(_marks, 0);
            _read.CopyTo(_before, 0);
        }
        return _marks;
    }

    /// <summary>It was read and is decided: it is in <c>ready</c> no more.</summary>
    public void Decided(short part, long seq)
    {
        if (seq >= _read[part]) _read[part] = seq + 1;
    }

    /// <summary>Something old is ready again in a partition, or may be: it is read from its start.</summary>
    public void Forget(short part) => _marks[part] = _before[part] = _read[part] = 0;

    public void ForgetAll()
    {
        for (short part = 0; part < _marks.Length; part++) Forget(part);
    }
}
