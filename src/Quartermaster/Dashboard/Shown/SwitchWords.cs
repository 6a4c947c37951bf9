using Quartermaster.Runtime;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;

namespace Quartermaster.Dashboard.Shown;

/// <summary>Scopes of switches in words, and who may see and turn them.</summary>
public static class SwitchWords
{
    public static string Scope(string scope, HubPlan plan) => scope.Split('/', 2) switch
    {
        ["all"] => "everything",
        ["brand", var brand] => plan.Brands.TryGetValue(brand, out var found) ? $"brand {found.Terms.Title}" : $"brand {brand}",
        ["connection", var connection] => $"connection {connection}",
        ["effect", var kind] => $"“{Words.Effect(kind)}”",
        ["location", var of] => Named(of) is var (brand, code) ? $"location {TitleOf(brand, code, plan)}" : scope,
        ["flow", var of] => Named(of) is var (brand, flow) ? $"flow {plan.Brands.GetValueOrDefault(brand)?.Terms.Campaigns?.Find(flow)?.Title ?? flow}" : scope,
        _ => scope,
    };

    private const string NoFlow = "There is no such flow among yours.";

    /// <summary>The same, with a look at the flows that were written in the dashboard.</summary>
    public static async Task<string?> RefusalAsync(string scope, Reader reader, HubPlan plan, EditionReads editions, CancellationToken cancel) =>
        Refusal(scope, reader, plan) is { } refusal ? refusal
        : scope.Split('/', 2) is ["flow", var of] && Named(of) is var (brand, flow) && (await editions.FlowsAsync(plan, brand, cancel)).Find(flow) is null ? NoFlow : null;

    private static (string Brand, string Name)? Named(string of) => of.Split('/', 2) is [var brand, var flow] ? (brand, flow) : null;

    /// <summary>Does it touch a brand of this reader?</summary>
    public static bool Concerns(string scope, Reader reader, HubPlan plan) => scope.Split('/', 2) switch
    {
        ["brand", var brand] => reader.Sees(brand),
        ["flow" or "location", var of] => Named(of) is var (brand, _) && reader.Sees(brand),
        ["connection", var connection] => plan.Connections.TryGetValue(connection, out var found) ? reader.Sees(found.Brand) : reader.Everywhere,
        _ => true,
    };

    /// <summary>Null when the reader may turn it; otherwise why not.</summary>
    public static string? Refusal(string scope, Reader reader, HubPlan plan) => scope.Split('/', 2) switch
    {
        _ when !reader.May(Role.Lead) => "Switches are turned by leads and admins.",
        ["all"] or ["effect", _] => reader.Everywhere ? null : "This switch touches every brand; somebody who sees all brands has to turn it.",
        ["brand", var brand] => reader.Sees(brand) ? null : "There is no such brand among yours.",
        ["connection", var connection] => plan.Connections.TryGetValue(connection, out var found) && reader.Sees(found.Brand) ? null : "There is no such connection among yours.",
        ["flow", var of] => Named(of) is var (brand, _) && reader.Sees(brand) ? null : NoFlow,
        ["location", var of] => Named(of) is var (brand, code) && reader.Sees(brand) && plan.Brands[brand].Terms.Locations.Any(l => l.Code == code) ? null : "There is no such location among yours.",
        _ => "A scope is all, brand/B, connection/C, effect/KIND, flow/BRAND/NAME or location/BRAND/CODE.",
    };

    /// <summary>What it means that it is off.</summary>
    public static string OffMeans(string scope) => scope.Split('/', 2)[0] switch
    {
        "flow" => "nobody enters, and whoever is in it leaves at the next step",
        "location" => "it takes no new orders from the next second on; what was handed to it goes on",
        _ => "nothing is sent from the next second on",
    };

    private static string TitleOf(string brand, string code, HubPlan plan)
    {
        var title = plan.Brands.GetValueOrDefault(brand)?.Terms.Locations.FirstOrDefault(l => l.Code == code)?.Title ?? code;
        return plan.Brands.Count > 1 ? $"{title} of {plan.Brands.GetValueOrDefault(brand)?.Terms.Title ?? brand}" : title;
    }
}
