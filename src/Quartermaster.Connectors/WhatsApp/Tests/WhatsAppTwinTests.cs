using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.WhatsApp.Tests;

public sealed class WhatsAppTwinTests
{
    [Fact]
    public async Task The_twin_takes_a_message_once_reports_it_signed_and_shows_it()
    {
        await using var box = await StartAsync("t0ken-t0ken");
        (await box.TestAsync()).Outcome.ShouldBeNamed("Done ");
        var work = Work("order/1/msg/shipped/p1", "+919810000123");
        var first = (await box.ActAsync(work))[0].Outcome;
        var again = (await box.ActAsync(work))[0].Outcome;
        again.ShouldBe(first.ShouldBeOfType<Outcome.Done>());
        box.Twin<WhatsAppTwin>().Messages.ShouldHaveSingleItem().Title.ShouldBe("order_shipped");
        await box.DeliveredAsync();
        box.Readings.ShouldBeEmpty();
        box.News.ShouldBe(new Dictionary<string, int> { ["sent"] = 1, ["delivered"] = 1, ["read"] = 1 }, ignoreOrder: true);
        var page = await box.PageAsync();
        page.ShouldContain("#1001");
        page.ShouldContain("order/1/msg/shipped/p1");
    }

    [Fact]
    public async Task A_shopper_who_is_asked_presses_the_first_button()
    {
        await using var box = await TwinBox.StartAsync(new WhatsAppConnector(), ("phone_number_id", "1055501234"), ("token", "t0ken-t0ken"), ("app_secret", "app-s3cret"), ("sandbox_answer", "1"), ("sandbox_answer_ms", "10"));
        await box.ActAsync(new Work("order/7/msg/to_confirm/whatsapp", WhatsAppOutboundTests.Shipped(["#1001"]) with { To = "+919810000123", Buttons = ["confirmed.1a2b3c4d", "declined.1a2b3c4d"] }, 1));
        await box.DeliveredAsync();
        box.Readings.SelectMany(r => r.Signals).ShouldHaveSingleItem().Signal.ShouldBe(new OrderSignal.ShopperAnswered(Confirmation.Confirmed, "whatsapp", "1a2b3c4d"));
    }

    [Fact]
    public async Task A_number_without_WhatsApp_is_taken_and_then_fails_back_to_its_order()
    {
        await using var box = await StartAsync("t0ken-t0ken");
        (await box.ActAsync(Work("order/7/msg/confirmed", "+919810000" + WhatsAppTwin.Unreachable)))[0].Outcome.ShouldBeOfType<Outcome.Done>();
        (await box.ActAsync(Work("order/8/msg/confirmed", "+919810000" + WhatsAppTwin.RefusedAtOnce)))[0].Outcome.ShouldBeNamed("Refused 131026");
        await box.DeliveredAsync();
        var failed = box.Readings.ShouldHaveSingleItem().Signals.ShouldHaveSingleItem();
        failed.To.ShouldBe(new("aurora", "order", "7"));
        failed.Signal.ShouldBe(new MessageSignal.NotDelivered("order/7/msg/confirmed", "whatsapp", "131026", "Message Undeliverable."));
    }

    [Fact]
    public async Task What_Meta_holds_is_read_page_by_page_and_a_paused_text_is_told_of_and_refused()
    {
        await using var box = await TwinBox.StartAsync(new WhatsAppConnector(), ("phone_number_id", "1055501234"), ("business_account_id", "1022"), ("token", "t0ken-t0ken"), ("app_secret", "app-s3cret"));
        using var http = new HttpClient();
        var session = box.Session with { Http = http };
        var cancel = TestContext.Current.CancellationToken;
        var texts = (await new WhatsAppConnector().ReadTextsAsync(session, cancel)).ShouldNotBeNull();
        texts.Count.ShouldBe(TemplateBook.Shipped.All.Count);
        texts.ShouldAllBe(t => t.IsApproved && !t.IsMarketing);
        texts.ShouldContain(t => t.Name == "order_to_confirm" && t.Language == "hi" && t.Parameters == 5);

        (await http.PostAsync(new Uri(box.Session.Settings["base_url"] + "/1022/message_templates/order_shipped/status?language=en&status=PAUSED"), null, cancel)).EnsureSuccessStatusCode();
        (await new WhatsAppConnector().ReadTextsAsync(session, cancel))!.Single(t => !t.IsApproved).ShouldSatisfyAllConditions(t => t.Name.ShouldBe("order_shipped"), t => t.Status.ShouldBe("PAUSED"));
        (await box.ActAsync(Work("order/9/msg/shipped", "+919810000123")))[0].Outcome.ShouldBeNamed("Refused 132015");
        await box.DeliveredAsync();
        box.Readings.ShouldHaveSingleItem().Signals.ShouldHaveSingleItem().Signal.ShouldBeOfType<Core.Connections.ConnectionSignal.Noticed>().Text.ShouldBe("WhatsApp template order_shipped: PAUSED");
    }

    [Fact]
    public async Task Without_the_account_nobody_asks_what_Meta_holds()
    {
        await using var box = await StartAsync("t0ken-t0ken");
        (await new WhatsAppConnector().ReadTextsAsync(box.Session, TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task A_wrong_token_is_a_broken_connection()
    {
        await using var box = await StartAsync("t0ken-t0ken");
        using var http = new HttpClient();
        var settings = new Settings(new Dictionary<string, string> { ["phone_number_id"] = "1", ["token"] = "other", ["base_url"] = box.Session.Settings["base_url"] });
        (await new WhatsAppConnector().ActAsync(box.Session with { Settings = settings, Http = http }, [Work("k", "+1")], TestContext.Current.CancellationToken))[0]
            .Outcome.ShouldBeNamed("NotConnected");
    }

    private static Task<TwinBox> StartAsync(string token) =>
        TwinBox.StartAsync(new WhatsAppConnector(), ("phone_number_id", "1055501234"), ("token", token), ("app_secret", "app-s3cret"));

    private static Work Work(string key, string to) => new(key, WhatsAppOutboundTests.Shipped(["#1001", "DHL", "JD0123"]) with { To = to }, 1);
}
