namespace Quartermaster.Connectors.Tests;

/// <summary>A mock that was started by hand from a vendor's published contract, e.g. with Prism, and checks every request against it.</summary>
/// <remarks>Its address comes from <c>QM_MOCK_WHATSAPP</c>, <c>QM_MOCK_SENDGRID</c> and so on; without it the check is skipped and says so.</remarks>
internal static class ContractMock
{
    public static string Require(string connector)
    {
        var variable = $"QM_MOCK_{connector.ToUpperInvariant()}";
        var address = Environment.GetEnvironmentVariable(variable);
        Assert.SkipWhen(string.IsNullOrEmpty(address), $"No mock of the contract is running: start one and put its address into {variable}.");
        return address!;
    }
}
