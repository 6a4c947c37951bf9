using System.Text.Json.Nodes;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Sandbox.Twins;
using static Quartermaster.Connectors.Xero.Tests.XeroDrafts;

namespace Quartermaster.Connectors.Xero.Tests;

/// <summary>An approved purchase order is drafted once, and nobody else's is touched.</summary>
public sealed class XeroPurchaseTests
{
    private readonly XeroConnector connector = new();
    private readonly RemoteScript remote = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_looked_for_and_then_written_under_a_key()
    {
        remote.Answer(404, "").Answer(200, """{"PurchaseOrders":[{"PurchaseOrderID":"po-id","PurchaseOrderNumber":"PO-17","Reference":"aurora/PO-17","Status":"DRAFT","SubTotal":14403.33,"Total":16995.93}]}""");
        var result = (await connector.ActAsync(Session(remote), [PurchaseOrder()], Cancel)).ShouldHaveSingleItem();
        result.Outcome.ShouldBe(new Outcome.Done("po-id"));
        remote.Requests.Select(r => r.Line).ShouldBe([$"GET {Root}/PurchaseOrders/PO-17", $"PUT {Root}/PurchaseOrders?summarizeErrors=false"]);
        remote.Requests[1].Headers["Idempotency-Key"].Length.ShouldBeLessThanOrEqualTo(128);
        var order = JsonNode.Parse(remote.Requests[1].Body)!["PurchaseOrders"]![0]!;
        ((string?)order["Status"], (string?)order["DeliveryDate"], (string?)order["LineAmountTypes"]).ShouldBe(("DRAFT", "2026-12-21", "Exclusive"));
        order["Contact"]!.ToJsonString().ShouldBe("""{"Name":"Jaipur Block (supplier-mill)","ContactNumber":"supplier-mill","EmailAddress":"orders@mill.example"}""");
        ((string?)order["LineItems"]![0]!["Description"], (decimal)order["LineItems"]![0]!["LineAmount"]!).ShouldBe(("KUR-M (yours: J-1)", 14400m));
        ((string?)order["LineItems"]![1]!["Description"], (decimal)order["LineItems"]![1]!["LineAmount"]!).ShouldBe(("LACE", 3.33m));
    }

    [Theory]
    [InlineData("aurora/PO-17", "DRAFT", "AlreadyDone")]
    [InlineData("aurora/PO-17", "BILLED", "AlreadyDone")]
    [InlineData("somebody else", "DRAFT", "Refused number_taken")]
    public async Task One_that_is_there_is_ours_by_its_reference_or_left_alone(string reference, string status, string outcome)
    {
        remote.Answer(200, $$"""{"PurchaseOrders":[{"PurchaseOrderID":"po-id","PurchaseOrderNumber":"PO-17","Reference":"{{reference}}","Status":"{{status}}"}]}""");
        (await connector.ActAsync(Session(remote), [PurchaseOrder(attempt: 2)], Cancel)).Single().Outcome.ShouldBeNamed(outcome);
        remote.Requests.Count.ShouldBe(1, "nothing was written");
    }

    [Theory]
    [InlineData(200, """{"PurchaseOrders":[{"PurchaseOrderNumber":"PO-17","StatusAttributeString":"ERROR","ValidationErrors":[{"Message":"Account code '999' is not valid."}]}]}""", "Refused ValidationException")]
    [InlineData(200, """{"PurchaseOrders":[{"PurchaseOrderNumber":"PO-17","StatusAttributeString":"ERROR","ValidationErrors":[{"Message":"Order number must be unique"}]}]}""", "TryLater")]
    [InlineData(400, """{"Elements":[{"PurchaseOrderNumber":"PO-17","ValidationErrors":[{"Message":"No."}]}]}""", "Refused ValidationException")]
    [InlineData(200, """{"PurchaseOrders":[{"PurchaseOrderID":"x","PurchaseOrderNumber":"PO-17","SubTotal":1.00}]}""", "Refused total_differs")]
    [InlineData(200, "{}", "Unsure")]
    [InlineData(500, "", "Unsure")]
    public async Task An_answer_is_an_outcome(int status, string body, string outcome)
    {
        remote.Answer(404, "").Answer(status, body);
        (await connector.ActAsync(Session(remote), [PurchaseOrder()], Cancel)).Single().Outcome.ShouldBeNamed(outcome);
    }

    [Fact]
    public async Task Trouble_of_the_look_writes_nothing()
    {
        remote.Answer(503, "");
        (await connector.ActAsync(Session(remote), [PurchaseOrder()], Cancel)).Single().Outcome.ShouldBeNamed("TryLater");
        remote.Requests.Count.ShouldBe(1);
    }
}
