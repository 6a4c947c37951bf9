using System.CommandLine;
using Quartermaster.SignIn;

namespace Quartermaster.CommandLine;

/// <summary>Keys of programs for the API: lists, makes and revokes them.</summary>
internal static class KeysCommand
{
    private const int LongestTitle = 60;

    private static readonly Option<Role> Role = new("--role") { Description = "viewer, agent, lead or admin", DefaultValueFactory = _ => SignIn.Role.Viewer };
    private static readonly Option<string[]> Brands = new("--brand") { Description = "Only this brand; may be repeated", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<int> Days = new("--days") { Description = "It ends after so many days, up to 3650; 0 = never", DefaultValueFactory = _ => 90 };

    public static Command Create()
    {
        var list = new Command("list", "The keys that were made, never their secrets") { Given.Json };
        list.Does(ListAsync);
        var title = new Argument<string>("title") { Description = "What it is for: returns-portal" };
        var create = new Command("create", "Makes a key and prints it, this once") { title, Role, Brands, Days };
        create.Does((parsed, cancel) => CreateAsync(parsed, parsed.GetValue(title)!.Trim(), cancel));
        var id = new Argument<string>("id") { Description = "Its id, as list has it" };
        var revoke = new Command("revoke", "Ends a key; its next call is refused") { id };
        revoke.Does((parsed, cancel) => RevokeAsync(parsed, parsed.GetValue(id)!, cancel));
        return new Command("keys", "Keys of programs for the API") { list, create, revoke };
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        return Printed.Rows(parsed, await Keys(access).ListAsync(cancel), "No key has been made.", ["Id", "Title", "Role", "Brands", "Made by", "Ends (UTC)", "Last used (UTC)", "Revoked (UTC)"],
            k => [k.Id, k.Title, k.Role, k.Brands is null ? "all" : string.Join(", ", k.Brands), k.CreatedBy, k.ExpiresAt, k.LastUsedAt, k.RevokedAt]);
    }

    private static async Task<int> CreateAsync(ParseResult parsed, string title, CancellationToken cancel)
    {
        if (title.Length is 0 or > LongestTitle) throw new CommandRefusedException($"The title is a text of at most {LongestTitle} characters.");
        if (parsed.GetValue(Days) is < 0 or > 3650) throw new CommandRefusedException("--days is a number from 0 to 3650.");
        await using var access = await Access.OpenAsync(parsed, cancel);
        var until = parsed.GetValue(Days) is > 0 and var days ? TimeProvider.System.GetUtcNow().AddDays(days) : (DateTimeOffset?)null;
        var key = await Keys(access).CreateAsync(title, parsed.GetValue(Role), access.Several(parsed, Brands), until, Access.Who, cancel);
        // Alone on standard output, so that a script can keep it without cutting.
        Console.WriteLine(key);
        await Console.Error.WriteLineAsync("It is shown this once; keep it where secrets are kept.");
        return ExitCode.Ok;
    }

    private static async Task<int> RevokeAsync(ParseResult parsed, string id, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var key = (await Keys(access).ListAsync(cancel)).FirstOrDefault(k => k.Id == id) ?? throw new CommandRefusedException($"There is no key '{id}'; `keys list` has the ids.");
        if (key.RevokedAt is not null) throw new CommandRefusedException($"Key {id} is revoked already.");
        await Keys(access).RevokeAsync(id, Access.Who, cancel);
        Console.WriteLine($"Key {id} ({key.Title}) is revoked; its next call is refused.");
        return ExitCode.Ok;
    }

    private static ApiKeys Keys(Access access) => new(access.Database.General, TimeProvider.System);
}
