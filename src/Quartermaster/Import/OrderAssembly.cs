using System.Globalization;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Import;

/// <summary>Makes one order of its rows, or says what keeps it from being one.</summary>
/// <param name="currency">Used when the file says none: the brand's.</param>
/// <param name="live">The orders are worked on, so it has to be known what has left.</param>
internal sealed class OrderAssembly(OrderMapping mapping, string channel, string currency, bool live, Action<ImportNote> note)
{
    private readonly CellReader _cells = new(mapping);

    /// <returns>Null when something indispensable cannot be read; it has been noted. Half an order is never imported.</returns>
    public ReadOrder? Build(string key, IReadOnlyList<Row> rows, RowColumns columns)
    {
        try
        {
            return new(Facts(key, rows, columns), columns.File, rows[0].Line);
        }
        catch (BadCellException bad)
        {
            note(new(columns.File, bad.Line, NoteKind.Wrong, bad.Category, $"{key}: {bad.Message}", bad.Right));
            return null;
        }
    }

    private OrderFacts Facts(string key, IReadOnlyList<Row> rows, RowColumns columns)
    {
        var cells = new OrderCells(rows, columns, _cells);
        var shippingRows = rows.Where(r => columns.ShippingRows.Any(s => s.Rule.Applies(columns.Value(r.Values, s.Index)))).ToHashSet();
        var lines = rows.Where(r => !shippingRows.Contains(r)).Select((row, index) => Line(row, index, cells)).ToList();
        var id = cells.Text(OrderField.Id) ?? key;
        var placed = cells.Instant(OrderField.PlacedAt) ?? throw new BadCellException(rows[0].Line, "no date", $"'{columns.ColumnOf(OrderField.PlacedAt)}' is empty", "Every order needs the instant at which it was placed.");
        var money = cells.Text(OrderField.Currency) ?? currency;
        if (!Currencies.IsKnown(money))
            throw new BadCellException(rows[0].Line, "unknown currency", $"'{money}' is not a currency", "Write its ISO 4217 code in capitals: EUR.");

        var shipping = (cells.Amount(OrderField.Shipping) ?? 0m) + shippingRows.Sum(r => cells.NeedAmount(r, OrderField.UnitPrice) * cells.NeedWhole(r, OrderField.Quantity));
        var tax = cells.Amount(OrderField.Tax) ?? lines.Sum(l => l.Tax);
        var discounts = cells.Amount(OrderField.Discounts) ?? lines.Sum(l => l.Discount);
        var total = cells.Amount(OrderField.Total)
            ?? lines.Sum(l => l.UnitPrice * l.Quantity) - discounts + shipping + (mapping.TaxesIncluded ? 0m : tax);
        var (shipTo, billTo) = (Place(cells, OrderField.ShipName), Place(cells, OrderField.BillName));
        return new OrderFacts
        {
            ExternalId = id,
            Number = cells.Text(OrderField.Number) ?? "#" + id,
            Channel = channel,
            PlacedAt = placed,
            UpdatedAt = cells.Instant(OrderField.UpdatedAt) ?? placed,
            Currency = money,
            Total = total,
            Shipping = shipping,
            ShippingMethod = ShippingMethod.Of(cells.Text(OrderField.ShippingMethod), null),
            Tax = tax,
            Discounts = discounts,
            TaxesIncluded = mapping.TaxesIncluded,
            Buyer = BuyerOf(cells, shipTo ?? billTo),
            ShipTo = shipTo,
            BillTo = billTo,
            Lines = lines,
            Payment = PaymentOf(cells, total, rows[0].Line, columns),
            Tags = cells.Text(OrderField.Tags)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
            Note = cells.Text(OrderField.Note),
            CancelledAt = cells.Instant(OrderField.CancelledAt),
            CancelReason = cells.Text(OrderField.CancelReason),
        };
    }

    private OrderLine Line(Row row, int index, OrderCells cells)
    {
        var quantity = cells.NeedWhole(row, OrderField.Quantity);
        if (quantity < 0)
            throw new BadCellException(row.Line, "negative quantity", $"the quantity is {quantity}", "An order wants 0 or more units; leave corrections out with a skip rule in the mapping.");
        return new OrderLine
        {
            // Stable over repetitions of the same file, unlike the number of the line in it.
            LineId = cells.On(row, OrderField.LineId) ?? (index + 1).ToString(CultureInfo.InvariantCulture),
            Sku = cells.On(row, OrderField.Sku) ?? "",
            Title = cells.On(row, OrderField.Title) ?? cells.On(row, OrderField.Sku) ?? "",
            Quantity = quantity,
            UnitPrice = cells.NeedAmount(row, OrderField.UnitPrice),
            Discount = cells.AmountOn(row, OrderField.LineDiscount) ?? 0m,
            Tax = cells.AmountOn(row, OrderField.LineTax) ?? 0m,
            RequiresShipping = cells.On(row, OrderField.RequiresShipping)?.ToLowerInvariant() is not ("false" or "no" or "0"),
            Fulfilled = Left(row, quantity, cells),
        };
    }

    /// <summary>Units of a line that have left already; a line that says nothing is as its order is.</summary>
    private int Left(Row row, int quantity, OrderCells cells)
    {
        var ofLine = cells.On(row, OrderField.LineFulfilment);
        return (ofLine ?? cells.Text(OrderField.Fulfilment))?.ToLowerInvariant() switch
        {
            "fulfilled" or "shipped" or "completed" => quantity,
            // One unit leaves whole or not at all, but an order of which some has left does not say which line it was.
            "partial" or "partially_fulfilled" when live && (ofLine is null || quantity > 1) => throw new BadCellException(row.Line, "partly fulfilled", $"some of it has left, and the file does not say whether that was {quantity} × {cells.On(row, OrderField.Sku)}, or how many of them",
                "Leave out the lines that have left, write the units that have still to leave as the quantity, and clear the status."),
            _ => 0,
        };
    }

    private static Buyer BuyerOf(OrderCells cells, Address? address) => new(
        cells.Text(OrderField.CustomerId),
        cells.Text(OrderField.Name) ?? address?.Name,
        cells.Text(OrderField.Email)?.ToLowerInvariant(),
        PhoneNumber.ToE164(cells.Text(OrderField.Phone) ?? address?.Phone, address?.Country),
        null);

    // The nine parts of an address follow each other in the list of fields, beginning with the name.
    private Address? Place(OrderCells cells, OrderField first)
    {
        string? Part(int offset) => cells.Text(first + offset);
        if (Enumerable.Range(0, 9).All(i => Part(i) is null))
            return null;
        return new(Part(0), Part(1), Part(2), Part(3), Part(4), Part(5), Part(6)?.TrimStart('\''), Country(cells, first + 7), Part(8));
    }

    private string Country(OrderCells cells, OrderField field)
    {
        if (cells.Text(field) is not { } written)
            return "";
        var country = mapping.Countries.TryGetValue(written, out var code) ? code : Countries.OrEmpty(written);
        if (country.Length == 0)
            note(cells.Noted("unclear country", $"'{written}' is not a country we know, so the order has none", "Give its ISO 3166 code under countries in the mapping."));
        return country;
    }

    private Payment PaymentOf(OrderCells cells, decimal total, int line, RowColumns columns)
    {
        var written = cells.Text(OrderField.PaymentStatus);
        var state = PaymentState.Unknown;
        if (written is not null && !Enum.TryParse(written.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out state))
            note(new(columns.File, line, NoteKind.Noted, "unclear payment", $"'{written}' is not a payment status we know, so the order has an unknown one", "Known: paid, pending, authorized, partially_paid, refunded, partially_refunded, voided."));
        var gateway = cells.Text(OrderField.Gateway);
        var refunded = cells.Amount(OrderField.Refunded) ?? 0m;
        var paid = state is PaymentState.Paid or PaymentState.Refunded or PaymentState.PartiallyRefunded ? total : 0m;
        return new(state, MethodOf(gateway), gateway, paid, refunded);
    }

    private static PaymentMethod MethodOf(string? gateway) => CashOnDelivery.Is(gateway) ? PaymentMethod.CashOnDelivery
        : gateway?.Contains("invoice", StringComparison.OrdinalIgnoreCase) == true ? PaymentMethod.Invoice : PaymentMethod.Prepaid;
}
