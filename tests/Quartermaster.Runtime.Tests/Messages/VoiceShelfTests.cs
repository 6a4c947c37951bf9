using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;
using Quartermaster.Runtime.Messages;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Messages;

/// <summary>A brand's own words come into force while orders come in.</summary>
public sealed class VoiceShelfTests
{
    private const string Words = "class: transactional\n--- subject\nOurs {{number}}\n--- mail\nHi {{name}}\n--- text\nOurs {{number}}\n--- whatsapp order_confirmed\n{{number}}\n{{name}}";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static async Task<TestHub> BeginAsync()
    {
        var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        return test;
    }

    private static TemplateDesk Desk(TestHub test) => new(test.Hub.Database, TimeProvider.System);

    private static string Subject(TestHub test, DateTimeOffset at) => test.Hub.Switches.Voices.Of(TestHub.Brand, at)!.Write(Occasion.Confirmed, new("email", "mail"), "en", SpecimenFacts.All).Subject;

    [Fact]
    public async Task An_edition_is_approved_by_another_and_begins_at_one_moment()
    {
        await using var test = await BeginAsync();
        (await Desk(test).ProposeAsync(TestHub.Brand, Occasion.Confirmed, "en", Words, "warmer", 0, "anton", Cancel)).ShouldBe(1);
        await Should.ThrowAsync<InvalidOperationException>(() => Desk(test).ProposeAsync(TestHub.Brand, Occasion.Confirmed, "en", Words, "I saw none", 0, "ann", Cancel));
        Subject(test, DateTimeOffset.MaxValue).ShouldBe("We have your order #1042", "nobody has approved it");
        await Should.ThrowAsync<InvalidOperationException>(() => Desk(test).ApproveAsync(TestHub.Brand, Occasion.Confirmed, "en", 1, "anton", false, Cancel));
        await Desk(test).ApproveAsync(TestHub.Brand, Occasion.Confirmed, "en", 1, "lea", false, Cancel);
        await Should.ThrowAsync<InvalidOperationException>(() => Desk(test).ApproveAsync(TestHub.Brand, Occasion.Confirmed, "en", 1, "lea", false, Cancel));

        var from = new DateTimeOffset((DateTime)(await test.ScalarAsync("SELECT from_at FROM message_edition"))!, TimeSpan.Zero);
        for (var i = 0; i < 300 && Subject(test, from) != "Ours #1042"; i++) await Task.Delay(20, Cancel);
        Subject(test, from).ShouldBe("Ours #1042", "it was read before its time");
        Subject(test, from.AddMilliseconds(-1)).ShouldBe("We have your order #1042");
        test.Hub.Switches.Voices.Of(TestHub.Brand, from)!.Write(Occasion.Confirmed, new("email", "mail"), "en", SpecimenFacts.All).Edition.ShouldBe(1);
        (await test.ScalarAsync("SELECT string_agg(action || ' ' || subject || coalesce(' ' || detail, ''), '; ' ORDER BY at) FROM audit WHERE action LIKE 'message.%'"))
            .ShouldBe("message.propose confirmed in en, edition 1 warmer; message.approve confirmed in en, edition 1");
    }

    [Fact]
    public async Task Who_is_alone_approves_their_own_and_the_audit_log_says_so()
    {
        await using var test = await BeginAsync();
        await Desk(test).ProposeAsync(TestHub.Brand, Occasion.Confirmed, "en", Words, "x", 0, "lea", Cancel);
        await Desk(test).ApproveAsync(TestHub.Brand, Occasion.Confirmed, "en", 1, "lea", true, Cancel);
        (await test.ScalarAsync("SELECT detail FROM audit WHERE action = 'message.approve'")).ShouldBe("by the only one who may approve");
    }

    [Fact]
    public async Task An_older_proposal_cannot_take_a_newer_ones_words_back_unseen()
    {
        await using var test = await BeginAsync();
        await Desk(test).ProposeAsync(TestHub.Brand, Occasion.Confirmed, "en", Words, "old", 0, "anton", Cancel);
        await Desk(test).ProposeAsync(TestHub.Brand, Occasion.Confirmed, "en", "", "back", 1, "ann", Cancel);
        await Desk(test).ApproveAsync(TestHub.Brand, Occasion.Confirmed, "en", 2, "lea", false, Cancel);
        await Should.ThrowAsync<InvalidOperationException>(() => Desk(test).ApproveAsync(TestHub.Brand, Occasion.Confirmed, "en", 1, "lea", false, Cancel));
        await Desk(test).DropAsync(TestHub.Brand, Occasion.Confirmed, "en", 1, "lea", Cancel);
    }

    [Fact]
    public async Task An_edition_that_this_program_cannot_use_leaves_the_words_before_it_and_says_so()
    {
        await using var test = await BeginAsync();
        await Desk(test).ProposeAsync(TestHub.Brand, Occasion.Confirmed, "en", Words.Replace("{{name}}", "{{from_the_future}}", StringComparison.Ordinal), "x", 0, "anton", Cancel);
        await Desk(test).ApproveAsync(TestHub.Brand, Occasion.Confirmed, "en", 1, "lea", false, Cancel);
        await test.UntilAsync("SELECT kind FROM open_case WHERE stream = 'messages/templates' AND closed_at IS NULL", "message.template_not_in_force");
        Subject(test, DateTimeOffset.MaxValue).ShouldBe("We have your order #1042");
        await Desk(test).ProposeAsync(TestHub.Brand, Occasion.Confirmed, "en", Words, "mended", 1, "anton", Cancel);
        await Desk(test).ApproveAsync(TestHub.Brand, Occasion.Confirmed, "en", 2, "lea", false, Cancel);
        for (var i = 0; i < 300 && Subject(test, DateTimeOffset.MaxValue) != "Ours #1042"; i++) await Task.Delay(20, Cancel);
        Subject(test, DateTimeOffset.MaxValue).ShouldBe("Ours #1042");
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE stream = 'messages/templates' AND closed_at IS NULL", 0L);
    }

    [Fact]
    public async Task Every_edition_that_cannot_be_used_is_named_until_each_is_mended()
    {
        await using var test = await BeginAsync();
        var future = Words.Replace("{{name}}", "{{from_the_future}}", StringComparison.Ordinal);
        foreach (var language in (string[])["en", "hi"])
        {
            await Desk(test).ProposeAsync(TestHub.Brand, Occasion.Confirmed, language, future, "x", 0, "anton", Cancel);
            await Desk(test).ApproveAsync(TestHub.Brand, Occasion.Confirmed, language, 1, "lea", false, Cancel);
        }
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE stream = 'messages/templates' AND closed_at IS NULL AND detail LIKE '%confirmed in en, edition 1%' AND detail LIKE '%confirmed in hi, edition 1%'", 1L);
        await Desk(test).ProposeAsync(TestHub.Brand, Occasion.Confirmed, "hi", Words, "mended", 1, "anton", Cancel);
        await Desk(test).ApproveAsync(TestHub.Brand, Occasion.Confirmed, "hi", 2, "lea", false, Cancel);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE stream = 'messages/templates' AND closed_at IS NULL AND detail LIKE '%confirmed in en, edition 1%' AND detail NOT LIKE '%in hi%'", 1L);
    }

    [Fact]
    public async Task A_batch_that_looked_at_the_clock_before_the_words_were_read_writes_with_the_brands()
    {
        await using var test = await BeginAsync();
        await Desk(test).ProposeAsync(TestHub.Brand, Occasion.Confirmed, "en", Words, "x", 0, "anton", Cancel);
        await Desk(test).ApproveAsync(TestHub.Brand, Occasion.Confirmed, "en", 1, "lea", false, Cancel);
        var from = new DateTimeOffset((DateTime)(await test.ScalarAsync("SELECT from_at FROM message_edition"))!, TimeSpan.Zero);
        var shelf = new VoiceShelf(test.Hub.Database, test.Hub.Plan, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        await shelf.SeeAsync(new Dictionary<string, string> { [TestHub.Brand] = "1" }, from.AddSeconds(1), Cancel);
        shelf.Of(TestHub.Brand, from.AddMilliseconds(-5)).ShouldNotBeNull().Templates.Find(Occasion.Confirmed, "en")!.Edition.ShouldBe(1);
    }

    [Fact]
    public async Task Two_who_approve_two_editions_at_once_put_the_newer_one_in_force_last()
    {
        await using var test = await BeginAsync();
        for (var n = 0; n < 2; n++) await Desk(test).ProposeAsync(TestHub.Brand, Occasion.Confirmed, "en", Words, $"{n}", n, "anton", Cancel);
        // The newer one is being approved by somebody whose transaction has not ended.
        await using var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await using (var approve = new Npgsql.NpgsqlCommand("UPDATE message_edition SET decided_by = 'lea', from_at = now() WHERE number = 2", connection, transaction)) await approve.ExecuteNonQueryAsync(Cancel);
        var older = Desk(test).ApproveAsync(TestHub.Brand, Occasion.Confirmed, "en", 1, "ann", false, Cancel);
        await test.UntilAsync("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted", true);
        await transaction.CommitAsync(Cancel);
        await Should.ThrowAsync<InvalidOperationException>(() => older);
    }

    [Fact]
    public async Task Texts_that_a_channel_holds_are_kept_and_only_a_difference_is_news()
    {
        await using var test = await BeginAsync();
        var database = test.Hub.Database;
        HeldText Text(string status) => new("order_confirmed", "en", status, "UTILITY", null, "{{1}} {{2}}", 2);
        async Task<int> Changes() => (int)(await test.ScalarAsync("SELECT changes FROM held_text_read WHERE connection = 'wa'"))!;
        await HeldTextRows.KeepAsync(database, "wa", [Text("APPROVED")], 0, DateTimeOffset.UtcNow, Cancel);
        var first = await Changes();
        await HeldTextRows.KeepAsync(database, "wa", [Text("APPROVED")], 0, DateTimeOffset.UtcNow, Cancel);
        (await Changes()).ShouldBe(first);
        await HeldTextRows.KeepAsync(database, "wa", [Text("PAUSED")], 0, DateTimeOffset.UtcNow, Cancel);
        (await Changes()).ShouldBe(first + 1);
        (await HeldTextRows.ReadAsync(database, ["wa"], Cancel)).Refusal("wa", "order_confirmed", "en", TemplateBook.Shipped.Find(Occasion.Confirmed, "en")!).ShouldBe("the text order_confirmed in en is PAUSED there");
        await HeldTextRows.KeepAsync(database, "wa", [], 0, DateTimeOffset.UtcNow, Cancel);
        (await Changes()).ShouldBe(first + 2);
        (await HeldTextRows.DueAsync(database, TestHub.Brand, "wa", DateTimeOffset.UtcNow.AddHours(-1), Cancel)).ShouldBeNull();
        (await HeldTextRows.DueAsync(database, TestHub.Brand, "wa", DateTimeOffset.UtcNow.AddHours(1), Cancel)).ShouldBe(0);
    }
}
