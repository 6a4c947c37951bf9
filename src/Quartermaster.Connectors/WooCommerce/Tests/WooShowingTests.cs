using System.Text.Json.Nodes;
using Quartermaster.Connectors.WooCommerce;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Tests.WooCommerce;

/// <summary>A product's place in the catalogue is asked about and changed; a draft is a draft, whatever its catalogue visibility says.</summary>
public sealed class WooShowingTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly WooConnector Woo = new();

    [Fact]
    public async Task Status_comes_before_visibility()
    {
        var remote = new RemoteScript().Answer(200, """[{"id":12,"status":"publish","catalog_visibility":"search"},{"id":13,"status":"draft","catalog_visibility":"visible"}]""");
        var answers = await Woo.ReadShownAsync(WooShop.Session(remote), ["12", "13", "14"], Cancel);
        answers.Select(a => a.As).ShouldBe(["search", "draft", null]);
    }

    [Fact]
    public async Task All_of_them_go_out_in_one_call_with_nothing_but_their_visibility()
    {
        var remote = new RemoteScript().Answer(200, """{"update":[{"id":12,"status":"publish","catalog_visibility":"hidden"},{"id":13,"error":{"code":"woocommerce_rest_product_invalid_id","message":"Invalid ID.","data":{"status":400}}},{"id":14,"status":"publish","catalog_visibility":"visible"}]}""");
        var outcomes = await Woo.ShowAsync(WooShop.Session(remote), [new("12", "hidden"), new("13", "hidden"), new("14", "hidden"), new("15", "hidden")], Cancel);
        outcomes.Select(o => o.GetType().Name).ShouldBe(["Done", "Refused", "Unsure", "Refused"]);
        JsonNode.Parse(remote.Requests.Single().Body)!["update"]![0]!.ToJsonString().ShouldBe("""{"id":12,"catalog_visibility":"hidden"}""");
    }
}
