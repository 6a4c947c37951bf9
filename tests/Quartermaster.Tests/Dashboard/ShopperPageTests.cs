using System.Net;
using System.Text.RegularExpressions;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Dashboard.Shopper;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Risk;
using Quartermaster.SignIn;

namespace Quartermaster.Tests.Dashboard;

/// <summary>The page on which a shopper follows an order.</summary>
public sealed class ShopperPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_parcels_way_is_told_in_the_shoppers_words_and_nothing_else_of_the_shopper()
    {
        await using var host = await DashboardHost.StartAsync();
        var order = await SentAsync(host, "#1001");
        using var shopper = host.Client();
        var page = WebUtility.HtmlDecode(await shopper.GetStringAsync(At(host, order), Cancel));

        foreach (var said in new[] { "<html lang=\"en\"", "Aurora Outdoor", "Your order is on its way", "with DHL, number JD014600011", "Handed to DHL", "Leipzig", "1 × Rain jacket, blue", "€133.90", "Berlin" }) page.ShouldContain(said);
        foreach (var kept in new[] { "Lindenweg", "10115", "mara@example.com", "4915112345678", "Lind", "ARR-77", "Quartermaster", "/orders/" }) page.ShouldNotContain(kept, Case.Sensitive, kept);
    }

    [Theory]
    [InlineData("hi-IN", "lang=\"hi\"", "आपका ऑर्डर रास्ते में है", "₹1,20,000.00")]
    [InlineData("id-ID", "lang=\"id\"", "Pesanan Anda dalam perjalanan", "₹1,20,000.00")]
    public async Task It_speaks_the_shoppers_language(string locale, params string[] words)
    {
        await using var host = await DashboardHost.StartAsync();
        var order = await SentAsync(host, "#1001", f => f with { Buyer = f.Buyer with { Locale = locale }, Currency = "INR", Total = 120_000m, Lines = [f.Lines[0] with { UnitPrice = 119_995.10m }] });
        using var shopper = host.Client();
        var page = WebUtility.HtmlDecode(await shopper.GetStringAsync(At(host, order), Cancel));
        foreach (var said in words) page.ShouldContain(said);
    }

    [Fact]
    public async Task A_wrong_link_a_forged_one_and_one_of_the_other_kind_are_nothing_at_all()
    {
        await using var host = await DashboardHost.StartAsync();
        var order = await SentAsync(host, "#1001");
        using var shopper = host.Client();
        var good = At(host, order);
        List<string> bodies = [];
        foreach (var wrong in new[] { good[..^1] + (good[^1] == 'A' ? 'B' : 'A'), "/t/x", "/t/" + new string('A', 60), "/t/" + host.Get<ShopperLinks>().TokenOf(order), At(host, order with { Id = "77" }) })
        {
            var answer = await shopper.GetAsync(wrong, Cancel);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, wrong);
            bodies.Add(await answer.Content.ReadAsStringAsync(Cancel));
        }
        bodies.Distinct().ShouldHaveSingleItem().ShouldNotContain("Aurora");
        // A page that is shown around must not open the question, which holds the address.
        (await shopper.GetAsync(good.Replace("/t/", "/confirm/", StringComparison.Ordinal), Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_page_is_for_one_browser_and_an_unchanged_one_is_not_drawn_again()
    {
        await using var host = await DashboardHost.StartAsync();
        var order = await SentAsync(host, "#1001");
        using var shopper = host.Client();
        var first = await shopper.GetAsync(At(host, order), Cancel);
        first.Headers.CacheControl!.ToString().ShouldBe("no-cache, private");
        first.Headers.GetValues("X-Robots-Tag").ShouldBe(["noindex, nofollow"]);
        first.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        first.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");

        (await AskAgainAsync()).ShouldBe(HttpStatusCode.NotModified);
        await host.Seed.SayAsync(order, new ShippingSignal.Scanned("DHL", "JD014600011", ScanStatus.OutForDelivery, "LD", host.Seed.Now, "Berlin"), "dhl");
        (await AskAgainAsync()).ShouldBe(HttpStatusCode.OK);

        async Task<HttpStatusCode> AskAgainAsync()
        {
            using var again = new HttpRequestMessage(HttpMethod.Get, At(host, order));
            again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            return (await shopper.SendAsync(again, Cancel)).StatusCode;
        }
    }

    [Fact]
    public async Task The_address_changes_only_for_who_knows_the_order_and_only_while_it_can()
    {
        await using var host = await DashboardHost.StartAsync();
        var order = await host.Seed.PlaceAsync(Seed.Facts("#1001", paid: false));
        using var shopper = host.Client();
        var at = At(host, order);
        (await shopper.GetStringAsync(at, Cancel)).ShouldContain("Send it to another address");
        (string, string)[] there = [("line1", "Rosenweg 7"), ("city", "Hamburg"), ("postalCode", "20095")];

        (await PostAsync(shopper, at + "/address", [.. there, ("proof", "somebody@example.com")])).ShouldContain("not the e-mail address or phone number of this order");
        (await PostAsync(shopper, at + "/address", ("line1", "Rosenweg 7"), ("city", "Hamburg"), ("postalCode", "2009"), ("proof", "MARA@example.com"))).ShouldContain("value=\"Rosenweg 7\"", customMessage: "what was typed is there still");
        (await SentSignals(host)).ShouldBe(0L);
        (await PostAsync(shopper, at + "/address", [.. there, ("proof", "0151 12345678"), ("name", "Eve Elsewhere")])).ShouldBe(at + "?said=address");
        (await host.ScalarAsync("SELECT convert_from(body, 'UTF8')::jsonb #>> '{shipTo,postalCode}' FROM signal WHERE kind = 'order.address_corrected.v1' AND source = 'operator/the shopper'")).ShouldBe("20095");
        (await host.ScalarAsync("SELECT convert_from(body, 'UTF8')::jsonb #>> '{shipTo,name}' FROM signal WHERE kind = 'order.address_corrected.v1'")).ShouldNotBe("Eve Elsewhere", "the form asks for no name");
        (await shopper.GetStringAsync(at + "?said=address", Cancel)).ShouldNotContain("Thank you. Your order goes", customMessage: "nobody has decided it yet");
        await host.Seed.SayAsync(order, new OrderSignal.AddressCorrected(Seed.Facts("#1001").ShipTo! with { Line1 = "Rosenweg 7", City = "Hamburg", PostalCode = "20095" }, "the shopper"), "operator/the shopper");
        (await shopper.GetStringAsync(at + "?said=address", Cancel)).ShouldContain("goes to the new address");
        var packed = await host.Seed.PlaceAsync(Seed.Facts("#1003"));
        await host.Seed.SayAsync(packed, new OrderSignal.AddressCorrected(Seed.Facts("#1003").ShipTo! with { Line1 = "Rosenweg 7" }, "the shopper"), "operator/the shopper");
        (await shopper.GetStringAsync(At(host, packed) + "?said=address", Cancel)).ShouldContain("have asked the warehouse");

        var sent = await SentAsync(host, "#1002");
        (await shopper.GetStringAsync(At(host, sent), Cancel)).ShouldNotContain("Send it to another address");
        (await PostAsync(shopper, At(host, sent) + "/address", [.. there, ("proof", "mara@example.com")])).ShouldContain("cannot be changed any more");
    }

    [Fact]
    public async Task A_postal_code_that_nobody_knows_is_asked_about_once_with_all_that_was_typed()
    {
        await using var host = await DashboardHost.StartAsync();
        var order = await host.Seed.PlaceAsync(Seed.Facts("#1001", paid: false));
        await host.Seed.SqlAsync("INSERT INTO postcode(country, code, latitude, longitude) VALUES ('DE', '10115', 52.5, 13.4)");
        using var shopper = host.Client();
        var at = At(host, order);
        (string, string)[] there = [("line1", "Rosenweg 7"), ("city", "Hamburg"), ("postalCode", "20095"), ("proof", "mara@example.com")];
        var asked = await PostAsync(shopper, at + "/address", there);
        foreach (var said in new[] { "We do not know this postal code", "value=\"Rosenweg 7\"", "name=\"sure\" value=\"20095\"" }) asked.ShouldContain(said);
        (await SentSignals(host)).ShouldBe(0L);
        (await PostAsync(shopper, at + "/address", [.. there, ("sure", "20095")])).ShouldBe(at + "?said=address");
    }

    [Fact]
    public async Task A_return_and_a_message_become_a_case_and_nobody_floods_the_team()
    {
        await using var host = await DashboardHost.StartAsync();
        var order = await SentAsync(host, "#1001");
        using var shopper = host.Client();
        var at = At(host, order);
        (await shopper.GetStringAsync(at, Cancel)).ShouldNotContain("Send something back", customMessage: "nothing has arrived yet");
        await host.Seed.SayAsync(order, new ShippingSignal.Scanned("DHL", "JD014600011", ScanStatus.Delivered, "DD", host.Seed.Now, "Berlin"), "dhl");
        (await shopper.GetStringAsync(at, Cancel)).ShouldContain("Send something back");

        (await PostAsync(shopper, at + "/return", ("text", "too small"))).ShouldContain("choose at least one item");
        (await PostAsync(shopper, at + "/return", ("text", "too small"), ("item", "Rain jacket, blue"))).ShouldBe(at + "?said=return");
        (await host.ScalarAsync("SELECT convert_from(body, 'UTF8')::jsonb #>> '{items,0}' FROM signal WHERE kind = 'order.shopper_asked.v1'")).ShouldBe("1 × Rain jacket, blue");
        (await PostAsync(shopper, at + "/message", ("text", new string('x', 2001)))).ShouldContain("at most 2,000 characters");
        (await PostAsync(shopper, at + "/message", ("form", "f1"), ("text", "Where is it?"))).ShouldBe(at + "?said=message");
        for (var i = 0; i < 6; i++) await PostAsync(shopper, at + "/message", ("form", "f1"), ("text", "Where is it?"));
        (await PostAsync(shopper, at + "/message", ("form", "f1"), ("text", "Where is it?"))).ShouldContain("tried too often");
        (await host.ScalarAsync("SELECT count(*) FROM signal WHERE kind = 'order.shopper_asked.v1'")).ShouldBe(6L);
        (await host.ScalarAsync("SELECT count(DISTINCT convert_from(body, 'UTF8')::jsonb ->> 'id') FROM signal WHERE kind = 'order.shopper_asked.v1' AND convert_from(body, 'UTF8')::jsonb ->> 'text' = 'Where is it?'")).ShouldBe(1L, "a form that is sent again is one case");
        (await shopper.PostAsync(at + "/anything", new FormUrlEncodedContent([]), Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task By_which_channel_they_want_to_be_written_to_is_asked_where_there_is_a_choice_and_kept_for_each_of_their_addresses()
    {
        await using var host = await DashboardHost.StartAsync(change: Writing("email", "whatsapp"));
        var order = await SentAsync(host, "#1001");
        using var shopper = host.Client();
        var at = At(host, order);
        var form = WebUtility.HtmlDecode((await shopper.GetStringAsync(at, Cancel)).Split($"action=\"{at}/channel\"")[1].Split("</form>")[0]);
        form.ShouldContain("<legend>How we write to you</legend>");
        Regex.Matches(form, "<label class=\"choice\"><input type=\"radio\" name=\"channel\" value=\"(\\w+)\"( checked)?").Select(m => m.Groups[1].Value + m.Groups[2].Value).ShouldBe(["email checked", "whatsapp"], "in the brand's order, each with its words");

        (await PostAsync(shopper, at + "/channel", ("channel", "whatsapp"))).ShouldBe(at + "?said=channel");
        (await host.ScalarAsync("SELECT string_agg(stream, ' ' ORDER BY stream) FROM signal WHERE kind = 'contact.preference_told.v1'")).ShouldBe("contact/email:mara@example.com contact/phone:+4915112345678");
        (await host.ScalarAsync("SELECT DISTINCT (b ->> 'channel') || ' ' || (b ->> 'how') FROM (SELECT convert_from(body, 'UTF8')::jsonb AS b FROM signal WHERE kind = 'contact.preference_told.v1') s")).ShouldBe("whatsapp on the page of order #1001");
        WebUtility.HtmlDecode(await shopper.GetStringAsync(at + "?said=channel", Cancel)).ShouldContain("We write to you there first");

        // What the page did not offer was typed by hand.
        foreach (var channel in (string[])["sms", "", "everything", "email "])
            (await shopper.PostAsync(at + "/channel", new FormUrlEncodedContent([new("channel", channel)]), Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound, channel);
        (await SentSignals(host)).ShouldBe(2L);
    }

    [Theory]
    [InlineData(false, "email")]
    [InlineData(true, "email", "whatsapp")]
    public async Task Where_one_channel_reaches_them_nothing_is_asked_and_nothing_taken(bool withoutNumber, params string[] channels)
    {
        await using var host = await DashboardHost.StartAsync(change: Writing(channels));
        var order = await SentAsync(host, "#1001", f => withoutNumber ? f with { Buyer = f.Buyer with { Phone = null }, ShipTo = f.ShipTo! with { Phone = null } } : f);
        using var shopper = host.Client();
        (await shopper.GetStringAsync(At(host, order), Cancel)).ShouldNotContain("/channel\"");
        (await shopper.PostAsync(At(host, order) + "/channel", new FormUrlEncodedContent([new("channel", "email")]), Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await SentSignals(host)).ShouldBe(0L);
    }

    private static Func<HubPlan, HubPlan> Writing(params string[] channels) => plan => plan with
    {
        Brands = plan.Brands.ToDictionary(b => b.Key, b => b.Value with { Terms = b.Value.Terms with { MessageChannels = [.. channels.Select(c => new MessageChannel(c, "aurora-" + c))] } }),
    };

    [Theory]
    [InlineData("+6591234567", "9123 4567", true)]
    [InlineData("+4915112345678", "0151 12345678", true)]
    [InlineData("015112345678", "+49 151 12345678", true)]
    [InlineData("+6591234567", "0065 9123 4567", true)]
    [InlineData("+6591234567", "234567", false)]
    [InlineData("+6591234567", "", false)]
    [InlineData("+6591234567", "81234567", false)]
    public void A_number_proves_however_people_there_write_it(string known, string typed, bool proves)
    {
        var facts = Seed.Facts("#1001");
        var order = new FoundOrder(new("aurora", "order", "1"), new BrandTerms { Brand = "aurora", Title = "Aurora" }, null!, OrderFile.Empty with { Order = OrderFile.Empty.Order with { Facts = facts with { Buyer = facts.Buyer with { Email = null, Phone = known }, ShipTo = null } } }, "");
        order.Proves(typed).ShouldBe(proves);
    }

    [Fact]
    public async Task The_longest_message_may_be_in_any_script_and_a_longer_one_is_answered_on_the_page()
    {
        await using var host = await DashboardHost.StartAsync();
        var order = await SentAsync(host, "#1001");
        using var shopper = host.Client();
        var at = At(host, order);
        (await PostAsync(shopper, at + "/message", ("text", new string('क', 2000)))).ShouldBe(at + "?said=message");
        (await PostAsync(shopper, at + "/message", ("text", new string('क', 5000)))).ShouldContain("at most 2,000 characters");
        (await shopper.PostAsync(at + "/message", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"), Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Operators_see_the_page_and_only_who_acts_on_orders_sees_its_link()
    {
        await using var host = await DashboardHost.StartAsync();
        var order = await SentAsync(host, "#1001");
        var token = host.Get<ShopperLinks>().TokenOf(order, LinkKind.Page);
        await host.Seed.SqlAsync("UPDATE effect_log SET request = $1 WHERE stream = $2", $"{{\"text\":\"https://hub.example/t/{token}\"}}", order.Key);
        using var viewer = await host.SignedInAsync("vic", Role.Viewer);
        using var agent = await host.SignedInAsync("ann", Role.Agent);
        using var elsewhere = await host.SignedInAsync("eve", Role.Agent, "banyan");

        var seen = await viewer.GetStringAsync($"/seen-by-shopper/aurora/{order.Id}", Cancel);
        seen.ShouldContain("Your order is on its way");
        seen.ShouldNotContain(token);
        seen.ShouldNotContain("<form");
        (await elsewhere.GetAsync($"/seen-by-shopper/aurora/{order.Id}", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var nobody = host.Client();
        (await nobody.GetAsync($"/seen-by-shopper/aurora/{order.Id}", Cancel)).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        var theirs = await viewer.GetStringAsync($"/orders/aurora/{order.Id}", Cancel);
        theirs.ShouldNotContain(token);
        theirs.ShouldContain($"/seen-by-shopper/aurora/{order.Id}");
        var own = await agent.GetStringAsync($"/orders/aurora/{order.Id}", Cancel);
        own.ShouldContain($"https://hub.example/t/{token}", customMessage: "the answer that is ready to be sent");
        own.ShouldContain("Hello Mara");
    }

    [Fact]
    public async Task Somebody_who_asks_where_an_order_is_gets_a_draft_for_each_open_order_of_that_address()
    {
        await using var host = await DashboardHost.StartAsync();
        var order = await SentAsync(host, "#1001");
        await host.Seed.PlaceAsync(Seed.Facts("#1009") with { Buyer = new("78", "Maria", "mara@example.com.au", null, "en") });
        var wrote = ContactDecider.Evolve(Contact.Unheard, new ContactEvent.Heard("email", "Where is my order?", null, host.Seed.Now));
        foreach (var address in new[] { "email:mara@example.com", "phone:+49000" })
            await host.Seed.SqlAsync("INSERT INTO stream(brand, stream, version, updated_at, state) VALUES ('aurora', $1, 1, now(), $2)", "contact/" + address, new ContactStream().Save(wrote));
        await host.Seed.SqlAsync("INSERT INTO decision(brand, stream, seq, version, at) SELECT brand, stream, 900 + row_number() OVER (), 1, now() FROM stream WHERE stream LIKE 'contact/%'");
        using var agent = await host.SignedInAsync("ann", Role.Agent);
        using var viewer = await host.SignedInAsync("vic", Role.Viewer);

        var page = await agent.GetStringAsync("/streams/aurora/contact/email:mara@example.com", Cancel);
        page.ShouldContain("They ask where their order is");
        page.ShouldContain(host.Get<ShopperLinks>().TokenOf(order, LinkKind.Page));
        page.ShouldNotContain("#1009");
        (await viewer.GetStringAsync("/streams/aurora/contact/email:mara@example.com", Cancel)).ShouldNotContain("They ask where");
        (await agent.GetStringAsync("/streams/aurora/contact/phone:+49000", Cancel)).ShouldContain("No open order is under this address");
    }

    internal static string At(DashboardHost host, StreamId order) => "/t/" + host.Get<ShopperLinks>().TokenOf(order, LinkKind.Page);

    /// <summary>An order of one jacket that has left and was seen in Leipzig.</summary>
    internal static async Task<StreamId> SentAsync(DashboardHost host, string number, Func<OrderFacts, OrderFacts>? change = null)
    {
        var facts = Seed.Facts(number) with { Buyer = new("77", "Mara Lind", "mara@example.com", "+4915112345678", "en-GB") };
        var order = await host.Seed.PlaceAsync(change?.Invoke(facts) ?? facts);
        await host.Seed.SayAsync(order, new FulfilmentSignal.Shipped(order.Key, "BER", "DHL", "JD014600011", [new("JKT-BLUE-M", 1)], host.Seed.Now, null), "aurora-warehouse");
        await host.Seed.SayAsync(order, new ShippingSignal.Scanned("DHL", "JD014600011", ScanStatus.InTransit, "ARR-77", host.Seed.Now, "Leipzig"), "dhl");
        return order;
    }

    private static async Task<string> PostAsync(HttpClient shopper, string to, params (string, string)[] fields)
    {
        var answer = await shopper.PostAsync(to, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Item1, f.Item2))), Cancel);
        return answer.StatusCode == HttpStatusCode.Redirect ? answer.Headers.Location!.ToString() : await answer.Content.ReadAsStringAsync(Cancel);
    }

    private static async Task<long> SentSignals(DashboardHost host) => (long)(await host.ScalarAsync("SELECT count(*) FROM ready"))!;
}
