using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.__Name__.Tests;

public sealed class __Name__Tests
{
    private static readonly byte[] Body = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Connectors/__Name__/Fixtures/thing_happened.json"));

    [Fact]
    public void A_signed_event_finds_its_order() =>
        __Name__Inbound.Receive(Here(), Delivered(HmacSignature.Base64("secret", Body)))
            .ShouldBe(new Knock.Take("thing.happened", "evt_1", null, new StreamId("brand", "order", "820982911946154508")));

    [Fact]
    public void A_wrong_signature_is_refused() =>
        __Name__Inbound.Receive(Here(), Delivered(HmacSignature.Base64("guess", Body))).ShouldBe(Knock.Refuse);

    [Fact]
    public void A_broken_body_is_a_case() =>
        Should.Throw<NotUnderstoodException>(() => __Name__Inbound.Read(Encoding.UTF8.GetBytes("{\"id\":"))).CaseKind.ShouldBe("__key__.bad_json");

    [Theory]
    [InlineData(200, typeof(Outcome.Done))]
    [InlineData(409, typeof(Outcome.AlreadyDone))]
    [InlineData(401, typeof(Outcome.NotConnected))]
    [InlineData(422, typeof(Outcome.Refused))]
    [InlineData(429, typeof(Outcome.TryLater))]
    [InlineData(500, typeof(Outcome.Unsure))]
    public void Every_answer_means_one_outcome(int status, Type outcome) =>
        __Name__Answers.Sent(new Answer(status, default, null, null, Exchange.None)).ShouldBeOfType(outcome);

    private static Delivery Delivered(string signature) =>
        new("POST", "", "", name => name == "X-Webhook-Signature" ? signature : null, Body, DateTimeOffset.UnixEpoch);

    private static Session Here() => new(
        "brand", "my-__key__", new Settings(new Dictionary<string, string> { ["webhook_secret"] = "secret" }), "",
        new Dictionary<string, string>(), new HttpClient(), TimeProvider.System);
}
