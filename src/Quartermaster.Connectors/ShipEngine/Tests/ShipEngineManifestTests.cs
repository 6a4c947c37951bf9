using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Labels;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.ShipEngine.Tests;

/// <summary>The list with which a day ends: what is asked, what an answer means, and that no label is on two manifests.</summary>
public sealed class ShipEngineManifestTests
{
    private static readonly ShipEngineConnector Connector = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DispatchList List => SampleParcel.List("post", Label("se-1"), Label("se-2"));

    private static ListedLabel Label(string id) => new("aurora." + id, id, "T" + id, "ground", 500);

    private const string Manifest = """{"manifest_id":"se-7","label_ids":["se-1","se-2"],"manifest_download":{"href":"https://se/7.pdf"}}""";

    [Theory]
    [InlineData(200, $$"""{"manifests":[{{Manifest}}]}""", "Done")]
    [InlineData(200, """{"manifest_id":"se-7","label_ids":["se-1","se-2"],"manifest_download":{"href":"https://se/7.pdf"}}""", "Done")]
    [InlineData(200, """{"manifest_requests":[{"manifest_request_id":"se-9","status":"in_progress"}]}""", "Unsure")]
    [InlineData(200, """{"errors":[{"error_code":"invalid_status","message":"void"}]}""", "Refused")]
    [InlineData(200, "?", "Unsure")]
    [InlineData(500, "", "Unsure")]
    [InlineData(400, """{"errors":[{"error_code":"invalid_status","message":"void"}]}""", "Refused")]
    [InlineData(429, "", "TryLater")]
    public async Task What_an_answer_means(int status, string body, string outcome)
    {
        var remote = new RemoteScript().Answer(status, body);
        var result = (await Connector.ActAsync(remote.Session("post", ShipEngineTests.Settings), [new("k", new DispatchEffect.Close(List), 1)], Cancel)).Single();
        result.Outcome.GetType().Name.ShouldBe(outcome);
        remote.Requests.Single().Body.ShouldBe("""{"label_ids":["se-1","se-2"]}""");
        if (result.Outcome is Outcome.Done) Told(result).ShouldSatisfyAllConditions(t => t.RemoteId.ShouldBe("se-7"), t => t.Document.ShouldBe("https://se/7.pdf"), t => t.LeftOut.ShouldBeEmpty());
    }

    [Fact]
    public async Task A_label_that_is_on_no_manifest_is_named_with_its_reason()
    {
        var remote = new RemoteScript().Answer(200, """{"manifests":[{"manifest_id":"se-7","label_ids":["se-1"]}],"errors":[{"error_code":"invalid_status","message":"se-2 is void."}]}""");
        Told((await Connector.ActAsync(remote.Session("post", ShipEngineTests.Settings), [new("k", new DispatchEffect.Close(List), 1)], Cancel)).Single()).LeftOut.ShouldBe([new("se-2", "se-2 is void.")]);
    }

    [Theory]
    [InlineData(200, """{"manifests":[]}""", "TryLater")]
    [InlineData(200, """{"manifests":[{"manifest_id":"se-8","label_ids":["se-99"]}]}""", "TryLater")]
    [InlineData(200, $$"""{"manifests":[{{Manifest}}]}""", "AlreadyDone")]
    [InlineData(404, "", "Unsure")]
    [InlineData(503, "", "Unsure")]
    public async Task A_lost_list_is_looked_for_by_its_labels(int status, string body, string outcome)
    {
        var remote = new RemoteScript().Answer(status, body);
        (await Connector.LookUpAsync(remote.Session("post", ShipEngineTests.Settings), new("k", new DispatchEffect.Close(List), 2), Cancel)).Outcome.GetType().Name.ShouldBe(outcome);
        remote.Requests.Single().Line.ShouldEndWith("/v1/manifests?page_size=100&label_ids=se-1&label_ids=se-2");
    }

    [Fact]
    public async Task Lost_answers_make_one_manifest()
    {
        await using var hub = await LabelRoundTrip.StartAsync(Connector, ShipEngineTests.Settings, Cancel);
        List<ListedLabel> labels = [];
        for (var i = 1; i <= 5; i++)
        {
            var bought = await hub.DoByLookUpAsync("post", new($"b{i}", new LabelEffect.Buy(ShipEngineTests.Parcel with { Reference = $"aurora.{i}.1" }), 1), Cancel);
            labels.Add(Label(((LabelSignal.Issued)bought.Learned!.Single().Signal).Label.LabelId));
        }
        var faults = hub.Sandbox.FaultsOf("post");
        (faults.FailBefore, faults.FailAfter, faults.Reset) = (0.15, 0.4, 0.2);
        for (var i = 0; i < 5; i++) Told(await hub.DoByLookUpAsync("post", new($"c{i}", new DispatchEffect.Close(SampleParcel.List("post", labels[i])), 1), Cancel)).LeftOut.ShouldBeEmpty();
        hub.Sandbox.Twin<ShipEngineTwin>("post").Manifests.ShouldBe(5);
    }

    [Fact]
    public void A_list_is_what_the_contract_allows() => OpenApiContract.Require("shipstation/shipengine-openapi.json").Request("post", "/v1/manifests", ShipEngineManifests.Request(List)).ShouldBeEmpty();

    private static DispatchSignal.Closed Told(Result result) => result.Learned!.Single().Signal.ShouldBeOfType<DispatchSignal.Closed>();
}
