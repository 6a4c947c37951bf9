using Npgsql;

namespace Quartermaster.Runtime.Lanes;

/// <summary>Hands out effect ids from blocks of a sequence, so that an effect has its id before it is written.</summary>
public sealed class EffectIds(Database database)
{
    public const int BlockSize = 1000;

    /// <summary>Milliseconds after which a block is not used up any more.</summary>
    private const long OldBlock = 3_600_000;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _next;
    private long _end;
    private long _takenAt;

    /// <summary>Fills the span with fresh ids, rising.</summary>
    public async ValueTask TakeAsync(long[] ids, CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            for (var i = 0; i < ids.Length; i++)
            {
                // An old block is let go: its numbers belong to a part of the log that may be past its time.
                if (_next == _end || Environment.TickCount64 - _takenAt > OldBlock)
                {
                    await using var command = database.Engine.CreateCommand("SELECT nextval('effect_block')");
                    var block = (long)(await command.ExecuteScalarAsync(cancel))!;
                    (_next, _end) = (block * BlockSize, (block + 1) * BlockSize);
                    _takenAt = Environment.TickCount64;
                }
                ids[i] = _next++;
            }
        }
        finally
        {
            _gate.Release();
        }
    }
}
