using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Quartermaster.Runtime.Risk;

/// <summary>Makes of a device, a card, a network or a name what may be kept of it: an HMAC-SHA256 with a key of the brand's own, so that nothing can be compared across brands.</summary>
/// <remarks>There are few enough addresses of the internet to try them all: whoever has the whole database with the hub's secret can. Without the secret nobody can.</remarks>
public sealed class TraitHash(Database database, HubPlan plan)
{
    private const string SecretKey = "trait.secret";
    private const int Kept = 16;

    private byte[]? _secret;

    /// <summary>Reads the secret; before that nothing can be hashed.</summary>
    public async Task OpenAsync(CancellationToken cancel)
    {
        await using var read = database.General.CreateCommand("SELECT value FROM hub_value WHERE key = $1");
        if (await read.With(Columns.Text(SecretKey)).ExecuteScalarAsync(cancel) is not string secret) throw new InvalidOperationException($"The database has no {SecretKey}; it was not made by this hub's migrations.");
        _secret = Encoding.UTF8.GetBytes(secret);
    }

    /// <summary>How a brand's traits are hashed; null where it does not count what orders share.</summary>
    public Func<string, string>? Of(string brand) => plan.Brands.TryGetValue(brand, out var found) && found.Terms.Risk is { Velocity.Count: > 0 }
        ? what => Base64Url.EncodeToString(Hash(brand, what).AsSpan(0, Kept))
        : null;

    /// <summary>The same as a number, for what is only counted: different names, addresses, places. Zero where nothing is said.</summary>
    public long NumberOf(string brand, string kind, string what) => Plain(what) is { Length: > 0 } plain ? BinaryPrimitives.ReadInt64BigEndian(Hash(brand, $"{kind}|{plain}")) : 0;

    private byte[] Hash(string brand, string what) =>
        HMACSHA256.HashData(_secret ?? throw new InvalidOperationException("The hub's secret has not been read yet."), Encoding.UTF8.GetBytes($"{brand}\n{what}"));

    /// <summary>Words without case, marks and order: <c>RAO, Asha</c> is <c>asha rao</c>.</summary>
    private static string Plain(string what)
    {
        var letters = new StringBuilder(what.Length);
        foreach (var c in what) letters.Append(char.IsLetterOrDigit(c) || c == '@' ? char.ToLowerInvariant(c) : ' ');
        return string.Join(' ', letters.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }
}
