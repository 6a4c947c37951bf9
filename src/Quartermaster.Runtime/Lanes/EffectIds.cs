using Npgsql;

namespace Quartermaster.Runtime.Lanes;

/// <summary>Hands out effect ids from blocks of a sequence, so that an effect has its id before it is written.</summary>
public sealed class EffectIds(Database database)
{
    public const int BlockSize = 1000;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _next;
    private long _end;

    /// <summary>Fills the span with fresh ids, rising.</summary>
    public async ValueTask TakeAsync(long[] ids, CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            for (var i = 0; i < ids.Length; i++)
            {
                if (_next == _end)
                {
                    await using var command = database.Engine.CreateCommand("SELECT nextval('effect_block')");
                    var block = (long)(await command.ExecuteScalarAsync(cancel))!;
                    (_next, _end) = (block * BlockSize, (block + 1) * BlockSize);
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
