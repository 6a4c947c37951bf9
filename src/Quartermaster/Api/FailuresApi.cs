using Microsoft.AspNetCore.Mvc;
using Quartermaster.Core.Kernel;
using Quartermaster.Dashboard.Actions;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;

namespace Quartermaster.Api;

/// <summary>Which troubles to replay.</summary>
/// <param name="What"><c>parked</c> or <c>effect</c>.</param>
/// <param name="Cause">Case kind of parked signals.</param>
/// <param name="Preview">Only say what would happen.</param>
public sealed record AskReplay(string What, string? Brand = null, string? Cause = null, string? Lane = null, string? Kind = null, bool Preview = true);

/// <param name="Happened">You looked it up: true notes it as done, false sends it again.</param>
public sealed record AskResolve(bool Happened);

/// <summary>Signals of a brand's past, in UTC; <paramref name="Source"/>, <paramref name="Kind"/> and <paramref name="Stream"/> narrow it.</summary>
public sealed record AskPast(string Brand, DateTimeOffset From, DateTimeOffset Until, string? Source = null, string? Kind = null, string? Stream = null, bool Preview = true);

/// <param name="Reason">At most 300 characters; it stays on the timeline.</param>
public sealed record AskLeaveOut(string Reason);

/// <param name="Key">Key of the case within its stream, as <c>GET /failures/cases</c> has it.</param>
/// <param name="Reason">What was done; it stands on the timeline and in the audit log.</param>
public sealed record AskClose(string? Brand, string Stream, string Key, string Reason);

internal static class FailuresApi
{
    public static void MapFailures(this IEndpointRouteBuilder api)
    {
        var failures = api.MapGroup("/failures").WithTags("Failures");
        failures.MapGet("", async (string? brand, FailureReads reads, Reader reader, CancellationToken cancel) =>
            new ApiPage<FailureGroup>(await reads.GroupsAsync(reader.Narrow(brand), cancel), null)).Needs(Role.Viewer).WithSummary("Troubles grouped by cause");
        failures.MapGet("/effects", async (string? brand, string? lane, string? kind, long? after, FailureReads reads, Reader reader, CancellationToken cancel) =>
        {
            var rows = await reads.EffectsAsync(new(reader.Narrow(brand), Trouble.Effect, null, lane, kind, after ?? 0, 100), cancel);
            return new ApiPage<ApiEffect>([.. rows.Select(row => ApiEffect.Of(row, reader))], rows.Count == 100 ? Text(rows[^1].Id) : null);
        }).Needs(Role.Viewer).WithSummary("Effects refused, of unknown fate or given up");
        failures.MapGet("/parked", async (string? brand, string? cause, long? after, FailureReads reads, Reader reader, CancellationToken cancel) =>
        {
            var rows = await reads.ParkedAsync(new(reader.Narrow(brand), Trouble.Parked, cause, After: after ?? 0, Size: 100), cancel);
            return new ApiPage<ParkedRow>(rows, rows.Count == 100 ? Text(rows[^1].Seq) : null);
        }).Needs(Role.Viewer).WithSummary("Signals set apart");
        failures.MapGet("/cases", async (string? brand, string? kind, long? after, FailureReads reads, Reader reader, CancellationToken cancel) =>
        {
            var rows = await reads.CasesAsync(new(reader.Narrow(brand), Trouble.Case, kind, After: Math.Max(0, after ?? 0), Size: 100), cancel);
            return new ApiPage<CaseRow>(rows, rows.Count == 100 ? Text(Math.Max(0, after ?? 0) + 100) : null);
        }).Needs(Role.Viewer).WithSummary("Open cases, oldest first");
        failures.MapPost("/cases/close", async ([FromBody] AskClose asked, Desk desk, Reader reader, CancellationToken cancel) =>
        {
            if (!reader.Sees(asked.Brand ?? "")) return Refusals.NotFound("case");
            if (new[] { asked.Stream, asked.Key, asked.Reason }.Any(t => string.IsNullOrWhiteSpace(t) || t.Length > 300 || t.Contains('\0')) || !asked.Stream.Contains('/'))
                return Refusals.Bad("A stream (order/1001), the key of its case and what was done are needed, of at most 300 characters each.");
            return Results.Accepted(null, new Accepted(await desk.CloseCaseAsync(StreamId.Parse(asked.Brand!, asked.Stream), asked.Key, asked.Reason, reader.Who, cancel), "The case is closed."));
        }).Needs(Role.Agent).WithSummary("Close a case that a person has dealt with").WithDescription("Only cases that nothing the hub hears of would close; the others stand until their reason is gone (409).").Produces<Accepted>(202).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        failures.MapPost("/replay", async ([FromBody] AskReplay asked, Desk desk, Reader reader, CancellationToken cancel) =>
        {
            var (filter, complaint) = HubActions.Filter(key => key switch { "what" => asked.What, "brand" => asked.Brand, "cause" => asked.Cause, "lane" => asked.Lane, "kind" => asked.Kind, _ => null } ?? "", reader);
            if (filter is null) return Refusals.Bad(complaint!);
            return asked.Preview ? Results.Ok(await desk.PreviewAsync(filter, cancel)) : Results.Accepted(null, new Accepted(null, $"{await desk.ReplayAsync(filter, reader.Who, cancel)} put back to work"));
        }).Needs(Role.Lead).WithSummary("Replay by filter; a preview unless preview is false").Produces<ReplayPreview>().Produces<Accepted>(202).ProducesProblem(400);
        failures.MapPost("/replay/past", async ([FromBody] AskPast asked, Desk desk, Reader reader, CancellationToken cancel) =>
        {
            if (!reader.Sees(asked.Brand)) return Refusals.NotFound("brand");
            if (asked.Until <= asked.From) return Refusals.Bad("'until' has to be later than 'from'.");
            var filter = new PastFilter(asked.Brand, asked.From, asked.Until, asked.Source, asked.Kind, asked.Stream);
            return asked.Preview ? Results.Ok(await desk.PreviewPastAsync(filter, cancel)) : Results.Accepted(null, new Accepted(null, $"{await desk.ReplayPastAsync(filter, reader.Who, cancel)} decided again"));
        }).Needs(Role.Lead).WithSummary("Decide a part of the past again; a preview unless preview is false").WithDescription("At most 5,000 signals at once (409 beyond that). What they already caused is recognised by its key and not repeated.").Produces<ReplayPreview>().Produces<Accepted>(202).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        failures.MapPost("/parked/{seq:long}/leave-out", async (long seq, [FromBody] AskLeaveOut asked, StreamHistory history, Desk desk, Reader reader, CancellationToken cancel) =>
        {
            if (await history.SignalAsync(seq, cancel) is not { } signal || !reader.Sees(signal.Brand)) return Refusals.NotFound("signal");
            if (string.IsNullOrWhiteSpace(asked.Reason) || asked.Reason.Length > 300 || asked.Reason.Contains('\0')) return Refusals.Bad("A reason of at most 300 characters is needed.");
            await desk.LeaveOutAsync(seq, asked.Reason, reader.Who, cancel);
            return Results.Accepted(null, new Accepted(seq, "left out"));
        }).Needs(Role.Lead).WithSummary("Give up a signal that is set apart; what waits behind it goes on").Produces<Accepted>(202).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        failures.MapPost("/effects/{id:long}/resolve", async (long id, [FromBody] AskResolve asked, StreamHistory history, Desk desk, Reader reader, CancellationToken cancel) =>
        {
            if (await history.EffectAsync(id, cancel) is not { } effect || !reader.Sees(effect.Brand)) return Refusals.NotFound("effect");
            await desk.ResolveAsync(id, asked.Happened, reader.Who, cancel);
            return Results.Accepted(null, new Accepted(null, asked.Happened ? "noted as done" : "sent again"));
        }).Needs(Role.Agent).WithSummary("Say whether an effect of unknown fate happened").Produces<Accepted>(202).ProducesProblem(404).ProducesProblem(409);
        failures.MapPost("/effects/{id:long}/retry", async (long id, StreamHistory history, Desk desk, Reader reader, CancellationToken cancel) =>
        {
            if (await history.EffectAsync(id, cancel) is not { } effect || !reader.Sees(effect.Brand)) return Refusals.NotFound("effect");
            return await desk.ReplayAsync(new(EffectId: id, What: "effects"), reader.Who, cancel) > 0
                ? Results.Accepted(null, new Accepted(null, "tried again under the same key"))
                : TypedResults.Problem(title: "That cannot be done", detail: "It is under way, has ended, or its fate is unknown: say first whether it happened.", statusCode: StatusCodes.Status409Conflict);
        }).Needs(Role.Agent).WithSummary("Try a refused or given up effect again under the same key").Produces<Accepted>(202).ProducesProblem(404).ProducesProblem(409);
        failures.MapPost("/effects/{id:long}/cancel", async (long id, [FromBody] AskCancel asked, StreamHistory history, Desk desk, Reader reader, CancellationToken cancel) =>
        {
            if (await history.EffectAsync(id, cancel) is not { } effect || !reader.Sees(effect.Brand)) return Refusals.NotFound("effect");
            if (string.IsNullOrWhiteSpace(asked.Reason) || asked.Reason.Length > 300 || asked.Reason.Contains('\0')) return Refusals.Bad("A reason of at most 300 characters is needed.");
            await desk.CancelEffectAsync(id, asked.Reason, reader.Who, cancel);
            return Results.Accepted(null, new Accepted(null, "cancelled and never sent"));
        }).Needs(Role.Lead).WithSummary("Give an effect up for good").Produces<Accepted>(202).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
