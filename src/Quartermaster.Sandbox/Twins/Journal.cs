using System.Text.Json;

namespace Quartermaster.Sandbox.Twins;

/// <summary>What a twin has begun and not finished, kept in a file, so that a crash of the box loses no parcel.</summary>
/// <remarks>
/// One JSON line per beginning and per end; without a path it keeps nothing. Events are told under the same ids after a restart,
/// so what is told again is recognised as told before.
/// </remarks>
internal sealed class Journal<T> : IDisposable where T : class
{
    private readonly Lock gate = new();
    private readonly StreamWriter? file;
    private bool closed;

    public Journal(string? path)
    {
        if (string.IsNullOrEmpty(path)) return;
        var open = File.Exists(path) ? Read(path) : [];
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        // Rewritten beside and moved over: a crash in between leaves the old file whole.
        File.WriteAllLines(path + ".new", open.Select(o => JsonSerializer.Serialize(new Line(o.Key, o.Value))));
        File.Move(path + ".new", path, overwrite: true);
        file = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
        Unfinished = [.. open.Values];
    }

    /// <summary>What an earlier run had begun and not finished.</summary>
    public IReadOnlyList<T> Unfinished { get; } = [];

    public void Begin(string id, T what) => Write(new Line(id, what));

    public void End(string id) => Write(new Line(id, null));

    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            file?.Dispose();
        }
    }

    private void Write(Line line)
    {
        if (file is null) return;
        var text = JsonSerializer.Serialize(line);
        lock (gate)
        {
            // What is under way while the box closes is unfinished: the next box goes on with it.
            if (!closed) file.WriteLine(text);
        }
    }

    private static Dictionary<string, T> Read(string path)
    {
        var open = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var text in File.ReadLines(path))
        {
            Line? line;
            try
            {
                line = JsonSerializer.Deserialize<Line>(text);
            }
            catch (JsonException)
            {
                // The last line of a file that was being written to when the power went.
                continue;
            }
            if (line?.What is { } what) open[line.Id] = what;
            else if (line is not null) open.Remove(line.Id);
        }
        return open;
    }

    private sealed record Line(string Id, T? What);
}
