using System.Globalization;
using System.IO.Compression;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Routing;
using Quartermaster.Runtime.Routing;

namespace Quartermaster.Import;

/// <summary>Takes in where postal codes lie, from the postal code files of GeoNames: one country or several, as text or still zipped.</summary>
/// <remarks>
/// Tab-separated in UTF-8 without a header: country, postal code, place, three levels of administration with their codes, latitude, longitude, accuracy
/// (download.geonames.org/export/zip, its readme). Several places share a code: it lies in their middle. A country that is imported again is replaced.
/// </remarks>
/// <param name="table">Null for a dry run.</param>
public sealed class PostcodeImport(PostcodeTable? table, ImportReport report, TimeProvider clock)
{
    private const int Fields = 12, Latitude = 9, Longitude = 10;

    private readonly Dictionary<string, Dictionary<string, (double Latitude, double Longitude, int Places)>> _countries = [];

    /// <summary>Reads one file; nothing is stored before <see cref="StoreAsync"/>.</summary>
    public async Task ReadAsync(string file, Stream stream, CancellationToken cancel)
    {
        if (!file.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            await RowsAsync(file, stream, cancel);
            return;
        }
        ZipArchive zip;
        try { zip = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancel); }
        catch (InvalidDataException e) { throw new ImportRefusedException($"{file} is no zip file: {e.Message}"); }
        await using (zip)
        {
            foreach (var entry in zip.Entries.Where(e => e.Name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) && !e.Name.Equals("readme.txt", StringComparison.OrdinalIgnoreCase)))
            {
                await using var inside = await entry.OpenAsync(cancel);
                await RowsAsync($"{file}/{entry.Name}", inside, cancel);
            }
        }
    }

    /// <returns>How many codes each country has.</returns>
    public async Task<IReadOnlyList<(string Country, int Codes)>> StoreAsync(CancellationToken cancel)
    {
        foreach (var (country, codes) in _countries)
            if (table is not null) await table.ReplaceAsync(country, [.. codes.Select(c => (c.Key, new PostalPoints.Point((float)(c.Value.Latitude / c.Value.Places), (float)(c.Value.Longitude / c.Value.Places))))], clock.GetUtcNow(), cancel);
        return [.. _countries.Select(c => (c.Key, c.Value.Count)).OrderBy(c => c.Key, StringComparer.Ordinal)];
    }

    private async Task RowsAsync(string file, Stream stream, CancellationToken cancel)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        for (var line = 1; await reader.ReadLineAsync(cancel) is { } row; line++)
        {
            if (row.Length == 0) continue;
            var fields = row.Split('\t');
            if (fields.Length != Fields)
            {
                if (line == 1) throw new ImportRefusedException($"{file}:1: {fields.Length} fields instead of {Fields}. A postal code file of GeoNames is expected (download.geonames.org/export/zip), tab-separated and without a header.");
                Wrong(file, line, "wrong number of fields", $"{fields.Length} fields", $"A row has {Fields}, separated by tabs.");
            }
            else if (!Countries.IsKnown(fields[0])) Wrong(file, line, "unknown country", $"'{fields[0]}' is not a country", "Its ISO 3166 code in capitals stands first.");
            else if (PostalCode.Plain(fields[1]) is not { Length: > 0 } code) Wrong(file, line, "bad postal code", $"'{fields[1]}' is not a postal code", $"It has 1 to {PostalCode.Longest} letters and digits.");
            else if (Degrees(fields[Latitude], 90) is not { } latitude || Degrees(fields[Longitude], 180) is not { } longitude) Wrong(file, line, "bad place", $"'{fields[Latitude]}', '{fields[Longitude]}' is no place", "Latitude and longitude are degrees, such as 12.9716 and 77.5946.");
            else
            {
                if (!_countries.TryGetValue(fields[0], out var codes)) _countries[fields[0]] = codes = [];
                var (sumLatitude, sumLongitude, places) = codes.GetValueOrDefault(code);
                codes[code] = (sumLatitude + latitude, sumLongitude + longitude, places + 1);
            }
        }
    }

    private static double? Degrees(string text, int most) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var degrees) && Math.Abs(degrees) <= most ? degrees : null;

    private void Wrong(string file, int line, string category, string text, string right) => report.Add(new(file, line, NoteKind.Wrong, category, text, right));
}
