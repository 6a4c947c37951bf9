using System.Text;
using System.Text.Json.Nodes;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Signifyd.Tests;

public sealed class SignifydTests
{
    private const string Key = "k3y-of-the-team";
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private readonly SignifydConnector connector = new();
    private readonly RemoteScript remote = new();

    [Fact]
    public async Task An_order_is_sent_whole_and_its_decision_goes_to_the_order()
    {
        remote.Answer(201, Encoding.UTF8.GetString(Fixture.Bytes("Signifyd", "decision.json")));
        var result = (await connector.ActAsync(Session(remote), [Ask()], Now))[0];
        result.Outcome.ShouldBe(new Outcome.Done("3365438099"));
        var learned = result.Learned!.ShouldHaveSingleItem();
        learned.To.Key.ShouldBe("order/5600000001");
        learned.Signal.ShouldBe(new OrderSignal.OpinionTold(Verdict.Approved, "ACCEPT", "SIGNIFYD_APPROVED, SIGNIFYD_DECISION", 976.85304024732m, "3365438099", 1569.64m, new DateTimeOffset(2026, 3, 2, 9, 39, 27, TimeSpan.Zero).AddTicks(3847210), "0f0f0f0f"));

        var sent = remote.Requests.ShouldHaveSingleItem();
        sent.Line.ShouldBe("POST https://api.signifyd.com/v3/orders/events/sales");
        sent.Headers["Authorization"].ShouldBe("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Key + ":")));
        var sale = JsonNode.Parse(sent.Body)!;
        ((string?)sale["orderId"]).ShouldBe("5600000001");
        ((decimal)sale["purchase"]!["totalPrice"]!).ShouldBe(1550m);
        ((string?)sale["purchase"]!["shipments"]![0]!["destination"]!["address"]!["countryCode"]).ShouldBe("IN");
        ((string?)sale["purchase"]!["products"]![0]!["itemId"]).ShouldBe("SKU-A");
        ((string?)sale["transactions"]![0]!["checkoutPaymentDetails"]!["accountHolderName"]).ShouldBe("Bill Payer");
        sale["coverageRequests"]!.ToJsonString().ShouldBe("[\"FRAUD\"]");
        (result.Exchange.Request + result.Exchange.Answer).ShouldNotContain(Key);
    }

    [Theory]
    [InlineData("ACCEPT", Verdict.Approved)]
    [InlineData("accept", Verdict.Approved)]
    [InlineData("REJECT", Verdict.Declined)]
    [InlineData("HOLD", Verdict.Waiting)]
    [InlineData("CHALLENGE", Verdict.LeftToUs)]
    [InlineData("CREDIT", Verdict.LeftToUs)]
    public void A_word_that_nobody_knows_is_left_to_a_person_as_it_came(string action, Verdict verdict)
    {
        var told = Told(Decision(d => d["checkpointAction"] = action));
        (told.Verdict, told.Raw, told.Of).ShouldBe((verdict, action, null));
        told.Covered.ShouldBe(verdict == Verdict.Approved ? 1569.64m : null);
    }

    [Theory]
    [InlineData(400, """{"messages":["orderId must not be blank"]}""", "Refused")]
    [InlineData(401, "{}", "NotConnected")]
    [InlineData(409, "{}", "TryLater")]
    [InlineData(429, "{}", "TryLater")]
    [InlineData(503, "", "Unsure")]
    [InlineData(200, "<html>", "Unsure")]
    [InlineData(201, """{"signifydId":1,"orderId":"5600000001"}""", "Done")]
    public async Task Every_answer_has_an_outcome(int status, string body, string outcome)
    {
        remote.Answer(status, body);
        var result = (await connector.ActAsync(Session(remote), [Ask()], Now))[0];
        result.Outcome.GetType().Name.ShouldBe(outcome);
        result.Learned.ShouldBeNull("there is no decision in it");
        if (result.Outcome is Outcome.Refused refused) refused.Why.ShouldBe("orderId must not be blank");
    }

    [Fact]
    public async Task Looked_up_it_may_have_decided_nothing_yet_and_a_fault_is_asked_again()
    {
        var look = new Work("k", new OrderEffect.LookUpOpinion("56/1"), 1);
        remote.Answer(404, """{"messages":["none"]}""");
        remote.Answer(503, "");
        remote.Answer(200, Encoding.UTF8.GetString(Fixture.Bytes("Signifyd", "decision.json")));
        var none = (await connector.ActAsync(Session(remote), [look], Now))[0];
        (none.Outcome, none.Learned).ShouldBe((new Outcome.Done(), null));
        (await connector.ActAsync(Session(remote), [look], Now))[0].Outcome.ShouldBeOfType<Outcome.TryLater>();
        (await connector.ActAsync(Session(remote), [look], Now))[0].Learned!.ShouldHaveSingleItem().Signal.ShouldBeOfType<OrderSignal.OpinionTold>().Of.ShouldBeNull();
        remote.Requests[0].Line.ShouldBe("GET https://api.signifyd.com/v3/decisions/56%2F1");
    }

    [Fact]
    public void A_webhook_counts_only_with_the_teams_signature()
    {
        var body = Decision();
        Knock(body, ("SIGNIFYD-SEC-HMAC-SHA256", HmacSignature.Base64(Key, body)), ("SIGNIFYD-CHECKPOINT", "SALE")).ShouldBeOfType<Knock.Take>()
            .ShouldSatisfyAllConditions(t => t.Topic.ShouldBe("SALE"), t => t.Stream.Key.ShouldBe("order/5600000001"), t => t.DeliveryId.ShouldStartWith("SALE:"));
        Knock(body, ("X-SIGNIFYD-SEC-HMAC-SHA256", HmacSignature.Base64(Key, body)), ("X-SIGNIFYD-TOPIC", "cases/rescore")).ShouldBeOfType<Knock.Take>().Topic.ShouldBe("CASES/RESCORE");
        Knock(body, ("SIGNIFYD-SEC-HMAC-SHA256", HmacSignature.Base64("ABCDE", body)), ("SIGNIFYD-TOPIC", "cases/test")).ShouldBeOfType<Knock.Refused>("everybody knows that key");
        Knock(body).ShouldBeOfType<Knock.Refused>();
        body[^3] ^= 1;
        Knock(body, ("SIGNIFYD-SEC-HMAC-SHA256", HmacSignature.Base64(Key, Decision()))).ShouldBeOfType<Knock.Refused>();
    }

    [Fact]
    public void What_names_no_order_or_is_no_json_is_a_named_case_and_what_decides_nothing_is_left()
    {
        Should.Throw<NotUnderstoodException>(() => connector.Read(Session(remote), "SALE", "{}"u8.ToArray(), Noon)).CaseKind.ShouldBe("signifyd.missing");
        Should.Throw<NotUnderstoodException>(() => connector.Read(Session(remote), "SALE", "<"u8.ToArray(), Noon)).CaseKind.ShouldBe("signifyd.bad_json");
        connector.Read(Session(remote), "MERCHANT_REVIEW", """{"orderId":"1"}"""u8.ToArray(), Noon).Signals.ShouldBeEmpty();
        foreach (var bytes in Mutations.Of(Fixture.Bytes("Signifyd", "decision.json"), 2_000))
        {
            try { connector.Read(Session(remote), "SALE", bytes, Noon); }
            catch (NotUnderstoodException) { }
        }
    }

    [Fact]
    public async Task The_twin_decides_by_mailbox_reviews_later_and_takes_note_of_ends_and_refunds()
    {
        await using var box = await TwinBox.StartAsync(connector, ("api_key", Key));
        (await box.TestAsync()).Outcome.ShouldBe(new Outcome.Done());
        Verdict? Of(Result result) => (result.Learned?.Single().Signal as OrderSignal.OpinionTold)?.Verdict;
        Of((await box.ActAsync(Ask("1", "ann@example.test")))[0]).ShouldBe(Verdict.Approved);
        Of((await box.ActAsync(Ask("2", "ann+reject@example.test")))[0]).ShouldBe(Verdict.Declined);
        Of((await box.ActAsync(Ask("3", "ann+odd@example.test")))[0]).ShouldBe(Verdict.LeftToUs);
        Of((await box.ActAsync(Ask("4", "ann+silent@example.test")))[0]).ShouldBeNull();
        Of((await box.ActAsync(Ask("5", "ann+hold@example.test")))[0]).ShouldBe(Verdict.Waiting);
        box.Twin<SignifydTwin>().Review("5", "REJECT");
        await box.DeliveredAsync();
        box.Readings.ShouldHaveSingleItem().Signals.ShouldHaveSingleItem().Signal.ShouldBeOfType<OrderSignal.OpinionTold>().Verdict.ShouldBe(Verdict.Declined);
        Of((await box.ActAsync(new Work("k", new OrderEffect.LookUpOpinion("5"), 1)))[0]).ShouldBe(Verdict.Declined);
        (await box.ActAsync(new Work("k", new OrderEffect.TellReviewerOfEnd("5", "declined"), 1)))[0].Outcome.ShouldBe(new Outcome.Done());
        (await box.ActAsync(new Work("k", new OrderEffect.TellReviewerOfRefund("1", "R1", 99.50m, "INR"), 1)))[0].Outcome.ShouldBe(new Outcome.Done());
        box.Twin<SignifydTwin>().Find("5")!.Ended.ShouldBeTrue();
        box.Twin<SignifydTwin>().Find("1")!.Refunds["R1"].ShouldBe(99.50m);
    }

    private Knock Knock(byte[] body, params (string Name, string Value)[] headers) => connector.Receive(Session(remote),
        new Delivery("POST", "", "", name => headers.FirstOrDefault(h => string.Equals(h.Name, name, StringComparison.OrdinalIgnoreCase)).Value, body, Noon));

    private OrderSignal.OpinionTold Told(byte[] body) => connector.Read(Session(remote), "SALE", body, Noon).Signals.ShouldHaveSingleItem().Signal.ShouldBeOfType<OrderSignal.OpinionTold>();

    private static byte[] Decision(Action<JsonNode>? change = null)
    {
        var body = JsonNode.Parse(Fixture.Bytes("Signifyd", "decision.json"))!;
        change?.Invoke(body["decision"]!);
        return Encoding.UTF8.GetBytes(body.ToJsonString());
    }

    private static Session Session(RemoteScript remote) => remote.Session("aurora-signifyd", ("api_key", Key));

    private static Work Ask(string id = "5600000001", string email = "asha@example.com")
    {
        var home = new Address("Asha Rao", null, "12 MG Road", null, "Bengaluru", "KA", "560001", "IN", "+919800000001");
        return new("order/5600000001/opinion/0f0f0f0f", new OrderEffect.AskOpinion(id, "0f0f0f0f", new OrderFacts
        {
            ExternalId = id, Number = "#1001", Channel = "shop", PlacedAt = Noon, UpdatedAt = Noon, Currency = "INR", Total = 1550m, Shipping = 50m, Buyer = new("C1", "Asha Rao", email, "+919800000001", "en-IN"),
            ShipTo = home, BillTo = home with { Name = "Bill Payer" }, Lines = [new() { LineId = "1", Sku = "SKU-A", Title = "Kurta", Quantity = 2, UnitPrice = 750m }], Payment = new(PaymentState.Paid, PaymentMethod.Prepaid, "razorpay", 1550m),
        }, home), 1);
    }
}
