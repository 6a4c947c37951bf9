using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.ReadModels;

/// <summary>Who reads which customers.</summary>
public sealed class CustomerReadsTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_people_whom_brands_share_one_brand_sees_those_who_ordered_there_and_what_they_ordered_there()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        var reads = new CustomerReads(test.Postgres.Source, Shared(test));
        // Ana bought at the other brand first, so her keys were found there; Ben only ever bought there.
        await test.ScalarAsync("""
            INSERT INTO person(realm, id, root, name, orders, spent, first_at, last_at) VALUES ('*', 1, 1, 'Ana', 2, 110, now() - interval '9 days', now()), ('*', 2, 2, 'Ben', 1, 500, now(), now()), ('*', 3, 2, 'Benny', 0, 0, NULL, NULL);
            INSERT INTO stream(brand, stream, version, updated_at, state, placed_at, number, status, channel, currency, total, country, units) SELECT b, s, 1, now(), '{}', at, s, 'submitted', 'shop', 'EUR', t, 'NL', 1
            FROM (VALUES ('other', 'order/o1', 100, now() - interval '9 days'), ('acme', 'order/a1', 10, now()), ('other', 'order/o2', 500, now())) AS v(b, s, t, at);
            INSERT INTO person_order(brand, stream, realm, person) VALUES ('other', 'order/o1', '*', 1), ('acme', 'order/a1', '*', 1), ('other', 'order/o2', '*', 2);
            INSERT INTO person_key(realm, kind, value, person, stream) VALUES ('*', 'email', 'ana@example.test', 1, 'order/o1'), ('*', 'phone', '+31611111111', 1, 'order/o1'), ('*', 'email', 'ben@example.test', 2, 'order/o2');
            INSERT INTO lookup(brand, term, stream) VALUES ('other', 'ana@example.test', 'order/o1'), ('acme', 'ana@example.test', 'order/a1'), ('other', 'ben@example.test', 'order/o2');
            INSERT INTO person_pair(realm, person, other, kind, value, state, at) VALUES ('*', 1, 2, 'phone', '+31611111111', 'proposed', now())
            """);

        var rows = await FindAsync(reads, ["acme"]);
        rows.Select(r => $"{r.Name} {r.Orders} {r.Spent:0} {r.Email} {r.Phone}").ShouldBe(["Ana 1 10 ana@example.test "]);
        (await FindAsync(reads, ["acme"], "ben")).ShouldBeEmpty();
        (await FindAsync(reads, ["acme"], "+316")).ShouldBeEmpty("only the other brand was told the number");
        (await FindAsync(reads, ["acme"], segment: "new")).Count.ShouldBe(1, "of this brand she is");
        (await FindAsync(reads, ["acme"], segment: "high")).Count.ShouldBe(1);
        (await reads.OfAsync(["acme"], "*", 2, Cancel)).ShouldBeNull();
        (await reads.ExportAsync(["acme"], "*", 2, DateTimeOffset.UtcNow, Cancel)).ShouldBeNull();
        var ana = (await reads.OfAsync(["acme"], "*", 1, Cancel)).ShouldNotBeNull();
        (ana.Customer.Orders, ana.Customer.Spent).ShouldBe((1, 10m));
        ana.Keys.Select(k => k.Value + " " + k.Stream).ShouldBe(["ana@example.test order/a1"]);
        ana.Pairs.ShouldBeEmpty();

        (await FindAsync(reads, ["acme", "other"])).Select(r => $"{r.Name} {r.Orders} {r.Spent:0}").Order().ShouldBe(["Ana 2 110", "Ben 1 500"]);
        var whole = (await reads.OfAsync(["acme", "other"], "*", 1, Cancel)).ShouldNotBeNull();
        (whole.Keys.Count, whole.Pairs.Count, whole.Orders.Count).ShouldBe((2, 1, 2));
        (await reads.OfAsync(["acme", "other"], "*", 2, Cancel)).ShouldNotBeNull().Parts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_best_of_ten_thousand_customers_are_found_within_the_patience_of_a_page()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.ScalarAsync("INSERT INTO person(realm, id, root, name, orders, spent, first_at, last_at) SELECT 'acme', n, n, 'P' || n, 1, n, now(), now() FROM generate_series(1, 10000) n; ANALYZE person");
        var reads = new CustomerReads(test.Postgres.Source, test.Plan());
        var rows = await FindAsync(reads, ["acme"], segment: "high");
        (rows.Count, rows.Min(r => r.Spent)).ShouldBe((1001, 9000m));
    }

    private static Task<List<CustomerRow>> FindAsync(CustomerReads reads, IReadOnlyList<string> brands, string? text = null, string? segment = null) => reads.FindAsync(brands, text, segment, 0, 2000, DateTimeOffset.UtcNow, Cancel);

    private static HubPlan Shared(TestHub test)
    {
        var plan = test.Plan();
        var acme = plan.Brands[TestHub.Brand];
        BrandPlan Of(string brand) => acme with { Terms = acme.Terms with { Brand = brand, Contact = acme.Terms.Contact with { AcrossBrands = true } } };
        return new(new Dictionary<string, BrandPlan> { [TestHub.Brand] = Of(TestHub.Brand), ["other"] = Of("other") }, plan.Connections);
    }
}
