using System.Text;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Import;

/// <summary>Reads orders from text as the import does from files.</summary>
internal sealed class ImportTestBed
{
    public const string ShopifyHeader = "Name,Email,Financial Status,Currency,Shipping,Taxes,Total,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Shipping Name,Shipping Address1,Shipping City,Shipping Zip,Shipping Country,Shipping Phone,Payment Method,Id,Tags";

    public List<ImportNote> Notes { get; } = [];

    public async Task<List<ReadOrder>> CsvAsync(string text, OrderMapping? mapping = null) =>
        await new CsvOrders(mapping, m => new(m, "shop", "EUR", live: true, Notes.Add), Notes.Add)
            .ReadAsync("orders.csv", new MemoryStream(Encoding.UTF8.GetBytes(text)), TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

    public async Task<List<ReadOrder>> JsonAsync(string text, Func<ReadOnlyMemory<byte>, Reading>? read = null) =>
        await new JsonOrders("shop", read, Notes.Add)
            .ReadAsync("orders.json", new MemoryStream(Encoding.UTF8.GetBytes(text)), TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

    public static OrderMapping Mapping(string yaml) => MappingReader.Read(yaml, "m.yaml");
}
