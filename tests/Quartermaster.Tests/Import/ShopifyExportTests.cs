using Quartermaster.Core.Orders;

namespace Quartermaster.Import;

public sealed class ShopifyExportTests
{
    private readonly ImportTestBed _bed = new();

    [Fact]
    public async Task Several_rows_make_one_order_and_the_first_carries_its_facts()
    {
        var read = await _bed.CsvAsync($""""
            {ImportTestBed.ShopifyHeader}
            #1001,Asha@Example.test,paid,INR,50.00,18.00,717.00,10.00,2026-03-15 10:22:31 +0530,2,Kurta,299.50,SKU-1,Asha Sharma,12 MG Road,Bengaluru,'560001,IN,98450 12345,razorpay,5600000000001,"vip, app"
            #1001,,,,,,,,,1,"Scarf, silk ""long""",60,SKU-2,,,,,,,,,
            #1002,b@example.test,pending,INR,0,0,10,0,2026-03-15 11:00:00 +0530,1,Pin,10,SKU-3,,,,,,,Cash on Delivery (COD),5600000000002,
            """");

        _bed.Notes.ShouldBeEmpty();
        var first = read[0].Facts;
        (read[0].Line, read[1].Line).ShouldBe((2, 4));
        (first.ExternalId, first.Number, first.Currency, first.Total, first.Shipping, first.Tax, first.Discounts).ShouldBe(("5600000000001", "#1001", "INR", 717m, 50m, 18m, 10m));
        first.PlacedAt.ShouldBe(new DateTimeOffset(2026, 3, 15, 4, 52, 31, TimeSpan.Zero));
        first.Lines.Select(l => (l.Sku, l.Quantity, l.UnitPrice, l.Title)).ShouldBe([("SKU-1", 2, 299.5m, "Kurta"), ("SKU-2", 1, 60m, "Scarf, silk \"long\"")]);
        first.Buyer.ShouldBe(new(null, "Asha Sharma", "asha@example.test", "+919845012345", null));
        first.ShipTo!.PostalCode.ShouldBe("560001");
        first.Tags.ShouldBe(["vip", "app"]);
        first.Payment.ShouldBe(new(PaymentState.Paid, PaymentMethod.Prepaid, "razorpay", 717m));
        read[1].Facts.Payment.Method.ShouldBe(PaymentMethod.CashOnDelivery);
        read[1].Facts.ShipTo.ShouldBeNull();
    }

    [Fact]
    public async Task What_has_left_already_is_not_sent_again()
    {
        const string Header = "Name,Fulfillment Status,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem fulfillment status";
        var read = await _bed.CsvAsync($"""
            {Header}
            #1,partial,2026-03-15 10:22:31 +0530,2,Kurta,10,SKU-1,fulfilled
            #1,,,3,Scarf,10,SKU-2,pending
            #2,fulfilled,2026-03-15 10:22:31 +0530,4,Kurta,10,SKU-1,
            #3,unfulfilled,2026-03-15 10:22:31 +0530,5,Kurta,10,SKU-1,
            #4,partial,2026-03-15 10:22:31 +0530,6,Kurta,10,SKU-1,partial
            #5,partial,2026-03-15 10:22:31 +0530,1,Kurta,10,SKU-1,
            #5,,,1,Scarf,10,SKU-2,
            """);
        read.SelectMany(r => r.Facts.Lines).Select(l => (l.Quantity, l.Fulfilled)).ShouldBe([(2, 2), (3, 0), (4, 4), (5, 0)]);
        _bed.Notes.Select(n => (n.Kind, n.Line, n.Category)).ShouldBe([(NoteKind.Wrong, 6, "partly fulfilled"), (NoteKind.Wrong, 7, "partly fulfilled")]);
        _bed.Notes[0].Text.ShouldContain("6 × SKU-1");
    }

    [Fact]
    public async Task Another_file_is_asked_to_be_described_by_a_mapping() =>
        (await Should.ThrowAsync<ImportRefusedException>(() => _bed.CsvAsync("invoice,amount\n1,2\n"))).Message.ShouldContain("--mapping");
}
