using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Slack.Tests;

public sealed class SlackTwinTests
{
    [Fact]
    public async Task The_twin_takes_an_alert_and_shows_it_as_people_would_read_it()
    {
        await using var box = await TwinBox.StartAsync(new SlackConnector(), ("token", "xoxb-s3cret"), ("channel", "#orders"));
        (await box.TestAsync()).Outcome.ShouldBeNamed("Done ");
        var outcome = (await box.ActAsync(new Work("a", new MessageEffect.Alert("Lane <b> stopped", "401 & more", null, "warning"), 1)))[0].Outcome;
        outcome.ShouldBeOfType<Outcome.Done>().RemoteId.ShouldNotBeNullOrEmpty();
        var posted = box.Twin<SlackTwin>().Messages.ShouldHaveSingleItem();
        posted.Title.ShouldBe("🟠 Lane <b> stopped");
        posted.Text.ShouldBe("401 & more");
        var page = await box.PageAsync();
        page.ShouldContain("Lane &lt;b&gt; stopped");
        page.ShouldNotContain("<b> stopped");
    }
}
