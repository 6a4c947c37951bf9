using Microsoft.Playwright;
using Quartermaster.Core.Codes;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Orders;
using Quartermaster.SignIn;
using Quartermaster.Tests.Browser;

namespace Quartermaster.Tests.Dashboard;

/// <summary>Every page with something on it, in a real browser, on a desk and on a phone: axe-core finds nothing serious, and no page scrolls sideways.</summary>
public sealed class EveryPageTests(Chromium chromium)
{
    private const string Password = "correct horse battery";

    private static readonly string[] Addresses =
    [
        "/", "/?brand=aurora", "/orders", "/orders?attention=true", "/orders?status=held", "/orders/lift?status=held", "/orders?q=nothing-of-this", "/orders/aurora/100100000000001", "/orders/aurora/100200000000001", "/orders/aurora/100300000000001", "/orders/aurora/99", "/carriers/prices/aurora/100100000000001", "/customers", "/customers?q=nothing-of-this", "/customers?segment=high", "/customers/week", "/customers/erasures", "/customers/aurora/1", "/customers/aurora/99",
        "/carriers", "/carriers/labels", "/carriers/labels/aurora/ROT.20260302.1", "/carriers/labels/aurora/none", "/risk", "/risk?brand=banyan", "/orders/banyan/200100000000001", "/stock", "/stock?sku=nothing-of-this", "/stock/drift", "/stock/drift?connection=aurora-warehouse", "/stock/codes", "/stock/codes?q=nothing-of-this", "/stock/code?brand=aurora&code=GIFT-SET", "/stock/code?brand=aurora&code=RAIN-SET&means=JKT-BLUE-M*2", "/stock/code?brand=aurora&code=GIFT-SET&undo=1", "/stock/aurora/JKT-BLUE-M", "/stock/low", "/purchasing", "/purchasing?state=rejected", "/purchasing/aurora/PO-1", "/purchasing/aurora/PO-1/print", "/purchasing/suppliers", "/purchasing/terms", "/rules", "/rules?brand=banyan", "/messages", "/messages?brand=banyan", "/messages/one?brand=aurora&occasion=shipped&language=hi", "/messages/one?brand=aurora&occasion=confirmed&language=pt", "/flows", "/flows?brand=aurora", "/flows/banyan/review", "/flows/banyan/review?who=ended", "/flows/banyan/checkout", "/flows/edit?brand=banyan", "/flows/edit?brand=banyan&flow=review", "/streams/banyan/run/email:ada@example.com", "/routing/whatif", "/routing/whatif?brand=aurora&pause=BER", "/routing/whatif?brand=aurora&rates=-%20%7B%20service%3A%20Flat%2C%20to%3A%20%22*%22%2C%20first%3A%209%20%7D", "/failures", "/failures?what=effect&brand=aurora", "/failures?what=parked&brand=aurora&cause=order.poison", "/failures?what=case&brand=aurora&cause=order.edit_too_late",
        "/failures/replay?what=effect&brand=aurora", "/failures/past", "/failures/past?brand=aurora&from=2020-01-01T00:00&until=2100-01-01T00:00&source=aurora-shopify", "/failures/past?brand=aurora&from=yesterday&until=today", "/connections", "/connections/aurora-warehouse", "/connections/aurora-klaviyo", "/runbook/customer-not-forgotten", "/contracts/carrier-rest", "/contracts/warehouse-rest", "/runbook", "/runbook/effect-unsure", "/signals/1001",
        "/settings", "/settings/switches", "/settings/operators", "/settings/keys", "/settings/configuration", "/settings/processes", "/settings/audit", "/nothing/here",
    ];

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(390, 844)]
    public async Task Nothing_serious_stands_in_anybodys_way(int width, int height)
    {
        var page = await chromium.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = height }, BypassCSP = true });
        await using var host = await DashboardHost.StartAsync();
        await FillAsync(host);
        await SignInAsync(host, page);

        var found = new List<string>();
        var links = host.Get<Runtime.Risk.ShopperLinks>();
        List<string> shoppers = ["/confirm/" + links.TokenOf(new("banyan", "order", "200200000000001")), "/unsubscribe/" + links.TokenOf(new("banyan", "contact", "email:asha@example.com"), Runtime.Risk.LinkKind.Unsubscribe), "/seen-by-shopper/aurora/100100000000001"];
        foreach (var locale in new[] { "en-GB", "hi-IN", "id-ID" }) shoppers.AddRange(await ShoppersPagesAsync(host, locale));
        foreach (var address in Addresses.Concat(shoppers).SelectMany(a => a.StartsWith("/t/", StringComparison.Ordinal) ? new[] { a, a + "#dark" } : [a]))
        {
            await page.EmulateMediaAsync(new() { ColorScheme = address.EndsWith("#dark", StringComparison.Ordinal) ? ColorScheme.Dark : ColorScheme.Light });
            await page.GotoAsync("about:blank");
            await page.GotoAsync(new Uri(host.Address, address).ToString());
            // What lies closed is read too once somebody opens it.
            await page.EvaluateAsync("document.querySelectorAll('main > details').forEach(d => d.open = true)");
            await page.AddScriptTagAsync(new() { Path = Path.Combine(Chromium.Repository, "src/Quartermaster/obj/frontend/node_modules/axe-core/axe.min.js") });
            found.AddRange((await page.EvaluateAsync<string[]>("""
                async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.filter(v => v.impact === 'serious' || v.impact === 'critical')
                    .map(v => `${v.id}: ${v.nodes.map(n => n.target.join(' ')).join(', ')}`)
                """)).Select(v => $"{address} {v}"));
            var wide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (wide > 0) found.Add($"{address} scrolls {wide} px sideways");
        }

        found.ShouldBeEmpty();
    }

    // One order that can still be changed, one on its way, one that has arrived.
    private static async Task<IEnumerable<string>> ShoppersPagesAsync(DashboardHost host, string locale)
    {
        var number = 3000 + (locale[0] * 10);
        var placed = await host.Seed.PlaceAsync(Seed.Facts($"#{number}", paid: false) with { Buyer = new("77", "Mara Lind", "mara@example.com", null, locale) });
        var sent = await ShopperPageTests.SentAsync(host, $"#{number + 1}", f => f with { Buyer = f.Buyer with { Locale = locale } });
        var arrived = await ShopperPageTests.SentAsync(host, $"#{number + 2}", f => f with { Buyer = f.Buyer with { Locale = locale } });
        await host.Seed.SayAsync(arrived, new Core.Shipping.ShippingSignal.Scanned("DHL", "JD014600011", Core.Shipping.ScanStatus.Delivered, "DD", host.Seed.Now, "Berlin"), "dhl");
        return [ShopperPageTests.At(host, placed), ShopperPageTests.At(host, sent), ShopperPageTests.At(host, arrived)];
    }

    [Fact]
    public async Task On_a_phone_what_decides_is_in_sight()
    {
        var page = await chromium.NewPageAsync(new() { ViewportSize = new() { Width = 390, Height = 844 } });
        await using var host = await DashboardHost.StartAsync();
        await FillAsync(host);
        await SignInAsync(host, page);

        foreach (var (address, selector) in new[]
        {
            ("/settings/switches", "[data-dialog=turn-off]"), ("/failures", "td.next a"), ("/failures?what=case&brand=aurora&cause=order.edit_too_late", "td.next button"), ("/failures?what=parked&brand=aurora&cause=order.poison", "[data-dialog=replay-signal]"),
            ("/", "td[data-label=trouble]"), ("/stock", "td[data-label=available]"), ("/orders/aurora/100100000000001", "td.decides"),
        })
        {
            await page.GotoAsync(new Uri(host.Address, address).ToString());
            var box = (await page.Locator(selector).First.BoundingBoxAsync()).ShouldNotBeNull(address);
            (box.X + box.Width).ShouldBeLessThanOrEqualTo(390, address);
        }

        await page.GotoAsync(new Uri(host.Address, "/orders/aurora/100100000000001").ToString());
        var money = (await page.Locator("#cash-title").BoundingBoxAsync()).ShouldNotBeNull();
        money.Y.ShouldBeLessThan((await page.Locator("#story-title").BoundingBoxAsync()).ShouldNotBeNull().Y);
        (await page.Locator("#older-steps").GetAttributeAsync("open")).ShouldBeNull();
    }

    [Fact]
    public async Task What_a_link_points_at_is_not_hidden_under_the_header()
    {
        var page = await chromium.NewPageAsync(new() { ViewportSize = new() { Width = 1440, Height = 500 }, BypassCSP = true });
        await using var host = await DashboardHost.StartAsync();
        await FillAsync(host);
        await SignInAsync(host, page);

        await page.GotoAsync(new Uri(host.Address, "/orders/aurora/100200000000001#holds").ToString());
        await page.WaitForFunctionAsync("scrollY > 0");

        var header = (await page.Locator("header.top").BoundingBoxAsync()).ShouldNotBeNull();
        (await page.Locator("#holds").BoundingBoxAsync()).ShouldNotBeNull().Y.ShouldBeGreaterThanOrEqualTo(header.Y + header.Height);
    }

    private static async Task SignInAsync(DashboardHost host, IPage page)
    {
        await host.Get<Operators>().CreateAsync("mara", Password, Role.Admin, null, "test", TestContext.Current.CancellationToken);
        await page.GotoAsync(new Uri(host.Address, "/sign-in").ToString());
        await page.GetByLabel("Name").FillAsync("mara");
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.Locator("main.page").WaitForAsync();
    }

    // Two orders with a long story and a hold, and one row of everything else that a page lists.
    private static async Task FillAsync(DashboardHost host)
    {
        var order = await host.Seed.PlaceAsync(Seed.Facts("#1001", title: "Rain jacket for long tours in the hills, blue, with a hood"));
        await host.Seed.SayAsync(order, new FulfilmentSignal.Shipped(order.Key, "BER", "DHL", "JD014600011", [new("JKT-BLUE-M", 1)], host.Seed.Now, null), "aurora-warehouse", effects: "unsure");
        for (var i = 0; i < 7; i++) await host.Seed.SayAsync(order, new OrderSignal.Reported(Seed.Facts("#1001"), "orders/updated"), "aurora-shopify");
        await host.Seed.PlaceAsync(Seed.Facts("#1002", paid: false));
        await host.Seed.PlaceAsync(Seed.Facts("#1003") with { Note = "A gift for my sister" });
        await host.Seed.PlaceAsync(RiskPageTests.Doubtful("#2001"), "banyan");
        await host.Seed.PlaceAsync(RiskPageTests.Cash("#2002"), "banyan");
        await host.Seed.TallyAsync("banyan", "question/1/Confirmed/ended", 80, DateOnly.FromDateTime(DateTime.UtcNow));
        await host.Seed.TallyAsync("banyan", "question/1/HeldOut/ended", 20, DateOnly.FromDateTime(DateTime.UtcNow));
        await host.Seed.SqlAsync("INSERT INTO parked(seq, part, brand, stream, kind, source, case_kind, reason, at) VALUES (7, 1, 'aurora', $1, 'orders/create', 'aurora-shopify', 'order.poison', 'It could not be decided', now())", order.Key);
        await host.Seed.SqlAsync("INSERT INTO open_case(brand, stream, key, kind, title, detail, seq, opened_at) VALUES ('aurora', $1, 'edit/too_late', 'order.edit_too_late', 'Changed late', 'The parcel was packed', 1, now())", order.Key);
        await host.Seed.SqlAsync("INSERT INTO position(brand, sku, location, on_hand, reserved, safety, damaged, updated_at) VALUES ('aurora', 'JKT-BLUE-M', 'BER', 12, 1, 2, 3, now())");
        await host.Seed.SqlAsync("INSERT INTO odd_count(brand, location, sku, on_hand, was, source, counted_at, seen_at, waits, many) VALUES ('aurora', 'BER', 'JKT-BLUE-M', 0, 320, 'aurora-warehouse', now(), now(), true, false), ('aurora', 'ROT', 'JKT-BLUE-L', 9000, 90, 'aurora-warehouse', now(), now(), true, true)");
        await host.Seed.SqlAsync("INSERT INTO drift(connection, at, item, place, brand, sku, ours, theirs, cause, word) VALUES ('aurora-warehouse', now(), 'JKT-BLUE-M', 'BER', 'aurora', 'JKT-BLUE-M', 12, 9, 'missed_webhook', 'a count of it never reached us'), ('aurora-shopify', now() - interval '40 days', 'i1', '', 'aurora', 'JKT-BLUE-M', 9, 90, 'manual_edit', 'raised there by a person or another app')");
        await host.Seed.SqlAsync("INSERT INTO switch(scope, reason, by_whom) VALUES ('location/aurora/ROT', 'The cellar is under water', 'mara')");
        await Buying.FillAsync(host);
        await FlowPageTests.FillAsync(host);
        await host.Seed.SqlAsync("INSERT INTO code_waiting(brand, code, stream, channel, title, units, since) VALUES ('aurora', 'jkt blue m', $1, 'aurora-shopify', 'Rain jacket, blue', 2, now()), ('aurora', 'RAIN-SET', $1, 'aurora-shopify', 'Jacket and trousers', 1, now())", order.Key);
        await host.Seed.SqlAsync("INSERT INTO meaning(brand, code, channel, sku, units, by_whom, at) VALUES ('aurora', 'GIFT-SET', '', 'JKT-BLUE-M', 2, 'mara', now())");
        var said = new SoldCode { Said = [new(1, "", [new("JKT-BLUE-M", 2)], "mara", DateTimeOffset.UtcNow, "the same code behind 'GIFT'")], Last = 1 };
        await host.Seed.SqlAsync("INSERT INTO stream(brand, stream, version, updated_at, state) VALUES ('aurora', 'code/GIFT-SET', 1, now(), $1)", new CodeStream().Save(said));
        await host.Seed.SqlAsync("INSERT INTO lane(connection, breaker, last_error, last_error_at) VALUES ('aurora-warehouse', 'open', 'HTTP 503', now())");
        await host.Seed.SqlAsync("INSERT INTO audit(who, action, brand, subject, detail) VALUES ('mara', 'order.hold_asked.v1', 'aurora', $1, 'Call the shopper first')", order.Key);
        await host.Seed.SqlAsync("INSERT INTO switch(scope, reason, by_whom) VALUES ('connection/aurora-xero', 'Stocktaking until the evening', 'mara')");
        await host.Seed.SqlAsync("INSERT INTO person(realm, id, root, merged_into, name, language, country, orders, spent, first_at, last_at, note) VALUES ('aurora', 1, 1, NULL, 'Mia Keller', 'de', 'DE', 2, 240, now() - interval '40 days', now(), 'Rings twice'), ('aurora', 2, 1, 1, 'M. Keller', 'de', 'DE', 1, 90, now(), now(), NULL), ('aurora', 3, 3, NULL, 'Jan Keller', 'de', 'DE', 1, 20, now(), now(), NULL)");
        await host.Seed.SqlAsync("INSERT INTO person_key(realm, kind, value, person, stream) VALUES ('aurora', 'email', 'mia.keller@example.test', 1, $1), ('aurora', 'phone', '+4915100000001', 1, $1), ('aurora', 'explicit', 'aurora-shopify/77', 2, $1)", order.Key);
        await host.Seed.SqlAsync("INSERT INTO person_order(brand, stream, realm, person) VALUES ('aurora', $1, 'aurora', 1)", order.Key);
        await host.Seed.SqlAsync("INSERT INTO person_pair(realm, person, other, kind, value, state, at) VALUES ('aurora', 1, 3, 'phone', '+4915100000001', 'proposed', now())");
        await host.Seed.SqlAsync("INSERT INTO suppressed(brand, channel, address, what, why, since) VALUES ('aurora', 'sms', '+4915100000001', 'all', 'wrote “STOP”', now())");
        await host.Seed.SqlAsync("INSERT INTO consent(brand, channel, address, seq, word, what, why, at) VALUES ('aurora', 'sms', '+4915100000001', 1001, 'opt_out', 'all', 'wrote “STOP”', now())");
        await host.Seed.SqlAsync("INSERT INTO profile(connection, email, brand, realm, print, remote_id, sent_at, word, word_at, attempts) VALUES ('aurora-klaviyo', 'mia.keller@example.test', 'aurora', 'aurora', 'x', '01K', now() - interval '2 days', 'Invalid email address (invalid)', now(), 1), ('aurora-klaviyo', 'jan@example.test', 'aurora', 'aurora', 'x', '02K', now(), 'taken', now(), 0)");
        await host.Seed.SqlAsync("INSERT INTO erasure(realm, person, asked_at, erased_at, searched_at, by_whom, reason, keys, rows, told) VALUES ('aurora', 98, now(), now(), now(), 'mara', 'asked by letter', '{}', '{}', '{\"aurora-klaviyo\": \"2026-11-22 05:00 UTC: deleted\"}')");
        await host.Seed.SqlAsync("INSERT INTO label(brand, reference, stream, connection, location, label_id, tracking, service, grams, bought_at, left_at, dispatch, why) VALUES ('aurora', 'aurora.1.1', $1, 'aurora-post', 'ROT', 'L1', 'JD014600011', 'N', 640, now(), now(), 'ROT.20260302.1', NULL), ('aurora', 'aurora.2.1', $1, 'aurora-post', 'ROT', 'L2', 'JD014600012', 'N', 640, now(), NULL, NULL, 'it is void')", order.Key);
        await host.Seed.SqlAsync("INSERT INTO dispatch(brand, id, connection, location, day, state, labels, left_out, remote_id, document, why, by_whom, by_clock, asked_at, done_at) VALUES ('aurora', 'ROT.20260302.1', 'aurora-post', 'ROT', '2026-03-02', 'done', 2, 1, 'PRG221222000062', 'paper:dispatch/x', NULL, 'the clock', true, now(), now()), ('aurora', 'ROT.20260302.2', 'aurora-post', 'ROT', '2026-03-02', 'turned_down', 1, 0, NULL, NULL, 'The depot is closed.', 'mara', false, now(), NULL)");
        await host.Get<ApiKeys>().CreateAsync("returns-portal", Role.Viewer, null, null, "mara", TestContext.Current.CancellationToken);
    }
}
