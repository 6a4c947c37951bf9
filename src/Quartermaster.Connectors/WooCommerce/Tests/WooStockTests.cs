using Quartermaster.Connectors.WooCommerce;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Tests.WooCommerce;

public sealed class WooStockTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly WooConnector Woo = new();

    [Fact]
    public async Task One_entry_that_fails_does_not_touch_the_others()
    {
        var remote = new RemoteScript().Answer(200, Fixture.Text("WooCommerce", "batch-answered.json"));
        var answers = await Set(remote, Level("820", 12), Level("821", 4), Level("999", 1), Level("822", 3), Level("823", 3));
        answers.Select(a => Name(a.Outcome)).ShouldBe(["Done", "Refused not_counted", "Refused woocommerce_rest_product_invalid_id", "TryLater", "Refused not_found"]);
        remote.Requests.Single().Line.ShouldBe("POST https://shop.test/wp-json/wc/v3/products/batch");
        remote.Requests.Single().Body.ShouldStartWith("""{"update":[{"id":820,"stock_quantity":12},{"id":821,"stock_quantity":4}""");
    }

    [Fact]
    public async Task Variations_are_set_product_by_product()
    {
        var remote = new RemoteScript().Answer(200, """{"update":[{"id":20,"manage_stock":true,"stock_quantity":5}]}""").Answer(200, """{"update":[{"id":31,"manage_stock":true,"stock_quantity":6},{"id":32,"manage_stock":"parent","stock_quantity":9}]}""");
        var answers = await Set(remote, Level("20", 5), Level("30/31", 6), Level("30/32", 7));
        answers.Select(a => Name(a.Outcome)).ShouldBe(["Done", "Done", "Refused not_counted"]);
        remote.Requests.Select(r => r.Line).ShouldBe(["POST https://shop.test/wp-json/wc/v3/products/batch", "POST https://shop.test/wp-json/wc/v3/products/30/variations/batch"]);
    }

    [Fact]
    public async Task A_listing_that_somebody_else_changed_is_left_alone()
    {
        var remote = new RemoteScript()
            .Answer(200, """[{"id":1,"manage_stock":true,"stock_quantity":9},{"id":2,"manage_stock":true,"stock_quantity":7},{"id":3,"manage_stock":false},{"id":5,"manage_stock":true,"stock_quantity":4}]""")
            .Answer(200, """{"update":[{"id":1,"manage_stock":true,"stock_quantity":4}]}""");
        var answers = await Set(remote, Level("1", 4, was: 9), Level("2", 4, was: 9), Level("3", 4, was: 9), Level("4", 4, was: 9), Level("5", 4, was: 9));
        answers.Select(a => Name(a.Outcome)).ShouldBe(["Done", "TryLater", "Refused not_counted", "Refused not_found", "Done"]);
        answers.Select(a => a.Found).ShouldBe([null, 7, null, null, null]);
        remote.Requests[0].Line.ShouldStartWith("GET https://shop.test/wp-json/wc/v3/products?per_page=100&include=1,2,3,4,5&");
        remote.Requests[1].Body.ShouldBe("""{"update":[{"id":1,"stock_quantity":4}]}""");
    }

    [Theory]
    [InlineData(401, "NotConnected")]
    [InlineData(429, "TryLater")]
    [InlineData(502, "Unsure")]
    public async Task A_call_that_failed_is_the_answer_of_all_its_entries(int status, string outcome) =>
        (await Set(new RemoteScript().Answer(status), Level("1", 4), Level("2", 4))).Select(a => Name(a.Outcome)).ShouldBe([outcome, outcome]);

    [Fact]
    public async Task A_number_that_did_not_stay_is_told_as_found()
    {
        var answers = await Set(new RemoteScript().Answer(200, """{"update":[{"id":1,"manage_stock":true,"stock_quantity":3}]}"""), Level("1", 4));
        answers[0].ShouldSatisfyAllConditions(a => a.Outcome.ShouldBeOfType<Outcome.TryLater>(), a => a.Found.ShouldBe(3));
    }

    [Fact]
    public async Task A_group_that_may_not_be_sent_now_leaves_the_others_their_answers()
    {
        var remote = new RemoteScript().Answer(200, """{"update":[{"id":1,"manage_stock":true,"stock_quantity":4}]}""").Throw(new NotNowException("Not now.", TimeSpan.FromSeconds(9)));
        var answers = await Set(remote, Level("1", 4), Level("2/21", 4));
        answers[0].Outcome.ShouldBeOfType<Outcome.Done>();
        answers[1].Outcome.ShouldBe(new Outcome.TryLater("Not now.", TimeSpan.FromSeconds(9)));
    }

    [Fact]
    public async Task A_question_that_failed_changes_nothing()
    {
        var remote = new RemoteScript().Answer(502);
        (await Set(remote, Level("1", 4, was: 3))).Select(a => Name(a.Outcome)).ShouldBe(["TryLater"]);
        remote.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_shop_that_takes_fewer_at_a_time_gets_halves()
    {
        var remote = new RemoteScript().Answer(413, """{"code":"woocommerce_rest_request_entity_too_large","message":"Too many."}""")
            .Answer(200, """{"update":[{"id":1,"manage_stock":true,"stock_quantity":4}]}""").Answer(200, """{"update":[{"id":2,"manage_stock":true,"stock_quantity":4}]}""");
        (await Set(remote, Level("1", 4), Level("2", 4))).Select(a => Name(a.Outcome)).ShouldBe(["Done", "Done"]);
    }

    [Fact]
    public async Task Everything_that_is_stocked_is_read()
    {
        var remote = new RemoteScript()
            .Answer(200, """[{"id":1,"name":"Mug &amp; lid","type":"simple","sku":"MUG","manage_stock":true,"stock_quantity":3.7,"variations":[]},{"id":2,"name":"Tee","type":"variable","sku":"","manage_stock":false,"variations":[21,22]},{"id":3,"name":"E-book","type":"simple","sku":"EB","manage_stock":false,"variations":[]},{"id":4,"name":"Elsewhere","type":"external","variations":[]}]""")
            .Answer(200, """[{"id":21,"sku":"TEE-S","manage_stock":true,"stock_quantity":-2,"attributes":[{"option":"S"},{"option":"Navy"}]},{"id":22,"sku":"TEE-M","manage_stock":"parent","stock_quantity":8,"attributes":[{"option":"M"}]}]""");
        var seen = await Woo.ReadStockAsync(WooShop.Session(remote), Cancel).ToListAsync(Cancel);
        seen.ShouldBe(
        [
            new ListingSeen(new("1", ""), "MUG", "Mug & lid", "1", 3), new ListingSeen(new("3", ""), "EB", "E-book", "3", null), new ListingSeen(new("2/21", ""), "TEE-S", "Tee, S, Navy", "21", -2),
            new ListingSeen(new("2/22", ""), "TEE-M", "Tee, M", "22", null),
        ]);
        remote.Requests[1].Line.ShouldStartWith("GET https://shop.test/wp-json/wc/v3/products/2/variations?per_page=100&");
    }

    [Theory]
    [InlineData("kg", "cm", 250, 30)]
    [InlineData("lbs", "in", 114, 77)]
    public async Task Weights_and_sizes_are_read_in_the_units_of_the_shop_and_a_variation_has_its_products(string weight, string size, int grams, int longest)
    {
        var remote = new RemoteScript()
            .Answer(200, """[{"id":1,"type":"simple","sku":"MUG","weight":"0.25","dimensions":{"length":"10","width":"30","height":"7.2"}},{"id":2,"type":"variable","sku":"","variations":[21,22],"weight":"1","dimensions":{"length":"","width":"","height":""}},{"id":3,"type":"simple","sku":"EB","weight":"","dimensions":{"length":"","width":"2","height":""}}]""")
            .Answer(200, """[{"id":21,"sku":"TEE-S","weight":"0.25"},{"id":22,"sku":"TEE-M","weight":"heavy"}]""");
        var seen = await Woo.ReadSkusAsync(WooShop.Session(remote, ("weight_unit", weight), ("dimension_unit", size)), Cancel).ToListAsync(Cancel);
        seen.Select(s => s.Sku).ShouldBe(["MUG", "TEE-S", "TEE-M", "EB"]);
        (seen[0].Facts.Grams, seen[0].Facts.Size!.Length).ShouldBe((grams, longest));
        seen[2].Facts.Grams.ShouldBe(weight == "kg" ? 1000 : 454, "what is not written at the variation is its product's");
        seen[3].Facts.ShouldBe(Core.Kernel.SkuFacts.Unknown);
        remote.Requests[0].Line.ShouldEndWith("&_fields=id,name,type,sku,parent_id,variations,weight,dimensions");
    }

    [Fact]
    public async Task A_page_that_cannot_be_read_ends_the_reading_with_an_error() =>
        await Should.ThrowAsync<HttpRequestException>(async () => await Woo.ReadStockAsync(WooShop.Session(new RemoteScript().Answer(401)), Cancel).ToListAsync(Cancel));

    private static Task<IReadOnlyList<LevelAnswer>> Set(RemoteScript remote, params LevelToSet[] levels) => Woo.SetStockAsync(WooShop.Session(remote), levels, Cancel);

    private static LevelToSet Level(string item, int units, int? was = null) => new(new(item, ""), "SKU-" + item, units, was, "k");

    private static string Name(Outcome outcome) => outcome is Outcome.Refused refused ? $"Refused {refused.Code}" : outcome.GetType().Name;
}
