using System.Collections.Concurrent;
using Quartermaster.Connectors.Shared;

namespace Quartermaster.Connectors.Xero;

/// <summary>What one connection need not ask Xero twice: its access token and the ids of recent contacts. Lost at a restart, at no harm.</summary>
internal sealed class XeroMemory
{
    // Two generations of this many contacts: about 5 MB at most, and the ones in use survive.
    private const int Generation = 20_000;

    private volatile ConcurrentDictionary<string, string> young = new();
    private volatile ConcurrentDictionary<string, string> old = new();

    /// <summary>Held while contacts are made, so that two calls under way do not make the same one.</summary>
    public SemaphoreSlim MakingContacts { get; } = new(1, 1);

    public AccessTokens Tokens { get; } = new();

    public string? ContactId(string key)
    {
        if (young.TryGetValue(key, out var id)) return id;
        if (!old.TryGetValue(key, out id)) return null;
        Remember(key, id);
        return id;
    }

    public void Remember(string key, string contactId)
    {
        if (young.Count >= Generation)
        {
            old = young;
            young = new();
        }
        young[key] = contactId;
    }

    /// <summary>Forgets a contact that Xero would not bill: it may have been merged or archived there.</summary>
    public void Forget(string key)
    {
        young.TryRemove(key, out _);
        old.TryRemove(key, out _);
    }
}
