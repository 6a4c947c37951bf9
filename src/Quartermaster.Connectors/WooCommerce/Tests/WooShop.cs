using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Tests.WooCommerce;

/// <summary>The shop of these tests as a connection.</summary>
internal static class WooShop
{
    public static Session Session(RemoteScript remote, params (string Key, string Value)[] more) => remote.Session("aurora-woo",
        [.. new (string Key, string Value)[] { ("site", "shop.test"), ("consumer_key", "ck_0001"), ("consumer_secret", "cs_s3cret"), ("webhook_secret", "s3cret") }.ExceptBy(more.Select(m => m.Key), s => s.Key), .. more]);
}
