using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Quartermaster.SignIn;

/// <summary>Carries a new API key to the one page that shows it, sealed in a cookie that the page takes away again.</summary>
internal sealed class FreshKey(IDataProtectionProvider protection)
{
    private const string Cookie = "qm_fresh";

    private readonly ITimeLimitedDataProtector _seal = protection.CreateProtector("fresh-key").ToTimeLimitedDataProtector();

    public void Keep(HttpContext context, string key) => context.Response.Cookies.Append(Cookie, _seal.Protect(key, TimeSpan.FromMinutes(1)),
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/settings/keys", MaxAge = TimeSpan.FromMinutes(1) });

    public string? Take(HttpContext context)
    {
        if (!context.Request.Cookies.TryGetValue(Cookie, out var sealedKey)) return null;
        context.Response.Cookies.Delete(Cookie, new() { Path = "/settings/keys" });
        try { return _seal.Unprotect(sealedKey); }
        catch (CryptographicException) { return null; }
    }
}
