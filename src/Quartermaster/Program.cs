using System.CommandLine;
using Quartermaster.CommandLine;

var quartermaster = new RootCommand("Quartermaster runs the order-to-cash loop of a store by itself.")
{
    PostgresCommand.Create(),
};

return await quartermaster.Parse(args).InvokeAsync();
