using System.Security.Cryptography;
using System.Text;

namespace Quartermaster.Runtime.Customers;

/// <summary>What stands for an address once its person was erased: the same address always gets the same one, and nobody can read it back without the hub's salt and a guess.</summary>
/// <remarks>Kept so that somebody who said no and was erased is still not written to, and so that an erasure can be shown to whoever names the address again.</remarks>
public sealed class Pseudonyms(Database database)
{
    private byte[]? _salt;

    public async ValueTask<byte[]> SaltAsync(CancellationToken cancel)
    {
        if (_salt is { } known) return known;
        await using var read = database.General.CreateCommand("SELECT value FROM hub_value WHERE key = 'erasure.salt'");
        return _salt = Encoding.UTF8.GetBytes((string)(await read.ExecuteScalarAsync(cancel))!);
    }

    /// <returns><c>erased:</c> and 128 bits of HMAC-SHA256 over brand and address.</returns>
    public static string Of(byte[] salt, string brand, string address) =>
        "erased:" + Convert.ToHexStringLower(HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(brand + "\n" + address)).AsSpan(0, 16));
}
