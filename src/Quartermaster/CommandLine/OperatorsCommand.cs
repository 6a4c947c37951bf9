using System.CommandLine;
using Quartermaster.Configuration;
using Quartermaster.SignIn;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>The people who may sign in: lists, adds and changes them, for when nobody can sign in who may do that.</summary>
internal static class OperatorsCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "As they sign in" };
    private static readonly Option<string[]> Brands = new("--brand") { Description = "Only this brand; may be repeated", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<bool> AllBrands = new("--all-brands") { Description = "All brands, those to come included" };

    public static Command Create()
    {
        var list = new Command("list", "Who may sign in, with their role and brands") { Given.Json };
        list.Does(ListAsync);
        var first = new Option<Role>("--role") { Description = "viewer, agent, lead or admin", DefaultValueFactory = _ => Role.Viewer };
        var add = new Command("add", "Adds somebody; the password is asked for, or read from standard input") { Name, first, Brands };
        add.Does((parsed, cancel) => AddAsync(parsed, parsed.GetValue(first), cancel));
        var other = new Argument<Role>("role") { Description = "viewer, agent, lead or admin" };
        var role = new Command("role", "Gives somebody another role; their brands stay unless they are named") { Name, other, Brands, AllBrands };
        role.Does((parsed, cancel) => RoleAsync(parsed, parsed.GetValue(other), cancel));
        var password = new Command("password", "Gives somebody a new password and signs them out everywhere; it is asked for, or read from standard input") { Name };
        password.Does(PasswordAsync);
        var remove = new Command("remove", "Signs somebody out and lets them in no more; what they did keeps their name") { Name };
        remove.Does((parsed, cancel) => DisableAsync(parsed, disabled: true, cancel));
        var restore = new Command("restore", "Lets somebody in again who was removed, with the password they had") { Name };
        restore.Does((parsed, cancel) => DisableAsync(parsed, disabled: false, cancel));
        var operators = new Command("operators", "The people who may sign in") { list, add, role, password, remove, restore };
        operators.Aliases.Add("operator");
        return operators;
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        return Printed.Rows(parsed, await Operators(access).ListAsync(cancel), "Nobody may sign in yet: `operators add NAME --role admin`, or the link that the first start prints.",
            ["Name", "Role", "Brands", "Since (UTC)", "Last seen (UTC)", "Removed (UTC)"], o => [o.Name, o.Role, o.Brands is null ? "all" : string.Join(", ", o.Brands), o.CreatedAt, o.LastSeenAt, o.DisabledAt]);
    }

    private static async Task<int> AddAsync(ParseResult parsed, Role role, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (name, brands) = (parsed.GetValue(Name)!, access.Several(parsed, Brands));
        if (SignIn.Operators.NameComplaint(name) is { } bad) throw new CommandRefusedException(bad);
        if (!await Operators(access).CreateAsync(name, await NewPasswordAsync(name, cancel), role, brands, Access.Who, cancel))
            throw new CommandRefusedException($"There is an operator '{name}' already.");
        Console.WriteLine($"{name} may sign in as {role.Text()}.");
        return ExitCode.Ok;
    }

    private static async Task<int> RoleAsync(ParseResult parsed, Role role, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var one = await FindAsync(access, parsed, cancel);
        if (role != Role.Admin) await KeepAnAdminAsync(access, one, cancel);
        var brands = parsed.GetValue(AllBrands) ? null : access.Several(parsed, Brands) ?? one.Brands;
        await Operators(access).SetRoleAsync(one.Name, role, brands, Access.Who, cancel);
        Console.WriteLine($"{one.Name} is now {role.Text()} of {(brands is null ? "all brands" : string.Join(", ", brands))}.");
        return ExitCode.Ok;
    }

    private static async Task<int> PasswordAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var one = await FindAsync(access, parsed, cancel);
        await Operators(access).SetPasswordAsync(one.Name, await NewPasswordAsync(one.Name, cancel), Access.Who, cancel);
        Console.WriteLine($"{one.Name} has a new password, and is signed out everywhere.");
        return ExitCode.Ok;
    }

    private static async Task<int> DisableAsync(ParseResult parsed, bool disabled, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var one = await FindAsync(access, parsed, cancel);
        if (disabled) await KeepAnAdminAsync(access, one, cancel);
        await Operators(access).DisableAsync(one.Name, disabled, Access.Who, cancel);
        Console.WriteLine(disabled ? $"{one.Name} is signed out and cannot come back." : $"{one.Name} may sign in again.");
        return ExitCode.Ok;
    }

    // Without an admin the next start prints a set-up link, and whoever opens it first is let in.
    private static async Task KeepAnAdminAsync(Access access, Operator one, CancellationToken cancel)
    {
        if (await Operators(access).IsOnlyAdminAsync(one.Name, cancel)) throw new CommandRefusedException($"{one.Name} is the only admin. Make another one first: operators add NAME --role admin.");
    }

    private static async Task<Operator> FindAsync(Access access, ParseResult parsed, CancellationToken cancel)
    {
        var (name, all) = (parsed.GetValue(Name)!, await Operators(access).ListAsync(cancel));
        return all.FirstOrDefault(o => o.Name == name) ?? throw new CommandRefusedException($"There is no operator '{name}'. {NearestWord.Hint(name, [.. all.Select(o => o.Name)], "Nobody may sign in yet.")}");
    }

    private static async Task<string> NewPasswordAsync(string name, CancellationToken cancel)
    {
        var password = Console.IsInputRedirected
            ? await Console.In.ReadLineAsync(cancel) ?? ""
            : await new TextPrompt<string>($"Password for {name}:").Secret().ShowAsync(AnsiConsole.Console, cancel);
        return Passwords.Complaint(password, name) is { } weak ? throw new CommandRefusedException(weak) : password;
    }

    private static Operators Operators(Access access) => new(access.Database.General, TimeProvider.System);
}
