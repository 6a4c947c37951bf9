using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Shopify;

/// <summary>Checkouts, told at every step of paying. There is no webhook for one that was left: that nothing more is heard of it says so.</summary>
internal static class ShopifyCheckouts
{
    private static readonly BodyReader Body = new("shopify", "Shopify");
    private static readonly string[] Glanced = ["email", "phone", "token", "updated_at"];
    private static readonly Dictionary<string, int> Nameless = new() { ["checkouts of nobody yet"] = 1 };

    public static bool AreTaken(Settings settings) => settings.Find("checkouts") == "true";

    /// <summary>It goes to whoever it is of. Of somebody who has not said who they are nothing can follow, so it is counted and not kept.</summary>
    public static Knock Receive(Session session, string topic, ReadOnlySpan<byte> body, string? delivery, string signature)
    {
        var values = new string?[Glanced.Length];
        JsonGlance.TryRead(body, Glanced, values);
        if (values[2] is not { Length: > 0 and <= 100 } token || RunStream.Of(session.Brand, values[0], PhoneNumber.ToE164(values[1], null)) is not { } who) return new Knock.Counted(Nameless);
        var version = $"{topic}:{token}:{values[3]}:{signature[..12]}";
        return new Knock.Take(topic, delivery is { Length: > 0 and <= 100 } ? $"{delivery}:{topic}:{token}" : version, version, who);
    }

    public static Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        var checkout = Body.Parse(body, ShopifyBodies.Default.CheckoutBody, topic);
        var token = Body.Need(checkout.Token, "token");
        var country = checkout.ShippingAddress?.CountryCode ?? checkout.BillingAddress?.CountryCode;
        var (email, phone) = (Written(checkout.Email), PhoneNumber.ToE164(checkout.Phone, country));
        if (RunStream.Of(session.Brand, email, phone) is not { } who) return Reading.Ignored("nobody has said whose checkout it is");
        var (begun, at) = ((checkout.CreatedAt ?? receivedAt).ToUniversalTime(), (checkout.UpdatedAt ?? receivedAt).ToUniversalTime());
        var by = new Recipient(NameOf(checkout), email, phone, Written(checkout.CustomerLocale) ?? "", country);
        List<Forwarded> signals =
        [
            new(who, new RunSignal.CheckoutSeen(by, new(token, begun, at, new(Body.Amount(checkout.TotalPrice ?? 0m, "total_price"), Body.KnownCurrency(checkout.Currency, "currency")),
                [.. (checkout.LineItems ?? []).Where(l => l is { Quantity: > 0 } && !string.IsNullOrWhiteSpace(l.Title)).Select(l => new ItemFacts(l!.Title!, l.Quantity!.Value))],
                LinkOf(checkout.AbandonedCheckoutUrl), checkout.CompletedAt?.ToUniversalTime()))),
        ];
        // They ticked the box, or the shop had ticked it for them, which the body does not tell: it is no answer to a no. Said again with every step, and of one instant, so that it is noted once.
        if (checkout.BuyerAcceptsMarketing == true && email is not null) signals.Add(new(ContactPoint.Of(ContactPoint.Email, email).On(session.Brand), new ContactSignal.OptedIn(ContactPoint.Email, $"agreed to marketing at checkout {token}", begun, Unsure: true)));
        return new(signals);
    }

    private static string? NameOf(CheckoutBody checkout) =>
        Written(checkout.ShippingAddress?.Name) ?? Written(checkout.BillingAddress?.Name) ?? Written($"{checkout.Customer?.FirstName} {checkout.Customer?.LastName}");

    private static string? LinkOf(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var link) && link.Scheme is "https" or "http" ? address : null;

    private static string? Written(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
