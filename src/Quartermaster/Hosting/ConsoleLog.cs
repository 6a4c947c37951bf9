namespace Quartermaster.Hosting;

/// <summary>How the program logs: short lines for a person at a terminal, JSON for everything that collects logs.</summary>
internal static class ConsoleLog
{
    public static void Configure(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        if (Console.IsOutputRedirected)
            logging.AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
        else
            logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
        logging.SetMinimumLevel(Level());
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        // Keys of cookies lie in the hub's own database on purpose; that they are not wrapped again is no news at each start.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        logging.AddFilter("Quartermaster.SignIn", LogLevel.Warning);
    }

    // At a terminal the start screen says what a person wants to know; collectors keep everything.
    private static LogLevel Level() =>
        Enum.TryParse<LogLevel>(Environment.GetEnvironmentVariable("QM_LOG"), ignoreCase: true, out var asked) ? asked
        : Console.IsOutputRedirected ? LogLevel.Information
        : LogLevel.Warning;
}
