using Microsoft.AspNetCore.Antiforgery;
using Npgsql;
using Quartermaster.Runtime;
using Quartermaster.SignIn;

namespace Quartermaster.Dashboard.Actions;

/// <summary>In and out of the door.</summary>
internal static class SignInActions
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/do/sign-in", async (HttpContext context, IAntiforgery antiforgery, Operators operators, SignInThrottle throttle) =>
        {
            var fields = await FieldsAsync(context, antiforgery);
            if (fields is null) return Back(context, "/sign-in", "!The page had been open for too long. Please try again.");
            var (name, password, address) = (fields["name"].ToString().Trim(), fields["password"].ToString(), context.Connection.RemoteIpAddress?.ToString() ?? "");
            var again = "/sign-in?back=" + Uri.EscapeDataString(Forms.Back(fields["back"]));
            if (name.Contains('\0') || password.Length > 200) return Back(context, again, "!Name or password is wrong.");
            if (!throttle.IsOpen(name, address)) return Back(context, again, "!Too many wrong passwords. Wait a quarter of an hour.");
            if (await operators.SignInAsync(name, password, context.RequestAborted) is not { } token)
            {
                throttle.Failed(name, address);
                return Back(context, again, "!Name or password is wrong.");
            }

            throttle.Succeeded(name);
            SessionDoor.Give(context, token);
            return Results.Redirect(Forms.Back(fields["back"]));
        }).AllowAnonymous().DisableAntiforgery();

        routes.MapPost("/do/sign-in/demo", async (HttpContext context, IAntiforgery antiforgery, Operators operators, HubPlan plan) =>
        {
            if (!plan.IsDemo) return Results.NotFound();
            if (await FieldsAsync(context, antiforgery) is not { } fields) return Back(context, "/sign-in", "!The page had been open for too long. Please try again.");
            SessionDoor.Give(context, await operators.SignInAsDemoAsync(context.RequestAborted));
            return Results.Redirect(Forms.Back(fields["back"]));
        }).AllowAnonymous().DisableAntiforgery();

        routes.MapPost("/do/set-up/{token}", async (string token, HttpContext context, IAntiforgery antiforgery, NpgsqlDataSource database, TimeProvider clock) =>
        {
            var here = "/set-up/" + Uri.EscapeDataString(token);
            if (await FieldsAsync(context, antiforgery) is not { } fields) return Back(context, here, "!The page had been open for too long. Please try again.");
            var (name, password) = (fields["name"].ToString().Trim(), fields["password"].ToString());
            if ((Operators.NameComplaint(name) ?? Passwords.Complaint(password, name)) is { } complaint) return Back(context, here, "!" + complaint);
            if (await SetupLink.UseAsync(database, clock, token, name, password, context.RequestAborted) is not { } session) return Back(context, here, "!The link no longer works, or the name is taken.");
            SessionDoor.Give(context, session);
            return Results.Redirect("/");
        }).AllowAnonymous().DisableAntiforgery();

        routes.MapPost("/do/sign-out", async (HttpContext context, IAntiforgery antiforgery, Operators operators) =>
        {
            if (await FieldsAsync(context, antiforgery) is null) return Results.Redirect("/");
            if (context.Request.Cookies.TryGetValue(SessionDoor.Cookie, out var token) && token is { Length: > 0 }) await operators.SignOutAsync(token, context.RequestAborted);
            context.Response.Cookies.Delete(SessionDoor.Cookie);
            return Results.Redirect("/sign-in");
        }).AllowAnonymous().DisableAntiforgery();
    }

    private static async Task<IFormCollection?> FieldsAsync(HttpContext context, IAntiforgery antiforgery) =>
        context.Request.HasFormContentType && await antiforgery.IsRequestValidAsync(context) ? await context.Request.ReadFormAsync(context.RequestAborted) : null;

    private static IResult Back(HttpContext context, string to, string said)
    {
        Said.Set(context, said);
        return Results.Redirect(to);
    }
}
