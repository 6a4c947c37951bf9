using System.Net;
using Quartermaster.Dashboard.Actions;
using Quartermaster.SignIn;
using Quartermaster.Tests.Dashboard;

namespace Quartermaster.Tests.SignIn;

public sealed class SignInTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_set_up_link_makes_one_admin_and_is_gone()
    {
        await using var host = await DashboardHost.StartAsync();
        var link = (await SetupLink.CreateAsync(host.Source, TimeProvider.System, Cancel)).ShouldNotBeNull();
        using var client = host.Client();

        using var made = await DashboardHost.PostAsync(client, link, "/do" + link, ("name", "mara"), ("password", "a long enough sentence"));
        made.Headers.Location!.ToString().ShouldBe("/");
        (await client.GetStringAsync("/settings/operators", Cancel)).ShouldContain("mara");

        using var other = host.Client();
        (await other.GetStringAsync(link, Cancel)).ShouldContain("no longer works");
        (await SetupLink.CreateAsync(host.Source, TimeProvider.System, Cancel)).ShouldBeNull();
        (await SetupLink.UseAsync(host.Source, TimeProvider.System, link["/set-up/".Length..], "eve", "a long enough sentence", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_newer_link_makes_the_older_void()
    {
        await using var host = await DashboardHost.StartAsync();
        var older = (await SetupLink.CreateAsync(host.Source, TimeProvider.System, Cancel))!;
        await SetupLink.CreateAsync(host.Source, TimeProvider.System, Cancel);

        (await SetupLink.IsGoodAsync(host.Source, TimeProvider.System, older["/set-up/".Length..], Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task Guessing_is_slowed_down_even_for_the_right_password()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Get<Operators>().CreateAsync("mara", "correct horse battery", Role.Admin, null, "test", Cancel);
        using var client = host.Client();

        for (var i = 0; i < 5; i++) await DashboardHost.PostAsync(client, "/sign-in", "/do/sign-in", ("name", "mara"), ("password", "wrong password " + i));
        using var answer = await DashboardHost.PostAsync(client, "/sign-in", "/do/sign-in", ("name", "mara"), ("password", "correct horse battery"));

        answer.Headers.TryGetValues("Set-Cookie", out var cookies);
        (cookies ?? []).ShouldNotContain(c => c.StartsWith("qm_session"));
        (await client.GetStringAsync("/sign-in", Cancel)).ShouldContain("Wait a quarter of an hour");
    }

    [Fact]
    public async Task The_session_cookie_is_out_of_reach_of_scripts_and_the_database_holds_only_its_hash()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Get<Operators>().CreateAsync("mara", "correct horse battery", Role.Admin, null, "test", Cancel);
        using var client = host.Client();

        using var answer = await DashboardHost.PostAsync(client, "/sign-in", "/do/sign-in", ("name", "mara"), ("password", "correct horse battery"));

        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("qm_session", StringComparison.Ordinal));
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=lax", Case.Insensitive);
        var token = cookie["qm_session=".Length..cookie.IndexOf(';')];
        await using var command = host.Source.CreateCommand("SELECT encode(token_hash, 'hex') FROM operator_session");
        (await command.ExecuteScalarAsync(Cancel)).ShouldBe(Convert.ToHexStringLower(Tokens.Hash(token)));
    }

    [Fact]
    public async Task A_disabled_operator_is_out_at_the_next_click()
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = await host.SignedInAsync("mara");

        await host.Get<Operators>().DisableAsync("mara", true, "test", Cancel);

        (await client.GetAsync("/orders", Cancel)).Headers.Location!.ToString().ShouldStartWith("/sign-in");
    }

    [Fact]
    public async Task Only_the_demo_lets_anybody_look_around()
    {
        // Configured, and every connection of it sandboxed: a hub of somebody's own all the same.
        await using var real = await DashboardHost.StartAsync(sandboxed: true);
        using var stranger = real.Client();
        (await stranger.GetStringAsync("/sign-in", Cancel)).ShouldNotContain("demo");
        using var refused = await DashboardHost.PostAsync(stranger, "/sign-in", "/do/sign-in/demo");
        refused.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var left = await real.Get<Operators>().SignInAsDemoAsync(Cancel);
        using var before = new HttpRequestMessage(HttpMethod.Get, "/orders") { Headers = { { "Cookie", "qm_session=" + left } } };
        (await stranger.SendAsync(before, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Redirect, "a session left over from the demo opens nothing");

        await using var sandbox = await DashboardHost.StartAsync(sandboxed: true, demo: true);
        using var visitor = sandbox.Client();
        await DashboardHost.PostAsync(visitor, "/sign-in", "/do/sign-in/demo");
        (await visitor.GetStringAsync("/orders", Cancel)).ShouldContain("SANDBOX");
    }

    [Theory]
    [InlineData("/orders?q=1", "/orders?q=1")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    public void Signing_in_never_leads_out_of_the_hub(string? asked, string goes) => Forms.Back(asked).ShouldBe(goes);

    [Fact]
    public void A_password_is_checked_against_its_hash_alone()
    {
        var hash = Passwords.Hash("correct horse battery");

        hash.ShouldNotContain("horse");
        Passwords.Matches(hash, "correct horse battery").ShouldBeTrue();
        Passwords.Matches(hash, "correct horse batterY").ShouldBeFalse();
        Passwords.Matches("-", "-").ShouldBeFalse();
        Passwords.Matches(null, "no operator has this password").ShouldBeFalse();
    }

    [Theory]
    [InlineData("short", "mara")]
    [InlineData("aaaaaaaaaaaaaaaa", "mara")]
    [InlineData("my name is mara l", "mara")]
    public void A_weak_password_is_refused_with_advice(string password, string name) => Passwords.Complaint(password, name).ShouldNotBeNull();
}
