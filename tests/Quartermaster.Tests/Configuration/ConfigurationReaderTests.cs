using Quartermaster.Core.Kernel;
using Quartermaster.Runtime;
using static Quartermaster.Configuration.ConfigurationTestBed;

namespace Quartermaster.Configuration;

public sealed class ConfigurationReaderTests
{
    [Fact]
    public void A_good_file_becomes_a_plan()
    {
        var read = Read(Good);

        var brand = read.Plan.Brands["aurora"];
        brand.Mode.ShouldBe(BrandMode.Live);
        brand.Terms.Currency.ShouldBe("INR");
        brand.Terms.PaymentPatience.ShouldBe(TimeSpan.FromHours(36));
        brand.Terms.Locations.Select(l => l with { Calendar = WorkCalendar.Always }).ShouldBe([new LocationTerms("BLR", "Bengaluru", "aurora-depot", "IN", "5", 40.5m)]);
        brand.Terms.MessageChannels.ShouldBe([new MessageChannel("email", "aurora-mail")]);
        var shop = read.Plan.Connections["aurora-shop"];
        shop.Settings["token"].ShouldBe("t0ken");
        shop.Settings["version"].ShouldBe("2026-01");
        shop.EffectiveLimits.ShouldBe(new(Batch: 10, PerSecond: 2, PerDay: 5000));
        read.Plan.Connections["aurora-depot"].Settings["base_url"].ShouldBe("https://depot.example/v1");
        read.Plan.Connections["aurora-depot"].Limits.ShouldBeNull();
        read.Database.ShouldBe("Host=db.example;Database=hub;Port=5433;Username=hub;Password=s3cret");
    }

    [Fact]
    public void A_brand_without_a_mode_only_watches() =>
        Read("brands: { quiet: }").Plan.Brands["quiet"].Mode.ShouldBe(BrandMode.Shadow);

    [Theory]
    [InlineData("2026-11-01", "2026-11-01T00:00:00Z")]
    [InlineData("2026-11-01T09:00:00+05:30", "2026-11-01T03:30:00Z")]
    public void The_day_from_which_orders_are_ours_is_an_instant(string written, string instant) =>
        Read($"brands: {{ a: {{ orders_from: \"{written}\" }} }}").Plan.Brands["a"].Terms.OrdersFrom.ShouldBe(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("t1", "INV-", true)]
    [InlineData("t1", "B-", false)]
    [InlineData("t2", "INV-", false)]
    public void Brands_that_share_their_books_number_their_invoices_differently(string tenant, string prefix, bool wrong)
    {
        var yaml = $$"""
            brands:
              a: { accounting: a-books }
              b: { accounting: b-books, invoice_prefix: "{{prefix}}" }
            connections:
              a-books: { connector: accounts, brand: a, settings: { tenant: t1 } }
              b-books: { connector: accounts, brand: b, settings: { tenant: {{tenant}} } }
            """;
        if (!wrong) Read(yaml).Plan.Brands.Count.ShouldBe(2);
        else Mistakes(yaml).ShouldBe(["quartermaster.yaml:3:6: brands.b.invoice_prefix: a numbers its invoices with 'INV-' in the same books, so they would overwrite each other. Give each brand its own: invoice_prefix: B-"]);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("B-", false)]
    public void Brands_that_share_their_books_number_their_purchase_orders_differently(string prefix, bool wrong)
    {
        var yaml = $$"""
            brands:
              a: { purchasing: { to: a-books } }
              b: { purchasing: { to: b-books, number_prefix: "{{prefix}}" } }
            connections:
              a-books: { connector: accounts, brand: a, settings: { tenant: t1 } }
              b-books: { connector: accounts, brand: b, settings: { tenant: t1 } }
            """;
        if (!wrong) Read(yaml).Plan.Brands["b"].Terms.PurchasePrefix.ShouldBe("B-");
        else Mistakes(yaml).ShouldBe(["quartermaster.yaml:3:6: brands.b.purchasing.number_prefix: a numbers its purchase orders with '' in the same books, so they would overwrite each other. Give each brand its own: purchasing: { number_prefix: B- }"]);
    }

    [Fact]
    public void No_file_is_the_sandbox()
    {
        var read = new ConfigurationReader(Known, Environment(("QM_LISTEN", "http://127.0.0.1:7000")), () => SandboxPlan).Read("", null);

        read.IsSandbox.ShouldBeTrue();
        read.Plan.ShouldBeSameAs(SandboxPlan);
        read.Listen.Port.ShouldBe(7000);
    }

    [Fact]
    public void The_environment_overrules_the_file()
    {
        var read = Read(Good, ("QM_DATABASE", "Host=other;Database=x"), ("QM_ROLES", "web, intake"), ("QM_HISTORY_DAYS", "90"));

        read.Database.ShouldBe("Host=other;Database=x");
        read.Roles.ShouldBe(["web", "intake"]);
        read.HistoryDays.ShouldBe(90);
    }

    [Fact]
    public void Every_mistake_names_its_line_its_key_and_what_would_be_right()
    {
        var mistakes = Mistakes("""
            brands:
              aurora:
                curency: INR
                time_zone: Asia/Bangalore
                accounting: aurora-mail
                odd_quantity: many
                locations: { BLR: { country: IN, warehouse: aurora-depo } }
            connections:
              aurora-depot: { connector: depo, brand: aurora }
              aurora-mail: { connector: mail, brand: arora }
              aurora-shop:
                connector: shop
                brand: aurora
                settings: { shop: x, tokn: y, version: ${API_VERSION} }
                locations: { BLT: "1" }
            """);

        mistakes.ShouldBe(
        [
            "quartermaster.yaml:3:5: brands.aurora.curency: 'curency' is not a known key. Did you mean 'currency'?",
            "quartermaster.yaml:4:16: brands.aurora.time_zone: 'Asia/Bangalore' is not a time zone. Write its IANA name: Europe/Berlin, Asia/Kolkata, Etc/UTC; or leave it out for Etc/UTC.",
            "quartermaster.yaml:5:17: brands.aurora.accounting: the connection 'aurora-mail' (MAIL) cannot be used for accounting. Add a connection of aurora that can.",
            "quartermaster.yaml:6:19: brands.aurora.odd_quantity: 'many' is not a whole number of 1 or more. Write for example odd_quantity: 1000",
            "quartermaster.yaml:7:49: brands.aurora.locations.BLR.warehouse: there is no connection 'aurora-depo'. Did you mean 'aurora-depot'?",
            "quartermaster.yaml:9:30: connections.aurora-depot.connector: there is no connector 'depo'. Did you mean 'depot'?",
            "quartermaster.yaml:10:42: connections.aurora-mail.brand: there is no brand 'arora'. Did you mean 'aurora'?",
            "quartermaster.yaml:14:15: connections.aurora-shop.settings.token: SHOP needs it. Access token: write token: ${AN_ENVIRONMENT_VARIABLE}",
            "quartermaster.yaml:14:26: connections.aurora-shop.settings.tokn: 'tokn' is not a known key. Did you mean 'token'?",
            "quartermaster.yaml:14:44: connections.aurora-shop.settings.version: the environment variable API_VERSION is not set. Set API_VERSION, or API_VERSION_FILE to a file that holds it, or write ${API_VERSION:-default}.",
            "quartermaster.yaml:15:18: connections.aurora-shop.locations.BLT: the brand has no location 'BLT'. Did you mean 'BLR'?",
        ]);
    }

    [Theory]
    [InlineData("https://wms.example.com", true)]
    [InlineData("http://wms:8080/v1", true)]
    [InlineData("http://10.0.0.7", true)]
    [InlineData("wms", false)]
    [InlineData("wms.example.com", false)]
    [InlineData("wms:8080", false)]
    [InlineData("ftp//x", false)]
    [InlineData("ftp://wms.example.com", false)]
    [InlineData("/wms", false)]
    public void Whatever_connector_has_an_address_it_is_one_of_the_web(string written, bool fits)
    {
        var text = $"brands: {{ a: {{ title: A }} }}\nconnections: {{ wms: {{ connector: depot, brand: a, settings: {{ base_url: \"{written}\" }} }} }}";

        if (fits) Read(text).Plan.Connections["wms"].Settings["base_url"].ShouldBe(written);
        else Mistakes(text).ShouldBe([$"quartermaster.yaml:2:73: connections.wms.settings.base_url: '{written}' is no web address. Write it whole, with https:// or http://: Address of the warehouse's API"]);
    }

    [Fact]
    public void A_trusted_proxy_is_an_address_or_a_network()
    {
        var mistakes = Mistakes("trusted_proxies: [10.0.0.7, 172.16.0.0/12, proxy.example.com]\nbrands: { aurora: { currency: INR } }");

        mistakes.ShouldBe(["quartermaster.yaml:1:44: trusted_proxies: 'proxy.example.com' is not a network address. Write an address or a network: 10.0.0.7 or 172.16.0.0/12"]);
    }

    [Theory]
    [InlineData("brands:\n  aurora: [ x", "quartermaster.yaml:", "this is not YAML")]
    [InlineData("brands:\n\taurora: {}", "quartermaster.yaml:2:1: ", "this is not YAML")]
    [InlineData("- brands", "quartermaster.yaml:1:1: ", "not a list of keys")]
    [InlineData("brands: 7", "quartermaster.yaml:1:9: brands: ", "a section is expected here")]
    [InlineData("brands: { a: 7 }", "quartermaster.yaml:1:14: brands.a: ", "a section is expected here")]
    [InlineData("brands: { a: { title: [x] } }", "quartermaster.yaml:1:23: brands.a.title: ", "one value is expected here")]
    [InlineData("brands: { a: { messages: email } }", "quartermaster.yaml:1:26: brands.a.messages: ", "a list is expected here")]
    [InlineData("brands: { A_B: {} }", "quartermaster.yaml:1:11: brands.A_B: ", "cannot be a brand's key")]
    [InlineData("brands: { a: { orders_from: soon } }", "quartermaster.yaml:1:29: ", "not an instant")]
    [InlineData("brands: { a: { payment_patience: 3 } }", "quartermaster.yaml:1:34: ", "not a length of time")]
    [InlineData("brands: { a: {} }\nlisten: 127.0.0.1", "quartermaster.yaml:2:9: listen: ", "not an address to listen on")]
    [InlineData("brands: { a: {} }\nroles: [web, decided]", "quartermaster.yaml:2:14: roles: ", "Did you mean 'decide'?")]
    [InlineData("brands: { a: {} }\nbrands: { b: {} }", "quartermaster.yaml:2:", "this is not YAML")]
    public void Wrong_shapes_are_told_with_their_line(string yaml, string place, string wrong)
    {
        var mistake = Mistakes(yaml).ShouldHaveSingleItem();

        mistake.ShouldStartWith(place);
        mistake.ShouldContain(wrong);
    }

    [Fact]
    public void Mail_can_say_how_to_unsubscribe_and_a_text_message_cannot()
    {
        var read = Read(Good.Replace("{kind: email, connection: aurora-mail}", "{kind: sms, connection: aurora-mail}, {kind: email, connection: aurora-mail, unsubscribe: true}", StringComparison.Ordinal));
        read.Plan.Brands["aurora"].Terms.MessageChannels.ShouldBe([new("sms", "aurora-mail"), new("email", "aurora-mail", true)]);
        read.Plan.Connections["aurora-mail"].Callback.ShouldBe(new Uri("https://hub.example.com/webhooks/aurora-mail"));
        Mistakes(Good.Replace("{kind: email, connection: aurora-mail}", "{kind: sms, connection: aurora-mail, unsubscribe: true}", StringComparison.Ordinal)).ShouldHaveSingleItem()
            .ShouldBe("quartermaster.yaml:10:54: brands.aurora.messages[0].unsubscribe: only mail can be unsubscribed from by a link. Leave it out here: STOP is understood on a phone.");
    }

    [Fact]
    public void A_broken_database_address_is_told_without_its_password()
    {
        var mistake = Mistakes(Good, ("QM_DATABASE", "Hst=x;Password=hush")).ShouldHaveSingleItem();

        mistake.ShouldStartWith("QM_DATABASE: database: this is not the address of a PostgreSQL database");
        mistake.ShouldNotContain("hush");
    }

    [Fact]
    public void Two_storefronts_of_a_brand_need_different_prefixes() =>
        Mistakes("""
            brands: { a: {} }
            connections:
              one: { connector: shop, brand: a, settings: { shop: x, token: y } }
              two: { connector: shop, brand: a, settings: { shop: x, token: y } }
            """).ShouldHaveSingleItem().ShouldStartWith("quartermaster.yaml:4:3: connections.two.order_prefix: the storefront 'one'");

    [Fact]
    public void What_is_shown_reads_back_as_the_same_and_hides_every_secret()
    {
        var shown = EffectiveConfiguration.Write(Read(Good));

        shown.ShouldNotContain("t0ken");
        shown.ShouldNotContain("s3cret");
        var again = Read(shown);
        EffectiveConfiguration.Write(again).ShouldBe(shown);
        again.Plan.Brands["aurora"].Terms.Locations.ShouldBeEquivalentTo(Read(Good).Plan.Brands["aurora"].Terms.Locations);
    }

    [Fact]
    public void A_sandboxed_connection_needs_no_credentials_and_may_turn_its_twins_knobs()
    {
        var plan = Read("""
            brands: { a: {} }
            connections:
              one: { connector: shop, brand: a, sandbox: true, settings: { sandbox_ship_ms: 100 } }
            """).Plan.Connections["one"];

        plan.Sandboxed.ShouldBeTrue();
        plan.Settings["token"].ShouldBe("sandbox-one-token");
        plan.Settings["sandbox_ship_ms"].ShouldBe("100");
        Mistakes("""
            brands: { a: {} }
            connections:
              one: { connector: shop, brand: a, sandbox: true, settings: { ship_ms: 100 } }
            """).ShouldHaveSingleItem().ShouldContain("'ship_ms' is not a known key");
    }

    [Fact]
    public void Only_a_sandboxed_connection_may_name_variables_that_are_not_set()
    {
        const string text = """
            brands: { a: {} }
            connections:
              one: { connector: shop, brand: a, sandbox: true, settings: { shop: "${NOWHERE}", token: "${NOWHERE}" } }
            """;

        Read(text).Plan.Connections["one"].Settings["token"].ShouldBe("sandbox-one-token");
        Mistakes(text.Replace("sandbox: true, ", "", StringComparison.Ordinal)).ShouldAllBe(m => m.Contains("the environment variable NOWHERE is not set"));
        Mistakes(text.Replace("token: \"${NOWHERE}\"", "token: \"${NOWHERE\"", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain("has no closing brace");
    }

    [Fact]
    public void What_the_sandbox_cannot_play_is_found_before_a_start() =>
        Mistakes("""
            brands: { a: {} }
            connections:
              one: { connector: ledger, brand: a, sandbox: true }
            """).ShouldHaveSingleItem().ShouldBe("quartermaster.yaml:3:48: connections.one.sandbox: the sandbox has no twin of 'ledger'. Leave sandbox out, or use one of depot, shop.");
}
