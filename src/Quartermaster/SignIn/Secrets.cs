using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Quartermaster.SignIn;

/// <summary>Passwords as salted hashes: PBKDF2, HMAC-SHA512, 210,000 rounds (OWASP's figure for it).</summary>
public static class Passwords
{
    public const int ShortestLength = 12;

    private static readonly PasswordHasher<string> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));

    // Verified against when the name is unknown, so that the time of the answer does not tell which names exist.
    private static readonly string Nobody = Hash("no operator has this password");

    public static string Hash(string password) => Hasher.HashPassword("", password);

    public static bool Matches(string? hash, string password)
    {
        var usable = hash is { Length: > 20 };
        var result = Hasher.VerifyHashedPassword("", usable ? hash! : Nobody, password);
        return usable && result != PasswordVerificationResult.Failed;
    }

    /// <summary>What is wrong with a new password; null when nothing is.</summary>
    public static string? Complaint(string? password, string name) => password switch
    {
        null or { Length: < ShortestLength } => $"Use at least {ShortestLength} characters; a short sentence is a good password.",
        { Length: > 200 } => "Use at most 200 characters.",
        _ when password.Contains(name, StringComparison.OrdinalIgnoreCase) && name.Length > 2 => "Leave your name out of it.",
        _ when password.Distinct().Count() < 5 => "Use more than a few different characters.",
        _ => null,
    };
}

/// <summary>Random tokens: the bearer has the text, the database only its hash.</summary>
public static class Tokens
{
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
