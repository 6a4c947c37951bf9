using Quartermaster.CommandLine;

Screen.Prepare();
var parsed = CommandTree.Create().Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
        Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine($"{string.Join(' ', CommandPath.Of(parsed.CommandResult))} --help lists what there is.");
    return ExitCode.Usage;
}
// Ctrl-C asks; draining takes as long as what is under way, and a second Ctrl-C is heard by the shell.
return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(40), EnableDefaultExceptionHandler = false });
