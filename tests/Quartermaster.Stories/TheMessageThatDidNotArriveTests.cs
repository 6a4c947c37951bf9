using System.Text.Json;
using System.Text.Json.Nodes;
using Quartermaster.Sandbox;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>A shopper without WhatsApp and with a landline: every channel takes the message, two of them say later that it did not arrive. And one who writes STOP.</summary>
public sealed class TheMessageThatDidNotArriveTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static readonly (string, string)[] Calm = [("sandbox_short", "0"), ("sandbox_missed", "0"), ("sandbox_returned", "0")];

    [Fact]
    public async Task It_goes_by_the_next_channel_each_time_a_channel_says_that_it_did_not_arrive()
    {
        await using var day = await BusinessDay.BeginAsync(Brand(), null, Cancel, warehouse: Calm);
        // 0199: no WhatsApp at Meta, and a landline at Twilio.
        var order = day.Order(o => o with { Shopper = o.Shopper with { Email = "asha@example.com", Phone = "+919820000199" } });
        await day.UntilAsync(order, "closed");
        (await day.SoonAsync($"SELECT 1 FROM effect_log WHERE stream = 'order/{BusinessDay.IdOf(order)}' AND key LIKE '%/msg/delivered/%/email'")).ShouldNotBeNull(string.Join('\n', await day.TimelineAsync(order)));

        day.Texts.Messages.ShouldAllBe(m => m.To == "+919820000199" && m.State == "undelivered");
        day.Mails.Select(m => m.To).ShouldContain("asha@example.com");
        var timeline = await day.TimelineAsync(order);
        // Each ends at the last channel, but that it is out for delivery is not told any more once it has been delivered.
        (timeline.Count(l => l == "message.planned.v1") - timeline.Count(l => l == "message.fell_back.v1")).ShouldBeInRange(3, 4);
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE kind = 'message.unreachable'")).ShouldBe(0L);

        // A landline stays one: nobody sends it texts again, while WhatsApp may get there one day.
        (await StandingAsync(day, "+919820000199")).ShouldBe("[{\"channel\":\"sms\",\"cause\":\"Bounce\",\"what\":\"All\"}]");
    }

    [Fact]
    public async Task Who_writes_STOP_gets_no_more_texts_and_what_arrived_is_only_counted()
    {
        await using var day = await BusinessDay.BeginAsync(Brand(), null, Cancel, warehouse: Calm);
        day.Texts.Write("+919820000001", "Stop.");
        (await StandingAsync(day, "+919820000001")).ShouldBe("[{\"channel\":\"sms\",\"cause\":\"OptOut\",\"what\":\"All\"}]");

        var order = day.Order(o => o with { Shopper = o.Shopper with { Phone = "+919820000002" } });
        await day.UntilAsync(order, "closed");
        await day.Hub.Told.WriteAsync(Cancel);
        ((long?)await day.SoonAsync("SELECT sum(count)::bigint FROM told WHERE connection = 'aurora-whatsapp' AND what = 'sent'")).ShouldNotBeNull().ShouldBeGreaterThan(0);
        (await day.ScalarAsync("SELECT count(*) FROM signal WHERE source = 'aurora-whatsapp'")).ShouldBe(0L, "good news is not stored");
    }

    /// <summary>Why a number is not written to, as its contact stream has it.</summary>
    private static async Task<string> StandingAsync(BusinessDay day, string number)
    {
        var state = (string)(await day.SoonAsync($"SELECT convert_from(state, 'UTF8') FROM stream WHERE stream = 'contact/phone:{number}'"))!;
        return JsonSerializer.Serialize(JsonNode.Parse(state)!["standings"]!.AsArray().SelectMany(s => s!["nos"]!.AsArray().Select(no => new { channel = (string)s["channel"]!, cause = (string)no!["cause"]!, what = (string)no["what"]! })));
    }

    private static DemoBrand Brand()
    {
        var aurora = DemoBrands.All[0];
        return aurora with
        {
            Terms = aurora.Terms with { MessageChannels = [new("whatsapp", "aurora-whatsapp"), new("sms", "aurora-sms"), new("email", "aurora-mail")] },
            Connections =
            [
                .. aurora.Connections,
                new("aurora-sms", "twilio", new Dictionary<string, string> { ["account_sid"] = "AC00000000000000000000000000000000", ["auth_token"] = "sandbox-aurora-sms", ["from"] = "+15550100000" }, new Dictionary<string, string>()),
            ],
        };
    }
}
