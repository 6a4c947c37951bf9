using System.CommandLine;
using Quartermaster.Runtime.Migrations;

namespace Quartermaster.CommandLine;

/// <summary>Brings the database's schema up to this release without starting a hub.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Brings the database up to this release; a start does the same");
        command.Does(async (parsed, cancel) =>
        {
            await using var access = await Access.OpenAsync(parsed, cancel, migrate: false);
            var pending = await Migrator.PendingAsync(access.Database.General, cancel);
            await access.Store.MigrateAsync(Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, cancel);
            Console.WriteLine(pending.Count == 0 ? "The database is up to date." : $"Applied: {string.Join(", ", pending)}.");
            return ExitCode.Ok;
        });
        return command;
    }
}
