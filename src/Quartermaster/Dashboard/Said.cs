namespace Quartermaster.Dashboard;

/// <summary>What the last click came to, shown once on the page it leads back to. A leading <c>!</c> marks a complaint.</summary>
internal static class Said
{
    private const string Cookie = "qm_said";

    public static void Set(HttpContext context, string text) => context.Response.Cookies.Append(Cookie, Uri.EscapeDataString(text.Length > 500 ? text[..500] : text),
        new() { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromSeconds(30), Secure = context.Request.IsHttps, Path = "/" });

    public static string? Take(HttpContext context)
    {
        if (context.Request.Headers.ContainsKey("HX-Request") || !context.Request.Cookies.TryGetValue(Cookie, out var text) || string.IsNullOrEmpty(text)) return null;
        if (!context.Response.HasStarted) context.Response.Cookies.Delete(Cookie);
        return Uri.UnescapeDataString(text);
    }
}
