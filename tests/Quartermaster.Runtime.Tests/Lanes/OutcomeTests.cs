using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Lanes;

/// <summary>What becomes of an effect for each outcome, and for each thing a remote system may say.</summary>
public sealed class OutcomeTests
{
    // U+0000 and half an emoji: both valid in a vendor's JSON, neither in a text column.
    private const string Bad = "ouch\0 \ud83d";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static async Task<TestHub> WithStockAsync(Action<FakeConnector>? wms = null)
    {
        var test = await TestHub.NewAsync(Cancel);
        wms?.Invoke(test.Wms);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 1000);
        await test.UntilAsync("SELECT on_hand FROM position", 1000);
        return test;
    }

    [Theory]
    [InlineData("1", 2)]
    [InlineData("2", 3)]
    [InlineData("0", 1)]
    [InlineData("maybe", 1)]
    [InlineData("11", 1)]
    public async Task A_message_of_unknown_fate_goes_out_again_as_often_as_its_connection_says_and_then_a_person_decides(string setting, int calls)
    {
        await using var test = await WithStockAsync(wms =>
        {
            wms.Safety = RepeatSafety.Once;
            wms.Settings = new(new Dictionary<string, string> { ["repeat_unsure"] = setting });
            wms.Answer = _ => new Outcome.Unsure("timeout");
        });
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'effect.unsure' AND closed_at IS NULL", 1L);
        test.Wms.Calls.Count.ShouldBe(calls);
        test.Wms.LookUps.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_repeat_that_meets_a_busy_vendor_is_still_the_only_repeat()
    {
        var n = 0;
        await using var test = await WithStockAsync(wms =>
        {
            wms.Safety = RepeatSafety.Once;
            wms.Settings = new(new Dictionary<string, string> { ["repeat_unsure"] = "1" });
            wms.Answer = _ => Interlocked.Increment(ref n) is 2 or 3 ? new Outcome.TryLater("busy", TimeSpan.FromMilliseconds(10)) : new Outcome.Unsure("timeout");
        });
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM effect WHERE state = 4", 1L);
        test.Wms.Calls.Count.ShouldBe(4, "unsure, busy, busy, and the one repeat");
    }

    [Fact]
    public async Task A_vendor_that_sets_the_pace_costs_no_attempt_and_is_no_failure()
    {
        var n = 0;
        await using var test = await WithStockAsync(wms => wms.Answer = _ => Interlocked.Increment(ref n) <= 10 ? new Outcome.TryLater("429", TimeSpan.FromMilliseconds(1)) : new Outcome.Done("w"));
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT attempts::int FROM effect_log WHERE lane = 'wms'", 1);
        test.Wms.Calls.Count.ShouldBe(11);
        test.Hub.Lanes!.Find("wms")!.Breaker.State.ShouldBe("closed");
    }

    [Fact]
    public async Task What_could_not_begin_goes_back_as_it_was_and_its_neighbours_keep_their_answers()
    {
        var closed = true;
        await using var test = await WithStockAsync(wms =>
        {
            wms.Safety = RepeatSafety.None;
            wms.NotNow = work => Volatile.Read(ref closed) && !work.Key.Contains("/o0/", StringComparison.Ordinal);
        });
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => test.PlaceAsync("o" + i, ("A", 1))));
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE lane = 'wms' AND outcome = 'done'", 1L);
        await Task.Delay(1500, Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM effect WHERE lane = 'wms' AND attempts = 0 AND doubts = 0 AND state < 2")).ShouldBe(9L);
        test.Hub.Lanes!.Find("wms")!.Breaker.State.ShouldBe("closed");
        Volatile.Write(ref closed, false);
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE lane = 'wms' AND outcome = 'done' AND attempts = 1", 10L);
    }

    [Theory]
    [InlineData("done")]
    [InlineData("already_done")]
    [InlineData("try_later")]
    [InlineData("refused")]
    [InlineData("not_connected")]
    [InlineData("unsure")]
    [InlineData("throws")]
    public async Task No_text_of_a_vendor_stops_a_lane_or_its_neighbours(string outcome)
    {
        await using var test = await WithStockAsync(wms => wms.Safety = RepeatSafety.None);
        var token = test.Hub.Lanes!.Find("wms")!.Token;
        test.Wms.Answer = _ => outcome switch
        {
            "done" => new Outcome.Done(Bad),
            "already_done" => new Outcome.AlreadyDone(Bad),
            "try_later" => new Outcome.TryLater(Bad),
            "refused" => new Outcome.Refused(Bad, Bad),
            "not_connected" => new Outcome.NotConnected(Bad),
            "unsure" => new Outcome.Unsure(Bad),
            _ => throw new InvalidOperationException(Bad),
        };
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT (SELECT count(*) FROM effect WHERE lane = 'wms' AND why LIKE '%ouch\\\\u0000 _%') + (SELECT count(*) FROM effect_log WHERE lane = 'wms' AND coalesce(remote_id, why) LIKE '%ouch\\\\u0000 _%')", 1L);
        // Longer than one beat, which writes the last error into the lane's row.
        if (outcome is not ("done" or "already_done")) await test.UntilAsync("SELECT last_error LIKE '%ouch%' FROM lane WHERE connection = 'wms'", true);
        await test.PlaceAsync("2", ("A", 1));
        await test.UntilAsync("SELECT count(DISTINCT stream) FROM effect_log WHERE lane = 'chat'", 2L);
        test.Hub.Lanes!.Find("wms")!.Token.ShouldBe(token);
    }

    [Fact]
    public async Task One_outcome_that_the_database_refuses_ends_without_its_words_and_its_neighbours_at_once()
    {
        await using var test = await WithStockAsync();
        await test.ScalarAsync("ALTER TABLE effect_log ADD CONSTRAINT no_evil CHECK (remote_id IS DISTINCT FROM 'evil')");
        test.Wms.Limits = new(Batch: 50, Concurrency: 1);
        test.Wms.Answer = work => new Outcome.Done(work.Key.Contains("/o3/", StringComparison.Ordinal) ? "evil" : "good");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => test.PlaceAsync("o" + i, ("A", 1))));
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE lane = 'wms' AND outcome = 'done' AND remote_id = 'good'", 9L, 5);
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE lane = 'wms' AND outcome = 'done' AND remote_id IS NULL", 1L, 5);
        await test.UntilAsync("SELECT count(*) FROM stream WHERE status = 'submitted'", 10L);
    }

    [Fact]
    public async Task A_message_channel_that_lost_its_credentials_gives_its_message_to_the_next_one_and_tells_a_person()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Channels.Add(new("email", "mail"));
        test.Chat.Answer = _ => new Outcome.NotConnected("token expired");
        await test.StartAsync();
        await test.NoneOfAsync("A");
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT count(DISTINCT key) > 0 FROM effect_log WHERE lane = 'mail' AND outcome = 'done'", true);
        (await test.ScalarAsync("SELECT count(*) > 0 FROM effect_log WHERE lane = 'chat' AND outcome = 'refused'")).ShouldBe(true);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'connection.not_connected' AND closed_at IS NULL", 1L);
    }

    [Fact]
    public async Task Nobody_has_to_say_that_a_connection_works_again()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Chat.Answer = _ => new Outcome.NotConnected("token expired");
        await test.StartAsync();
        await test.NoneOfAsync("A");
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'connection.not_connected' AND closed_at IS NULL", 1L);
        await test.Hub.CloseWhatWorksAgainAsync(Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE kind = 'connection.not_connected' AND closed_at IS NULL")).ShouldBe(1L);

        test.Chat.Answer = _ => new Outcome.Done("m");
        // As its probe would a minute later.
        test.Hub.Lanes!.Find("chat")!.Breaker.Answered();
        await test.ScalarAsync("UPDATE effect SET next_at = now() WHERE lane = 'chat'");
        test.Hub.Lanes.Nudge();
        await test.UntilAsync("SELECT count(*) > 0 FROM effect_log WHERE lane = 'chat' AND outcome = 'done'", true);
        await test.Hub.CloseWhatWorksAgainAsync(Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE kind = 'connection.not_connected' AND closed_at IS NULL")).ShouldBe(0L);
    }

    [Fact]
    public async Task The_last_channel_keeps_its_messages_until_its_credentials_are_mended()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Chat.Answer = _ => new Outcome.NotConnected("token expired");
        await test.StartAsync();
        await test.NoneOfAsync("A");
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'connection.not_connected' AND closed_at IS NULL", 1L);
        (await test.ScalarAsync("SELECT count(*) FROM effect_log WHERE lane = 'chat'")).ShouldBe(0L);
        await MendAsync(test, "chat", test.Chat);
        await test.UntilAsync("SELECT count(*) > 0 FROM effect_log WHERE lane = 'chat' AND outcome = 'done'", true);
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE kind = 'message.unreachable'")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_fetch_waits_until_the_store_is_connected_again()
    {
        await using var test = await WithStockAsync();
        test.Shop.Answer = _ => new Outcome.NotConnected("token expired");
        await test.SendAsync(TestHub.Order("1"), new Core.Orders.OrderSignal.ChangeAnnounced("shop", "1", "orders/edited"));
        await test.UntilAsync("SELECT why FROM effect WHERE lane = 'shop' AND state = 2", "token expired");
        await MendAsync(test, "shop", test.Shop);
        await test.UntilAsync("SELECT outcome FROM effect_log WHERE lane = 'shop'", "done");
    }

    [Fact]
    public async Task A_cancelled_hand_off_that_may_have_arrived_is_asked_back_before_anybody_else_gets_the_order()
    {
        await using var test = await WithStockAsync(wms => (wms.Safety, wms.Answer) = (RepeatSafety.None, work => work.Effect is Core.Fulfilment.FulfilmentEffect.SubmitToWarehouse ? new Outcome.Unsure("timeout") : new Outcome.TryLater("busy")));
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM effect WHERE lane = 'wms' AND state = 4", 1L);
        (await test.ScalarAsync("SELECT reserved FROM position")).ShouldBe(1);
        await test.Hub.Desk.CancelEffectAsync((long)(await test.ScalarAsync("SELECT id FROM effect WHERE state = 4"))!, "they never got it", "ada", Cancel);
        await test.UntilAsync("SELECT outcome FROM effect_log WHERE lane = 'wms'", "cancelled");
        await test.UntilAsync("SELECT string_agg(kind, ',') FROM effect WHERE lane = 'wms'", "fulfilment.withdraw_from_warehouse.v1");
        (await test.ScalarAsync("SELECT reserved FROM position")).ShouldBe(1, "the goods may be on their way");
        test.Wms.Answer = _ => new Outcome.Done();
        await test.ScalarAsync("UPDATE effect SET next_at = now() WHERE lane = 'wms'");
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE kind = 'fulfilment.withdraw_from_warehouse.v1' AND outcome = 'done'", 1L);
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE kind = 'fulfilment.submit_to_warehouse.v1' AND outcome = 'done'", 1L);
    }

    [Fact]
    public async Task In_shadow_a_shop_is_asked_and_nothing_is_sent()
    {
        await using var test = await WithStockAsync();
        await test.Hub.Desk.SetModeAsync(TestHub.Brand, BrandMode.Shadow, "ada", Cancel);
        await Task.Delay(1200, Cancel);
        await test.PlaceAsync("1", ("A", 1));
        await test.SendAsync(TestHub.Order("1"), new Core.Orders.OrderSignal.ChangeAnnounced("shop", "1", "orders/edited"));
        await test.UntilAsync("SELECT outcome FROM effect_log WHERE kind = 'fulfilment.fetch_order.v1'", "done");
        await test.UntilAsync("SELECT count(*) > 0 FROM effect_log WHERE lane = 'wms' AND outcome = 'shadow'", true);
        test.Wms.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_planned_while_a_brand_was_live_waits_while_it_is_not()
    {
        await using var test = await WithStockAsync(wms => wms.Answer = _ => new Outcome.TryLater("busy", TimeSpan.FromMilliseconds(50)));
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT why FROM effect WHERE lane = 'wms'", "busy");
        foreach (var mode in (BrandMode[])[BrandMode.Shadow, BrandMode.Off])
        {
            await test.Hub.Desk.SetModeAsync(TestHub.Brand, mode, "ada", Cancel);
            await Task.Delay(1200, Cancel);
            var calls = test.Wms.Calls.Count;
            test.Wms.Answer = _ => new Outcome.Done();
            await Task.Delay(700, Cancel);
            test.Wms.Calls.Count.ShouldBe(calls, $"{mode}");
        }
        await test.Hub.Desk.SetModeAsync(TestHub.Brand, BrandMode.Live, "ada", Cancel);
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE lane = 'wms' AND outcome = 'done'", 1L);
    }

    [Fact]
    public async Task A_cancelled_message_is_not_said_by_another_channel()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Channels.Add(new("email", "mail"));
        test.Chat.Safety = RepeatSafety.None;
        test.Chat.Answer = _ => new Outcome.Unsure("timeout");
        await test.StartAsync();
        await test.NoneOfAsync("A");
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT count(*) > 0 FROM effect WHERE lane = 'chat' AND state = 4", true);
        await test.Hub.Desk.CancelEffectAsync((long)(await test.ScalarAsync("SELECT min(id) FROM effect WHERE state = 4"))!, "wrong words", "ada", Cancel);
        await test.UntilAsync("SELECT count(*) FROM decision WHERE note LIKE '%cancelled the message%'", 1L);
        (await test.ScalarAsync("SELECT count(*) FROM effect_log WHERE lane = 'mail'")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_call_ends_when_its_connectors_limit_is_over()
    {
        await using var test = await WithStockAsync(wms =>
        {
            (wms.Safety, wms.CallLimit) = (RepeatSafety.None, TimeSpan.FromMilliseconds(300));
            wms.Before = cancel => Task.Delay(Timeout.Infinite, cancel);
        });
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM effect WHERE lane = 'wms' AND state = 4", 1L, 5);
    }

    // What the test button does, and a minute's wait made short.
    private static async Task MendAsync(TestHub test, string lane, FakeConnector connector)
    {
        connector.Answer = _ => new Outcome.Done("r");
        test.Hub.Lanes!.Find(lane)!.Breaker.Answered();
        await test.ScalarAsync($"UPDATE effect SET next_at = now() WHERE lane = '{lane}' AND state = 2");
    }

    [Fact]
    public void A_text_is_cut_and_cleaned_by_whole_characters()
    {
        Storable.Cut("ab😀cd", 3).ShouldBe("ab…");
        Storable.Cut("ab😀cd", 4).ShouldBe("ab😀…");
        Storable.Cut("ab", 2).ShouldBe("ab");
        Storable.Text("plain 😀").ShouldBe("plain 😀");
        Storable.Text("a\0b\ud83dc").ShouldBe("a\\u0000b\ufffdc");
        Storable.Text("\ude00\ud83d").ShouldBe("\ufffd\ufffd");
    }
}
