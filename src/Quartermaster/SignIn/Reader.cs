using System.Security.Claims;
using System.Text;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Risk;

namespace Quartermaster.SignIn;

/// <summary>What somebody may do; each role may do what the one before it may.</summary>
public enum Role
{
    /// <summary>Sees everything of its brands.</summary>
    Viewer,

    /// <summary>Works on single orders: hold, lift, cancel, correct, replay.</summary>
    Agent,

    /// <summary>Works on many at once, on stock, and on the switches.</summary>
    Lead,

    /// <summary>Sets modes, makes operators and keys, sees the audit log of everybody.</summary>
    Admin,
}

/// <summary>Who is looking, and what they may see: a person with a session or a program with a key.</summary>
/// <param name="Who">As the audit log has it: <c>mara</c>, <c>key/returns-portal</c>.</param>
/// <param name="Brands">Brands they may see; every query is given these and nothing else.</param>
/// <param name="Everywhere">True when they are not limited to some brands; needed for what touches all brands at once.</param>
public sealed record Reader(string Who, Role Role, IReadOnlyList<string> Brands, bool Everywhere)
{
    public bool May(Role needed) => Role >= needed;

    public bool Sees(string brand) => Brands.Contains(brand, StringComparer.Ordinal);

    /// <summary>A text as they may see it: the links by which shoppers answer for their order are for those who may do that themselves.</summary>
    public string? Shown(string? text) => text is null || May(Role.Agent) ? text : ShopperLinks.Hidden(text);

    /// <summary>The same of a stored body.</summary>
    public byte[] Shown(byte[] body)
    {
        if (May(Role.Agent)) return body;
        var text = Encoding.UTF8.GetString(body);
        // What holds no link keeps its bytes, be they text or not.
        return ShopperLinks.Hidden(text) is var shown && shown != text ? Encoding.UTF8.GetBytes(shown) : body;
    }

    /// <summary>The one brand when it is named and seen; all seen brands when none is named; none when it is not theirs.</summary>
    public IReadOnlyList<string> Narrow(string? brand) => string.IsNullOrEmpty(brand) ? Brands : Sees(brand) ? [brand] : [];
}

/// <summary>Turns the signed-in principal into a <see cref="Reader"/>.</summary>
public static class Readers
{
    public const string RoleClaim = "role";
    public const string BrandClaim = "brand";
    public const string EverywhereClaim = "everywhere";

    /// <param name="who">As the audit log tells it; the titles of keys need not differ.</param>
    /// <param name="id">Of nobody else.</param>
    public static ClaimsIdentity Identity(string scheme, string who, string id, string role, string[]? brands)
    {
        var identity = new ClaimsIdentity(scheme, ClaimTypes.Name, RoleClaim);
        identity.AddClaim(new(ClaimTypes.Name, who));
        identity.AddClaim(new(ClaimTypes.NameIdentifier, id));
        identity.AddClaim(new(RoleClaim, role));
        if (brands is null) identity.AddClaim(new(EverywhereClaim, "true"));
        else identity.AddClaims(brands.Select(b => new Claim(BrandClaim, b)));
        return identity;
    }

    /// <exception cref="InvalidOperationException">Nobody is signed in; the endpoint lacks its authorization.</exception>
    public static Reader Of(ClaimsPrincipal user, HubPlan plan)
    {
        if (user.Identity?.IsAuthenticated != true) throw new InvalidOperationException("This needs somebody who is signed in.");
        var everywhere = user.HasClaim(c => c.Type == EverywhereClaim);
        var own = user.FindAll(BrandClaim).Select(c => c.Value).ToHashSet(StringComparer.Ordinal);
        var brands = plan.Brands.Keys.Where(b => everywhere || own.Contains(b)).Order(StringComparer.Ordinal).ToArray();
        return new(user.Identity.Name!, RoleOf(user.FindFirst(RoleClaim)?.Value), brands, everywhere);
    }

    // An unknown role may look and nothing else.
    public static Role RoleOf(string? text) => Enum.TryParse<Role>(text, ignoreCase: true, out var role) && Enum.IsDefined(role) ? role : Role.Viewer;

    public static string Text(this Role role) => role.ToString().ToLowerInvariant();
}
