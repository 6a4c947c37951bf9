using System.Net;
using System.Text;
using Quartermaster.Connectors;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.Tests.Shared;

public sealed class SharedTests
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"id": 820982911946154508, "customer":{"id":1,"updated_at":"no"}, "order_edit": {"order_id": 42}, "name": "caf\u00e9", "updated_at": "2026-01-15T10:22:31+05:30"}""");

    [Fact]
    public void A_scan_without_a_time_is_left_out_unless_it_is_the_end()
    {
        var (first, now) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(3));
        var underway = ScanReading.Of("post", "T1", [new(ScanStatus.Exception, "late", null, null), new(ScanStatus.PickedUp, "taken", first, null)], now);
        underway.Nearness.ShouldBe(Nearness.Underway);
        underway.Scans.OfType<ShippingSignal.Scanned>().ShouldHaveSingleItem().At.ShouldBe(first, "with the answer's time it would be news at every ask");
        var over = ScanReading.Of("post", "T1", [new(ScanStatus.Delivered, "there", null, null), new(ScanStatus.PickedUp, "taken", first, null)], now);
        over.Nearness.ShouldBe(Nearness.Over);
        over.Scans.OfType<ShippingSignal.Scanned>().Last().At.ShouldBe(now);
    }

    [Fact]
    public void A_glance_finds_scalars_and_keeps_every_digit()
    {
        var values = new string?[5];
        JsonGlance.TryRead(Body, ["id", "updated_at", "order_edit.order_id", "name", "missing"], values).ShouldBeTrue();
        values.ShouldBe(["820982911946154508", "2026-01-15T10:22:31+05:30", "42", "café", null]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1,2]")]
    [InlineData("nonsense")]
    [InlineData("{\"id\":")]
    [InlineData("{\"id\": \"\\ud800\"")]
    public void A_glance_at_a_broken_body_is_no_error(string body)
    {
        var values = new string?[1];
        JsonGlance.TryRead(Encoding.UTF8.GetBytes(body), ["id"], values).ShouldBeFalse();
    }

    [Fact]
    public void What_stands_before_the_break_is_still_found()
    {
        var values = new string?[2];
        JsonGlance.TryRead("""{"id":7,"line_items":[{"""u8, ["id", "updated_at"], values);
        values[0].ShouldBe("7");
    }

    [Fact]
    public void A_signature_holds_for_these_bytes_only()
    {
        var base64 = HmacSignature.Base64("secret", Body);
        var hex = HmacSignature.Hex("secret", Body);
        HmacSignature.IsBase64("secret", Body, base64).ShouldBeTrue();
        HmacSignature.IsHex("secret", Body, "sha256=" + hex, "sha256=").ShouldBeTrue();
        var tampered = Body.ToArray();
        tampered[^2] ^= 1;
        HmacSignature.IsBase64("secret", tampered, base64).ShouldBeFalse();
        HmacSignature.IsHex("secret", tampered, hex).ShouldBeFalse();
        HmacSignature.IsBase64("another", Body, base64).ShouldBeFalse();
    }

    // RFC 4231, test case 2: proves the algorithm itself rather than our agreement with ourselves.
    [Fact]
    public void The_published_vector_verifies() =>
        HmacSignature.IsHex("Jefe", "what do ya want for nothing?"u8, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843").ShouldBeTrue();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("%%%")]
    [InlineData("c2hvcnQ=")]
    public void A_malformed_signature_is_refused(string? given)
    {
        HmacSignature.IsBase64("secret", Body, given).ShouldBeFalse();
        HmacSignature.IsHex("secret", Body, given).ShouldBeFalse();
    }

    [Fact]
    public void An_unset_secret_verifies_nothing() => HmacSignature.IsBase64("", Body, HmacSignature.Base64("", Body)).ShouldBeFalse();

    [Theory]
    [InlineData("+91 98100 00123", null, "+919810000123")]
    [InlineData("09810000123", "IN", "+919810000123")]
    [InlineData("919810000123", "IN", "+919810000123")]
    [InlineData("0044 20 7946 0958", "FR", "+442079460958")]
    [InlineData("020 7946 0958", "GB", "+442079460958")]
    [InlineData("(415) 555-2671", "US", "+14155552671")]
    [InlineData("06 12345678", "IT", "+390612345678")]
    [InlineData("555-555-SHIP", "US", null)]
    [InlineData("123-123-1234", "CA", null)]
    [InlineData("98100", "IN", null)]
    [InlineData("9810000123", null, null)]
    [InlineData("+1", "US", null)]
    [InlineData("  ", "US", null)]
    public void A_phone_is_read_or_left_out_never_guessed(string raw, string? country, string? expected) =>
        PhoneNumber.ToE164(raw, country).ShouldBe(expected);

    [Fact]
    public void Currencies_and_countries_are_known_by_their_codes()
    {
        Currencies.DecimalsOf("INR").ShouldBe(2);
        Currencies.DecimalsOf("JPY").ShouldBe(0);
        Currencies.DecimalsOf("KWD").ShouldBe(3);
        Currencies.IsKnown("XXQ").ShouldBeFalse();
        Countries.OrEmpty(" in ").ShouldBe("IN");
        Countries.OrEmpty("ZZ").ShouldBe("");
    }

    [Fact]
    public void Secrets_leave_no_trace_even_when_one_contains_another() =>
        new Redactor(["abcd", "abcdefgh"]).Clean("x abcdefgh y abcd").ShouldBe($"x {Redactor.Mark} y {Redactor.Mark}");

    [Theory]
    [InlineData(200, null)]
    [InlineData(401, typeof(Outcome.NotConnected))]
    [InlineData(403, typeof(Outcome.NotConnected))]
    [InlineData(404, typeof(Outcome.Refused))]
    [InlineData(429, typeof(Outcome.TryLater))]
    [InlineData(500, typeof(Outcome.Unsure))]
    [InlineData(503, typeof(Outcome.Unsure))]
    public async Task A_status_has_its_usual_meaning(int status, Type? outcome)
    {
        var answer = await Ask(() => new HttpResponseMessage((HttpStatusCode)status));
        answer.Usual()?.GetType().ShouldBe(outcome);
    }

    [Fact]
    public async Task A_wish_to_wait_is_heard_in_fractions_too()
    {
        var answer = await Ask(() =>
        {
            var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
            response.Headers.TryAddWithoutValidation("Retry-After", "2.5");
            return response;
        });
        answer.Usual().ShouldBe(new Outcome.TryLater("The remote system asks for a slower pace (429).", TimeSpan.FromSeconds(2.5)));
    }

    [Fact]
    public async Task A_refused_connection_never_left_and_a_broken_one_may_have_arrived()
    {
        (await Ask(() => throw new HttpRequestException(HttpRequestError.ConnectionError))).Usual().ShouldBeOfType<Outcome.TryLater>();
        (await Ask(() => throw new HttpRequestException(HttpRequestError.ResponseEnded))).Usual().ShouldBeOfType<Outcome.Unsure>();
        (await Ask(() => throw new TaskCanceledException())).Usual().ShouldBeOfType<Outcome.Unsure>();
        (await Ask(() => throw new TaskCanceledException())).Usual(reads: true).ShouldBeOfType<Outcome.TryLater>();
    }

    [Fact]
    public async Task What_is_kept_of_a_call_has_no_secret_in_it()
    {
        var answer = await Ask(() => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("token s3cr3t-token is fine") });
        answer.Exchange.Request.ShouldBe($"POST http://remote.test/path?key={Redactor.Mark}\nbody {Redactor.Mark}");
        answer.Exchange.Answer.ShouldBe($"200 OK\ntoken {Redactor.Mark} is fine");
    }

    [Fact]
    public void Every_connector_is_found_under_its_own_key() =>
        ConnectorCatalogue.Find().ShouldAllBe(c => c.Key == c.Value.Manifest.Key);

    private static async Task<Answer> Ask(Func<HttpResponseMessage> respond)
    {
        using var http = new HttpClient(new Scripted(respond));
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://remote.test/path?key=s3cr3t-token");
        return await Remote.AskAsync(http, request, "body s3cr3t-token", new Redactor(["s3cr3t-token"]), default);
    }

    private sealed class Scripted(Func<HttpResponseMessage> respond) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(respond());
    }
}
