namespace Quartermaster.Connectors.Ups;

/// <summary>Names of UPS's services by the code that <c>labels.service</c> takes.</summary>
internal static class UpsServices
{
    public static string NameOf(string code) => Names.GetValueOrDefault(code, $"service {code}");

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["01"] = "Next Day Air", ["02"] = "2nd Day Air", ["03"] = "Ground", ["07"] = "Worldwide Express", ["08"] = "Worldwide Expedited", ["11"] = "Standard", ["12"] = "3 Day Select",
        ["13"] = "Next Day Air Saver", ["14"] = "Next Day Air Early", ["17"] = "Worldwide Economy DDU", ["54"] = "Worldwide Express Plus", ["59"] = "2nd Day Air A.M.", ["65"] = "Worldwide Saver",
        ["70"] = "Access Point Economy", ["72"] = "Worldwide Economy DDP", ["93"] = "Ground Saver", ["96"] = "Worldwide Express Freight",
    };
}
