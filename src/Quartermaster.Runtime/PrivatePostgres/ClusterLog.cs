using Microsoft.Extensions.Logging;

namespace Quartermaster.Runtime.PrivatePostgres;

internal static partial class ClusterLog
{
    [LoggerMessage(1101, LogLevel.Information, "Created a private PostgreSQL {Version} in {Folder} in {Milliseconds} ms")]
    public static partial void Created(ILogger log, string folder, int version, long milliseconds);

    [LoggerMessage(1102, LogLevel.Information, "Started the private PostgreSQL in {Folder} as process {ProcessId} in {Milliseconds} ms")]
    public static partial void Started(ILogger log, string folder, int processId, long milliseconds);

    [LoggerMessage(1103, LogLevel.Information, "Using the private PostgreSQL that runs in {Folder} as process {ProcessId}")]
    public static partial void Found(ILogger log, string folder, int processId);

    [LoggerMessage(1104, LogLevel.Information, "Stopped the private PostgreSQL in {Folder}")]
    public static partial void Stopped(ILogger log, string folder);

    [LoggerMessage(1105, LogLevel.Warning, "The private PostgreSQL is still starting: {LastLine}")]
    public static partial void StillStarting(ILogger log, string lastLine);

    [LoggerMessage(1106, LogLevel.Error, "The private PostgreSQL in {Folder} is gone; starting it again")]
    public static partial void PostmasterGone(ILogger log, string folder);

    [LoggerMessage(1107, LogLevel.Error, "The private PostgreSQL could not be started again; trying once more")]
    public static partial void RestartFailed(ILogger log, Exception failure);

    [LoggerMessage(1108, LogLevel.Warning, "The user {Owner} cannot reach {Home}; the private PostgreSQL is kept in {Elsewhere}")]
    public static partial void KeptElsewhere(ILogger log, string owner, string home, string elsewhere);

    [LoggerMessage(1109, LogLevel.Information, "No PostgreSQL on this machine; installing it: {Command}")]
    public static partial void Installing(ILogger log, string command);

    [LoggerMessage(1110, LogLevel.Error, "PostgreSQL could not be installed: {Complaint}")]
    public static partial void InstallFailed(ILogger log, string complaint);
}
