using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.SendGrid.Tests;

public sealed class SendGridContractTests
{
    /// <summary>The mock answers 400 to a body that SendGrid's contract does not allow.</summary>
    [Fact]
    public async Task Every_request_keeps_to_the_published_contract()
    {
        using var http = new HttpClient();
        var session = new RemoteScript().Session("m", ("api_key", "any"), ("from_email", "orders@aurora.example"), ("from_name", "Aurora"), ("alerts_to", "a@x.example,b@x.example"),
            ("base_url", ContractMock.Require("sendgrid"))) with
        { Http = http };
        var results = await new SendGridConnector().ActAsync(session,
            [new Work("order/1/msg/shipped", SendGridOutboundTests.Shipped, 1), new Work("alert/1", new MessageEffect.Alert("t", "x", "https://hub.example", "info"), 1)], TestContext.Current.CancellationToken);
        foreach (var result in results) result.Outcome.ShouldBeOfType<Outcome.Done>($"{result.Exchange.Request}\n{result.Exchange.Answer}");
    }
}
