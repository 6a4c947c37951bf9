using System.Security.Cryptography;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.SendGrid.Tests;

public sealed class SendGridTwinTests
{
    [Fact]
    public async Task The_twin_takes_mails_and_a_bounce_comes_back_signed_to_its_order()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var box = await TwinBox.StartAsync(new SendGridConnector(), ("api_key", "SG.s3cret"), ("from_email", "orders@aurora.example"),
            ("webhook_public_key", Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())), ("sandbox_private_key", Convert.ToBase64String(key.ExportPkcs8PrivateKey())));
        (await box.TestAsync()).Outcome.ShouldBeNamed("Done ");
        var results = await box.ActAsync(Work("order/1/msg/shipped", "asha@example.com"), Work("order/2/msg/shipped", "gone@bounce.example"), Work("order/3/msg/shipped", "x@refused.example"));
        results[0].Outcome.ShouldBeOfType<Outcome.Done>().RemoteId.ShouldNotBeNullOrEmpty();
        results[1].Outcome.ShouldBeOfType<Outcome.Done>();
        results[2].Outcome.ShouldBeNamed("Refused personalizations.0.to.0.email");
        box.Twin<SendGridTwin>().Messages.Count.ShouldBe(2);
        await box.DeliveredAsync();
        box.Readings.SelectMany(r => r.Signals).Select(s => s.To).ShouldBe([new("aurora", "order", "2"), new("aurora", "contact", "email:gone@bounce.example")]);
        box.News.ShouldBe(new Dictionary<string, int> { ["delivered"] = 1 });
        (await box.PageAsync()).ShouldContain("Your order #1001");
    }

    private static Work Work(string key, string to) => new(key, SendGridOutboundTests.Shipped with { To = to }, 1);
}
