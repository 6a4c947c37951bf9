using System.CommandLine;
using Npgsql;
using Quartermaster.Configuration;
using Quartermaster.Hosting;
using Quartermaster.Import;
using Quartermaster.Runtime.PrivatePostgres;

namespace Quartermaster.CommandLine;

/// <summary>What the program's exit codes mean.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>It ran, and what it found or did is not all well.</summary>
    public const int Trouble = 1;
    public const int Configuration = 2;
    public const int Database = 3;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 64;
    public const int Interrupted = 130;
}

/// <summary>Runs a command so that every expected failure is one clear line and an exit code, never a stack trace.</summary>
internal static class Explained
{
    public static void Does(this Command command, Func<ParseResult, CancellationToken, Task<int>> action) =>
        command.SetAction((parsed, cancel) => RunAsync(() => action(parsed, cancel)));

    public static async Task<int> RunAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (ConfigurationException wrong)
        {
            foreach (var problem in wrong.Problems)
                Say(problem.ToString());
            return ExitCode.Configuration;
        }
        catch (Exception failure) when (failure is PostgresUnavailableException or DatabaseUnreachableException)
        {
            return Say(failure.Message, ExitCode.Database);
        }
        catch (NpgsqlException failure)
        {
            return Say($"The database refused or went away: {failure.Message}", ExitCode.Database);
        }
        catch (Exception failure) when (failure is ImportRefusedException or CommandRefusedException or ArgumentException or InvalidOperationException)
        {
            return Say(failure.Message, ExitCode.Trouble);
        }
        catch (IOException failure) when (failure.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            return Say($"{failure.Message.TrimEnd('.')}. Another program, perhaps another hub, listens there: stop it, or set listen: or QM_LISTEN.", ExitCode.Trouble);
        }
        catch (IOException failure)
        {
            return Say(failure.Message, ExitCode.Trouble);
        }
        catch (OperationCanceledException)
        {
            return Say("Interrupted.", ExitCode.Interrupted);
        }
    }

    private static int Say(string line, int code = ExitCode.Trouble)
    {
        Console.Error.WriteLine(line);
        return code;
    }
}

/// <summary>A command cannot do what was asked; the message says what can be.</summary>
internal sealed class CommandRefusedException(string message) : Exception(message);
