using System.Globalization;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Lanes;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Risk;
using Quartermaster.SignIn;

namespace Quartermaster.Dashboard.Actions;

/// <summary>What pages ask for besides pages: a CSV, the bytes of a signal, the palette's answers.</summary>
internal static class Reads
{
    private const int MostExported = 100_000;

    public static void MapReads(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").RequireAuthorization(Role.Viewer.Text());
        group.MapGet("/orders.csv", CsvAsync);
        group.MapGet("/purchasing/{brand}/{number}/csv", async (string brand, string number, PurchaseReads reads, HubPlan plan, Reader reader, CancellationToken cancel) =>
            reader.Sees(brand) && await reads.FindAsync(brand, number, cancel) is { } found
                ? Results.File(System.Text.Encoding.UTF8.GetBytes(PurchaseWords.Csv(number, found.Order, found.Order.ExpectedAt is { } at ? plan.Brands[brand].Terms.DayOf(at) : null)), "text/csv; charset=utf-8", number + ".csv")
                : Results.NotFound());
        group.MapGet("/signals/{seq:long}/body", async (long seq, StreamHistory history, Reader reader, CancellationToken cancel) =>
            await history.SignalAsync(seq, cancel) is { } signal && reader.Sees(signal.Brand)
                // Never as a page of our own origin, whatever the sender put into it.
                ? Results.File(reader.Shown(signal.Body), "application/octet-stream", $"signal-{seq}.{(signal.Body.AsSpan().TrimStart((byte)' ') is [(byte)'{' or (byte)'[', ..] ? "json" : "bin")}")
                : Results.NotFound());
        group.MapGet("/papers/{brand}/{**name}", async (string brand, string name, PaperRows papers, Reader reader, CancellationToken cancel) =>
            reader.Sees(brand) && await papers.FindAsync(brand, name, cancel) is { } paper ? Results.Bytes(paper.Content, paper.MediaType) : Results.NotFound()).RequireAuthorization(Role.Agent.Text());
        // For a warehouse's printer, which has no account here: the link itself entitles to this one document.
        routes.MapGet("/paper/{token}", async (string token, ShopperLinks links, PaperRows papers, CancellationToken cancel) =>
            links.Read(token, LinkKind.Paper) is { } named && await papers.FindAsync(named.Brand, named.Id, cancel) is { } paper ? Results.Bytes(paper.Content, paper.MediaType) : Results.NotFound()).AllowAnonymous();
        group.MapGet("/contracts/{name}.openapi.yaml", (string name, Runbooks books) => books.OpenApiOf(name) is { } file ? Results.File(file, "application/yaml") : Results.NotFound());
        group.MapGet("/palette", async (string q, OrderList orders, Reader reader, CancellationToken cancel) =>
            (await orders.PageAsync(new(reader.Brands, q, Size: 8), cancel)).Rows.Select(o => new
            {
                label = $"{o.Number}  {o.BuyerName ?? o.Email ?? ""}".TrimEnd(),
                hint = $"{Words.State(o.Status).Label}, {MoneyText.Of(o.Total, o.Currency)}",
                href = OrderLinks.To(o),
            }));
    }

    private static async Task<IResult> CsvAsync(HttpContext context, OrderList orders, Reader reader, TimeText times, CancellationToken cancel)
    {
        var (query, complaint) = OrderLinks.Query(context.Request.Query, reader, times, size: 500);
        if (complaint is not null) return TypedResults.Problem(title: "The filter cannot be read", detail: complaint, statusCode: StatusCodes.Status400BadRequest);
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=orders.csv";
        await using var text = new StreamWriter(context.Response.Body);
        await text.WriteAsync("brand,number,id,state,channel,placed_at,currency,total,units,buyer,email,phone,country,location,attention\r\n");
        for (var written = 0; written < MostExported;)
        {
            var page = await orders.PageAsync(query, cancel);
            foreach (var o in page.Rows)
            {
                string?[] values = [o.Brand, o.Number, o.Id, o.Status, o.Channel, o.PlacedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), o.Currency, o.Total.ToString(CultureInfo.InvariantCulture),
                    o.Units.ToString(CultureInfo.InvariantCulture), o.BuyerName, o.Email, o.Phone, o.Country, o.Location, o.Attention];
                await text.WriteAsync(string.Join(',', values.Select(Cell)) + "\r\n");
            }

            written += page.Rows.Count;
            if (page.Next is null) break;
            query = query with { After = page.Next };
        }

        return Results.Empty;
    }

    // RFC 4180. A cell that begins like a formula gets an apostrophe, so that a spreadsheet does not run what a shopper typed.
    internal static string Cell(string? value)
    {
        var text = value is [('=' or '+' or '-' or '@' or '\t' or '\r'), ..] && !decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out _) ? "'" + value : value ?? "";
        return text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
