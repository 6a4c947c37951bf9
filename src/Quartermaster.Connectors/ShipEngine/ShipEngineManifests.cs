using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;

namespace Quartermaster.Connectors.ShipEngine;

/// <summary>The list with which a day ends, as ShipEngine knows it: a manifest, or several, since each carrier and day has its own. Pure.</summary>
internal static class ShipEngineManifests
{
    // An address has its limits. Whoever has one of these labels on a manifest has answered.
    private const int Asked = 20;

    public static string Request(DispatchList list) => JsonBody.Write(json =>
    {
        json.WriteStartArray("label_ids");
        foreach (var label in list.Labels) json.WriteStringValue(label.LabelId);
        json.WriteEndArray();
    });

    public static string Question(DispatchList list) => "/v1/manifests?page_size=100&" + string.Join('&', list.Labels.Take(Asked).Select(l => "label_ids=" + Uri.EscapeDataString(l.LabelId)));

    public static Result Made(Answer answer, DispatchList list, string brand)
    {
        if (ShipEngineAnswers.Trouble(answer) is { } trouble) return new(trouble, answer.Exchange);
        var told = answer.Read(ShipEngineJson.Default.WireManifests);
        var made = Manifests(told);
        if (made.Count > 0) return Closed(made, list, brand, found: false, answer.Exchange, (told!.Errors ?? []).OfType<WireError>().FirstOrDefault()?.Message);
        // Its own word for "not yet"; the next look-up finds it.
        if (told?.ManifestRequests is [_, ..]) return new(new Outcome.Unsure("ShipEngine is still making the manifest."), answer.Exchange);
        return new(told?.Errors is [{ } error, ..] ? new Outcome.Refused(error.ErrorCode ?? "unspecified", error.Message ?? "ShipEngine gives no reason.") : new Outcome.Unsure("ShipEngine answered without a manifest."), answer.Exchange);
    }

    /// <summary>The answer to the question whether these labels are on a manifest. Only an empty list says that they are not.</summary>
    public static Result Found(Answer answer, DispatchList list, string brand)
    {
        if (LabelAnswers.LeavesDoubt(ShipEngineAnswers.Trouble(answer, reads: true)) is { } doubt) return new(doubt, answer.Exchange);
        if (answer.Read(ShipEngineJson.Default.WireManifests) is not { Manifests: not null } told) return new(new Outcome.Unsure("ShipEngine's answer could not be read."), answer.Exchange);
        var ours = Manifests(told).FindAll(m => m.LabelIds is null || m.LabelIds.Any(id => list.Labels.Any(l => l.LabelId == id)));
        return ours.Count == 0 ? new(new Outcome.TryLater("None of the labels is on a manifest."), answer.Exchange) : Closed(ours, list, brand, found: true, answer.Exchange, null);
    }

    private static Result Closed(List<WireManifest> made, DispatchList list, string brand, bool found, Exchange exchange, string? why)
    {
        // Not every answer names the labels of each.
        var leftOut = made.TrueForAll(m => m.LabelIds is { Count: > 0 }) ? DispatchAnswers.Missing(list, made.SelectMany(m => m.LabelIds!), why ?? "ShipEngine put it on no manifest") : [];
        return DispatchAnswers.Closed(list, brand, string.Join(", ", made.Select(m => m.ManifestId)), made.Find(m => m.ManifestDownload?.Href is not null)?.ManifestDownload!.Href, leftOut, found, exchange);
    }

    // A single one stands in the answer itself too, as it did before there were several.
    private static List<WireManifest> Manifests(WireManifests? told)
    {
        List<WireManifest> all = [.. (told?.Manifests ?? []).OfType<WireManifest>().Where(m => m.ManifestId is not null)];
        return all.Count == 0 && told?.ManifestId is not null ? [new(told.ManifestId, told.LabelIds, told.ManifestDownload)] : all;
    }
}
