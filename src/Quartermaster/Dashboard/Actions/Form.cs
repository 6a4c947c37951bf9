using Microsoft.AspNetCore.Antiforgery;
using Quartermaster.SignIn;

namespace Quartermaster.Dashboard.Actions;

/// <summary>What a posted form said, and who posted it. Made only after the form's seal was checked.</summary>
internal sealed class Form(HttpContext context, IFormCollection fields, Reader reader)
{
    public Reader Reader { get; } = reader;

    public CancellationToken Cancel => context.RequestAborted;

    /// <exception cref="BadFormException">It is missing, too long, or holds what no text has.</exception>
    public string Text(string key, int most = 300) => Maybe(key, most) ?? throw new BadFormException($"“{key}” is missing.");

    public string? Maybe(string key, int most = 300)
    {
        var text = fields[key].ToString().Trim();
        if (text.Length > most) throw new BadFormException($"“{key}” is longer than {most} characters.");
        return text.Contains('\0') ? throw new BadFormException($"“{key}” holds a character that no text has.") : text.Length == 0 ? null : text;
    }

    public long Number(string key, long least, long most) =>
        long.TryParse(Text(key), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new BadFormException($"“{key}” is a whole number from {least} to {most}.");

    /// <returns>Null when it was left empty.</returns>
    public DateOnly? Day(string key) => Maybe(key) is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day) ? day : throw new BadFormException($"“{key}” is a day such as 2026-12-24.");

    public string[]? Several(string key) => fields[key] is { Count: > 0 } values ? [.. values.OfType<string>()] : null;

    /// <summary>Fields of the same names that stand in several rows, row by row.</summary>
    /// <exception cref="BadFormException">The rows are not whole, or hold what no text has.</exception>
    public IEnumerable<string[]> Rows(params string[] keys)
    {
        var columns = keys.Select(k => fields[k]).ToArray();
        if (columns.Any(c => c.Count != columns[0].Count || c.Any(v => v is null || v.Length > 300 || v.Contains('\0')))) throw new BadFormException("The lines could not be read.");
        for (var i = 0; i < columns[0].Count; i++) yield return [.. columns.Select(c => c[i]!.Trim())];
    }

    /// <exception cref="BadFormException">The role is not enough, or the brand is not theirs.</exception>
    public void Needs(Role role, string? brand = null)
    {
        if (!Reader.May(role)) throw new BadFormException($"This takes the role {role.Text()}; you are {Reader.Role.Text()}.");
        if (brand is not null && !Reader.Sees(brand)) throw new BadFormException("There is no such brand among yours.");
    }
}

/// <summary>A form asked for something that cannot be done; the message is shown where it was posted.</summary>
internal sealed class BadFormException(string message) : Exception(message);

internal static class Forms
{
    /// <summary>Maps a form that does something, says what came of it, and goes back to where it was posted.</summary>
    public static void MapForm(this IEndpointRouteBuilder routes, string pattern, Func<Form, IServiceProvider, RouteValueDictionary, Task<string>> act) =>
        routes.MapPost(pattern, async (HttpContext context, IAntiforgery antiforgery) =>
        {
            if (!await antiforgery.IsRequestValidAsync(context))
            {
                Said.Set(context, "!The page had been open for too long, so nothing was done. Please do it again.");
                return Results.Redirect("/");
            }

            var fields = await context.Request.ReadFormAsync(context.RequestAborted);
            try
            {
                Said.Set(context, await act(new(context, fields, context.RequestServices.GetRequiredService<Reader>()), context.RequestServices, context.Request.RouteValues));
            }
            catch (Exception e) when (e is BadFormException or InvalidOperationException or ArgumentException)
            {
                Said.Set(context, "!" + e.Message);
            }

            return Results.Redirect(Back(fields["back"]));
        }).RequireAuthorization(Role.Viewer.Text()).DisableAntiforgery();

    /// <summary>Only ever leads to a page of this hub.</summary>
    public static string Back(string? address) =>
        address is { Length: > 0 and < 2000 } && address[0] == '/' && !(address.Length > 1 && address[1] is '/' or '\\') && !address.Any(char.IsControl) ? address : "/";
}
