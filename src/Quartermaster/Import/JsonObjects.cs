using System.Buffers;
using System.Runtime.CompilerServices;

namespace Quartermaster.Import;

/// <summary>Cuts a stream of JSON into its objects with their line numbers, without building anything.</summary>
internal static class JsonObjects
{
    private const int LargestObject = 32 * 1024 * 1024;

    /// <exception cref="ImportRefusedException">One object is larger than any order.</exception>
    public static async IAsyncEnumerable<(int Line, ReadOnlyMemory<byte> Body)> SplitAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancel)
    {
        var chunk = new byte[64 * 1024];
        var count = await stream.ReadAtLeastAsync(chunk, 512, throwOnEndOfStream: false, cancel);
        var cutter = new Cutter(DepthOfObjects(chunk.AsSpan(0, count)));
        for (; count > 0; count = await stream.ReadAsync(chunk, cancel))
            for (var i = 0; i < count; i++)
                if (cutter.Take(chunk[i]))
                    yield return (cutter.Began, cutter.Cut());
        if (cutter.HasBegun)
            yield return (cutter.Began, cutter.Cut());
    }

    // Orders stand at depth 0 (one per line), 1 (in an array), or 2 (in the array of an API answer).
    private static int DepthOfObjects(ReadOnlySpan<byte> start)
    {
        var plain = new List<char>();
        foreach (var next in start)
            if (next > ' ' && next < 0x80 && plain.Count < 11)
                plain.Add((char)next);
        var opening = new string([.. plain]);
        return opening.StartsWith("{\"orders\":[", StringComparison.Ordinal) ? 2 : opening.StartsWith('[') ? 1 : 0;
    }

    private sealed class Cutter(int depthOfObjects)
    {
        private readonly ArrayBufferWriter<byte> _object = new(16 * 1024);
        private int _depth, _line = 1;
        private bool _inText, _escaped;

        public int Began { get; private set; }

        public bool HasBegun => _object.WrittenCount > 0;

        /// <returns>True when this byte ends an object.</returns>
        public bool Take(byte next)
        {
            if (next == '\n') _line++;
            if (!HasBegun)
            {
                if (next != '{' || _depth != depthOfObjects || _inText)
                {
                    Follow(next);
                    return false;
                }
                Began = _line;
            }
            if (_object.WrittenCount >= LargestObject)
                throw new ImportRefusedException($"The object that begins in line {Began} is larger than {LargestObject / 1024 / 1024} MB; this is not a file of orders.");
            _object.Write([next]);
            Follow(next);
            return next == '}' && _depth == depthOfObjects && !_inText;
        }

        public byte[] Cut()
        {
            var cut = _object.WrittenSpan.ToArray();
            _object.ResetWrittenCount();
            return cut;
        }

        private void Follow(byte next)
        {
            if (!_inText)
                (_inText, _depth) = next switch
                {
                    (byte)'"' => (true, _depth),
                    (byte)'{' or (byte)'[' => (false, _depth + 1),
                    (byte)'}' or (byte)']' => (false, _depth - 1),
                    _ => (false, _depth),
                };
            else if (_escaped)
                _escaped = false;
            else if (next == '\\')
                _escaped = true;
            else if (next == '"')
                _inText = false;
        }
    }
}
