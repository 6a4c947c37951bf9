using System.CommandLine;

namespace Quartermaster.CommandLine;

/// <summary>Every command that there is. docs/command-line.md is written from it.</summary>
internal static class CommandTree
{
    public static RootCommand Create()
    {
        var quartermaster = new RootCommand("Quartermaster runs the order-to-cash loop of a store by itself.")
        {
            Access.Config,
            Access.Data,

            UpCommand.Up(),
            UpCommand.Serve(),

            OrdersCommand.Create(),
            FailuresCommand.Create(),
            ReplayCommand.Create(),
            CodesCommand.Create(),
            StockCommand.Create(),
            PurchasesCommand.Create(),
            CustomersCommand.Create(),
            LabelsCommand.Create(),
            RatesCommand.Create(),
            WhatIfCommand.Create(),
            RulesCommand.Create(),
            MessagesCommand.Create(),
            FlowsCommand.Create(),
            ImportCommand.Create(),

            SwitchCommand.Switches(),
            SwitchCommand.Mode(),
            ConnectionsCommand.Create(),
            OperatorsCommand.Create(),
            KeysCommand.Create(),
            AuditCommand.Create(),

            DoctorCommand.Create(),
            ConfigCommand.Create(),
            MigrateCommand.Create(),
            PostgresCommand.Create(),
            LoadTestCommand.Create(),
            VersionCommand.Create(),
        };
        // Without a command it is `up`.
        quartermaster.Does((parsed, cancel) => UpCommand.RunAsync(Access.Read(parsed), screen: true, cancel));
        return quartermaster;
    }
}
