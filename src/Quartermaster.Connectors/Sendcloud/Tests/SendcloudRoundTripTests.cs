using Quartermaster.Connectors.Tests;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Sendcloud.Tests;

/// <summary>Connector and twin over real HTTP: however many answers get lost, each label is bought once and taken back when nobody wants it.</summary>
public sealed class SendcloudRoundTripTests
{
    [Fact]
    public Task Lost_answers_buy_each_label_once_and_take_it_back() =>
        LabelRoundTrip.LoseAnswersAsync<SendcloudTwin>(new SendcloudConnector(), SendcloudTests.Parcel, SendcloudTests.Settings, TestContext.Current.CancellationToken);
}
