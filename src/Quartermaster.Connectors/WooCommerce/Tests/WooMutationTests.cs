using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.WooCommerce;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Tests.WooCommerce;

public sealed class WooMutationTests
{
    private static readonly WooConnector Woo = new();
    private static readonly Session Session = WooShop.Session(new RemoteScript());

    [Theory]
    [InlineData("order.updated", "order-updated.json")]
    [InlineData("product.updated", "variation-updated.json")]
    public void No_mutation_of_a_body_throws_anything_but_a_named_case(string topic, string fixture)
    {
        foreach (var bytes in Mutations(Fixture.Bytes("WooCommerce", fixture), 3_000))
        {
            var map = new Dictionary<string, string> { ["X-WC-Webhook-Topic"] = topic, ["X-WC-Webhook-Signature"] = HmacSignature.Base64("s3cret", bytes) };
            Woo.Receive(Session, new Delivery("POST", "", "", map.GetValueOrDefault, bytes, DateTimeOffset.UnixEpoch)).ShouldBeOfType<Knock.Take>();
            try
            {
                Woo.Read(Session, topic, bytes, DateTimeOffset.UnixEpoch);
            }
            catch (NotUnderstoodException e)
            {
                e.CaseKind.ShouldStartWith("woocommerce.");
                e.Message.ShouldNotBeNullOrWhiteSpace();
            }
            catch (Exception e)
            {
                Assert.Fail($"{e}\n{Encoding.UTF8.GetString(bytes)}");
            }
        }
    }

    [Fact]
    public void No_mutation_of_a_refund_throws_anything_but_a_named_case()
    {
        var order = JsonSerializer.Deserialize(Fixture.Bytes("WooCommerce", "order-refunded.json"), WooBodies.Default.OrderBody)!;
        foreach (var bytes in Mutations(Fixture.Bytes("WooCommerce", "refunds.json"), 3_000))
        {
            RefundBody[]? refunds;
            try
            {
                refunds = JsonSerializer.Deserialize(bytes, WooBodies.Default.RefundBodyArray);
            }
            catch (JsonException)
            {
                continue;
            }
            try
            {
                if (refunds is not null) WooInbound.Learn(Session, order, [.. refunds.OfType<RefundBody>()], "fetched", fetched: true, DateTimeOffset.UnixEpoch);
            }
            catch (NotUnderstoodException)
            {
                // A named case.
            }
            catch (Exception e)
            {
                Assert.Fail($"{e}\n{Encoding.UTF8.GetString(bytes)}");
            }
        }
    }

    private static IEnumerable<byte[]> Mutations(byte[] original, int runs)
    {
        var random = new Random(20260302);
        byte[][] dictionary = ["null"u8.ToArray(), "{}"u8.ToArray(), "[]"u8.ToArray(), "-1"u8.ToArray(), "1e400"u8.ToArray(), "79000000000000000000000000000"u8.ToArray(), "\"\\ud800\""u8.ToArray(), "true"u8.ToArray(), "\"\""u8.ToArray(), "\""u8.ToArray(), "-2147483648"u8.ToArray()];
        for (var run = 0; run < runs; run++)
        {
            var body = original.ToList();
            for (var n = random.Next(1, 4); n > 0 && body.Count > 0; n--)
            {
                var at = random.Next(body.Count);
                switch (random.Next(5))
                {
                    case 0: body[at] = (byte)random.Next(256); break;
                    case 1: body.RemoveRange(at, Math.Min(random.Next(1, 30), body.Count - at)); break;
                    case 2: body.InsertRange(at, dictionary[random.Next(dictionary.Length)]); break;
                    default: ReplaceValue(body, at, dictionary[random.Next(dictionary.Length)]); break;
                }
            }
            yield return [.. body];
        }
    }

    // Puts a value of another type behind the next colon.
    private static void ReplaceValue(List<byte> body, int from, byte[] value)
    {
        var colon = body.IndexOf((byte)':', from);
        if (colon < 0) return;
        var end = body.FindIndex(colon, b => b is (byte)',' or (byte)'}' or (byte)'\n');
        if (end < 0) return;
        body.RemoveRange(colon + 1, end - colon - 1);
        body.InsertRange(colon + 1, value);
    }
}
