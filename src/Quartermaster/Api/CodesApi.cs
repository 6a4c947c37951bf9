using Microsoft.AspNetCore.Mvc;
using Quartermaster.Core.Codes;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;

namespace Quartermaster.Api;

/// <param name="Channel">A storefront connection; left out: all that have no meaning of their own for the code.</param>
public sealed record AskMeaning(string Code, IReadOnlyList<Part> Parts, string? Channel = null);

/// <param name="Number">Of what is undone, as the code's history has it; left out: of what holds now.</param>
public sealed record AskUndo(string Code, string? Channel = null, int? Number = null);

/// <summary>A code with everything that was said of it.</summary>
public sealed record ApiCode(string Brand, string Code, IReadOnlyList<Stranger> Unknown, IReadOnlyList<Meaning> Said);

internal static class CodesApi
{
    public static void MapCodes(this IEndpointRouteBuilder api)
    {
        var codes = api.MapGroup("/codes").WithTags("Codes");
        codes.MapGet("/unknown", async (string? brand, int? limit, CodeReads reads, Reader reader, CancellationToken cancel) =>
            limit is < 1 or > 500 ? Refusals.Bad("limit is a number from 1 to 500.") : Results.Ok(await reads.UnknownAsync(reader.Narrow(brand), 0, limit ?? 100, cancel)))
            .Needs(Role.Viewer).WithSummary("Codes that orders wait to be told the meaning of, most waited for first").Produces<IReadOnlyList<UnknownCode>>().ProducesProblem(400);
        codes.MapGet("", async (string? q, string? brand, string? after, int? limit, CodeReads reads, Reader reader, CancellationToken cancel) =>
        {
            if (limit is < 1 or > 500 || Odd(q)) return Refusals.Bad("limit is a number from 1 to 500, and a code has no such character.");
            var cursor = CodeCursor.Read(after);
            if (cursor is null && !string.IsNullOrEmpty(after)) return Refusals.Bad("after is the next of the page before.");
            var page = await reads.MeaningsAsync(reader.Narrow(brand), q, cursor, limit ?? 100, cancel);
            return Results.Ok(new ApiPage<MeaningRow>(page.Rows, page.Next?.ToString()));
        }).Needs(Role.Viewer).WithSummary("What codes mean, in order of code").WithDescription("q: the beginning of a code, or a whole SKU that codes mean.").Produces<ApiPage<MeaningRow>>().ProducesProblem(400);
        codes.MapGet("/{brand}/one", async (string brand, string code, CodeReads reads, Reader reader, CancellationToken cancel) =>
        {
            if (!reader.Sees(brand) || Odd(code)) return Refusals.NotFound("code");
            var of = await reads.OfAsync(brand, code, cancel);
            return Results.Ok(new ApiCode(brand, code, of.Unknown ?? [], of.Said ?? []));
        }).Needs(Role.Viewer).WithSummary("One code with everything that was said of it, oldest first").Produces<ApiCode>().ProducesProblem(404);
        codes.MapPost("/{brand}/impact", async (string brand, [FromBody] AskMeaning asked, CodeReads reads, Reader reader, CancellationToken cancel) =>
            !reader.Sees(brand) ? Refusals.NotFound("brand") : !IsWhole(asked) ? Refusals.Bad(NotWhole) : Results.Ok(await reads.ImpactAsync(brand, asked.Code, asked.Channel ?? "", asked.Parts, cancel)))
            .Needs(Role.Viewer).WithSummary("What saying this of a code would change; nothing is changed").Produces<CodeImpact>().ProducesProblem(404);
        codes.MapPost("/{brand}/map", async (string brand, [FromBody] AskMeaning asked, CodeDesk desk, Reader reader, CancellationToken cancel) =>
        {
            if (!reader.Sees(brand)) return Refusals.NotFound("brand");
            if (!IsWhole(asked)) return Refusals.Bad(NotWhole);
            if (await desk.ComplaintAsync(brand, asked.Code, asked.Channel ?? "", asked.Parts, cancel) is { } complaint) return Refusals.Bad(complaint);
            return Results.Accepted(null, new Accepted(await desk.SayAsync(brand, asked.Code, asked.Channel ?? "", asked.Parts, null, reader.Who, cancel), "It is taken in; orders that wait for it go on."));
        }).Needs(Role.Lead).WithSummary("Say what a code means: one SKU, one several times, or several").Produces<Accepted>(202).ProducesProblem(400);
        codes.MapPost("/{brand}/undo", async (string brand, [FromBody] AskUndo asked, CodeDesk desk, Reader reader, CancellationToken cancel) =>
            !reader.Sees(brand) || string.IsNullOrEmpty(asked.Code) || Odd(asked.Code) || Odd(asked.Channel) ? Refusals.NotFound("code")
                : Results.Accepted(null, new Accepted(await desk.UndoAsync(brand, asked.Code, asked.Channel ?? "", asked.Number, reader.Who, cancel), "It is taken back; what was said before holds again.")))
            .Needs(Role.Lead).WithSummary("Take back what was said last of a code").Produces<Accepted>(202).ProducesProblem(404).ProducesProblem(409);
    }

    private const string NotWhole = "A code and its parts, each with a SKU, are needed.";

    private static bool IsWhole(AskMeaning asked) =>
        !string.IsNullOrWhiteSpace(asked.Code) && !Odd(asked.Code) && !Odd(asked.Channel) && asked.Parts is { } parts && parts.All(p => !string.IsNullOrWhiteSpace(p?.Sku) && !Odd(p.Sku));

    private static bool Odd(string? text) => text?.Contains('\0') == true;
}
