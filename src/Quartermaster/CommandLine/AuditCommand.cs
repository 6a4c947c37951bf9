using System.CommandLine;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.CommandLine;

/// <summary>What people did, newest first.</summary>
internal static class AuditCommand
{
    private static readonly Option<string?>
        By = new("--who") { Description = "Only of somebody whose name holds this" },
        Action = new("--action") { Description = "Only actions that begin with this: order.cancel" },
        Subject = new("--subject") { Description = "Only about this: order/5600000000001" };

    private static readonly Option<int> Limit = Given.Limit(50, 1000);

    public static Command Create()
    {
        var command = new Command("audit", "What people did, newest first: here, on the pages and through the API") { By, Action, Subject, Given.OnlyBrand, Limit, Given.Json };
        command.Does(async (parsed, cancel) =>
        {
            await using var access = await Access.OpenAsync(parsed, cancel);
            // What concerns no brand is told unless one is named.
            var brands = parsed.GetValue(Given.OnlyBrand) is null ? null : access.Among(parsed);
            var rows = await new HubReads(access.Database.General).AuditAsync(new(brands, parsed.GetValue(By), parsed.GetValue(Action), parsed.GetValue(Subject), Size: parsed.GetValue(Limit)), cancel);
            return Printed.Rows(parsed, rows, "No entry matches.", ["At (UTC)", "Who", "Action", "Brand", "Subject", "Detail"], a => [a.At, a.Who, a.Action, a.Brand, a.Subject, a.Detail]);
        });
        return command;
    }
}
