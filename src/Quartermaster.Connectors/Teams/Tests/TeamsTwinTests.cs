using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Teams.Tests;

public sealed class TeamsTwinTests
{
    [Fact]
    public async Task The_twin_queues_a_card_that_is_just_small_enough()
    {
        await using var box = await TwinBox.StartAsync(new TeamsConnector(), ("workflow_url", "https://flows.test/workflows/abc/invoke?sig=s3cret-sig"));
        (await box.ActAsync(new Work("a", new MessageEffect.Alert("Big", new string('€', 50_000), null, "info"), 1)))[0].Outcome.ShouldBeOfType<Outcome.Done>();
        (await box.TestAsync()).Outcome.ShouldBeOfType<Outcome.Done>();
        box.Twin<TeamsTwin>().Messages.Select(m => m.Title).ShouldBe(["Quartermaster can post here", "Big"]);
    }
}
