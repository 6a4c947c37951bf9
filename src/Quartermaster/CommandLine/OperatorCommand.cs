using System.CommandLine;
using Quartermaster.SignIn;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>Adds people who may sign in, for when nobody can yet or any more.</summary>
internal static class OperatorCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name");
        var role = new Option<Role>("--role") { Description = "viewer, agent, lead or admin", DefaultValueFactory = _ => Role.Viewer };
        var brands = new Option<string[]>("--brand") { Description = "Only this brand; may be repeated", AllowMultipleArgumentsPerToken = true };
        var add = new Command("add", "Adds an operator; the password is asked for, or read from standard input") { name, role, brands };
        add.Does(async (parsed, cancel) =>
        {
            await using var access = await Access.OpenAsync(parsed, cancel);
            var who = parsed.GetValue(name)!;
            var only = (parsed.GetValue(brands) ?? []).Select(b => access.Brand(b)).ToArray();
            if (Operators.NameComplaint(who) is { } bad)
                throw new CommandRefusedException(bad);
            var password = Console.IsInputRedirected
                ? await Console.In.ReadLineAsync(cancel) ?? ""
                : await new TextPrompt<string>($"Password for {who}:").Secret().ShowAsync(AnsiConsole.Console, cancel);
            if (Passwords.Complaint(password, who) is { } weak)
                throw new CommandRefusedException(weak);
            if (!await new Operators(access.Database.General, TimeProvider.System).CreateAsync(who, password, parsed.GetValue(role), only.Length == 0 ? null : only, Access.Who, cancel))
                throw new CommandRefusedException($"There is an operator '{who}' already.");
            Console.WriteLine($"{who} may sign in as {parsed.GetValue(role).ToString().ToLowerInvariant()}.");
            return ExitCode.Ok;
        });
        return new Command("operator", "Adds people who may sign in") { add };
    }
}
