using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Quartermaster.SignIn;
using Quartermaster.Tests.Dashboard;

namespace Quartermaster.Tests.Api;

public sealed class ApiTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_key_the_answer_is_a_problem_that_says_what_to_do()
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = await host.SignedInAsync("mara");

        using var answer = await client.GetAsync("/api/v1/orders", Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain("Bearer qm_");
    }

    [Fact]
    public async Task A_key_of_one_brand_sees_and_does_nothing_in_another()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.SayAsync(new("aurora", "order", "1"), new Core.Orders.OrderSignal.Reported(Seed.Facts("#1001"), "orders/create"), "aurora-shopify", effects: "unsure");
        using var client = await ClientAsync(host, Role.Admin, "banyan");

        foreach (var path in new[] { "orders", "orders?brand=aurora", "orders?q=1001", "stock", "stock?brand=aurora", "failures", "failures/effects", "failures/parked", "connections", "brands", "switches" })
            (await client.GetStringAsync("/api/v1/" + path, Cancel)).ShouldNotContain("aurora", customMessage: path);
        (await client.GetAsync("/api/v1/orders/aurora/1", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.GetAsync("/api/v1/orders/aurora/1/timeline", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.PostAsJsonAsync("/api/v1/orders/aurora/1/hold", new { reason = "x" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.PostAsJsonAsync("/api/v1/failures/effects/5001/resolve", new { happened = true }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.PostAsJsonAsync("/api/v1/failures/replay", new { what = "effect", brand = "aurora", preview = false }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.PostAsJsonAsync("/api/v1/switches", new { scope = "all", on = false, reason = "x" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await client.PutAsJsonAsync("/api/v1/brands/aurora/mode", new { mode = "off" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Orders_are_walked_by_their_cursor_and_told_in_full()
    {
        await using var host = await DashboardHost.StartAsync();
        for (var i = 0; i < 5; i++) await host.Seed.PlaceAsync(Seed.Facts($"#{1001 + i}", at: DateTimeOffset.UtcNow.AddMinutes(-i)));
        using var client = await ClientAsync(host, Role.Viewer);

        var numbers = new List<string>();
        for (string? after = null; ;)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/orders?limit=2{(after is null ? "" : "&after=" + after)}", Cancel);
            numbers.AddRange(page.GetProperty("items").EnumerateArray().Select(o => o.GetProperty("number").GetString()!));
            if (!page.TryGetProperty("next", out var next)) break;
            after = next.GetString();
        }

        numbers.ShouldBe(["#1001", "#1002", "#1003", "#1004", "#1005"]);
        var timeline = await client.GetFromJsonAsync<JsonElement>("/api/v1/orders/aurora/100100000000001/timeline", Cancel);
        timeline.GetProperty("items")[0].GetProperty("events")[0].GetProperty("kind").GetString().ShouldBe("order.placed.v1");
    }

    [Fact]
    public async Task What_cannot_be_read_is_a_problem_that_says_where()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001"));
        using var client = await ClientAsync(host, Role.Agent);

        (await ProblemAsync(await client.GetAsync("/api/v1/orders?status=shiped", Cancel))).ShouldContain("“shiped” is not a state of an order. They are: placed, held");
        (await ProblemAsync(await client.GetAsync("/api/v1/orders?limit=x", Cancel))).ShouldBe("“x” cannot be read as limit.");
        (await ProblemAsync(await client.GetAsync("/api/v1/stock?only=none", Cancel))).ShouldStartWith("“none” is none of all");
        using var broken = new StringContent("{\n\"reason\": }", System.Text.Encoding.UTF8, "application/json");
        (await ProblemAsync(await client.PostAsync("/api/v1/orders/aurora/100100000000001/hold", broken, Cancel))).ShouldBe("The body is not the JSON that is expected here: look at $.reason, line 2.");

        static async Task<string> ProblemAsync(HttpResponseMessage answer)
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            return (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("detail").GetString()!;
        }
    }

    [Fact]
    public async Task One_order_is_told_with_its_lines_and_address()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001"));
        using var client = await ClientAsync(host, Role.Viewer);

        var order = await client.GetFromJsonAsync<JsonElement>("/api/v1/orders/aurora/100100000000001", Cancel);

        order.GetProperty("lines")[0].GetProperty("sku").GetString().ShouldNotBeNullOrEmpty();
        order.GetProperty("shipTo").GetProperty("city").GetString().ShouldNotBeNullOrEmpty();
        order.GetProperty("payment").GetProperty("state").GetString().ShouldNotBeNullOrEmpty();
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/orders", Cancel)).GetProperty("items")[0].TryGetProperty("lines", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task The_document_has_the_api_with_its_parameters_and_nothing_of_the_pages()
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = host.Client();

        var paths = (await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Cancel)).GetProperty("paths");

        paths.EnumerateObject().Select(p => p.Name).ShouldAllBe(path => path.StartsWith("/api/v1/"));
        paths.GetProperty("/api/v1/orders").GetProperty("get").GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString())
            .ShouldBe(["q", "brand", "status", "channel", "from", "until", "attention", "open", "shadow", "after", "limit"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_case_is_closed_with_what_was_done_and_only_where_the_hub_would_not()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.SayAsync(new("aurora", "order", "1"), new Core.Orders.OrderSignal.Reported(Seed.Facts("#1001", address: false), "orders/create"), "aurora-shopify");
        await host.Seed.SqlAsync("INSERT INTO open_case(brand, stream, key, kind, title, detail, seq, opened_at) VALUES ('aurora', 'order/1', 'edit/too_late', 'order.edit_too_late', 'Changed late', 'd', 1, now())");
        using var client = await ClientAsync(host, Role.Agent, "aurora");
        using var other = await ClientAsync(host, Role.Agent, "banyan");

        (await client.GetStringAsync("/api/v1/failures/cases", Cancel)).ShouldContain("Changed late");
        (await other.PostAsJsonAsync("/api/v1/failures/cases/close", new { brand = "aurora", stream = "order/1", key = "edit/too_late", reason = "x" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.PostAsJsonAsync("/api/v1/failures/cases/close", new { brand = "aurora", stream = "order/1", key = "edit/too_late" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.PostAsJsonAsync("/api/v1/failures/cases/close", new { brand = "aurora", stream = "order/1", key = "hold/NoAddress", reason = "x" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await client.PostAsJsonAsync("/api/v1/failures/cases/close", new { brand = "aurora", stream = "order/1", key = "edit/too_late", reason = "called her" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Stock_is_walked_by_whole_skus_and_a_count_needs_one()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.SqlAsync("INSERT INTO position(brand, sku, location, on_hand, updated_at) SELECT 'aurora', 'S' || lpad(n::text, 4, '0'), l, 1, now() FROM generate_series(1, 90) n, unnest(ARRAY['A', 'B', 'C']) l");
        using var client = await ClientAsync(host, Role.Lead, "aurora");

        var page = await client.GetFromJsonAsync<JsonElement>("/api/v1/stock", Cancel);
        var seen = page.GetProperty("items").GetArrayLength();
        page = await client.GetFromJsonAsync<JsonElement>("/api/v1/stock?after=" + page.GetProperty("next").GetString(), Cancel);
        (seen + page.GetProperty("items").GetArrayLength()).ShouldBe(270);
        (await client.PostAsJsonAsync($"/api/v1/stock/aurora/{new string('x', 3000)}/count", new { location = "BER", units = 1 }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.PostAsJsonAsync("/api/v1/stock/aurora/a%00b/count", new { location = "BER", units = 1 }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_hold_is_lifted_by_the_role_that_it_names_and_an_order_taken_over_by_a_lead()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.SayAsync(new("aurora", "order", "1"), new Core.Orders.OrderSignal.Reported(Seed.Facts("#1001") with { Test = true }, "orders/create"), "aurora-shopify");
        using var agent = await ClientAsync(host, Role.Agent);
        using var lead = await ClientAsync(host, Role.Lead);

        (await agent.PostAsJsonAsync("/api/v1/orders/aurora/1/lift", new { kind = "test_order" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await agent.PostAsJsonAsync("/api/v1/orders/aurora/1/lift", new { kind = "no_address" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await lead.PostAsJsonAsync("/api/v1/orders/aurora/1/lift", new { kind = "test_order" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await agent.PostAsJsonAsync("/api/v1/orders/aurora/1/take-over", new { yes = true }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await lead.PostAsJsonAsync("/api/v1/orders/aurora/1/take-over", new { yes = true }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task A_kind_of_hold_is_lifted_of_many_orders_by_the_role_that_it_names()
    {
        await using var host = await DashboardHost.StartAsync();
        foreach (var (brand, n) in new[] { ("aurora", 1), ("aurora", 2), ("banyan", 3) })
            await host.Seed.SayAsync(new(brand, "order", $"{n}"), new Core.Orders.OrderSignal.Reported(Seed.Facts($"#100{n}") with { ExternalId = $"{n}", Test = true }, "orders/create"), "aurora-shopify");
        using var agent = await ClientAsync(host, Role.Agent, "aurora");
        using var lead = await ClientAsync(host, Role.Lead, "aurora");

        var none = await (await agent.PostAsJsonAsync("/api/v1/orders/lift", new { kind = "test_order", preview = false }, Cancel)).Content.ReadFromJsonAsync<JsonElement>(Cancel);
        (none.GetProperty("holds").GetArrayLength(), none.GetProperty("notYours").GetInt32()).ShouldBe((0, 2));
        var shown = await (await lead.PostAsJsonAsync("/api/v1/orders/lift", new { kind = "test_order" }, Cancel)).Content.ReadFromJsonAsync<JsonElement>(Cancel);
        shown.GetProperty("holds").EnumerateArray().Select(h => h.GetProperty("id").GetString()).ShouldBe(["1", "2"], ignoreOrder: true);
        (await host.ScalarAsync("SELECT count(*) FROM audit WHERE subject LIKE 'order/%'")).ShouldBe(0L);
        (await lead.PostAsJsonAsync("/api/v1/orders/lift", new { kind = "test_order", preview = false }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.ScalarAsync("SELECT string_agg(brand || ' ' || subject || ' ' || action, ',' ORDER BY subject) FROM audit WHERE subject LIKE 'order/%'")).ShouldBe("aurora order/1 order.hold_lift_asked.v1,aurora order/2 order.hold_lift_asked.v1");
        (await lead.PostAsJsonAsync("/api/v1/orders/lift", new { kind = "risk" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("orders?limit=0", 400)]
    [InlineData("orders?from=yesterday", 400)]
    [InlineData("orders?after=made-up", 400)]
    [InlineData("orders/aurora/none", 404)]
    [InlineData("nothing", 404)]
    public async Task What_cannot_be_answered_is_a_problem(string path, int status)
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = await ClientAsync(host, Role.Viewer);

        using var answer = await client.GetAsync("/api/v1/" + path, Cancel);

        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task A_key_acts_in_its_own_name_and_no_further_than_its_role()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001"));
        using var agent = await ClientAsync(host, Role.Agent);

        using var held = await agent.PostAsJsonAsync("/api/v1/orders/aurora/100100000000001/hold", new { reason = "look" }, Cancel);
        using var broken = await agent.PostAsync("/api/v1/orders/aurora/100100000000001/hold", new StringContent("{", null, "application/json"), Cancel);
        using var beyond = await agent.PostAsJsonAsync("/api/v1/switches", new { scope = "all", on = false, reason = "x" }, Cancel);

        held.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        broken.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        beyond.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await using var command = host.Source.CreateCommand("SELECT who FROM audit WHERE action = 'order.hold_asked.v1'");
        (await command.ExecuteScalarAsync(Cancel)).ShouldBe("key/test");
    }

    [Fact]
    public async Task A_revoked_or_expired_key_opens_nothing()
    {
        await using var host = await DashboardHost.StartAsync();
        var keys = host.Get<ApiKeys>();
        var revoked = await keys.CreateAsync("old", Role.Admin, null, null, "test", Cancel);
        await keys.RevokeAsync((await keys.ListAsync(Cancel)).Single().Id, "test", Cancel);
        var expired = await keys.CreateAsync("late", Role.Admin, null, DateTimeOffset.UtcNow.AddSeconds(-1), "test", Cancel);
        var good = await keys.CreateAsync("good", Role.Admin, null, null, "test", Cancel);

        foreach (var key in new[] { revoked, expired, good[..^1] + (good[^1] == 'A' ? 'B' : 'A'), "qm_", "qm_zz_x" }) (await keys.OfAsync(key, Cancel)).ShouldBeNull();
        (await keys.OfAsync(good, Cancel))!.Title.ShouldBe("good");
    }

    [Fact]
    public async Task The_api_describes_itself()
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = host.Client();

        var document = await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Cancel);

        document.GetProperty("paths").EnumerateObject().Select(p => p.Name).ShouldContain("/api/v1/orders/{brand}/{id}/timeline");
        document.GetProperty("components").GetProperty("securitySchemes").TryGetProperty("key", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_request_that_is_repeated_under_its_key_is_done_once()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001"));
        using var client = await ClientAsync(host, Role.Agent);
        var id = (await client.GetFromJsonAsync<JsonElement>("/api/v1/orders", Cancel)).GetProperty("items")[0].GetProperty("id").GetString();

        async Task<HttpResponseMessage> HoldAsync(string key, string reason)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/orders/aurora/{id}/hold") { Content = JsonContent.Create(new { reason }) };
            request.Headers.Add("Idempotency-Key", key);
            return await client.SendAsync(request, Cancel);
        }

        using var first = await HoldAsync("k-1", "look at it");
        using var again = await HoldAsync("k-1", "look at it");
        using var other = await HoldAsync("k-1", "something else");
        using var quoted = await HoldAsync("\"k-1\"", "look at it");
        using var odd = await HoldAsync(new string('k', 256), "look at it");
        using var refused = await HoldAsync("k-2", "");
        using var refusedAgain = await HoldAsync("k-2", "");

        (first.StatusCode, again.StatusCode, quoted.StatusCode).ShouldBe((HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.Accepted));
        (await again.Content.ReadAsStringAsync(Cancel)).ShouldBe(await first.Content.ReadAsStringAsync(Cancel));
        (first.Headers.Contains("Idempotent-Replayed"), again.Headers.Contains("Idempotent-Replayed")).ShouldBe((false, true));
        again.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (other.StatusCode, odd.StatusCode).ShouldBe((HttpStatusCode.UnprocessableEntity, HttpStatusCode.BadRequest));
        (refused.StatusCode, refusedAgain.StatusCode).ShouldBe((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest));
        (await CountAsync(host, "SELECT count(*) FROM signal WHERE kind = 'order.hold_asked.v1'")).ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_at_once_under_one_key_one_is_done()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001"));
        using var client = await ClientAsync(host, Role.Agent);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "race");
        var id = (await client.GetFromJsonAsync<JsonElement>("/api/v1/orders", Cancel)).GetProperty("items")[0].GetProperty("id").GetString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => client.PostAsJsonAsync($"/api/v1/orders/aurora/{id}/hold", new { reason = "look at it" }, Cancel)));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Accepted || a.StatusCode == HttpStatusCode.Conflict);
        (await CountAsync(host, "SELECT count(*) FROM signal WHERE kind = 'order.hold_asked.v1'")).ShouldBe(1);
    }

    [Fact]
    public async Task Keys_of_one_title_repeat_nothing_of_each_other()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001"));
        using var first = await ClientAsync(host, Role.Agent, "aurora");
        using var second = await ClientAsync(host, Role.Agent, "aurora");
        using var elsewhere = await ClientAsync(host, Role.Agent, "banyan");
        foreach (var client in new[] { first, second, elsewhere }) client.DefaultRequestHeaders.Add("Idempotency-Key", "k-1");

        Task<HttpResponseMessage> HoldAsync(HttpClient client, string reason) => client.PostAsJsonAsync("/api/v1/orders/aurora/100100000000001/hold", new { reason }, Cancel);

        (await HoldAsync(first, "look at it")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await HoldAsync(elsewhere, "look at it")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await HoldAsync(second, "something else")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Store_credit_is_decided_on_where_somebody_was_asked_and_above_the_limits_by_a_lead()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001"));
        using var agent = await ClientAsync(host, Role.Agent);
        const string Credit = "/api/v1/orders/aurora/100100000000001/credit";
        async Task<(HttpStatusCode, string)> SayAsync(string answer)
        {
            using var response = await agent.PostAsJsonAsync(Credit, new { parcelId = "T1", answer }, Cancel);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
        }
        var (status, text) = await SayAsync("Given");
        (status, text.Contains("Nobody was asked about store credit for parcel T1.", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.BadRequest, true));

        await OfferAsync(host, Core.Shipping.CreditState.ToApprove);
        (await SayAsync("Approved")).Item1.ShouldBe(HttpStatusCode.Forbidden);
        (await SayAsync("NotGiven")).Item1.ShouldBe(HttpStatusCode.Accepted);
        await OfferAsync(host, Core.Shipping.CreditState.Offered);
        (await SayAsync("Given")).Item1.ShouldBe(HttpStatusCode.Accepted);
        await OfferAsync(host, Core.Shipping.CreditState.Lapsed);
        foreach (var late in (string[])["Given", "Approved"])
        {
            (status, text) = await SayAsync(late);
            (status, text.Contains("It lapsed", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.BadRequest, true), text);
        }
    }

    private static async Task OfferAsync(DashboardHost host, Core.Shipping.CreditState state)
    {
        var kind = new Core.Flows.OrderStream();
        await using var read = host.Source.CreateCommand("SELECT state FROM stream WHERE brand = 'aurora' AND stream = 'order/100100000000001'");
        var file = (Core.Flows.OrderFile)kind.Load((byte[])(await read.ExecuteScalarAsync(Cancel))!);
        var late = new Core.Shipping.Followed("T1", "Delhivery", "T1", Setbacks: [new(Core.Shipping.Delay.Silence, DateTimeOffset.UnixEpoch, null, 100m, state, null)]);
        await using var write = host.Source.CreateCommand("UPDATE stream SET state = $1 WHERE brand = 'aurora' AND stream = 'order/100100000000001'");
        write.Parameters.Add(new() { Value = kind.Save(file with { Shipping = new() { All = [late] } }) });
        await write.ExecuteNonQueryAsync(Cancel);
    }

    [Fact]
    public async Task What_is_left_out_is_asked_for_and_never_guessed()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001"));
        using var client = await ClientAsync(host, Role.Admin);
        const string Order = "orders/aurora/100100000000001/";

        await AskedForAsync("again", Order + "label", new { });
        await AskedForAsync("again", Order + "label", new { agian = true });
        await AskedForAsync("end", Order + "parcel", new { parcelId = "1", reason = "nobody knows" });
        await AskedForAsync("answer", Order + "credit", new { parcelId = "1" });
        await AskedForAsync("kind", Order + "lift", new { });
        await AskedForAsync("yes", Order + "take-over", new { });
        await AskedForAsync("units", "stock/aurora/SKU/safety", new { location = "BER" });
        await AskedForAsync("units", "stock/aurora/SKU/count", new { location = "BER" });
        await AskedForAsync("units", "codes/aurora/map", new { code = "SET", parts = new[] { new { sku = "MUG" } } });
        await AskedForAsync("happened", "failures/effects/1/resolve", new { });
        await AskedForAsync("on", "switches", new { scope = "all", reason = "x" });
        await AskedForAsync("expectedAt", "purchases/aurora/PO-1/date", new { });
        (await client.PostAsJsonAsync("/api/v1/" + Order + "address", new { line1 = "Am Kanal 1", city = "Berlin", country = "DE" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await client.PostAsJsonAsync("/api/v1/" + Order + "address", new { line1 = "Am Kanal 1", city = "Berlin", country = (string?)null }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        async Task AskedForAsync(string member, string path, object body)
        {
            using var answer = await client.PostAsJsonAsync("/api/v1/" + path, body, Cancel);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, path);
            (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("detail").GetString()!.ShouldStartWith($"“{member}” is missing at $", customMessage: path);
        }
    }

    [Fact]
    public async Task Codes_of_two_brands_are_walked_to_the_end()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.SqlAsync("INSERT INTO meaning(brand, code, channel, sku, units, by_whom, at) SELECT b, 'KIT/' || lpad(n::text, 2, '0'), '', s, 1, 'mara', now() FROM generate_series(1, 10) n, unnest(ARRAY['aurora', 'banyan']) b, unnest(ARRAY['MUG', 'TEA']) s");
        using var client = await ClientAsync(host, Role.Viewer);

        var seen = new List<string>();
        for (string? after = null; seen.Count <= 20;)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/codes?limit=5{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}", Cancel);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(m => $"{m.GetProperty("code").GetString()} {m.GetProperty("brand").GetString()}"));
            if (!page.TryGetProperty("next", out var next)) break;
            after = next.GetString();
        }

        seen.ShouldBe([.. from n in Enumerable.Range(1, 10) from brand in new[] { "aurora", "banyan" } select $"KIT/{n:00} {brand}"]);
        (await client.GetAsync("/api/v1/codes?after=made-up", Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static async Task<long> CountAsync(DashboardHost host, string sql)
    {
        await using var command = host.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    [Fact]
    public async Task A_customer_is_found_handed_over_and_asked_to_be_erased()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.SqlAsync("INSERT INTO person(realm, id, root, name, orders) VALUES ('aurora', 7, 7, 'Asha Rao', 1)");
        await host.Seed.SqlAsync("INSERT INTO person_key(realm, kind, value, person, stream) VALUES ('aurora', 'email', 'asha@example.test', 7, 'order/1')");
        using var lead = await ClientAsync(host, Role.Lead);
        using var viewer = await ClientAsync(host, Role.Viewer);
        using var other = await ClientAsync(host, Role.Lead, "banyan");

        (await viewer.GetFromJsonAsync<JsonElement>("/api/v1/customers?q=asha", Cancel))[0].GetProperty("email").GetString().ShouldBe("asha@example.test");
        (await viewer.GetAsync("/api/v1/customers?segment=best", Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await viewer.GetAsync("/api/v1/customers/aurora/7/export", Cancel)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await lead.GetFromJsonAsync<JsonElement>("/api/v1/customers/aurora/7/export", Cancel)).GetProperty("customer").GetProperty("name").GetString().ShouldBe("Asha Rao");
        (await other.GetAsync("/api/v1/customers/aurora/7", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await other.PostAsJsonAsync("/api/v1/customers/aurora/7/erase", new { reason = "x" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await lead.PostAsJsonAsync("/api/v1/customers/aurora/7/erase", new { reason = " " }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        var asked = await lead.PostAsJsonAsync("/api/v1/customers/aurora/7/erase", new { reason = "asked by letter" }, Cancel);
        asked.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var erasure = await lead.GetFromJsonAsync<JsonElement>(asked.Headers.Location!, Cancel);
        (erasure.GetProperty("state").GetString(), erasure.GetProperty("reason").GetString()).ShouldBe(("asked", "asked by letter"));
        (await other.GetAsync(asked.Headers.Location, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await lead.PostAsJsonAsync($"{asked.Headers.Location}/withdraw", new { }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await lead.PostAsJsonAsync($"{asked.Headers.Location}/withdraw", new { }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await lead.GetFromJsonAsync<JsonElement>("/api/v1/erasures", Cancel))[0].GetProperty("state").GetString().ShouldBe("withdrawn");
        (await host.ScalarAsync("SELECT string_agg(action, ',' ORDER BY id) FROM audit WHERE action LIKE 'customer.%'")).ShouldBe("customer.export,customer.erase,customer.erase_withdrawn");
    }

    internal static async Task<HttpClient> ClientAsync(DashboardHost host, Role role, params string[] brands)
    {
        var client = host.Client();
        var key = await host.Get<ApiKeys>().CreateAsync("test", role, brands.Length == 0 ? null : brands, null, "test", Cancel);
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return client;
    }
}
