using System.Net;
using System.Text.RegularExpressions;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Risk;
using Quartermaster.SignIn;

namespace Quartermaster.Tests.Dashboard;

public sealed class RiskPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_risky_order_shows_every_reason_and_only_its_owner_decides()
    {
        await using var host = await DashboardHost.StartAsync();
        var order = await host.Seed.PlaceAsync(Doubtful("#2001"), "banyan");
        using var agent = await host.SignedInAsync("ann", Role.Agent);
        using var lead = await host.SignedInAsync("lea", Role.Lead);

        var address = $"/orders/banyan/{order.Id}";
        var page = await lead.GetStringAsync(address, Cancel);
        foreach (var said in new[] { "65 of 100", "mailinator.com gives away mailboxes for minutes", "the buyer&#x27;s first order, cash on delivery", "data-dialog=\"approve\"", "data-dialog=\"decline\"" }) page.ShouldContain(said, Case.Insensitive);
        (await agent.GetStringAsync(address, Cancel)).ShouldNotContain("data-dialog=\"approve\"");

        await DashboardHost.PostAsync(agent, address, "/do/orders/banyan/decline", ("id", order.Id), ("reason", "no"));
        (await Sent(host)).ShouldBe(0L, "an agent may not");
        await DashboardHost.PostAsync(lead, address, "/do/orders/banyan/decline", ("id", order.Id), ("reason", "known thief"));
        (await Sent(host)).ShouldBe(1L);
    }

    [Fact]
    public async Task What_asking_saves_stands_with_its_samples()
    {
        await using var host = await DashboardHost.StartAsync();
        foreach (var (name, value) in new[] { ("scored/1", 500m), ("question/1/Confirmed/ended", 80m), ("question/1/Confirmed/returned", 8m), ("question/1/Unanswered/ended", 20m), ("question/1/Unanswered/returned", 8m), ("question/1/HeldOut/ended", 50m), ("question/1/HeldOut/returned", 16m) })
            await host.Seed.TallyAsync("banyan", name, value, DateOnly.FromDateTime(DateTime.UtcNow));
        using var client = await host.SignedInAsync("ann", Role.Agent);
        var page = await client.GetStringAsync("/risk?brand=banyan", Cancel);
        foreach (var said in new[] { "20 to 39", "10 % of 80", "40 % of 20", "32 % of 50", "Asking saves 16 % of 100 asked orders", "first_cash_order" }) page.ShouldContain(said);
        (await client.GetStringAsync("/risk?brand=aurora", Cancel)).ShouldContain("No brand of yours scores its orders");
    }

    [Fact]
    public async Task A_shopper_answers_by_the_link_and_nobody_else_sees_the_address()
    {
        await using var host = await DashboardHost.StartAsync();
        var order = await host.Seed.PlaceAsync(Cash("#2002"), "banyan");
        var at = $"/confirm/{host.Get<ShopperLinks>().TokenOf(order)}";
        using var shopper = host.Client();
        var page = await shopper.GetStringAsync(at, Cancel);
        foreach (var said in new[] { "Banyan Tea", "1204.90 INR", "12 MG Road", "Yes, send it there", "I would rather pay now" }) page.ShouldContain(said);
        page.ShouldNotContain("Quartermaster</div>");

        foreach (var forged in new[] { at[..^1] + (at[^1] == 'A' ? 'B' : 'A'), "/confirm/" + new string('A', 60), "/confirm/x" })
            (await shopper.GetAsync(forged, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var of = ("of", PrintOn(page));
        (await Answer(shopper, at, of, ("answer", "corrected"), ("line1", "9 Brigade Road"), ("city", "Bengaluru"), ("postalCode", "5600"))).ShouldEndWith("?wrong=1");
        (await Sent(host)).ShouldBe(0L);
        (await Answer(shopper, at, of, ("answer", "prepay"))).ShouldEndWith("?said=prepay");
        (await shopper.GetStringAsync(at + "?said=prepay", Cancel)).ShouldContain("https://pay.example/200200000000001?amount=1204.9");
        (await Answer(shopper, at, of, ("answer", "corrected"), ("line1", "9 Brigade Road"), ("city", "Bengaluru"), ("postalCode", "560025"))).ShouldEndWith("?said=corrected");
        (await host.ScalarAsync("SELECT convert_from(body, 'UTF8')::jsonb #>> '{shipTo,postalCode}' FROM signal WHERE source = 'operator/the shopper' ORDER BY seq DESC LIMIT 1")).ShouldBe("560025");

        await host.Seed.SayAsync(order, new OrderSignal.ShopperAnswered(Confirmation.Confirmed, "link", of.Item2), "test");
        var after = await shopper.GetStringAsync(at, Cancel);
        after.ShouldContain("Nothing is left to answer");
        after.ShouldNotContain("MG Road");
    }

    [Theory]
    [InlineData("hi-IN", "हाँ, यहीं भेजें", "पिन कोड", "धन्यवाद। हम इसे नए पते पर भेजेंगे।")]
    [InlineData("id", "Ya, kirim ke sana", "Kode pos", "Terima kasih. Kami kirim ke alamat yang baru.")]
    [InlineData("de", "Yes, send it there", "Postal code", "Thank you. We send it to the new address.")]
    public async Task A_shopper_is_asked_in_their_language(string locale, string yes, string field, string thanks)
    {
        await using var host = await DashboardHost.StartAsync();
        var facts = Cash("#2004");
        var order = await host.Seed.PlaceAsync(facts with { Buyer = facts.Buyer with { Locale = locale } }, "banyan");
        var at = $"/confirm/{host.Get<ShopperLinks>().TokenOf(order)}";
        using var shopper = host.Client();
        var page = WebUtility.HtmlDecode(await shopper.GetStringAsync(at, Cancel));
        foreach (var said in new[] { yes, field, "<strong>1204.90 INR</strong>" }) page.ShouldContain(said);
        WebUtility.HtmlDecode(await shopper.GetStringAsync(at + "?said=corrected", Cancel)).ShouldContain(thanks);
    }

    [Fact]
    public async Task A_postal_code_that_nobody_knows_is_asked_about_once()
    {
        await using var host = await DashboardHost.StartAsync();
        var order = await host.Seed.PlaceAsync(Cash("#2005"), "banyan");
        var at = $"/confirm/{host.Get<ShopperLinks>().TokenOf(order)}";
        using var shopper = host.Client();
        (await shopper.GetStringAsync(at, Cancel)).ShouldNotContain("do not know this postal code", customMessage: "nothing is known of the country");
        await host.Seed.SqlAsync("INSERT INTO postcode(country, code, latitude, longitude) VALUES ('IN', '560025', 12.9, 77.6)");
        var page = await shopper.GetStringAsync(at, Cancel);
        page.ShouldContain("We do not know this postal code. Please look whether it is right.");

        var of = ("of", PrintOn(page));
        (string, string)[] there = [of, ("answer", "corrected"), ("line1", "9 Brigade <Road>"), ("city", "Bengaluru"), ("postalCode", "560 999")];
        var asked = await (await shopper.PostAsync(at + "/answer", Form(there), Cancel)).Content.ReadAsStringAsync(Cancel);
        foreach (var said in new[] { "Banyan Tea", "If it is right, send the address once more", "9 Brigade &lt;Road&gt;", "name=\"sure\" value=\"560 999\"" }) asked.ShouldContain(said);
        (await Sent(host)).ShouldBe(0L);
        (await Answer(shopper, at, [.. there, ("sure", "560 999")])).ShouldEndWith("?said=corrected");
        (await Answer(shopper, at, of, ("answer", "corrected"), ("line1", "9 Brigade Road"), ("city", "Bengaluru"), ("postalCode", "560025"))).ShouldEndWith("?said=corrected");
        (await Sent(host)).ShouldBe(2L);
    }

    [Fact]
    public async Task A_page_that_was_opened_before_the_order_changed_answers_nothing()
    {
        await using var host = await DashboardHost.StartAsync();
        var facts = Cash("#2003");
        var order = await host.Seed.PlaceAsync(facts, "banyan");
        var at = $"/confirm/{host.Get<ShopperLinks>().TokenOf(order)}";
        using var shopper = host.Client();
        var old = ("of", PrintOn(await shopper.GetStringAsync(at, Cancel)));
        await host.Seed.SayAsync(order, new OrderSignal.Reported(facts with { UpdatedAt = facts.UpdatedAt.AddMinutes(5), Total = facts.Total + 50m, Shipping = facts.Shipping + 50m }, "orders/edited"), "banyan-shopify");

        (await Answer(shopper, at, old, ("answer", "confirmed"))).ShouldEndWith("?changed=1");
        (await Answer(shopper, at, ("answer", "confirmed"))).ShouldEndWith("?changed=1");
        (await Sent(host)).ShouldBe(0L);
        var page = await shopper.GetStringAsync(at + "?changed=1", Cancel);
        foreach (var said in new[] { "Your order has changed since you opened this page", "1254.90 INR" }) page.ShouldContain(said);
        (await Answer(shopper, at, ("of", PrintOn(page)), ("answer", "confirmed"))).ShouldEndWith("?said=confirmed");
        (await Sent(host)).ShouldBe(1L);
    }

    [Fact]
    public async Task Who_may_only_look_does_not_see_the_link_by_which_the_shopper_answers()
    {
        await using var host = await DashboardHost.StartAsync();
        var order = await host.Seed.PlaceAsync(Cash("#2004"), "banyan");
        var links = host.Get<ShopperLinks>();
        var token = links.TokenOf(order);
        // As SMTP has it: the link is broken over two lines, and then once more in an answer that quotes a part of it.
        await host.Seed.SqlAsync("UPDATE effect_log SET body = convert_to($1, 'UTF8'), request = $2, answer = $3 WHERE kind = 'message.send.v1'",
            $$"""{"text":"Please confirm it.\n{{links.To!(order)}}"}""", $"To: <asha@example.com>\r\n\r\nPlease confirm it.\r\nhttps://hub.example/con=\r\nfirm/{token[..30]}=\r\n{token[30..]}\r\n", $"250 queued https:\\/\\/hub.example\\/confirm\\/{token[..26]}");
        await host.Seed.SqlAsync("INSERT INTO signal(seq, at, brand, stream, raw, kind, source, body) VALUES (99, now(), 'banyan', 'connection/banyan-shopify', true, 'reply', 'mail', convert_to($1, 'UTF8'))", $"> {links.To!(order)}");

        var (proof, seen) = (token[..22], 0);
        foreach (var (name, role) in new[] { ("vic", Role.Viewer), ("ann", Role.Agent) })
        {
            using var client = await host.SignedInAsync(name, role);
            var key = await host.Get<ApiKeys>().CreateAsync(name, role, null, null, "test", Cancel);
            foreach (var address in new[] { $"/orders/banyan/{order.Id}", "/signals/99", "/signals/99/body", $"/api/v1/orders/banyan/{order.Id}/timeline" })
            {
                using var ask = new HttpRequestMessage(HttpMethod.Get, address);
                if (address.StartsWith("/api", StringComparison.Ordinal)) ask.Headers.Authorization = new("Bearer", key);
                var text = await (await client.SendAsync(ask, Cancel)).Content.ReadAsStringAsync(Cancel);
                text.ShouldContain("hub.example", Case.Sensitive, address);
                if (role == Role.Viewer) text.ShouldNotContain(proof, Case.Sensitive, address);
                else if (text.Contains(proof, StringComparison.Ordinal)) seen++;
            }
        }
        seen.ShouldBe(4, "who answers for the order sees what was sent, to the letter");
    }

    private static string PrintOn(string page) => Regex.Match(page, "name=\"of\" value=\"([0-9a-f]{8})\"").Groups[1].Value;

    internal static OrderFacts Doubtful(string number) => Cash(number) with { Buyer = new("9", "Asha Rao", "asha@mailinator.com", "+919800000001", "en-IN") };

    internal static OrderFacts Cash(string number) => Seed.Facts(number, "banyan-shopify", "Asha Rao", "Masala chai", "INR", "TEA-1", price: 1200m, country: "IN") with
    {
        ShipTo = new("Asha Rao", null, "12 MG Road", null, "Bengaluru", "Karnataka", "560001", "IN", "+919800000001"),
        Payment = new(PaymentState.Pending, PaymentMethod.CashOnDelivery, "Cash on Delivery (COD)"),
    };

    private static async Task<string> Answer(HttpClient shopper, string at, params (string, string)[] fields)
    {
        var answer = await shopper.PostAsync(at + "/answer", Form(fields), Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return answer.Headers.Location!.ToString();
    }

    private static FormUrlEncodedContent Form((string, string)[] fields) => new(fields.Select(f => KeyValuePair.Create(f.Item1, f.Item2)));

    private static async Task<long> Sent(DashboardHost host) => (long)(await host.ScalarAsync("SELECT count(*) FROM ready"))!;
}
