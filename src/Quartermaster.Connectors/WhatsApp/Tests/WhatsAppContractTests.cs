using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.WhatsApp.Tests;

public sealed class WhatsAppContractTests
{
    /// <summary>The mock answers 422 to a body or header that Meta's contract does not allow, so anything but Done is a fault of ours.</summary>
    [Theory]
    [InlineData("#1001")]
    [InlineData("#1001", "Zoë & Søn", "", "two\nlines")]
    public async Task Every_request_keeps_to_the_published_contract(params string[] parameters)
    {
        using var http = new HttpClient();
        var session = new RemoteScript().Session("w", ("phone_number_id", "1055501234"), ("token", "any"), ("base_url", ContractMock.Require("whatsapp"))) with { Http = http };
        var result = (await new WhatsAppConnector().ActAsync(session, [new Work("order/1/msg/confirmed", WhatsAppOutboundTests.Shipped(parameters), 1)], TestContext.Current.CancellationToken))[0];
        result.Outcome.ShouldBeOfType<Outcome.Done>($"{result.Exchange.Request}\n{result.Exchange.Answer}");
    }
}
