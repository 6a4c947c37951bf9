using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Tests;

/// <summary>What holds for every connector, found rather than listed: a new one is held to it from its first build.</summary>
public sealed partial class EveryConnectorTests
{
    public static TheoryData<string> Keys() => [.. ConnectorCatalogue.Find().Keys];

    [Fact]
    public void There_are_connectors() => ConnectorCatalogue.Find().ShouldNotBeEmpty();

    [Theory, MemberData(nameof(Keys))]
    public void The_manifest_says_what_it_is_and_does(string key)
    {
        var manifest = Of(key).Manifest;
        manifest.Key.ShouldMatch("^[a-z][a-z0-9-]*$");
        manifest.Title.ShouldNotBeNullOrWhiteSpace();
        manifest.Capabilities.ShouldNotBeEmpty();
        Uri.TryCreate(manifest.Documentation, UriKind.RelativeOrAbsolute, out _).ShouldBeTrue();
        manifest.Documentation.ShouldNotBeNullOrWhiteSpace();
        manifest.Limits.ShouldSatisfyAllConditions(
            l => l.Batch.ShouldBeInRange(1, 1000), l => l.Concurrency.ShouldBeInRange(1, 256), l => l.PerSecond.ShouldBeGreaterThanOrEqualTo(0),
            l => l.Burst.ShouldBeGreaterThanOrEqualTo(1), l => l.PerDay.ShouldBeGreaterThanOrEqualTo(0));
    }

    [Theory, MemberData(nameof(Keys))]
    public void It_is_polled_when_it_can_be_and_only_then(string key) =>
        Of(key).Manifest.Polls.ShouldBe(Of(key).GetType().GetMethod(nameof(IConnector.PollAsync)) is not null);

    [Theory, MemberData(nameof(Keys))]
    public void Its_subscriptions_are_looked_after_when_they_can_be_and_only_then(string key) =>
        Of(key).Manifest.Subscribes.ShouldBe(Of(key).GetType().GetMethod(nameof(IConnector.MendSubscriptionsAsync)) is not null);

    [Theory, MemberData(nameof(Keys))]
    public void It_does_only_effects_that_exist(string key) => Of(key).Manifest.Does.ShouldSatisfyAllConditions(
        does => does.ShouldBeUnique(),
        does => does.ShouldAllBe(kind => Wire.TypeOf(kind) != null && Wire.TypeOf(kind)!.IsAssignableTo(typeof(Effect))));

    [Theory, MemberData(nameof(Keys))]
    public void What_it_declares_about_repeats_it_can_do(string key)
    {
        var connector = Of(key);
        var looksUp = connector.GetType().GetMethod(nameof(IConnector.LookUpAsync)) is not null;
        looksUp.ShouldBe(connector.Manifest.RepeatSafety == RepeatSafety.ByLookUp, "nobody asks a connector that does not declare it");
        connector.Manifest.Settings.Contains(RepeatUnsure.Setting).ShouldBe(connector.Manifest.RepeatSafety == RepeatSafety.Once, "the setting decides about repeats, and about nothing else");
    }

    [Theory, MemberData(nameof(Keys))]
    public void Every_setting_is_explained_and_every_secret_is_marked(string key)
    {
        var settings = Of(key).Manifest.Settings;
        settings.Select(s => s.Key).ShouldBeUnique();
        settings.ShouldAllBe(s => s.Explanation.Length >= 8);
        settings.ShouldAllBe(s => Snake().IsMatch(s.Key), "keys in configuration are snake_case");
        settings.Where(s => s.Required && s.Default is not null).ShouldBeEmpty("a default makes a setting optional");
        settings.Where(s => SecretName().IsMatch(s.Key) && !s.Secret).Select(s => s.Key).ShouldBeEmpty("a value of that name must never be shown");
    }

    [Theory, MemberData(nameof(Keys))]
    public void Its_folder_has_what_a_reader_looks_for(string key)
    {
        var folder = FolderOf(Of(key));
        var readme = Path.Combine(folder, "README.md");
        File.Exists(readme).ShouldBeTrue($"{readme} explains set-up, limits and quirks");
        var text = File.ReadAllText(readme);
        Of(key).Manifest.Settings.Where(s => !text.Contains(s.Key, StringComparison.Ordinal)).Select(s => s.Key).ShouldBeEmpty("the README names every setting");
        Directory.Exists(Path.Combine(folder, "Fixtures")).ShouldBeTrue("recorded bodies live in Fixtures/");
        Directory.EnumerateFiles(Path.Combine(folder, "Fixtures")).ShouldNotBeEmpty();
        Directory.EnumerateFiles(Path.Combine(folder, "Tests"), "*.cs").ShouldNotBeEmpty();
    }

    [Theory, MemberData(nameof(Keys))]
    public void No_knock_makes_it_throw_and_an_unsigned_one_stores_and_counts_nothing(string key)
    {
        var connector = Of(key);
        var session = SessionFor(connector);
        var random = new Random(7);
        byte[][] bodies =
        [
            [], "{"u8.ToArray(), "null"u8.ToArray(), "[]"u8.ToArray(), "[[[["u8.ToArray(), "{\"id\":{}}"u8.ToArray(), "{\"\\ud800\":1}"u8.ToArray(), [0xEF, 0xBB, 0xBF, (byte)'{'], [0xFF, 0x00],
            Encoding.UTF8.GetBytes(new string('[', 5_000)), .. Enumerable.Range(0, 40).Select(_ => { var b = new byte[random.Next(300)]; random.NextBytes(b); return b; }),
        ];
        foreach (var body in bodies)
            foreach (var path in (string[])["", "orders-create", "//", new string('x', 3_000)])
                foreach (var header in (Func<string, string?>[])[_ => null, _ => "", _ => "sha256=zz", _ => new string('A', 5_000)])
                    (connector.Receive(session, new Delivery("POST", path, "", header, body, DateTimeOffset.UnixEpoch)) is Knock.Take or Knock.Counted).ShouldBeFalse();
    }

    [Theory, MemberData(nameof(Keys))]
    public void What_it_cannot_read_it_says_in_one_way_only(string key)
    {
        var connector = Of(key);
        var session = SessionFor(connector);
        foreach (var topic in (string[])["", "orders/create", "no such topic"])
            foreach (var body in (byte[][])[[], "{"u8.ToArray(), "null"u8.ToArray(), "[1]"u8.ToArray(), "{\"event_id\":[],\"id\":{}}"u8.ToArray(), [0xFF]])
                try
                {
                    connector.Read(session, topic, body, DateTimeOffset.UnixEpoch).ShouldNotBeNull();
                }
                catch (NotUnderstoodException e)
                {
                    // A family of connectors may share its case kinds, so only the shape of the name is held here.
                    CaseKind().IsMatch(e.CaseKind).ShouldBeTrue(e.CaseKind);
                    e.Message.Length.ShouldBeGreaterThan(10);
                }
    }

    [Theory, MemberData(nameof(Keys))]
    public async Task A_remote_system_that_is_away_is_an_outcome_and_no_secret_is_kept(string key)
    {
        var connector = Of(key);
        var result = await connector.TestAsync(SessionFor(connector), TestContext.Current.CancellationToken);
        result.Outcome.ShouldNotBeOfType<Outcome.Done>();
        var kept = result.Exchange.Request + result.Exchange.Answer + result.Outcome;
        foreach (var secret in connector.Manifest.Settings.Where(s => s.Secret))
            kept.ShouldNotContain(SecretOf(secret.Key));
    }

    private static IConnector Of(string key) => ConnectorCatalogue.Find()[key];

    // The path of this very file is compiled in, so the folders are found wherever the tests are run from.
    private static string FolderOf(IConnector connector, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "src", "Quartermaster.Connectors", connector.GetType().Namespace!.Split('.')[^1]));

    // Every setting has some value; addresses lead to a closed port on this machine.
    private static Session SessionFor(IConnector connector)
    {
        var values = connector.Manifest.Settings.ToDictionary(s => s.Key, s => s.Secret ? SecretOf(s.Key)
            : s.Key.EndsWith("url", StringComparison.Ordinal) ? "http://127.0.0.1:9/"
            : s.Key.EndsWith("port", StringComparison.Ordinal) ? "9"
            : s.Key == "host" ? "127.0.0.1"
            : s.Default ?? "value");
        return new Session("aurora", "aurora-" + connector.Manifest.Key, new Settings(values), "", new Dictionary<string, string>(),
            new HttpClient(new Away()), TimeProvider.System);
    }

    private static string SecretOf(string key) => key.EndsWith("url", StringComparison.Ordinal) ? $"http://127.0.0.1:9/hidden-{key}" : $"hidden-{key}-4711";

    private sealed class Away : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"));
    }

    [GeneratedRegex("^[a-z][a-z0-9_]*$")]
    private static partial Regex Snake();

    [GeneratedRegex("^[a-z][a-z0-9-]*(\\.[a-z0-9_]+)+$")]
    private static partial Regex CaseKind();

    [GeneratedRegex("(^|_)(token|secret|password|api_key|private_key|signing_key|app_secret)$")]
    private static partial Regex SecretName();
}
