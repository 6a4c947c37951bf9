using System.Diagnostics;
using System.Text;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Books;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Xero.Tests;

/// <summary>Our request bodies against Xero's own published contract. Needs the contract, node and the checker's packages; takes some seconds.</summary>
/// <remarks>Set <c>QM_CONTRACT_TOOLS</c> to a folder that holds validate.js and its node_modules (see the contracts' tools folder).</remarks>
public sealed class XeroContractTests
{
    [Theory]
    [InlineData("/Invoices", false)]
    [InlineData("/CreditNotes", true)]
    public async Task Drafts_are_what_the_contract_allows(string path, bool note)
    {
        var kind = note ? XeroKind.CreditNote : XeroKind.Invoice;
        var cached = XeroOutbound.Documents(kind, [XeroDrafts.Draft()], XeroTerms.From(Settings.Empty), new Dictionary<string, string> { ["cust-77"] = "430fa14a-f945-44d3-9f97-5df5e28441b8" });
        var untaxed = XeroDrafts.Draft() with { Lines = [new("Tea", "TEA-250", 100, 33.33m, 0, InvoiceLineKind.Goods), new("Rounding", null, 1, -0.01m, 0, InvoiceLineKind.Rounding)], Tax = 0 };
        var inline = XeroOutbound.Documents(kind, [untaxed], XeroTerms.From(Settings.Empty), new Dictionary<string, string>());
        (await ValidateAsync(path, "POST", Text(cached), Text(inline))).ShouldBe(["true", "true"]);
    }

    [Fact]
    public async Task Purchase_orders_are_what_the_contract_allows() =>
        (await ValidateAsync("/PurchaseOrders", "PUT", Text(XeroPurchases.Body(XeroDrafts.Purchase(), XeroTerms.From(Settings.Empty))))).ShouldBe(["true"]);

    [Fact]
    public async Task Contacts_are_what_the_contract_allows() =>
        (await ValidateAsync("/Contacts", "POST", Text(XeroOutbound.Contacts([XeroDrafts.Draft().Contact])))).ShouldBe(["true"]);

    // Proves that the checker looks inside: a mock server that answers 200 to everything would pass the tests above.
    [Fact]
    public async Task The_contract_would_refuse_a_wrong_status()
    {
        var wrong = Text(XeroOutbound.Documents(XeroKind.Invoice, [XeroDrafts.Draft()], XeroTerms.From(Settings.Empty), new Dictionary<string, string>()))
            .Replace("\"DRAFT\"", "\"NEARLY\"", StringComparison.Ordinal);
        (await ValidateAsync("/Invoices", "POST", wrong)).ShouldHaveSingleItem().ShouldStartWith("false");
    }

    private static string Text(Shared.BatchBody body) => Encoding.UTF8.GetString(body.Bytes.Span);

    private static async Task<string[]> ValidateAsync(string path, string method, params string[] bodies)
    {
        var tools = Environment.GetEnvironmentVariable("QM_CONTRACT_TOOLS");
        Assert.SkipWhen(string.IsNullOrEmpty(tools), "Checking against Xero's contract is asked for by QM_CONTRACT_TOOLS, the folder of validate.js with its packages.");
        var contract = ContractFolder.Require("xero/xero_accounting.yaml");
        var start = new ProcessStartInfo("node") { WorkingDirectory = tools, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["validate.js", contract, method, path, "application/json", $"[{string.Join(',', bodies)}]"]) start.ArgumentList.Add(argument);
        using var node = Process.Start(start)!;
        var errors = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var said = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        node.ExitCode.ShouldBe(0, await errors);
        return [.. said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
    }
}
