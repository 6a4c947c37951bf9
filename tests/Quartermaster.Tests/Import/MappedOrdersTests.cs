using Quartermaster.Configuration;

namespace Quartermaster.Import;

public sealed class MappedOrdersTests
{
    private const string Plain = """
        group_by: Invoice
        date_format: dd.MM.yyyy HH:mm
        time_zone: Europe/Berlin
        delimiter: ";"
        decimal_point: ","
        columns: { placed_at: Date, currency: =EUR, ship_country: Country, sku: Item, quantity: Qty, unit_price: Price, customer_id: Customer }
        countries: { Deutschland: DE, Unspecified: }
        cut: { Customer: .0 }
        shipping_rows: [ { column: Item, in: [POST], reason: postage } ]
        skip: [ { column: Invoice, starts_with: C, reason: cancellation }, { column: Price, at_most: 0, reason: zero price } ]
        note: [ { column: Customer, empty: true, reason: missing customer } ]
        """;

    private const string Header = "Invoice;Date;Country;Item;Qty;Price;Customer\n";

    private readonly ImportTestBed _bed = new();

    [Fact]
    public async Task Columns_constants_zones_and_rules_are_followed()
    {
        var read = await _bed.CsvAsync(Header + """
            7;01.07.2026 12:30;Deutschland;A;2;1.234,50;17.0
            7;01.07.2026 12:30;Deutschland;POST;1;4,90;17.0
            C8;01.07.2026 12:31;Deutschland;A;-2;1,00;17.0
            9;01.07.2026 12:32;Unspecified;B;1;0;
            9;01.07.2026 12:32;Unspecified;B;1;3,00;
            """, ImportTestBed.Mapping(Plain));

        read.Select(r => (r.Facts.ExternalId, r.Facts.Total, r.Facts.Shipping, r.Facts.ShipTo!.Country, r.Facts.Buyer.CustomerId))
            .ShouldBe([("7", 2473.9m, 4.9m, "DE", "17"), ("9", 3m, 0m, "", null)]);
        read[0].Facts.PlacedAt.ShouldBe(new DateTimeOffset(2026, 7, 1, 10, 30, 0, TimeSpan.Zero));
        _bed.Notes.Select(n => (n.Line, n.Kind, n.Category)).ShouldBe(
        [
            (4, NoteKind.Skipped, "cancellation"),
            (5, NoteKind.Skipped, "zero price"),
            (6, NoteKind.Noted, "missing customer"),
            (6, NoteKind.Noted, "unclear country"),
        ]);
    }

    [Fact]
    public async Task A_bad_row_is_reported_with_its_line_and_keeps_its_whole_order_out()
    {
        var read = await _bed.CsvAsync(Header + """
            1;01.07.2026 12:30;DE;A;2;1,00;1
            1;01.07.2026 12:30;DE;B;two;1,00;1
            2;2026-07-01;DE;A;1;1,00;1
            3;01.07.2026 12:30;DE;A;1;cheap;1
            4;01.07.2026 12:30;DE;A;1;1,00
            ;01.07.2026 12:30;DE;A;1;1,00;1
            5;01.07.2026 12:30;DE;"A
            with a line break";1;1,00;1
            6;01.07.2026 12:30;DE;A;-1;1,00;1
            """, ImportTestBed.Mapping(Plain));

        read.Select(r => r.Facts.ExternalId).ShouldBe(["5"]);
        _bed.Notes.OrderBy(n => n.Line).Select(n => (n.Line, n.Kind, n.Category)).ShouldBe(
        [
            (3, NoteKind.Wrong, "bad quantity"),
            (4, NoteKind.Wrong, "bad date"),
            (5, NoteKind.Wrong, "bad amount"),
            (6, NoteKind.Wrong, "wrong number of fields"),
            (7, NoteKind.Wrong, "no order number"),
            (10, NoteKind.Wrong, "negative quantity"),
        ]);
        _bed.Notes.ShouldAllBe(n => n.Right.Length > 0 && n.File == "orders.csv");
    }

    [Fact]
    public async Task A_row_far_from_its_order_is_reported_not_lost()
    {
        var rows = string.Concat(Enumerable.Range(1, 200).Select(i => $"{i};01.07.2026 12:30;DE;A;1;1,00;1\n"));

        var read = await _bed.CsvAsync($"{Header}{rows}1;01.07.2026 12:30;DE;B;1;1,00;1\n", ImportTestBed.Mapping(Plain));

        read.Count.ShouldBe(200);
        _bed.Notes.ShouldHaveSingleItem().ShouldSatisfyAllConditions(n => n.Line.ShouldBe(202), n => n.Category.ShouldBe("rows apart"));
    }

    [Fact]
    public async Task A_column_that_is_not_there_is_named_with_the_nearest_that_is() =>
        (await Should.ThrowAsync<ImportRefusedException>(() => _bed.CsvAsync("Invoise;Date\n1;2\n", ImportTestBed.Mapping(Plain))))
            .Message.ShouldBe("orders.csv:1: there is no column 'Invoice', which the mapping asks for. Did you mean 'Invoise'?");

    [Fact]
    public async Task A_quote_that_never_closes_ends_the_file_with_its_line()
    {
        var text = Header + "1;01.07.2026 12:30;DE;A;1;1,00;1\n2;01.07.2026 12:30;DE;\"A" + new string('x', 2_000_000);

        (await Should.ThrowAsync<ImportRefusedException>(() => _bed.CsvAsync(text, ImportTestBed.Mapping(Plain)))).Message.ShouldStartWith("orders.csv:3: ");
    }

    [Fact]
    public void Mistakes_in_a_mapping_are_told_all_at_once()
    {
        var mistakes = Should.Throw<ConfigurationException>(() => ImportTestBed.Mapping("""
            columns: { placed: Date, quantity: Qty, unit_price: Price }
            skip: [ { column: A, reason: r } ]
            countries: { Deutschland: GER }
            """)).Problems.Select(p => $"{p.Place} {p.Key}");

        mistakes.ShouldBe(["m.yaml:1:1 group_by", "m.yaml:1:10 columns.placed_at", "m.yaml:1:12 columns.placed", "m.yaml:2:9 skip[0]", "m.yaml:3:27 countries.Deutschland"]);
    }

    [Fact]
    public void The_sample_mapping_is_right()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Quartermaster.slnx"))) folder = folder.Parent;
        var file = Path.Combine(folder.FullName, "samples", "online-retail.mapping.yaml");

        MappingReader.Read(File.ReadAllText(file), file).Countries["Norway"].ShouldBe("NO");
    }
}
