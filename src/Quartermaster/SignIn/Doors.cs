using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Quartermaster.Runtime;

namespace Quartermaster.SignIn;

/// <summary>A person with a session cookie.</summary>
internal sealed class SessionDoor(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, Operators operators, HubPlan plan)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string Name = "session";
    public const string Cookie = "qm_session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Request.Cookies.TryGetValue(Cookie, out var token) || string.IsNullOrEmpty(token)) return AuthenticateResult.NoResult();
        var found = await operators.OfSessionAsync(token, plan.IsDemo, Context.RequestAborted);
        return found is null
            ? AuthenticateResult.Fail("The session has ended.")
            : AuthenticateResult.Success(new(new ClaimsPrincipal(Readers.Identity(Name, found.Name, found.Name, found.Role, found.Brands)), Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // A fragment that refreshes itself must take the whole page to the sign-in, not put the sign-in into a corner of it.
        var back = HttpMethods.IsGet(Request.Method) && !Request.Headers.ContainsKey("HX-Request") ? Request.Path + Request.QueryString : "/";
        var address = "/sign-in?back=" + Uri.EscapeDataString(back);
        if (Request.Headers.ContainsKey("HX-Request"))
        {
            Response.StatusCode = StatusCodes.Status401Unauthorized;
            Response.Headers["HX-Redirect"] = "/sign-in";
        }
        else if (Request.Path == "/live") Response.StatusCode = StatusCodes.Status401Unauthorized;
        else Response.Redirect(address);
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    public static void Give(HttpContext context, string token) => context.Response.Cookies.Append(Cookie, token, new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        MaxAge = Operators.SessionLength,
        IsEssential = true,
        Path = "/",
    });
}

/// <summary>A program with a key: <c>Authorization: Bearer qm_…</c>.</summary>
internal sealed class KeyDoor(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string Name = "key";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer " + ApiKeys.Prefix, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        var found = await keys.OfAsync(header["Bearer ".Length..].Trim(), Context.RequestAborted);
        return found is null
            ? AuthenticateResult.Fail("The key is unknown, revoked or has expired.")
            : AuthenticateResult.Success(new(new ClaimsPrincipal(Readers.Identity(Name, $"key/{found.Title}", $"key/{found.Id}", found.Role, found.Brands)), Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer realm=\"quartermaster\"";
        return TypedResults.Problem(title: "Who is asking?", statusCode: StatusCodes.Status401Unauthorized,
            detail: "Send a key that is neither revoked nor expired as 'Authorization: Bearer qm_…'. Keys are made under Settings, API keys.").ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        TypedResults.Problem(title: "Not with this key", statusCode: StatusCodes.Status403Forbidden, detail: "The key's role does not reach that far.").ExecuteAsync(Context);
}
