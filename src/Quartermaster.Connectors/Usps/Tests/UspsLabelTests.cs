using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Usps.Tests;

/// <summary>Labels of USPS: what is asked, what an answer means, and that one purchase is one label.</summary>
public sealed class UspsLabelTests
{
    private const string Token = """{"access_token":"first","expires_in":28799}""", Payment = """{"paymentAuthorizationToken":"payment-4711","roles":[]}""";
    private static readonly Consignment Parcel = SampleParcel.With("USPS_GROUND_ADVANTAGE");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static (string, string)[] Settings =>
        [("client_id", "client"), ("client_secret", "secret-4711"), ("crid", "12345678"), ("mid", "123456789"), ("account_number", "1000000001")];

    private static string Sold(string picture) => $$"""{"trackingNumber":"9434600208303110456789","postage":7.15,"extraServices":[{"price":3.4}],"fees":[{"price":0.25}],"labelImage":"{{picture}}"}""";

    private static string Error(string code, string detail = "says no") => $$$"""{"apiVersion":"v3","error":{"code":"400","message":"Bad Request","errors":[{"status":"400","code":"{{{code}}}","detail":"{{{detail}}}"}]}}""";

    private static async Task<(Result Result, RemoteScript Remote)> Do(Work work, (string, string)[]? settings, params (int Status, string Body)[] answers)
    {
        var remote = new RemoteScript().Answer(200, Token).Answer(200, Payment);
        foreach (var (status, body) in answers) remote.Answer(status, body);
        return ((await new UspsConnector().ActAsync(remote.Session("usps", settings ?? Settings), [work], Cancel)).Single(), remote);
    }

    private static Work Buy(bool again = false) => new("k", new LabelEffect.Buy(Parcel), again ? 2 : 1) { MayHaveArrived = again };

    [Fact]
    public async Task A_purchase_tells_all_that_the_packer_needs_and_keeps_the_picture()
    {
        var picture = new byte[900];
        Random.Shared.NextBytes(picture);
        var (result, remote) = await Do(Buy(), null, (200, Sold(Convert.ToBase64String(picture))));
        result.Outcome.ShouldBe(new Outcome.Done("9434600208303110456789"));
        result.Learned!.Single().Signal.ShouldBe(new LabelSignal.Issued(Parcel.Reference, new("9434600208303110456789", "usps", "USPS_GROUND_ADVANTAGE", "9434600208303110456789",
            "https://tools.usps.com/go/TrackConfirmAction?tLabels=9434600208303110456789", "paper:label/aurora.5600000001.1", 10.80m, "USD")));
        var paper = result.Papers.Single();
        (paper.Name, paper.MediaType).ShouldBe(("label/aurora.5600000001.1", "application/pdf"));
        paper.Content.ToArray().ShouldBe(picture);
        result.Exchange.Answer.Length.ShouldBeLessThan(300, "the timeline does not show the picture");
        var kept = result.Exchange.Request + result.Exchange.Answer;
        kept.ShouldNotContain("secret-4711");
        kept.ShouldNotContain("payment-4711");
        remote.Requests.Select(r => r.Line).ShouldBe(["POST https://apis.usps.com/oauth2/v3/token", "POST https://apis.usps.com/payments/v3/payment-authorization", "POST https://apis.usps.com/labels/v3/label"]);
        remote.Requests[2].Headers["X-Payment-Authorization-Token"].ShouldBe("payment-4711");
        Guid.TryParse(remote.Requests[2].Headers["X-Idempotency-Key"], out _).ShouldBeTrue();
    }

    [Fact]
    public void One_purchase_has_one_key_and_another_one_another() => new[] { "a.1.1", "a.1.1", "a.1.1-2", "b.1.1" }.Select(UspsOutbound.KeyOf).Distinct().Count().ShouldBe(3);

    [Theory]
    [InlineData(500, "", "Unsure")]
    [InlineData(400, "010005", "Refused")]
    [InlineData(403, "", "NotConnected")]
    [InlineData(429, "", "TryLater")]
    [InlineData(200, "", "Unsure")]
    public async Task What_an_answer_to_a_purchase_means(int status, string code, string outcome) => (await Do(Buy(), null, (status, Error(code)))).Result.Outcome.GetType().Name.ShouldBe(outcome);

    [Fact]
    public async Task A_repeat_that_is_refused_is_looked_for_before_it_is_believed()
    {
        var (found, remote) = await Do(Buy(again: true), null, (400, Error("160150", "another request")), (200, Sold("QUJD")));
        found.Outcome.ShouldBe(new Outcome.AlreadyDone("9434600208303110456789"));
        remote.Requests[3].Line.ShouldBe("POST https://apis.usps.com/labels/v3/label-reprint");
        remote.Requests[3].Headers["X-Idempotency-Key"].ShouldBe(remote.Requests[2].Headers["X-Idempotency-Key"]);
        (await Do(Buy(again: true), null, (400, Error("160150")), (400, Error("none")))).Result.Outcome.ShouldBeOfType<Outcome.Unsure>("nobody publishes what 'none' looks like");
        (await Do(Buy(again: true), [.. Settings, ("absent_codes", "x, none")], (400, Error("160150")), (400, Error("none")))).Result.Outcome.ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("160150");
        (await Do(Buy(again: true), null, (400, Error("160150")), (503, ""))).Result.Outcome.ShouldBeOfType<Outcome.Unsure>();
    }

    [Theory]
    [InlineData("TX", "78701", "Austin", null, "no_size")]
    [InlineData("Texas", "78701", "Austin", "30x20x10", "state")]
    [InlineData("TX", "560100-X", "Austin", "30x20x10", "zip_code")]
    [InlineData("TX", "78701", "", "30x20x10", "address")]
    public async Task What_USPS_would_refuse_is_refused_with_words_that_help(string state, string zip, string city, string? size, string code)
    {
        var parcel = Parcel with { To = Parcel.To with { Province = state, PostalCode = zip, City = city }, Size = size is null ? null : new(30, 20, 10) };
        (await new UspsConnector().ActAsync(new RemoteScript().Session("usps", Settings), [new("k", new LabelEffect.Buy(parcel), 1)], Cancel)).Single().Outcome.ShouldBeOfType<Outcome.Refused>().Code.ShouldBe(code);
    }

    [Fact]
    public async Task Without_an_account_nothing_is_asked_and_the_setting_is_named() =>
        (await new UspsConnector().ActAsync(new RemoteScript().Answer(200, Token).Session("usps", ("client_id", "c"), ("client_secret", "secret-4711")), [Buy()], Cancel)).Single().Outcome.ShouldBeOfType<Outcome.NotConnected>().Why.ShouldContain("crid");

    [Fact]
    public async Task A_payment_that_is_not_authorized_buys_nothing()
    {
        var remote = new RemoteScript().Answer(200, Token).Answer(400, Error("x", "MID is not enrolled"));
        (await new UspsConnector().ActAsync(remote.Session("usps", Settings), [Buy()], Cancel)).Single().Outcome.ShouldBeOfType<Outcome.NotConnected>().Why.ShouldContain("MID is not enrolled");
    }

    [Theory]
    [InlineData(200, """{"trackingNumber":"94","status":"CANCELED"}""", "Done")]
    [InlineData(200, """{"trackingNumber":"94","status":"DISPUTED","disputeId":"1046"}""", "Done")]
    [InlineData(200, "?", "Unsure")]
    [InlineData(500, "", "Unsure")]
    public async Task What_an_answer_to_a_cancellation_means(int status, string body, string outcome) =>
        (await Do(new("k", new LabelEffect.Void("aurora.1.1", "94"), 1), null, (status, body))).Result.Outcome.GetType().Name.ShouldBe(outcome);

    [Fact]
    public async Task A_label_nobody_heard_of_goes_to_a_person_with_its_key()
    {
        var (result, _) = await Do(new("k", new LabelEffect.Void("aurora.1.1", null), 1), null, (400, Error("none")));
        result.Outcome.ShouldBeOfType<Outcome.Refused>().Why.ShouldContain(UspsOutbound.KeyOf("aurora.1.1"));
        (await Do(new("k", new LabelEffect.Void("aurora.1.1", null), 1), [.. Settings, ("absent_codes", "none")], (400, Error("none")))).Result.Outcome.ShouldBe(new Outcome.Done());
    }

    [Fact]
    public async Task Lost_answers_buy_each_label_once_and_take_back_what_nobody_wants()
    {
        var connector = new UspsConnector();
        await using var hub = await LabelRoundTrip.StartAsync(connector, [.. Settings, ("absent_codes", UspsTwin.Absent)], Cancel);
        var twin = hub.Sandbox.Twin<UspsTwin>("post");
        var faults = hub.Sandbox.FaultsOf("post");
        (faults.FailBefore, faults.FailAfter, faults.Reset) = (0.15, 0.3, 0.2);
        var buys = Enumerable.Range(1, 40).Select(i => new Work($"order/{i}/label/1", new LabelEffect.Buy(Parcel with { Reference = $"aurora.{i}.1", OrderRef = $"{i}" }), 1)).ToList();
        (await hub.DoAsync("post", buys, Cancel)).Outcomes.ShouldAllBe(o => o is Outcome.Done);
        twin.Sold.ShouldBe(40);
        var voids = Enumerable.Range(1, 41).Where(i => i % 2 == 1).Select(i => new Work($"order/{i}/label_void/1", new LabelEffect.Void($"aurora.{i}.1", null), 1)).ToList();
        (await hub.DoAsync("post", voids, Cancel)).Outcomes.ShouldAllBe(o => o is Outcome.Done, "what was never bought is not there");
        twin.LeftBehind.ShouldBe(20);
    }

    // The guard above would be worth nothing if the twin sold one label only by itself.
    [Fact]
    public async Task The_twin_sells_another_label_under_another_key()
    {
        var connector = new UspsConnector();
        await using var hub = await LabelRoundTrip.StartAsync(connector, Settings, Cancel);
        await hub.DoAsync("post", [new("a", new LabelEffect.Buy(Parcel), 1), new("b", new LabelEffect.Buy(Parcel with { Reference = "aurora.5600000001.1-2" }), 1)], Cancel);
        hub.Sandbox.Twin<UspsTwin>("post").Sold.ShouldBe(2);
    }

    [Fact]
    public async Task A_parcel_with_our_label_is_followed()
    {
        var connector = new UspsConnector();
        await using var hub = await LabelRoundTrip.StartAsync(connector, [.. Settings, ("sandbox_step_ms", "1"), ("sandbox_missed", "0")], Cancel);
        await LabelRoundTrip.FollowAsync<UspsTwin>(hub, connector, Parcel, Cancel);
    }

    [Fact]
    public void A_purchase_is_what_the_contract_allows()
    {
        var contract = OpenApiContract.Require("usps/domestic-labels.yaml");
        var body = UspsOutbound.Label(new RemoteScript().Session("usps", Settings), Parcel);
        contract.Request("post", "/label", body).ShouldBeEmpty();
        // Proves that the checker looks inside.
        contract.Request("post", "/label", body.Replace("MACHINABLE", "BY_HAND", StringComparison.Ordinal)).ShouldNotBeEmpty();
        contract.Request("post", "/label", body.Replace("\"toAddress\"", "\"to\"", StringComparison.Ordinal)).ShouldNotBeEmpty();
        contract.Request("post", "/label-reprint", UspsOutbound.Reprint(Configured)).ShouldBeEmpty();
    }

    [Fact]
    public void A_question_for_payment_is_what_the_contract_allows()
    {
        OpenApiContract.Require("usps/payments.yaml").Request("post", "/payment-authorization", UspsOutbound.Payment(Configured)).ShouldBeEmpty();
        OpenApiContract.Require("usps/payments.yaml").Request("post", "/payment-authorization", UspsOutbound.Payment(new RemoteScript().Session("usps", [.. Settings, ("account_type", "PERMIT"), ("permit_zip", "78701")]).Settings)).ShouldBeEmpty();
    }

    private static Settings Configured => new RemoteScript().Session("usps", Settings).Settings;
}
