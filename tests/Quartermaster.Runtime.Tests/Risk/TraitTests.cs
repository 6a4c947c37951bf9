using Microsoft.Extensions.Logging.Abstractions;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Risk;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Risk;

/// <summary>Orders that share a card or a device, on the whole machine.</summary>
public sealed class TraitTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_card_under_other_names_is_found_and_told_again_counts_nothing_twice()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1", "Ann Lee", "1 Main St");
        await PlaceAsync(test, "2", "Bob Ray", "2 High St");
        (await WordsAsync(test, "2")).ShouldBe(["2nd order with this card within an hour, 2 different names"]);
        await PlaceAsync(test, "2", "Bob Ray", "2 High St", total: 11m);
        (await WordsAsync(test, "2")).ShouldBe(["2nd order with this card within an hour, 2 different names"], "scored again, it is one order all the same");
        await PlaceAsync(test, "3", "Bob  RAY", "9 Low St");
        (await WordsAsync(test, "3")).ShouldBe(["3rd order with this card within an hour, 2 different names"], "however a name is written");
        await PlaceAsync(test, "4", "Cat Poe", "4 Far St", card: "c2");
        (await WordsAsync(test, "4")).ShouldBeEmpty();
        (await test.ScalarAsync("SELECT count(*) FROM trait")).ShouldBe(8L, "a card and a mailbox for each of four orders");
    }

    [Fact]
    public async Task Windows_end_and_a_late_report_of_an_old_order_is_no_part_of_them()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1", "Ann Lee", "1 Main St");
        await PlaceAsync(test, "2", "Bob Ray", "2 High St", at: Start.AddMinutes(61));
        (await WordsAsync(test, "2")).ShouldBeEmpty("one of 24 hours' three");
        await PlaceAsync(test, "3", "Cat Poe", "3 Low St", at: Start.AddHours(20));
        (await WordsAsync(test, "3")).ShouldBe(["3rd order with this card within 24 hours, 3 different names"]);
        await PlaceAsync(test, "4", "Dan Fox", "4 Far St", at: Start.AddDays(-3));
        (await WordsAsync(test, "4")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Orders_of_one_batch_see_each_other()
    {
        await using var test = await ShopAsync(Roles.Intake);
        var ids = Enumerable.Range(0, 5000).Select(n => $"b{n}").Where(id => TestHub.Order(id).Partition == 7).Take(3).ToList();
        foreach (var (id, i) in ids.Select((id, i) => (id, i))) await SendAsync(test, id, $"Name{i} Last{i}", $"{i} Main St");
        await test.StartAsync(Roles.Decide);
        await test.UntilAsync("SELECT count(*) FROM stream WHERE placed_at IS NOT NULL", 3L);
        (await WordsAsync(test, ids[0])).ShouldBeEmpty();
        (await WordsAsync(test, ids[2])).ShouldBe(["3rd order with this card within an hour, 3 different names"]);
    }

    [Fact]
    public async Task A_brand_that_counts_nothing_keeps_nothing()
    {
        await using var test = await ShopAsync(lines: []);
        await PlaceAsync(test, "1", "Ann Lee", "1 Main St");
        (await test.ScalarAsync("SELECT count(*) FROM trait")).ShouldBe(0L);
        (await test.ScalarAsync("SELECT convert_from(state, 'UTF8') LIKE '%traits%' FROM stream WHERE stream = 'order/1'")).ShouldBe(false);
    }

    [Fact]
    public async Task What_nobody_counts_any_more_is_dropped()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1", "Ann Lee", "1 Main St", at: DateTimeOffset.UtcNow.AddHours(-25));
        await PlaceAsync(test, "2", "Ann Lee", "1 Main St", at: DateTimeOffset.UtcNow.AddHours(-23));
        await test.ScalarAsync("INSERT INTO trait SELECT 'gone', trait, at, stream, name, email, place FROM trait");
        await new Housekeeping(test.Hub, new HubOptions(), TimeProvider.System, NullLogger.Instance).RareAsync(Cancel);
        (await test.ScalarAsync("SELECT string_agg(DISTINCT brand || stream, ', ') FROM trait")).ShouldBe("acmeorder/2");
    }

    [Fact]
    public async Task Who_is_erased_leaves_no_trait()
    {
        await using var test = await ShopAsync(Roles.All);
        await PlaceAsync(test, "1", "Ann Lee", "1 Main St", "card-of-ann");
        await PlaceAsync(test, "2", "Bob Ray", "2 High St", "card-of-ann");
        await test.SendAsync(TestHub.Order("1"), new OrderSignal.CancelAsked("test", "ann"));
        await test.UntilAsync("SELECT ended FROM stream WHERE stream = 'order/1'", true);
        await test.QuietAsync();
        await using (var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel))
        {
            // As the hub's own job does, so that the two are not at it at once.
            await using (var alone = new Npgsql.NpgsqlCommand("SELECT pg_advisory_lock(82, 6)", connection)) await alone.ExecuteNonQueryAsync(Cancel);
            await new OrderLinker(test.Hub.Plan, TimeProvider.System).LinkAllAsync(connection, Cancel);
            await using var free = new Npgsql.NpgsqlCommand("SELECT pg_advisory_unlock(82, 6)", connection);
            await free.ExecuteNonQueryAsync(Cancel);
        }
        var person = (long)(await test.ScalarAsync("SELECT person FROM person_order WHERE stream = 'order/1'"))!;
        await using var database = new Database(test.Postgres.ConnectionString);
        var erasures = new Runtime.Customers.Erasures(database, test.Hub.Plan, TimeProvider.System);
        await erasures.AskAsync(TestHub.Brand, person, "asked", "ada", Cancel);
        await erasures.RunAloneAsync(Cancel);
        (await test.ScalarAsync("SELECT string_agg(DISTINCT stream, ', ') FROM trait")).ShouldBe("order/2");
        (await test.ScalarAsync("SELECT count(*) FROM decision WHERE stream = 'order/1' AND strpos(encode(events, 'escape'), 'card-of-ann') > 0")).ShouldBe(0L, "not in its history either");
    }

    [Fact]
    public async Task The_same_device_has_another_hash_at_another_brand_and_none_where_nobody_counts()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartWithoutLanesAsync();
        var plan = test.Hub.Plan;
        var terms = plan.Brands[TestHub.Brand].Terms with { Risk = new() { Assess = new RiskScorer(new()).Score, Velocity = VelocityLine.Usual } };
        plan = plan with { Brands = new Dictionary<string, BrandPlan> { ["one"] = new(terms, BrandMode.Live), ["two"] = new(terms, BrandMode.Live), ["none"] = new(terms with { Risk = null }, BrandMode.Live) } };
        await using var database = new Database(test.Postgres.ConnectionString);
        var hash = new Quartermaster.Runtime.Risk.TraitHash(database, plan);
        await hash.OpenAsync(Cancel);
        hash.Of("one")!("x").ShouldBe(hash.Of("one")!("x"));
        hash.Of("one")!("x").ShouldNotBe(hash.Of("two")!("x"));
        hash.Of("one")!("x").Length.ShouldBe(22);
        hash.Of("none").ShouldBeNull();
        hash.NumberOf("one", "name", "RAO, Asha").ShouldBe(hash.NumberOf("one", "name", "asha rao"));
        hash.NumberOf("one", "name", " - ").ShouldBe(0);
    }

    private static async Task<TestHub> ShopAsync(Roles roles = Roles.Intake | Roles.Decide, IReadOnlyList<VelocityLine>? lines = null)
    {
        var test = await TestHub.NewAsync(Cancel);
        lines ??= VelocityLine.Usual;
        var points = new RiskPoints { Shared = lines, Velocity = 0, SameEmail = 0, FirstCashOrder = 0, NoPhone = 0, KnownBuyer = 0 };
        test.Change = plan => plan with { Brands = plan.Brands.ToDictionary(b => b.Key, b => b.Value with { Terms = b.Value.Terms with { Risk = new() { Assess = new RiskScorer(points).Score, Review = 95, Velocity = lines } } }) };
        await test.ScalarAsync("INSERT INTO position(brand, sku, location, on_hand, updated_at) VALUES ('acme', 'TEA', 'AMS', 100, now())");
        await test.StartAsync(roles);
        return test;
    }

    private static async Task PlaceAsync(TestHub test, string id, string name, string street, string card = "c1", DateTimeOffset? at = null, decimal total = 10m)
    {
        var before = (long)(await test.ScalarAsync($"SELECT count(*) FROM decision WHERE stream = 'order/{id}'"))!;
        await SendAsync(test, id, name, street, card, at, total);
        await test.UntilAsync($"SELECT count(*) FROM decision WHERE stream = 'order/{id}'", before + 2);
    }

    private static async Task SendAsync(TestHub test, string id, string name, string street, string card = "c1", DateTimeOffset? at = null, decimal total = 10m)
    {
        var facts = TestHub.Facts(id, ("TEA", 1));
        await test.SendAsync(TestHub.Order(id), new OrderSignal.TraitsTold([new(TraitKind.Card, card)]));
        await test.SendAsync(TestHub.Order(id), new OrderSignal.Reported(facts with
        {
            PlacedAt = at ?? Start,
            UpdatedAt = (at ?? Start).AddSeconds((double)total),
            Total = total,
            Lines = [facts.Lines[0] with { UnitPrice = total }],
            Payment = new(PaymentState.Paid, PaymentMethod.Prepaid, "card", total),
            Buyer = facts.Buyer with { CustomerId = id, Name = name, Email = $"{id}@example.test", Phone = null },
            ShipTo = facts.ShipTo! with { Name = name, Line1 = street },
        }, "orders/updated"));
    }

    private static async Task<IReadOnlyList<string>> WordsAsync(TestHub test, string id) =>
        ((string?)await test.ScalarAsync($"SELECT string_agg(r ->> 'words', '|') FROM stream, jsonb_array_elements(convert_from(state, 'UTF8')::jsonb #> '{{order,risk,reasons}}') r WHERE stream = 'order/{id}'"))?.Split('|') ?? [];
}
