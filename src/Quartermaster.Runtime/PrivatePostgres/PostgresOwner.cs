namespace Quartermaster.Runtime.PrivatePostgres;

/// <summary>The user PostgreSQL runs as: ourselves, or an unprivileged one when we are root, which PostgreSQL refuses.</summary>
internal sealed class PostgresOwner
{
    private const string OwnUser = "quartermaster";

    private readonly string[] _become;

    private PostgresOwner(string name, string[] become) => (Name, _become) = (name, become);

    public string Name { get; }

    private bool IsSomebodyElse => _become.Length > 0;

    public static async Task<PostgresOwner> ChooseAsync(CancellationToken cancellation)
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
            return new PostgresOwner(Environment.UserName, []);

        var name = await ExistsAsync("postgres", cancellation) ? "postgres" : OwnUser;
        if (name == OwnUser && !await ExistsAsync(OwnUser, cancellation))
            (await Command.RunAsync(["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", OwnUser], cancellation))
                .OrFail("PostgreSQL refuses to run as root and no user could be created for it. Run the hub as an ordinary user.");

        // setpriv replaces itself by the program; runuser stays as its parent, which is why it comes second.
        string[] become = Command.OnPath("setpriv") is { } setpriv ? [setpriv, "--reuid", name, "--regid", name, "--init-groups"]
            : Command.OnPath("runuser") is { } runuser ? [runuser, "-u", name, "--"]
            : throw new PostgresUnavailableException(
                "PostgreSQL refuses to run as root, and neither 'setpriv' nor 'runuser' (package util-linux) is here. Run the hub as an ordinary user.");
        return new PostgresOwner(name, become);
    }

    public Task<CommandResult> RunAsync(string[] command, CancellationToken cancellation) =>
        Command.RunAsync([.. _become, .. command], cancellation);

    /// <summary>Makes a folder that only this user may enter.</summary>
    public async Task OwnAsync(string folder, CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows())
            throw new PostgresUnavailableException("A private PostgreSQL is started on Linux and macOS only; set QM_DATABASE.");
        var isNew = !Directory.Exists(folder);
        if (isNew)
            Directory.CreateDirectory(folder);
        // The user may have another number than last time, when the folder came with a volume from another image.
        if (IsSomebodyElse && (isNew || await OwnerOfAsync(folder, cancellation) != Name))
            (await Command.RunAsync(["chown", "-R", $"{Name}:", folder], cancellation)).OrFail($"{folder} could not be given to '{Name}'.");
        // Fails when somebody else was there first, which in /tmp anybody could be.
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public async Task<bool> CanWriteAsync(string folder, CancellationToken cancellation) =>
        (await RunAsync(["test", "-w", folder], cancellation)).Succeeded;

    private static async Task<bool> ExistsAsync(string user, CancellationToken cancellation) =>
        (await Command.RunAsync(["id", "-u", user], cancellation)).Succeeded;

    private static async Task<string> OwnerOfAsync(string folder, CancellationToken cancellation) =>
        (await Command.RunAsync(["stat", "-c", "%U", folder], cancellation)).Output.Trim();
}
