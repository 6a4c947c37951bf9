using System.CommandLine;

var quartermaster = new RootCommand("Quartermaster runs the order-to-cash loop of a store by itself.");

return await quartermaster.Parse(args).InvokeAsync();
