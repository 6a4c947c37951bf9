using System.CommandLine;
using Quartermaster.CommandLine;

Screen.Prepare();
var quartermaster = new RootCommand("Quartermaster runs the order-to-cash loop of a store by itself.")
{
    Access.Config,
    Access.Data,

    UpCommand.Up(),
    UpCommand.Serve(),

    OrdersCommand.Create(),
    CodesCommand.Create(),
    StockCommand.Create(),
    CustomersCommand.Create(),
    ReplayCommand.Create(),
    SwitchCommand.Switches(),
    SwitchCommand.Mode(),
    RulesCommand.Create(),
    MessagesCommand.Create(),
    FlowsCommand.Create(),
    WhatIfCommand.Create(),
    RatesCommand.Create(),
    LabelsCommand.Create(),
    ImportCommand.Create(),

    DoctorCommand.Create(),
    ConfigCommand.Create(),
    MigrateCommand.Create(),
    OperatorCommand.Create(),
    PostgresCommand.Create(),
    LoadTestCommand.Create(),
    VersionCommand.Create(),
};
// Without a command it is `up`.
quartermaster.Does((parsed, cancel) => UpCommand.RunAsync(Access.Read(parsed), screen: true, cancel));

var parsed = quartermaster.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
        Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine($"{string.Join(' ', CommandPath.Of(parsed.CommandResult))} --help lists what there is.");
    return ExitCode.Usage;
}
// Ctrl-C asks; draining takes as long as what is under way, and a second Ctrl-C is heard by the shell.
return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(40), EnableDefaultExceptionHandler = false });
