using System.Text;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;
using static Quartermaster.Runtime.Tests.Customers.ErasureBed;

namespace Quartermaster.Runtime.Tests.Customers;

/// <summary>Somebody is erased, and the whole database is searched for them.</summary>
public sealed class ErasureTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_of_them_is_left_in_any_table_and_goods_and_money_are()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await test.PlaceAsync("other", ("A", 1));
        await test.UntilAsync("SELECT sent FROM run WHERE campaign = 'welcome'", 1);
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE key LIKE 'run/%' AND outcome = 'done'", 1L);
        await EndAsync(test, "1");
        await EndAsync(test, "other");
        await test.SendAsync(ContactPoint.Of("whatsapp", Phone).On(TestHub.Brand), new ContactSignal.Wrote("whatsapp", "where is my husband's parcel?", "wamid.1", DateTimeOffset.UtcNow));
        await test.SendAsync(ContactPoint.Of("whatsapp", Phone).On(TestHub.Brand), new ContactSignal.Wrote("whatsapp", "STOP", "wamid.2", DateTimeOffset.UtcNow));
        // A vendor's webhook for the whole connection, and a table that nobody has thought of.
        await test.Hub.Intake.WriteAsync(new Arrival(TestHub.Brand, "connection/chat", true, "messages", "chat", "d1", null, Encoding.UTF8.GetBytes($$"""{ "from": "{{Phone[1..]}}", "profile": { "name": "{{Name}}" } }"""), DateTimeOffset.UtcNow), Cancel);
        await test.ScalarAsync($"CREATE TABLE of_tomorrow (id int, words text, doc jsonb, list text[]); INSERT INTO of_tomorrow VALUES (1, 'call {Mail} back', '{{\"who\": \"{Phone}\"}}', ARRAY['{Mail}']), (2, 'nobody', '{{}}', '{{}}')");
        await test.UntilAsync("SELECT count(*) FROM suppressed", 1L);
        await test.QuietAsync();
        await test.UntilAsync("SELECT count(*) FROM ready", 0L);
        var person = await LinkAsync(test);

        var before = await FindAsync(test);
        foreach (var table in (string[])["stream.state", "decision.events", "signal.body", "effect_log.body", "lookup.term", "open_case.detail", "person.name", "person_key.value", "suppressed.address", "consent.address", "of_tomorrow.words", "of_tomorrow.doc", "of_tomorrow.list"])
            before.ShouldContain(b => b.StartsWith(table, StringComparison.Ordinal), table);
        var books = await BooksAsync(test);

        var proof = await EraseAsync(test, person, "asked by letter");

        (await FindAsync(test)).ShouldBeEmpty();
        (proof.State, proof.Person, proof.LeftIn!.Count).ShouldBe(("proven", person, 0));
        proof.Rows!["stream"].ShouldBeGreaterThan(0);
        (await BooksAsync(test)).ShouldBe(books);
        (await test.ScalarAsync("SELECT count(*) FROM lookup WHERE term = 'ada@example.test'")).ShouldBe(1L, "somebody else's order is as it was");
        (await test.ScalarAsync("SELECT by_whom || ' ' || reason || ' ' || cardinality(keys) FROM erasure")).ShouldBe("ada asked by letter 3");
        (await test.ScalarAsync("SELECT channel || ' ' || what || ' ' || (address LIKE 'erased:%')::text FROM suppressed")).ShouldBe("whatsapp all true");
    }

    [Fact]
    public async Task By_which_channel_they_wanted_to_be_written_to_is_forgotten_in_the_memory_of_every_process()
    {
        await using var test = await ShopAsync(new MessageChannel("email", "mail"));
        var other = await test.StartAsync(Roles.Intake);
        await test.SendAsync(ContactPoint.Of("sms", Phone).On(TestHub.Brand), new ContactSignal.PreferenceTold("email", "on the phone", DateTimeOffset.UtcNow.AddMinutes(-1), "ann"));
        await test.SendAsync(ContactPoint.Of("sms", "+31612345678").On(TestHub.Brand), new ContactSignal.PreferenceTold("email", "on the phone", DateTimeOffset.UtcNow.AddMinutes(-1), "ann"));
        bool Knows(HubRuntime hub, string phone) => hub.Switches.Preferences.Of(TestHub.Brand)?.Invoke(null, phone) == "email";
        async Task<bool> SoonAsync(Func<bool> isSo)
        {
            for (var i = 0; i < 200 && !isSo(); i++) await Task.Delay(50, Cancel);
            return isSo();
        }
        foreach (var hub in (HubRuntime[])[test.Hub, other]) (await SoonAsync(() => Knows(hub, Phone) && Knows(hub, "+31612345678"))).ShouldBeTrue();
        await test.QuietAsync();

        await using var connections = new Database(test.Postgres.ConnectionString);
        await RunAsync(test, await new Erasures(connections, test.Hub.Plan, TimeProvider.System).AskByAddressAsync(TestHub.Brand, Phone, "asked by letter", "ada", Cancel));
        foreach (var hub in (HubRuntime[])[test.Hub, other])
        {
            (await SoonAsync(() => !Knows(hub, Phone))).ShouldBeTrue("nothing of them is left, also where no table is");
            Knows(hub, "+31612345678").ShouldBeTrue("somebody else's wish stands");
        }
    }

    [Fact]
    public async Task Who_left_a_checkout_and_never_ordered_is_erased_by_their_address()
    {
        await using var test = await ShopAsync();
        await using var connections = new Database(test.Postgres.ConnectionString);
        var (erasures, now) = (new Erasures(connections, test.Hub.Plan, TimeProvider.System), DateTimeOffset.UtcNow);
        await Should.ThrowAsync<InvalidOperationException>(() => erasures.AskByAddressAsync(TestHub.Brand, Mail, "asked", "ada", Cancel), "nothing is kept of it");
        await test.SendAsync(RunStream.Of(TestHub.Brand, Mail, null)!.Value, new RunSignal.CheckoutSeen(new(Name, Mail, Phone, "nl", "NL"), new("tok", now, now, new(20m, "EUR"), [new("Tea", 1)], $"https://shop.example/recover?mail={Mail}&key=k3y")));
        await test.UntilAsync("SELECT count(*) FROM run WHERE campaign = 'checkout'", 1L);
        await test.SendAsync(ContactPoint.Of("sms", Phone).On(TestHub.Brand), new ContactSignal.Wrote("sms", "is it my husband's parcel?", "sms.1", now));
        await test.UntilAsync("SELECT count(*) FROM stream WHERE stream LIKE 'contact/%'", 1L);
        await test.QuietAsync();
        (await FindAsync(test, "recover?mail", Name, Phone.TrimStart('+'))).Count.ShouldBeGreaterThan(3);

        var proof = await RunAsync(test, await erasures.AskByAddressAsync(TestHub.Brand, $" {Mail.ToUpperInvariant()} ", "asked by letter", "ada", Cancel));
        (proof.State, proof.LeftIn!.Count).ShouldBe(("proven", 0));
        (await FindAsync(test)).ShouldBeEmpty("what they said at the checkout tells their number, and what was written from it");
        (await FindAsync(test, "recover?mail")).ShouldBeEmpty("the link opens what they typed");
        (await test.ScalarAsync("SELECT count(*) FROM person")).ShouldBe(0L);
        (await test.ScalarAsync("SELECT string_agg(campaign || ' ' || why, ',') FROM run")).ShouldBe("checkout Gone", "what came of the flow is still counted");
        (await new ErasureReads(connections, test.Hub.Plan).OfAddressAsync([TestHub.Brand], Mail, Cancel)).ShouldHaveSingleItem().Reason.ShouldBe("asked by letter");
    }

    [Fact]
    public async Task A_document_that_is_handed_over_holds_their_flows_their_codes_and_what_was_said_in_them()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE key LIKE 'run/%' AND outcome = 'done'", 1L);
        var person = await LinkAsync(test);
        var reads = new CustomerReads(test.Postgres.Source, test.Hub.Plan);
        var export = (await reads.ExportAsync([TestHub.Brand], TestHub.Brand, person, DateTimeOffset.UtcNow, Cancel))!;
        export["flows"]!.AsArray().Select(f => ((string?)f!["campaign"], (string?)f["code"])).ShouldBe([("welcome", "TEN"), ("win-back", null)], ignoreOrder: true);
        export["messages"]!.AsArray().ShouldContain(m => ((string)m!["stream"]!).StartsWith("run/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_they_were_before_the_shop_corrected_it_goes_as_well()
    {
        const string before = "Zenobia Featherquill", mail = "zenobia@elsewhere.test", street = "Oudelaan 3", phone = "+31600112233";
        await using var test = await ShopAsync();
        var facts = Facts("1");
        await test.SendAsync(TestHub.Order("1"), new OrderSignal.Reported(facts with { Buyer = facts.Buyer with { Name = before, Email = mail }, ShipTo = facts.ShipTo! with { Line1 = street, Phone = phone } }, "orders/create"));
        await test.UntilAsync("SELECT count(*) FROM stream WHERE stream = 'order/1'", 1L);
        await test.SendAsync(ContactPoint.Of("email", mail).On(TestHub.Brand), new ContactSignal.Bounced("email", true, $"no such user {mail}", DateTimeOffset.UtcNow));
        await test.SendAsync(ContactPoint.Of("sms", phone).On(TestHub.Brand), new ContactSignal.Wrote("sms", "is it here?", "sms.1", DateTimeOffset.UtcNow));
        await test.SendAsync(TestHub.Order("1"), new OrderSignal.Reported(facts with { UpdatedAt = facts.UpdatedAt.AddHours(1) }, "orders/updated"));
        await test.UntilAsync($"SELECT email FROM stream WHERE stream = 'order/1'", Mail);
        await EndAsync(test, "1");
        await test.QuietAsync();
        // A person's words about it, from then.
        await test.ScalarAsync($"UPDATE decision SET note = 'Asked {before} about it' WHERE stream = 'order/1'");
        string[] former = [before, mail, street, phone.TrimStart('+'), "is it here?"];
        (await FindAsync(test, former)).ShouldNotBeEmpty();

        await EraseAsync(test, await LinkAsync(test));
        (await FindAsync(test, former)).ShouldBeEmpty();
        (await FindAsync(test)).ShouldBeEmpty();
        (await test.ScalarAsync("SELECT string_agg(term, ',' ORDER BY term) FROM lookup WHERE stream = 'order/1'")).ShouldBe("1,a", "its number and what was in it");
    }

    [Fact]
    public async Task A_number_that_somebody_else_orders_by_stays_theirs()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await EndAsync(test, "1");
        var other = Facts("2") with { Buyer = new("55", "Bob Quillfeather", "bob@example.test", Phone, "nl"), ShipTo = null, BillTo = null };
        await test.SendAsync(TestHub.Order("2"), new OrderSignal.Reported(other, "orders/create"));
        await test.SendAsync(ContactPoint.Of("whatsapp", Phone).On(TestHub.Brand), new ContactSignal.Wrote("whatsapp", "Bob here, where is mine?", "wamid.7", DateTimeOffset.UtcNow));
        await test.UntilAsync("SELECT count(*) FROM stream WHERE stream LIKE 'order/2' OR stream LIKE 'contact/%'", 2L);
        await test.UntilAsync("SELECT count(*) FROM effect WHERE state < 3 AND stream <> 'order/2'", 0L);
        var proof = await EraseAsync(test, await LinkAsync(test));

        proof.LeftIn!.ShouldContain("stream.stream", "the number is told of, because it was not taken away");
        (await test.ScalarAsync($"SELECT count(*) FROM stream WHERE stream = 'contact/phone:{Phone}' AND encode(state, 'escape') LIKE '%Bob here%'")).ShouldBe(1L);
        (await test.ScalarAsync("SELECT phone FROM stream WHERE stream = 'order/2'")).ShouldBe(Phone);
        (await test.ScalarAsync("SELECT phone FROM stream WHERE stream = 'order/1'")).ShouldBeNull();
        (await test.ScalarAsync($"SELECT count(*) FROM lookup WHERE stream = 'order/1' AND term = '{Phone}'")).ShouldBe(0L);
    }

    [Fact]
    public async Task What_a_mail_server_or_one_of_us_said_of_them_goes_as_well()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await EndAsync(test, "1");
        await test.SendAsync(ContactPoint.Of("email", Mail).On(TestHub.Brand), new ContactSignal.Bounced("email", true, "550 5.1.1 <Zoë.Quillfeather@Example.test> user unknown", DateTimeOffset.UtcNow));
        await test.UntilAsync("SELECT count(*) FROM suppressed", 1L);
        await test.QuietAsync();
        var person = await LinkAsync(test);
        await test.ScalarAsync($"INSERT INTO audit(who, action, brand, subject, detail) VALUES ('ada', 'customer.note', '{TestHub.Brand}', 'customer/{person}', 'Mrs Quillfeather would rather be called')");
        await EraseAsync(test, person, $"asked by {Mail}");

        (await FindAsync(test)).ShouldBeEmpty();
        (await test.ScalarAsync("SELECT why FROM suppressed")).ShouldBe("550 5.1.1 <erased> user unknown");
        (await test.ScalarAsync("SELECT detail FROM audit WHERE action = 'customer.note'")).ShouldBe("erased");
        (await test.ScalarAsync("SELECT reason FROM erasure")).ShouldBe("asked by erased");
    }

    [Fact]
    public async Task An_order_whose_email_was_corrected_is_somebody_elses()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await EndAsync(test, "1");
        await test.PlaceAsync("other", ("A", 1));
        await EndAsync(test, "other");
        await test.QuietAsync();
        var person = await LinkAsync(test);
        // The order was entered with their e-mail by mistake.
        await test.ScalarAsync($"INSERT INTO lookup(brand, term, stream) VALUES ('{TestHub.Brand}', '{Mail}', 'order/other')");
        await test.ScalarAsync("UPDATE person_order SET person = NULL WHERE stream = 'order/other'");
        var before = await test.ScalarAsync("SELECT state FROM stream WHERE stream = 'order/other'");
        await EraseAsync(test, person);
        (await test.ScalarAsync("SELECT state FROM stream WHERE stream = 'order/other'")).ShouldBe(before);
    }
}
