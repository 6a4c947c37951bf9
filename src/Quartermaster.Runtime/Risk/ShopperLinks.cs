using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Runtime.Risk;

/// <summary>What a shopper's link opens. One kind does not open another.</summary>
public enum LinkKind
{
    /// <summary>The question whether a cash order is wanted, with its address.</summary>
    Confirm,

    /// <summary>The page on which an order is followed. It is shown around, and the question holds an address.</summary>
    Page,

    /// <summary>The end of a brand's marketing at one e-mail address.</summary>
    Unsubscribe,

    /// <summary>A document that the hub keeps: for a warehouse's printer, not for a shopper.</summary>
    Paper,
}

/// <summary>Addresses for people and machines without an account here: whoever has one may answer for that order, or that e-mail address, or fetch that document, and nothing else.</summary>
/// <remarks>Nothing is kept per link. It holds an HMAC-SHA256, cut to 128 bits, with the hub's own secret; whether an answer is still waited for, the order says.</remarks>
public sealed partial class ShopperLinks(Database database, Uri? address)
{
    private const string SecretKey = "link.secret";
    private const string PaperKind = "paper";
    private const byte ProofKind = 255;
    private const int MacBytes = 16;
    private const int MacLength = 22;
    private const int Longest = 500;

    private byte[]? _secret;

    /// <summary>Reads the secret; before that there are no links.</summary>
    public async Task OpenAsync(CancellationToken cancel)
    {
        await using var read = database.General.CreateCommand("SELECT value FROM hub_value WHERE key = $1");
        if (await read.With(Columns.Text(SecretKey)).ExecuteScalarAsync(cancel) is not string secret) throw new InvalidOperationException($"The database has no {SecretKey}; it was not made by this hub's migrations.");
        _secret = Encoding.UTF8.GetBytes(secret);
        if (address is null) return;
        var root = address.GetLeftPart(UriPartial.Path).TrimEnd('/');
        To = order => $"{root}/confirm/{TokenOf(order)}";
        PageOf = order => $"{root}/t/{TokenOf(order, LinkKind.Page)}";
        PaperOf = (brand, name) => $"{root}/paper/{TokenOf(new(brand, PaperKind, name), LinkKind.Paper)}";
        Unsubscribe = (brand, mailbox) => $"{root}/unsubscribe/{TokenOf(ContactPoint.Of(ContactPoint.Email, mailbox).On(brand), LinkKind.Unsubscribe)}";
    }

    /// <summary>The address of an order; null where nobody outside reaches this hub.</summary>
    public Func<StreamId, string>? To { get; private set; }

    /// <summary>Where the shopper of an order follows it; null where nobody outside reaches this hub.</summary>
    public Func<StreamId, string>? PageOf { get; private set; }

    /// <summary>Where a kept document is fetched; null where nobody outside reaches this hub.</summary>
    public Func<string, string, string>? PaperOf { get; private set; }

    /// <summary>Where the reader of a brand's mail at an e-mail address unsubscribes; null where nobody outside reaches this hub.</summary>
    public Func<string, string, string>? Unsubscribe { get; private set; }

    /// <summary>A text without the links in it, for whoever may look at what was sent and not answer in the shopper's name.</summary>
    /// <remarks>Half a link holds its whole proof, and mails break lines: all that follows the page's address goes, over soft line breaks too.</remarks>
    public static string Hidden(string text)
    {
        var whole = SoftBreak().Replace(text, "");
        return Link().IsMatch(whole) ? Link().Replace(whole, "$1…") : text;
    }

    [GeneratedRegex("=\\r?\\n")]
    private static partial Regex SoftBreak();

    // As it stands in a text, in JSON that escapes slashes, and inside another address. Other shops' pages may begin with a t; a proof is longer than what follows there.
    [GeneratedRegex("(?<=/|%2F)((?:confirm|unsubscribe|(?:t|paper)(?=(?:\\\\?/|%2F)[A-Za-z0-9_-]{20}))(?:\\\\?/|%2F))[A-Za-z0-9_-]+", RegexOptions.IgnoreCase)]
    private static partial Regex Link();

    public string TokenOf(StreamId of, LinkKind kind = LinkKind.Confirm)
    {
        var named = Encoding.UTF8.GetBytes($"{of.Brand}/{of.Id}");
        return Mac((byte)kind, named) + Base64Url.EncodeToString(named);
    }

    /// <summary>Says of a text that this hub wrote it for that brand; opens nothing, as no link is of that kind.</summary>
    public string ProofOf(string brand, string what) => Mac(ProofKind, Encoding.UTF8.GetBytes($"{brand}/{what}"));

    private string Mac(byte kind, byte[] what)
    {
        byte[] signed = [kind, .. what];
        return Base64Url.EncodeToString(HMACSHA256.HashData(_secret ?? throw new InvalidOperationException("The links are not open yet."), signed).AsSpan(0, MacBytes));
    }

    /// <summary>The order, the contact point or the document that a link is for; null when it is none of ours, or of another kind.</summary>
    public StreamId? Read(string token, LinkKind kind = LinkKind.Confirm)
    {
        if (token.Length is <= MacLength or > Longest || !Base64Url.IsValid(token.AsSpan(MacLength))) return null;
        var named = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.AsSpan(MacLength)));
        if (named.IndexOf('/', StringComparison.Ordinal) is not (> 0 and var slash)) return null;
        var of = new StreamId(named[..slash], kind switch { LinkKind.Unsubscribe => ContactPoint.Stream, LinkKind.Paper => PaperKind, _ => "order" }, named[(slash + 1)..]);
        // The whole text is compared, so that an order has one link of a kind and not several that decode to the same.
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(TokenOf(of, kind))) ? of : null;
    }
}
