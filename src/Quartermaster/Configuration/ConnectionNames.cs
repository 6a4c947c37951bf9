using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Configuration;

/// <summary>The connections that are configured, by what brands need to know of them: resolves references by key.</summary>
/// <param name="known">Key → brand and connector; each is null when it is itself misspelt, which is reported where it stands.</param>
internal sealed class ConnectionNames(IReadOnlyDictionary<string, (string? Brand, IConnector? Connector)> known)
{
    /// <summary>The connection that a key refers to: it exists, belongs to the brand and can do what is asked of it.</summary>
    public string? Refer(Section section, string key, string brand, Capability needed)
    {
        if (section.Find(key) is not { } written)
            return null;
        if (!known.TryGetValue(written.Text, out var target))
            written.IsWrong($"there is no connection '{written.Text}'", NearestWord.Hint(written.Text, [.. known.Keys], "Add it under connections."));
        else if (target.Brand is not null && target.Brand != brand)
            written.IsWrong($"the connection '{written.Text}' belongs to the brand '{target.Brand}'", $"Give {brand} a connection of its own under connections.");
        else if (target.Connector is { Manifest: var manifest } && !manifest.Capabilities.Contains(needed))
            written.IsWrong($"the connection '{written.Text}' ({manifest.Title}) cannot be used for {needed.ToString().ToLowerInvariant()}", Suggest(brand, needed));
        else
            return written.Text;
        return null;
    }

    /// <summary>The same, of a connection whose connector also does this kind of effect.</summary>
    public string? ReferToDo(Section section, string key, string brand, Capability needed, string effectKind, string cannot)
    {
        if (Refer(section, key, brand, needed) is not { } found) return null;
        if (known[found].Connector is not { Manifest: var manifest } || manifest.Does.Contains(effectKind)) return found;
        section.Find(key)!.IsWrong($"the connection '{found}' ({manifest.Title}) {cannot}", "Name a connection that does.");
        return null;
    }

    /// <summary>The connector of a connection; null when it is misspelt, which is reported where it stands.</summary>
    public IConnector? ConnectorOf(string key) => known.GetValueOrDefault(key).Connector;

    /// <summary>What the remote system behind a connection is called; the key itself when that is not known.</summary>
    public string TitleOf(string connection) => known.GetValueOrDefault(connection).Connector?.Manifest.Title ?? connection;

    /// <summary>The brand's connections that can do something.</summary>
    public IReadOnlyList<string> Able(string brand, Capability needed) =>
        [.. known.Where(k => k.Value.Brand == brand && k.Value.Connector?.Manifest.Capabilities.Contains(needed) == true).Select(k => k.Key)];

    /// <summary>The brand's connections that do such effects.</summary>
    public IReadOnlyList<string> Doing(string brand, string effectKind) => [.. known.Where(k => k.Value.Brand == brand && k.Value.Connector?.Manifest.Does.Contains(effectKind) == true).Select(k => k.Key)];

    /// <summary>Some connection of the brand tells scans by the parcel's number alone.</summary>
    public bool ScanByNumber(string brand) => known.Any(k => k.Value.Brand == brand && k.Value.Connector?.Manifest.ScansByNumber == true);

    /// <summary>The brand's connections that are asked where parcels are.</summary>
    public IReadOnlyList<TrackerTerms> Trackers(string brand) =>
        [.. from k in known
            where k.Value.Brand == brand && k.Value.Connector?.Manifest.TrackBatch > 0
            select new TrackerTerms(k.Key, k.Value.Connector!.Manifest.Carriers)];

    private string Suggest(string brand, Capability needed)
    {
        var able = Able(brand, needed);
        return able.Count > 0 ? $"These can: {string.Join(", ", able)}." : $"Add a connection of {brand} that can.";
    }
}
