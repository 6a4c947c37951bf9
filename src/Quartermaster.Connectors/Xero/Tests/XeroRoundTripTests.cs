using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Sandbox.Twins;
using static Quartermaster.Connectors.Xero.Tests.XeroDrafts;

namespace Quartermaster.Connectors.Xero.Tests;

/// <summary>Connector and twin over real HTTP: every invoice exists once, however badly the network behaves.</summary>
public sealed class XeroRoundTripTests
{
    private readonly XeroConnector connector = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("cached")]
    [InlineData("inline")]
    public async Task Lost_answers_and_resets_draft_each_invoice_exactly_once(string contacts)
    {
        await using var hub = await StartAsync(("contacts", contacts));
        var faults = hub.Sandbox.FaultsOf("books");
        (faults.FailBefore, faults.FailAfter, faults.Reset) = (0.15, 0.2, 0.3);
        var twin = hub.Sandbox.Twin<XeroTwin>("books");
        var rounds = 0;
        for (var b = 0; b < 12; b++)
        {
            // Every batch is mixed anew on repetition, because what got through is not sent again; five customers share ten invoices.
            var batch = Enumerable.Range(b * 5, 5).Select(i => Invoice($"INV-{i}", $"ref-{i}", $"cust-{i % 5}")).ToArray();
            var (outcomes, took) = await hub.DoAsync("books", batch, Cancel);
            outcomes.ShouldAllBe(o => o is Outcome.Done || o is Outcome.AlreadyDone);
            rounds += took;
        }
        rounds.ShouldBeGreaterThan(12, "the faults struck");
        Enumerable.Range(0, 60).Select(i => twin.DocumentsNumbered($"INV-{i}")).ShouldAllBe(n => n == 1);
        twin.Contacts.ShouldBe(5);
    }

    // The guard above would be worth nothing if the twin counted by number alone.
    [Fact]
    public async Task The_twin_notices_an_invoice_that_is_created_twice()
    {
        await using var hub = await StartAsync();
        var body = XeroOutbound.Documents(XeroKind.Invoice, [Draft("INV-1")], XeroTerms.From(Settings.Empty), new Dictionary<string, string>());
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"{hub.Sandbox.BaseOf("books")}/Invoices") { Content = body.ToContent() };
            request.Headers.Add("Authorization", "Bearer fixed-token");
            request.Headers.Add("xero-tenant-id", "tenant-1");
            (await hub.SessionOf("books").Http.SendAsync(request, Cancel)).EnsureSuccessStatusCode();
        }
        hub.Sandbox.Twin<XeroTwin>("books").DocumentsNumbered("INV-1").ShouldBe(2);
    }

    [Fact]
    public async Task A_draft_approved_before_the_repeat_is_recognised()
    {
        await using var hub = await StartAsync();
        var faults = hub.Sandbox.FaultsOf("books");
        faults.FailAfter = 1;
        (await connector.ActAsync(hub.SessionOf("books"), [Invoice()], Cancel))[0].Outcome.ShouldBeOfType<Outcome.TryLater>("the contact's answer was lost");
        faults.FailAfter = 0;
        (await connector.ActAsync(hub.SessionOf("books"), [Invoice()], Cancel))[0].Outcome.ShouldBeOfType<Outcome.Done>();
        hub.Sandbox.Twin<XeroTwin>("books").Approve("INV-1001").ShouldBeTrue();
        // A changed neighbour makes it another call, so that the twin does not answer with its first answer.
        var again = await connector.ActAsync(hub.SessionOf("books"), [Invoice(), Invoice("INV-1002", "ref-2")], Cancel);
        again[0].Outcome.ShouldBeOfType<Outcome.AlreadyDone>();
        again[1].Outcome.ShouldBeOfType<Outcome.Done>();
    }

    [Fact]
    public async Task Lost_answers_draft_each_purchase_order_exactly_once()
    {
        await using var hub = await StartAsync();
        var faults = hub.Sandbox.FaultsOf("books");
        (faults.FailBefore, faults.FailAfter, faults.Reset) = (0.15, 0.2, 0.3);
        var (outcomes, _) = await hub.DoAsync("books", [.. Enumerable.Range(0, 12).Select(i => PurchaseOrder($"PO-{i}"))], Cancel);
        outcomes.ShouldAllBe(o => o is Outcome.Done || o is Outcome.AlreadyDone);
        Enumerable.Range(0, 12).Select(i => hub.Sandbox.Twin<XeroTwin>("books").DocumentsNumbered($"PO-{i}")).ShouldAllBe(n => n == 1);
    }

    // Both brands look before either has written: two lanes, or two hubs, on one set of books.
    [Fact]
    public async Task Of_two_orders_of_one_number_the_second_never_writes_over_the_first()
    {
        await using var hub = await StartAsync();
        var session = hub.SessionOf("books");
        Task<IReadOnlyList<Result>> DraftAsync(string reference) => connector.ActAsync(session, [PurchaseOrder(reference: reference)], Cancel);
        var both = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => DraftAsync($"brand-{i}/PO-17")));
        both.Count(r => r[0].Outcome is Outcome.Done).ShouldBe(1);
        var winner = Array.FindIndex(both, r => r[0].Outcome is Outcome.Done);
        for (var i = 0; i < 8; i++)
            (await DraftAsync($"brand-{i}/PO-17"))[0].Outcome.ShouldBeNamed(i == winner ? "AlreadyDone" : "Refused number_taken");
    }

    [Fact]
    public async Task A_credit_note_is_drafted()
    {
        await using var hub = await StartAsync();
        (await connector.ActAsync(hub.SessionOf("books"), [CreditNote()], Cancel))[0].Outcome.ShouldBeOfType<Outcome.Done>();
    }

    [Fact]
    public async Task Tokens_are_fetched_kept_and_renewed_when_revoked()
    {
        await using var hub = await StartAsync(("token", ""), ("client_id", "client"), ("client_secret", "secret-1"));
        var session = hub.SessionOf("books");
        (await connector.TestAsync(session, Cancel)).Outcome.ShouldBeOfType<Outcome.Done>();
        hub.Sandbox.Twin<XeroTwin>("books").RevokeTokens();
        (await connector.TestAsync(session, Cancel)).Outcome.ShouldBeOfType<Outcome.Done>();
    }

    [Fact]
    public async Task A_wrong_organisation_is_not_connected_and_a_spent_minute_is_later()
    {
        await using var hub = await StartAsync(("sandbox_per_minute", "1"));
        var session = hub.SessionOf("books");
        var elsewhere = session with { Settings = new Settings(new Dictionary<string, string> { ["base_url"] = session.Settings["base_url"], ["token"] = "fixed-token", ["tenant_id"] = "another" }) };
        (await connector.TestAsync(elsewhere, Cancel)).Outcome.ShouldBeOfType<Outcome.NotConnected>();
        (await connector.TestAsync(session, Cancel)).Outcome.ShouldBeOfType<Outcome.Done>();
        (await connector.TestAsync(session, Cancel)).Outcome.ShouldBeOfType<Outcome.TryLater>().After.ShouldNotBeNull();
    }

    private async Task<LoopbackHub> StartAsync(params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string> { ["tenant_id"] = "tenant-1", ["token"] = "fixed-token" };
        foreach (var (key, value) in more) settings[key] = value;
        // The token's address lies below the twin, like everything else of this box.
        var hub = await LoopbackHub.StartAsync(Cancel, (connector, "books", settings));
        settings["token_url"] = $"{hub.Sandbox.BaseOf("books")}/connect/token";
        return hub;
    }
}
