using System.Net;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Tests.Dashboard;

/// <summary>Addresses that lead nowhere, and those of other people's documents that must not.</summary>
public sealed class NowhereTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/nothing/here", "There is nothing at this address")]
    [InlineData("/nothing.html", "There is nothing at this address")]
    [InlineData("/orders/aurora/99", "There is no such order")]
    [InlineData("/orders/nobody/99", "There is no such order")]
    [InlineData("/signals/99", "There is no such signal")]
    [InlineData("/connections/nothing", "There is no such connection")]
    [InlineData("/stock/nobody/JKT", "There is no such position")]
    [InlineData("/runbook/nothing", "The runbook has no page of this name")]
    [InlineData("/contracts/nothing", "There is nothing at this address")]
    public async Task What_is_not_there_is_said_on_a_page_of_the_product(string address, string words)
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = await host.SignedInAsync("mara");

        using var answer = await client.GetAsync(address, Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldSatisfyAllConditions(p => p.ShouldContain(words), p => p.ShouldContain("qm.css"), p => p.ShouldContain("</html>"));
    }

    [Fact]
    public async Task An_address_outside_the_pages_answers_a_program()
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = host.Client();

        using var answer = await client.GetAsync("/api/nothing", Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task The_documentation_of_every_connector_opens()
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = await host.SignedInAsync("mara");
        var connectors = typeof(Connectors.Shopify.ShopifyConnector).Assembly.GetTypes().Where(t => t is { IsAbstract: false } && t.IsAssignableTo(typeof(IConnector))).Select(t => (IConnector)Activator.CreateInstance(t)!).ToArray();

        foreach (var connector in connectors)
        {
            var address = Quartermaster.Dashboard.Runbooks.AddressOf(connector.Manifest.Documentation);
            if (address.StartsWith("https://", StringComparison.Ordinal)) continue;
            (await client.GetStringAsync(address, Cancel)).ShouldContain("contract", customMessage: connector.Manifest.Key);
        }

        connectors.Length.ShouldBeGreaterThan(5);
        (await client.GetStringAsync("/connections/aurora-warehouse", Cancel)).ShouldContain("href=\"/contracts/warehouse-rest\"");
        var contract = await client.GetStringAsync("/contracts/carrier-rest", Cancel);
        contract.ShouldContain("href=\"/contracts/warehouse-rest\"");
        contract.ShouldContain("href=\"/contracts/carrier-rest.openapi.yaml\"");
        (await client.GetStringAsync("/contracts/carrier-rest.openapi.yaml", Cancel)).ShouldStartWith("openapi:");
    }
}
