using CsvHelper;

namespace Quartermaster.Import;

/// <summary>Counts what an import met, and writes every note to a file as it comes.</summary>
/// <param name="path">A CSV file with one row per note; made when there is a first one.</param>
public sealed class ImportReport(string path) : IAsyncDisposable
{
    private readonly SortedDictionary<(NoteKind Kind, string Category), int> _counts = [];
    private CsvWriter? _writer;

    public string Path => path;

    /// <summary>True once something was written to <see cref="Path"/>.</summary>
    public bool HasFile => _writer is not null;

    public IEnumerable<(NoteKind Kind, string Category, int Count)> Counts => _counts.Select(c => (c.Key.Kind, c.Key.Category, c.Value));

    public int Wrong => _counts.Where(c => c.Key.Kind == NoteKind.Wrong).Sum(c => c.Value);

    public void Add(ImportNote note)
    {
        var key = (note.Kind, note.Category);
        _counts[key] = _counts.GetValueOrDefault(key) + 1;
        _writer ??= Open();
        _writer.WriteField(note.File);
        _writer.WriteField(note.Line);
        _writer.WriteField(note.Kind.ToString().ToLowerInvariant());
        _writer.WriteField(note.Category);
        _writer.WriteField(note.Text);
        _writer.WriteField(note.Right);
        _writer.EndRecord();
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
            await _writer.DisposeAsync();
    }

    private CsvWriter Open()
    {
        // The texts come from somebody's file, and the report is opened in a spreadsheet.
        var writer = CsvWriter.ToFile(path, new() { Injection = CsvInjection.Escape });
        writer.WriteHeader("file", "line", "kind", "category", "what", "what would be right");
        return writer;
    }
}
