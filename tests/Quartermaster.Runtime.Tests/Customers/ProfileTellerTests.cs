using Quartermaster.Core;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Customers;

/// <summary>A marketing tool, played by <c>mail</c>, knows of customers what is true.</summary>
public sealed class ProfileTellerTests
{
    private const string Mail = "ada@example.test";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_orders_is_told_of_once_with_everything_and_again_when_that_changes()
    {
        await using var test = await ToolAsync();
        await test.PlaceAsync("1", ("A", 2));
        await test.PlaceAsync("2", ("A", 1));
        await LinkedAsync(test, 2);
        await test.UntilAsync("SELECT word || ' ' || remote_id FROM profile", "taken 01K");
        Pushes(test).Count.ShouldBe(1, "two orders within moments");
        var told = Pushes(test)[0];
        (told.Email, told.Name, told.Phone, told.Language, told.Country, told.Orders).ShouldBe((Mail, "Ada", "+31612345678", "en", "NL", 2));
        told.Lifetime.ShouldBe([new Lifetime("EUR", 30m)]);
        told.Consents.ShouldBe([new Consent("email", Wish.Unsaid), new Consent("sms", Wish.Unsaid), new Consent("whatsapp", Wish.Unsaid)]);

        await test.SendAsync(TestHub.Order("2"), new OrderSignal.CancelAsked("no longer wanted", "olga"));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/2'", "cancelled");
        await LinkAsync(test);
        await test.UntilAsync("SELECT count(*) FROM profile WHERE due_at IS NULL OR due_at > now() + interval '1 day'", 1L);
        (Pushes(test).Count, Pushes(test)[^1].Orders, Pushes(test)[^1].RemoteId).ShouldBe((2, 1, "01K"));

        // Nothing has changed: whatever makes it look again, nothing is said.
        await test.ScalarAsync("UPDATE profile SET due_at = now()");
        await test.UntilAsync("SELECT word FROM profile", "has it");
        Pushes(test).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_no_is_told_at_once_and_only_as_news_and_a_yes_with_its_proof()
    {
        await using var test = await ToolAsync();
        await TakenAsync(test);
        await SayAsync(test, new ContactSignal.OptedIn("email", "ticked the box", DateTimeOffset.UtcNow.AddMinutes(-2)));
        await UntilAsync(test, 2);
        var yes = Pushes(test)[1].By("email")!;
        (yes.Wish, yes.IsNews, yes.Why).ShouldBe((Wish.Marketing, true, "ticked the box"));
        await SayAsync(test, new ContactSignal.OptedOut("email", "the link in the mail", DateTimeOffset.UtcNow.AddMinutes(-1)));
        await UntilAsync(test, 3);
        var no = Pushes(test)[2];
        (no.By("email")!.Wish, no.By("email")!.IsNews, no.By("sms")!.IsNews).ShouldBe((Wish.NoMarketing, true, false));
        // The tool's echo of what we told it: kept as a word, and told to nobody.
        await SayAsync(test, new ContactSignal.OptedOut("email", "unsubscribed at the tool", DateTimeOffset.UtcNow));
        await test.UntilAsync("SELECT count(*) FROM consent", 3L);
        await test.UntilAsync("SELECT word FROM profile", "has it");
        Pushes(test).Count.ShouldBe(3);
    }

    [Fact]
    public async Task What_the_tool_told_us_is_not_told_back()
    {
        await using var test = await ToolAsync();
        await TakenAsync(test);
        var no = new ContactSignal.OptedOut("email", "unsubscribed at the tool", DateTimeOffset.UtcNow);
        await test.Hub.Intake.WriteAsync(new Arrival(TestHub.Brand, $"contact/email:{Mail}", false, Wire.KindOf(no.GetType()), "mail", null, null, CoreJson.Write(no), DateTimeOffset.UtcNow), Cancel);
        await test.UntilAsync("SELECT word FROM profile", "told us itself");
        Pushes(test).Count.ShouldBe(1);
        (await test.ScalarAsync("SELECT what FROM suppressed")).ShouldBe("marketing");
    }

    [Fact]
    public async Task In_shadow_it_is_written_down_and_told_once_the_brand_is_live()
    {
        await using var test = await ToolAsync();
        await test.Hub.Desk.SetModeAsync(TestHub.Brand, BrandMode.Shadow, "olga", Cancel);
        while (test.Hub.Switches.ModeOf(TestHub.Brand) != BrandMode.Shadow) await Task.Delay(20, Cancel);
        await test.PlaceAsync("1", ("A", 1));
        await LinkedAsync(test, 1);
        await test.UntilAsync("SELECT word || held FROM profile", "in shadow: would be toldtrue");
        Pushes(test).ShouldBeEmpty();
        await test.Hub.Desk.SetModeAsync(TestHub.Brand, BrandMode.Live, "olga", Cancel);
        await test.UntilAsync("SELECT word || held FROM profile", "takenfalse", 30);
    }

    [Fact]
    public async Task Whom_the_tool_refuses_is_not_asked_for_again_and_whom_it_could_not_take_is()
    {
        await using var test = await ToolAsync();
        var times = 0;
        test.Mail.Answer = _ => Interlocked.Increment(ref times) == 1 ? new Outcome.TryLater("slow down", TimeSpan.FromMilliseconds(100)) : new Outcome.Refused("invalid", "Invalid email address");
        await test.PlaceAsync("1", ("A", 1));
        await LinkedAsync(test, 1);
        await test.UntilAsync("SELECT word || ' ' || attempts || ' ' || (due_at IS NULL) FROM profile", "Invalid email address (invalid) 2 true", 30);
        times.ShouldBe(2);
        // A person mends the address at the tool and asks once more.
        test.Mail.Answer = _ => new Outcome.Done("01K");
        var person = (long)(await test.ScalarAsync("SELECT id FROM person"))!;
        await using var connections = new Database(test.Postgres.ConnectionString);
        await new CustomerDesk(connections, test.Hub.Desk, test.Hub.Plan, TimeProvider.System).TellAgainAsync(TestHub.Brand, person, "olga", Cancel);
        await test.UntilAsync("SELECT word || ' ' || attempts FROM profile", "taken 0");
        Pushes(test).Count.ShouldBe(3);
        (await test.ScalarAsync("SELECT subject FROM audit WHERE action = 'customer.tell'")).ShouldBe($"customer/{person}");
    }

    [Fact]
    public async Task A_no_that_a_tool_does_not_take_is_said_again_and_somebody_hears_of_it()
    {
        await using var test = await ToolAsync();
        await TakenAsync(test);
        test.Mail.Answer = _ => new Outcome.Refused("invalid", "Invalid email address");
        await SayAsync(test, new ContactSignal.OptedOut("email", "by a link", DateTimeOffset.UtcNow));
        await test.UntilAsync("SELECT attempts || ' ' || (due_at > now() + interval '23 hours') FROM profile", "1 true", 30);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'customer.not_told' AND closed_at IS NULL", 1L, 40);
        test.Mail.Answer = _ => new Outcome.Done("01K");
        await test.ScalarAsync("UPDATE profile SET due_at = now()");
        await test.UntilAsync("SELECT word FROM profile", "taken", 30);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'customer.not_told' AND closed_at IS NULL", 0L, 40);
    }

    [Fact]
    public async Task Where_brands_share_their_customers_a_tool_hears_of_those_who_bought_from_its_own()
    {
        await using var test = await ToolAsync();
        await using var connections = new Database(test.Postgres.ConnectionString);
        var (plan, bolt) = (test.Plan(), "bolt");
        var shared = plan.Brands[TestHub.Brand] with { Terms = plan.Brands[TestHub.Brand].Terms with { Contact = ContactTerms.Usual with { AcrossBrands = true } } };
        var tool = plan.ProfileTools.Single();
        var two = new HubPlan(new Dictionary<string, BrandPlan> { [TestHub.Brand] = shared, [bolt] = shared with { Terms = shared.Terms with { Brand = bolt } } },
            new Dictionary<string, ConnectionPlan>(plan.Connections) { ["bolt-mail"] = tool with { Key = "bolt-mail", Brand = bolt } });
        await test.ScalarAsync($"""
            INSERT INTO person(realm, id, root) VALUES ('*', 1, 1), ('*', 2, 2), ('*', 3, 2);
            INSERT INTO person_key(realm, kind, value, person, stream) VALUES ('*', 'email', 'ann@example.test', 1, 'order/1'), ('*', 'email', 'bea@example.test', 2, 'order/2'), ('*', 'email', 'bea@work.test', 3, 'order/3');
            INSERT INTO person_order(brand, stream, realm, person) VALUES ('{TestHub.Brand}', 'order/1', '*', 1), ('{bolt}', 'order/2', '*', 2), ('{TestHub.Brand}', 'order/3', '*', 3)
            """);
        await using (var connection = await connections.General.OpenConnectionAsync(Cancel)) await ProfileRows.MarkAsync(connection, null, two, [("*", 1), ("*", 2)], DateTimeOffset.UtcNow.AddDays(1), Cancel);
        const string Told = "SELECT string_agg(connection || ' ' || email, ', ' ORDER BY connection, email) FROM profile WHERE realm = '*'";
        var expected = $"bolt-mail bea@example.test, bolt-mail bea@work.test, {tool.Key} ann@example.test, {tool.Key} bea@example.test, {tool.Key} bea@work.test";
        (await test.ScalarAsync(Told)).ShouldBe(expected, "ann never bought from bolt");
        await test.ScalarAsync("DELETE FROM profile");
        foreach (var one in two.ProfileTools) await new ProfileRows(connections).FindAsync(one, "*", DateTimeOffset.UtcNow.AddDays(1), Cancel);
        (await test.ScalarAsync(Told)).ShouldBe(expected);
    }

    [Fact]
    public async Task Who_ordered_before_the_tool_was_connected_is_told_of()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        var first = await test.StartAsync();
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM stream WHERE stream = 'order/1'", 1L);
        await LinkAsync(test);
        await test.SendAsync(ContactPoint.Of("email", Mail).On(TestHub.Brand), new ContactSignal.OptedIn("email", "ticked the box", DateTimeOffset.UtcNow));
        await test.UntilAsync("SELECT count(*) FROM consent", 1L);
        (await test.ScalarAsync("SELECT (SELECT count(*) FROM profile) + (SELECT count(*) FROM profile_mark)")).ShouldBe(0L, "without a tool nothing is written");
        await first.StopAsync(TimeSpan.FromSeconds(10));

        IsTool(test);
        await test.StartAsync();
        await test.UntilAsync("SELECT word FROM profile", "taken", 30);
        Pushes(test).Single().By("email").ShouldBe(new Consent("email", Wish.Marketing, "ticked the box", Pushes(test)[0].By("email")!.At, IsNews: true));
    }

    [Fact]
    public async Task Who_is_erased_is_deleted_there_by_the_tools_own_id_and_the_answer_is_kept_as_proof()
    {
        await using var test = await ToolAsync();
        await TakenAsync(test);
        await EndAsync(test);
        test.Mail.Answer = work => work.Effect is CustomerEffect.Forget ? new Outcome.Refused("busy", "come back tomorrow") : new Outcome.Done("01K");
        var report = await EraseAsync(test);
        report.Told.Keys.ShouldBe(["mail"]);
        report.LeftIn!.ShouldBeEmpty("the row that is left says nothing of who it was");
        await test.UntilAsync("SELECT told->>'mail' LIKE '%come back tomorrow (busy)' FROM erasure", true);
        (await test.ScalarAsync("SELECT due_at > now() + interval '23 hours' FROM profile")).ShouldBe(true, "asked again every day");
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'customer.not_forgotten' AND closed_at IS NULL", 1L, 30);

        test.Mail.Answer = _ => new Outcome.Done();
        await test.ScalarAsync("UPDATE profile SET due_at = now()");
        await test.UntilAsync("SELECT told->>'mail' LIKE '%: deleted' FROM erasure", true);
        (await test.ScalarAsync("SELECT count(*) FROM profile")).ShouldBe(0L);
        test.Mail.Calls.Select(c => c.Effect).OfType<CustomerEffect.Forget>().ShouldAllBe(f => f == new CustomerEffect.Forget("01K", null));
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'customer.not_forgotten' AND closed_at IS NULL", 0L, 30);
    }

    [Fact]
    public async Task Who_is_erased_after_a_call_without_an_answer_is_deleted_by_the_address_and_then_nothing_is_left()
    {
        await using var test = await ToolAsync();
        test.Mail.Answer = _ => new Outcome.Unsure("nothing came back");
        await test.PlaceAsync("1", ("A", 1));
        await LinkedAsync(test, 1);
        await test.UntilAsync("SELECT word FROM profile", "nothing came back");
        await EndAsync(test);
        test.Mail.Answer = work => work.Effect is CustomerEffect.Forget ? new Outcome.Done() : new Outcome.Unsure("nothing came back");
        var report = await EraseAsync(test);
        report.Told.Keys.ShouldBe(["mail"]);
        await test.UntilAsync("SELECT count(*) FROM profile", 0L);
        test.Mail.Calls.Select(c => c.Effect).OfType<CustomerEffect.Forget>().Single().ShouldBe(new CustomerEffect.Forget(null, Mail));
        await using var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        (await Traces.FindAsync(connection, null, [Mail], Cancel)).ShouldBeEmpty();
    }

    private static void IsTool(TestHub test)
    {
        test.Mail.Capabilities = [Capability.Profiles];
        test.Mail.Answer = _ => new Outcome.Done("01K");
    }

    private static async Task<TestHub> ToolAsync()
    {
        var test = await TestHub.NewAsync(Cancel);
        IsTool(test);
        await test.StartAsync();
        return test;
    }

    /// <summary>One customer, of whom the tool knows.</summary>
    private static async Task TakenAsync(TestHub test)
    {
        await test.PlaceAsync("1", ("A", 1));
        await LinkedAsync(test, 1);
        await test.UntilAsync("SELECT word FROM profile", "taken");
    }

    private static async Task LinkedAsync(TestHub test, long orders)
    {
        await test.UntilAsync("SELECT count(*) FROM stream WHERE placed_at IS NOT NULL", orders);
        await LinkAsync(test);
    }

    private static async Task LinkAsync(TestHub test)
    {
        await using var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        // As the hub's own job does, so that the two are not at it at once.
        await using (var alone = new Npgsql.NpgsqlCommand("SELECT pg_advisory_lock(82, 6)", connection)) await alone.ExecuteNonQueryAsync(Cancel);
        await new OrderLinker(test.Hub.Plan, TimeProvider.System).LinkAllAsync(connection, Cancel);
        await using var done = new Npgsql.NpgsqlCommand("SELECT pg_advisory_unlock(82, 6)", connection);
        await done.ExecuteNonQueryAsync(Cancel);
    }

    private static async Task EndAsync(TestHub test)
    {
        await test.SendAsync(TestHub.Order("1"), new OrderSignal.CancelAsked("no longer wanted", "olga"));
        await test.UntilAsync("SELECT ended FROM stream WHERE stream = 'order/1'", true);
        await test.QuietAsync();
    }

    private static async Task<ErasureRow> EraseAsync(TestHub test)
    {
        await using var connections = new Database(test.Postgres.ConnectionString);
        var erasures = new Erasures(connections, test.Hub.Plan, TimeProvider.System);
        var asked = await erasures.AskAsync(TestHub.Brand, (long)(await test.ScalarAsync("SELECT id FROM person"))!, "asked by letter", "olga", Cancel);
        await erasures.RunAloneAsync(Cancel);
        return (await new ErasureReads(connections, test.Hub.Plan).OfAsync([TestHub.Brand], asked, Cancel))!;
    }

    private static Task SayAsync(TestHub test, ContactSignal said) => test.SendAsync(ContactPoint.Of("email", Mail).On(TestHub.Brand), said);

    private static async Task UntilAsync(TestHub test, int pushes)
    {
        for (var i = 0; i < 500 && Pushes(test).Count < pushes; i++) await Task.Delay(20, Cancel);
        Pushes(test).Count.ShouldBe(pushes);
    }

    private static List<CustomerEffect.Push> Pushes(TestHub test) => [.. test.Mail.Calls.Select(c => c.Effect).OfType<CustomerEffect.Push>()];
}
