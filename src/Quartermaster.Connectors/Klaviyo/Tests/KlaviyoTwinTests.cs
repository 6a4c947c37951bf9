using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Klaviyo.Tests;

public sealed class KlaviyoTwinTests
{
    [Fact]
    public async Task The_twin_keeps_what_it_is_told_tells_who_unsubscribes_and_deletes()
    {
        await using var box = await TwinBox.StartAsync(new KlaviyoConnector(), ("api_key", "pk_s3cret"), ("webhook_secret", "w3bhook"));
        var twin = box.Twin<KlaviyoTwin>();
        (await box.TestAsync()).Outcome.ShouldBeNamed("Done ");
        var results = await box.ActAsync(Work(SampleCustomer.Asha), Work(SampleCustomer.Bram), Work(SampleCustomer.Cleo), Work(SampleCustomer.Dora with { Email = "x@refused.example", Consents = [] }));
        results[3].Outcome.ShouldBeNamed("Refused invalid");
        results.Take(3).ShouldAllBe(r => r.Outcome is Outcome.Done);
        twin.All.ToDictionary(s => s.Email, s => s.State).ShouldBe(new Dictionary<string, string> { ["asha@example.com"] = "subscribed", ["bram@example.com"] = "unsubscribed", ["cleo@example.com"] = "suppressed" }, ignoreOrder: true);
        twin.Of("asha@example.com")!.Fields!["properties"]!["qm_orders"]!.GetValue<int>().ShouldBe(2);
        (await box.PageAsync()).ShouldContain("qm_orders");

        twin.Unsubscribe("asha@example.com");
        await box.DeliveredAsync();
        var told = box.Readings.SelectMany(r => r.Signals).Single();
        (told.To, told.Signal.GetType()).ShouldBe((new("aurora", "contact", "email:asha@example.com"), typeof(ContactSignal.OptedOut)));
        var found = new List<Found>();
        await foreach (var one in new KlaviyoConnector().PollAsync(box.Session, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken)) found.Add(one);
        found.Count.ShouldBe(2, "those who unsubscribed; who was suppressed by the brand said nothing");

        var id = ((Outcome.Done)results[0].Outcome).RemoteId!;
        (await box.ActAsync(new Work("f", new CustomerEffect.Forget(id, null), 1)))[0].Outcome.ShouldBeNamed("Done ");
        (await box.ActAsync(new Work("f", new CustomerEffect.Forget(id, null), 2)))[0].Outcome.ShouldBeNamed("AlreadyDone");
        twin.Deleted.ShouldBe([id]);
    }

    private static Work Work(CustomerEffect.Push push) => new(push.Email, push, 1);
}
