using System.Text;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Import;

public sealed class JsonOrdersTests
{
    private const string Ours = """{"externalId":"ID","number":"#ID","channel":"old","placedAt":"2026-01-15T10:22:31Z","updatedAt":"2026-01-15T10:22:31Z","currency":"EUR","total":12.5,"buyer":{},"lines":[{"lineId":"1","sku":"A","title":"a } \" {","quantity":1,"unitPrice":12.5}],"payment":{"state":"Paid","method":"Prepaid"}}""";

    private readonly ImportTestBed _bed = new();

    [Theory]
    [InlineData("[\n{1},\n{2}\n]", 2, 3)]
    [InlineData("{1}\n\n{2}\n", 1, 3)]
    [InlineData("{ \"orders\" : [{1}, {2}], \"next\": {\"page\": 2} }", 1, 1)]
    [InlineData("\uFEFF[{1},{2}]", 1, 1)]
    public async Task Arrays_lines_and_API_answers_are_streamed_with_their_lines(string shape, int first, int second)
    {
        var text = shape.Replace("{1}", Order("1")).Replace("{2}", Order("2"));

        var read = await _bed.JsonAsync(text);

        read.Select(r => (r.Facts.ExternalId, r.Line)).ShouldBe([("1", first), ("2", second)]);
        read[0].Facts.Channel.ShouldBe("shop");
        _bed.Notes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_vendors_order_is_read_by_the_connector_of_its_channel()
    {
        var facts = (await _bed.JsonAsync(Order("9")))[0].Facts;

        var read = await _bed.JsonAsync("""[{"id": 9, "name": "#9"}]""", body =>
        {
            Encoding.UTF8.GetString(body.Span).ShouldBe("""{"id": 9, "name": "#9"}""");
            return Reading.One(new StreamId("b", "order", "9"), new OrderSignal.Reported(facts, "import"));
        });

        read.ShouldHaveSingleItem().Facts.ExternalId.ShouldBe("9");
    }

    [Fact]
    public async Task What_cannot_be_read_is_reported_with_its_line_and_the_rest_goes_on()
    {
        var read = await _bed.JsonAsync($"[\n{{\"externalId\":\"1\",\n\"total\":}},\n{{\"id\":3}},\n{Order("4")},\n{{\"externalId\":\"5\"");

        read.Select(r => r.Facts.ExternalId).ShouldBe(["4"]);
        _bed.Notes.Select(n => (n.Line, n.Category)).ShouldBe([(3, "bad JSON"), (4, "unknown shape"), (6, "bad JSON")]);
    }

    private static string Order(string id) => Ours.Replace("ID", id);
}
