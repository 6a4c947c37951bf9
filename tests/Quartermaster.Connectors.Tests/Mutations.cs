namespace Quartermaster.Connectors.Tests;

/// <summary>Bodies that were damaged on their way or written by somebody who does not follow the vendor's documents.</summary>
internal static class Mutations
{
    /// <summary>The same mutations at every run, so that a failure can be seen again.</summary>
    public static IEnumerable<byte[]> Of(byte[] original, int runs)
    {
        var random = new Random(20260302);
        byte[][] dictionary = ["\"\\u0000\""u8.ToArray(), [0], Deep(80), Deep(500), [(byte)'"', .. Enumerable.Repeat((byte)'x', 5_000), (byte)'"'], "\"9999-12-31T23:59:59Z\""u8.ToArray(), "\"0001-01-01T00:00:00+14:00\""u8.ToArray(), "null"u8.ToArray(), "{}"u8.ToArray(), "[]"u8.ToArray(), "-1"u8.ToArray(), "1e400"u8.ToArray(), "79000000000000000000000000000"u8.ToArray(), "\"\\ud800\""u8.ToArray(), "true"u8.ToArray(), "\"\""u8.ToArray(), "\""u8.ToArray(), "-2147483648"u8.ToArray()];
        for (var run = 0; run < runs; run++)
        {
            var body = original.ToList();
            for (var n = random.Next(1, 4); n > 0 && body.Count > 0; n--)
            {
                var at = random.Next(body.Count);
                switch (random.Next(6))
                {
                    case 3: body.RemoveRange(at, body.Count - at); break;
                    case 0: body[at] = (byte)random.Next(256); break;
                    case 1: body.RemoveRange(at, Math.Min(random.Next(1, 30), body.Count - at)); break;
                    case 2: body.InsertRange(at, dictionary[random.Next(dictionary.Length)]); break;
                    default: ReplaceValue(body, at, dictionary[random.Next(dictionary.Length)]); break;
                }
            }
            yield return [.. body];
        }
    }

    private static byte[] Deep(int levels) => [.. Enumerable.Repeat((byte)'[', levels), .. Enumerable.Repeat((byte)']', levels)];

    // Puts a value of another type behind the next colon.
    private static void ReplaceValue(List<byte> body, int from, byte[] value)
    {
        var colon = body.IndexOf((byte)':', from);
        if (colon < 0) return;
        var end = body.FindIndex(colon, b => b is (byte)',' or (byte)'}' or (byte)'\n');
        if (end < 0) return;
        body.RemoveRange(colon + 1, end - colon - 1);
        body.InsertRange(colon + 1, value);
    }
}
