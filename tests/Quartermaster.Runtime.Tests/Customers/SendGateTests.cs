using Quartermaster.Core;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Messages;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Customers;

/// <summary>Nobody is written to who said no, on the whole machine.</summary>
public sealed class SendGateTests
{
    private const string Phone = "+31612345678", Mail = "ada@example.test";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_said_stop_hears_of_the_order_by_the_next_channel_and_the_timeline_says_why()
    {
        await using var test = await ShopAsync();
        await ClosedAsync(test, "whatsapp", Phone, Extent.All);
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE kind = 'message.send.v1' AND lane = 'mail' AND outcome = 'done'", 1L);
        test.Chat.Calls.ShouldBeEmpty();
        (await test.ScalarAsync("SELECT why FROM effect_log WHERE lane = 'chat'")).ShouldBe("suppressed: said no");
        (await test.ScalarAsync("SELECT last_error FROM lane WHERE connection = 'chat'")).ShouldBeNull("nothing is wrong with the lane");
    }

    [Fact]
    public async Task Who_says_stop_after_a_message_that_may_have_arrived_does_not_get_it_by_the_next_channel()
    {
        await using var test = await ShopAsync();
        test.Chat.Safety = RepeatSafety.ByKey;
        test.Chat.Answer = _ =>
        {
            // It arrives, its answer does not, and the shopper reads it.
            ClosedAsync(test, "whatsapp", Phone, Extent.All).GetAwaiter().GetResult();
            return new Outcome.Unsure("nothing came back");
        };
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT state || ' ' || why FROM effect WHERE lane = 'chat' AND state > 2", "4 An earlier try may have arrived, and it is not repeated: said no (suppressed)", 30);
        await test.UntilAsync("SELECT count(*) FROM ready", 0L);
        (await test.ScalarAsync("SELECT (SELECT count(*) FROM effect WHERE lane = 'mail') + (SELECT count(*) FROM effect_log WHERE lane = 'mail')")).ShouldBe(0L);
        test.Chat.Calls.Count.ShouldBe(1);
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE kind = 'effect.unsure'")).ShouldBe(1L);
    }

    [Fact]
    public async Task Who_asked_for_mail_gets_mail_for_the_orders_of_their_number_and_somebody_else_does_not()
    {
        await using var test = await ShopAsync();
        test.Hub.Switches.Preferences.Of(TestHub.Brand).ShouldBeNull("nobody has asked for anything");
        await test.SendAsync(ContactPoint.Of("sms", Phone).On(TestHub.Brand), new ContactSignal.PreferenceTold("email", "on the phone", DateTimeOffset.UtcNow.AddMinutes(-1), "ann"));
        await test.UntilAsync("SELECT channel FROM preference", "email");
        for (var i = 0; i < 100 && test.Hub.Switches.Preferences.Of(TestHub.Brand) is null; i++) await Task.Delay(50, Cancel);
        test.Hub.Switches.Preferences.Of(TestHub.Brand)!("somebody@example.test", "+31600000000").ShouldBeNull();
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE kind = 'message.send.v1' AND lane = 'mail' AND outcome = 'done'", 1L);
        test.Chat.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_unsubscribed_still_hears_of_orders()
    {
        await using var test = await ShopAsync();
        await ClosedAsync(test, "whatsapp", Phone, Extent.Marketing);
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE lane = 'chat' AND outcome = 'done'", 1L);
    }

    [Fact]
    public async Task Who_was_erased_and_had_said_no_is_still_not_written_to_until_they_say_yes_again()
    {
        await using var test = await ShopAsync();
        await ClosedAsync(test, "whatsapp", Phone, Extent.All);
        var salt = System.Text.Encoding.UTF8.GetBytes((string)(await test.ScalarAsync("SELECT value FROM hub_value WHERE key = 'erasure.salt'"))!);
        await test.ScalarAsync($"UPDATE suppressed SET address = '{Runtime.Customers.Pseudonyms.Of(salt, TestHub.Brand, Phone)}'; DELETE FROM consent");
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE lane = 'mail' AND outcome = 'done'", 1L);
        test.Chat.Calls.ShouldBeEmpty();
        await test.SendAsync(ContactPoint.Of("whatsapp", Phone).On(TestHub.Brand), new ContactSignal.OptedIn("whatsapp", "START", DateTimeOffset.UtcNow));
        await test.UntilAsync("SELECT count(*) FROM consent", 1L);
        await test.PlaceAsync("2", ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE lane = 'chat' AND outcome = 'done'", 1L);
    }

    [Fact]
    public async Task Marketing_goes_to_nobody_who_did_not_say_yes_and_not_too_often()
    {
        await using var test = await ShopAsync(new ContactTerms(Most: 2, Days: 7));
        await WriteAsync(test, "m1");
        await test.UntilAsync("SELECT why FROM effect_log WHERE key = 'm1'", "no_consent: They never said that they want to be written to for marketing by this channel.");
        await test.SendAsync(ContactPoint.Of("whatsapp", Phone).On(TestHub.Brand), new ContactSignal.OptedIn("whatsapp", "box at the checkout", DateTimeOffset.UtcNow));
        await test.UntilAsync("SELECT count(*) FROM consent", 1L);
        for (var n = 2; n <= 5; n++) await WriteAsync(test, "m" + n);
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE outcome = 'done'", 2L);
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE why = 'cap: They were sent 2 in 7 days, and the brand sends at most 2.'", 2L);
        test.Chat.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_message_counts_once_whichever_channels_it_goes_by_and_not_at_all_when_none_takes_it()
    {
        await using var test = await ShopAsync(new ContactTerms(NeedsOptIn: false, Most: 1, Days: 7));
        await IsOneAsync(test);
        test.Chat.Answer = _ => new Outcome.Refused("131026", "not on WhatsApp");
        await WriteAsync(test, "n1/whatsapp");
        await test.UntilAsync("SELECT outcome FROM effect_log WHERE key = 'n1/whatsapp'", "refused");
        (await test.ScalarAsync("SELECT count(*) FROM marketing_sent")).ShouldBe(0L);

        test.Chat.Answer = _ => new Outcome.Done("1");
        await WriteAsync(test, "n2/whatsapp");
        await test.UntilAsync("SELECT outcome FROM effect_log WHERE key = 'n2/whatsapp'", "done");
        // The channel said hours later that it did not arrive.
        await WriteAsync(test, "n2/email", "mail", Mail);
        await test.UntilAsync("SELECT outcome FROM effect_log WHERE key = 'n2/email'", "done");
        await WriteAsync(test, "n3/email", "mail", Mail);
        await test.UntilAsync("SELECT why FROM effect_log WHERE key = 'n3/email'", "cap: They were sent 1 in 7 days, and the brand sends at most 1.");
    }

    [Fact]
    public async Task Two_lanes_do_not_both_find_room_for_the_last_message()
    {
        await using var test = await ShopAsync(new ContactTerms(NeedsOptIn: false, Most: 1, Days: 7));
        await IsOneAsync(test);
        SentMarketing.Count Of(string channel, string address, string key) => new(TestHub.Brand, TestHub.Brand, channel, address, key, 1, DateTimeOffset.UtcNow.AddDays(-7));
        var (chat, mail) = (Of("whatsapp", Phone, "n1"), Of("email", Mail, "n2"));
        await using var first = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        await using var second = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        await using var one = await first.BeginTransactionAsync(Cancel);
        await using var other = await second.BeginTransactionAsync(Cancel);
        (await SentMarketing.ReadAsync(first, one, [chat], Cancel)).ShouldBe([0L]);
        var waits = SentMarketing.ReadAsync(second, other, [mail], Cancel);
        await Task.Delay(300, Cancel);
        waits.IsCompleted.ShouldBeFalse("the first has not counted yet");
        await SentMarketing.WriteAsync(first, one, [chat], DateTimeOffset.UtcNow, Cancel);
        await one.CommitAsync(Cancel);
        (await waits).ShouldBe([1L]);
    }

    [Fact]
    public async Task Who_has_an_address_and_a_number_is_one_to_whom_no_more_is_sent()
    {
        await using var test = await ShopAsync(new ContactTerms(NeedsOptIn: false, Most: 2, Days: 7));
        await IsOneAsync(test);
        await test.ScalarAsync($"INSERT INTO marketing_sent(brand, address, key, channel, at) VALUES ('{TestHub.Brand}', '{Mail}', 'before', 'email', now() - interval '1 day')");
        await WriteAsync(test, "m1");
        await test.UntilAsync("SELECT outcome FROM effect_log WHERE key = 'm1'", "done");
        await WriteAsync(test, "m2");
        await test.UntilAsync("SELECT why FROM effect_log WHERE key = 'm2'", "cap: They were sent 2 in 7 days, and the brand sends at most 2.");
        test.Chat.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Who_has_had_enough_of_advertisements_today_is_left_in_peace_until_their_midnight()
    {
        await using var test = await ShopAsync(new ContactTerms(NeedsOptIn: false));
        foreach (var seconds in (int[])[1, 0]) await test.SendAsync(ContactPoint.Of("whatsapp", Phone).On(TestHub.Brand), new ContactSignal.Tired("whatsapp", "enough", DateTimeOffset.UtcNow.AddSeconds(-seconds)));
        await test.UntilAsync("SELECT count(*) FROM marketing_rest", 1L);
        await WriteAsync(test, "m1");
        await test.UntilAsync("SELECT state || '/' || attempts || ' ' || left(why, 46) FROM effect WHERE key = 'm1' AND next_at > now()", "2/0 The channel takes no more advertising for them");
        await WriteAsync(test, "m2", "mail", Mail);
        await test.UntilAsync("SELECT outcome FROM effect_log WHERE key = 'm2'", "done");
        test.Chat.Calls.ShouldBeEmpty();

        await test.ScalarAsync("UPDATE marketing_rest SET since = now() - interval '2 days'");
        await WriteAsync(test, "m3");
        await test.UntilAsync("SELECT outcome FROM effect_log WHERE key = 'm3'", "done");
    }

    [Fact]
    public async Task A_number_writes_to_no_more_people_than_it_may_and_leaves_the_last_to_orders()
    {
        await using var test = await ShopAsync(new ContactTerms(NeedsOptIn: false), shop => (shop.Chat.RatesSenders, shop.Chat.Rated) = (true, new("GREEN", "TIER_5", 5)));
        await test.UntilAsync("SELECT allowed FROM sender", "TIER_5");
        for (var n = 1; n <= 4; n++) await WriteAsync(test, $"m{n}", to: $"+3161234567{n}");
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE lane = 'chat' AND outcome = 'done'", 4L);
        await WriteAsync(test, "m5", to: "+31612345675");
        await test.UntilAsync("SELECT state || ' ' || why FROM effect WHERE key = 'm5'", "2 The number may write to 5 people in 24 hours, has written to 4, and keeps the rest for orders.");
        await WriteAsync(test, "m6", to: "+31612345671");
        await WriteAsync(test, "o1", to: "+31612345676", of: LegalClass.Transactional);
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE key IN ('m6', 'o1') AND outcome = 'done'", 2L);
        await WriteAsync(test, "o2", to: "+31612345677", of: LegalClass.Transactional);
        await test.UntilAsync("SELECT why FROM effect_log WHERE key = 'o2'", "number_limit: The number may write to 5 people in 24 hours, and has.");
        (await test.ScalarAsync("SELECT count(*) FROM sender_told")).ShouldBe(5L);
        test.Chat.Calls.Count.ShouldBe(6);

        // Whoever owns the lane next knows it.
        await using var database = new Database(test.Postgres.ConnectionString);
        var next = new Senders(database, test.Plan(), TimeProvider.System);
        (await next.AskAsync("chat", [("somebody else", Letter("+31612345678", LegalClass.Transactional))], DateTimeOffset.UtcNow, Cancel)).ShouldHaveSingleItem().ShouldBeOfType<Outcome.Refused>();
        await test.UntilAsync("SELECT used FROM sender", 5, 90);
    }

    [Fact]
    public async Task A_lane_that_has_just_begun_keeps_to_what_the_channel_said_of_its_number_before()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Chat.RatesSenders = true;
        await test.ScalarAsync("INSERT INTO sender(connection, quality, allowed, most_a_day, read_at) VALUES ('chat', 'RED', 'TIER_250', 250, now())");
        await WriteAsync(test, "m1");
        test.Change = plan => plan with { Brands = plan.Brands.ToDictionary(b => b.Key, b => b.Value with { Terms = b.Value.Terms with { Contact = new ContactTerms(NeedsOptIn: false) } }) };
        await test.StartAsync();
        await test.UntilAsync("SELECT state || ' ' || left(why, 43) FROM effect WHERE key = 'm1'", "2 Readers complain so much of the number (RED");
        test.Chat.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Numbers_that_share_a_limit_are_counted_together_and_by_every_process()
    {
        await using var test = await ShopAsync(new ContactTerms(NeedsOptIn: false), shop =>
        {
            (shop.Chat.RatesSenders, shop.Chat.Rated, shop.Chat.Shares) = (true, new("GREEN", "TIER_3", 3), "portfolio");
            var change = shop.Change;
            shop.Change = plan => change(plan) with { Connections = new Dictionary<string, ConnectionPlan>(plan.Connections) { ["chat2"] = plan.Connections["chat"] with { Key = "chat2" } } };
        });
        await test.UntilAsync("SELECT count(*) FROM sender", 2L);
        // One of them had told somebody before they shared anything.
        await test.ScalarAsync("INSERT INTO sender_told(connection, who, at) VALUES ('chat2', 1, now())");
        await WriteAsync(test, "o1", "chat", "+31612345671", LegalClass.Transactional);
        await test.UntilAsync("SELECT outcome FROM effect_log WHERE key = 'o1'", "done");
        await WriteAsync(test, "o2", "chat2", "+31612345672", LegalClass.Transactional);
        await WriteAsync(test, "o3", "chat2", "+31612345671", LegalClass.Transactional);
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE key IN ('o2', 'o3') AND outcome = 'done'", 2L);
        await WriteAsync(test, "o4", "chat", "+31612345674", LegalClass.Transactional);
        await test.UntilAsync("SELECT why FROM effect_log WHERE key = 'o4'", "number_limit: The number may write to 3 people in 24 hours, and has.");

        // Two processes that ask at the same moment let through what one would.
        await test.ScalarAsync("UPDATE sender SET most_a_day = 13");
        await using var database = new Database(test.Postgres.ConnectionString);
        var processes = Enumerable.Range(0, 4).Select(_ => new Senders(database, test.Change(test.Plan()), TimeProvider.System)).ToList();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => processes[n % 4].AskAsync(n % 2 == 0 ? "chat" : "chat2", [($"reader {n}", Letter("+31612345678", LegalClass.Transactional))], DateTimeOffset.UtcNow, Cancel)));
        answers.Count(a => a[0] is null).ShouldBe(10);
        (await test.ScalarAsync("SELECT count(DISTINCT who) FROM sender_told")).ShouldBe(13L);
    }

    [Fact]
    public async Task Marketing_waits_for_the_morning_and_costs_no_attempt()
    {
        // Every hour of the day is quiet but the one that begins in half a day.
        var awake = TimeOnly.FromDateTime(DateTime.UtcNow.AddHours(12));
        await using var test = await ShopAsync(new ContactTerms(NeedsOptIn: false, Quiet: new(awake.AddHours(1), awake)));
        await WriteAsync(test, "m1");
        await test.UntilAsync("SELECT state || '/' || attempts || ' ' || left(why, 27) FROM effect WHERE key = 'm1' AND next_at BETWEEN now() + interval '10 hours' AND now() + interval '13 hours'", "2/0 It is night where they are,");
        test.Chat.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_brand_of_which_nobody_said_no_is_asked_nothing()
    {
        await using var test = await ShopAsync();
        await test.ScalarAsync("ALTER TABLE suppressed RENAME TO nobody_may_look");
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE lane = 'chat' AND outcome = 'done'", 1L);
    }

    [Fact]
    public async Task When_nobody_can_tell_nothing_is_sent()
    {
        await using var test = await ShopAsync();
        await ClosedAsync(test, "sms", "+4915112345678", Extent.All);
        await test.ScalarAsync("ALTER TABLE suppressed RENAME TO gone");
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM effect WHERE lane = 'chat' AND why LIKE 'Nobody can tell whether it may be sent%' AND attempts = 0", 1L);
        test.Chat.Calls.ShouldBeEmpty();
        await test.ScalarAsync("ALTER TABLE gone RENAME TO suppressed");
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE lane = 'chat' AND outcome = 'done'", 1L, 30);
    }

    private static async Task<TestHub> ShopAsync(ContactTerms? terms = null, Action<TestHub>? prepare = null)
    {
        var test = await TestHub.NewAsync(Cancel);
        test.Channels.Add(new("email", "mail"));
        if (terms is not null) test.Change = plan => plan with { Brands = plan.Brands.ToDictionary(b => b.Key, b => b.Value with { Terms = b.Value.Terms with { Contact = terms } }) };
        prepare?.Invoke(test);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 100);
        await test.UntilAsync("SELECT on_hand FROM position", 100);
        return test;
    }

    private static async Task ClosedAsync(TestHub test, string channel, string address, Extent what)
    {
        await test.SendAsync(ContactPoint.Of(channel, address).On(TestHub.Brand), new ContactSignal.OptedOut(channel, "said no", DateTimeOffset.UtcNow.AddMinutes(-1), what));
        await test.UntilAsync("SELECT count(*) FROM suppressed", 1L);
    }

    /// <summary>The number and the address are known to be the same customer's.</summary>
    private static Task<object?> IsOneAsync(TestHub test) => test.ScalarAsync($"""
        INSERT INTO person(realm, id, root) VALUES ('{TestHub.Brand}', 1, 1), ('{TestHub.Brand}', 2, 1);
        INSERT INTO person_key(realm, kind, value, person, stream) VALUES ('{TestHub.Brand}', 'phone', '{Phone}', 1, 'order/1'), ('{TestHub.Brand}', 'email', '{Mail}', 2, 'order/2')
        """);

    /// <summary>A letter that no order made necessary, as whatever plans them would write it.</summary>
    private static MessageEffect.Send Letter(string to, LegalClass of) => new("", Occasion.Delivered, to, "Ada", "en", "news", ["1"], "News", "News", HasAnotherWay: of == LegalClass.Transactional, Class: of);

    private static async Task WriteAsync(TestHub test, string key, string lane = "chat", string to = Phone, LegalClass of = LegalClass.Marketing)
    {
        var letter = Letter(to, of);
        await using var insert = test.Postgres.Source.CreateCommand("INSERT INTO effect(id, brand, stream, lane, kind, key, seq, state, token, next_at, planned_at, body) VALUES (nextval('effect_block') * 1000, $1, $2, $5, 'message.send.v1', $3, 0, 0, 0, now(), now(), $4)");
        insert.Parameters.Add(new() { Value = TestHub.Brand });
        insert.Parameters.Add(new() { Value = "order/" + key });
        insert.Parameters.Add(new() { Value = key });
        insert.Parameters.Add(new() { Value = CoreJson.Write(letter) });
        insert.Parameters.Add(new() { Value = lane });
        await insert.ExecuteNonQueryAsync(Cancel);
    }
}
