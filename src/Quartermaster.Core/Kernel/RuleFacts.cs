namespace Quartermaster.Core.Kernel;

/// <summary>What rules may ask of an order.</summary>
/// <remarks>Texts are empty where nothing is known: a rule that asks for something never matches what nobody said.</remarks>
public sealed record RuleFacts
{
    public required string Channel { get; init; }

    /// <summary>ISO 3166-1 alpha-2 of where it goes.</summary>
    public required string Country { get; init; }
    public required string Province { get; init; }
    public required string City { get; init; }

    /// <summary>Without blanks.</summary>
    public required string PostalCode { get; init; }
    public required string Company { get; init; }
    public required string Currency { get; init; }
    public required decimal Total { get; init; }
    public required decimal Shipping { get; init; }

    /// <summary>How the shopper wants it sent: the title of the method, and its code where that says something else.</summary>
    public IReadOnlyList<string> ShippingMethods { get; init; } = [];
    public required decimal Discounts { get; init; }

    /// <summary>Units that are wanted, over all lines.</summary>
    public required int Units { get; init; }
    public required int Lines { get; init; }

    /// <summary>Units of the line that has most.</summary>
    public required int LargestLine { get; init; }

    /// <summary>Known weight in kilograms; lines of unknown weight count nothing.</summary>
    public required decimal Weight { get; init; }
    public required IReadOnlyList<string> Skus { get; init; }
    public required IReadOnlyList<string> Titles { get; init; }

    /// <summary>The channel's tags, and those that earlier rules have put on.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary><c>prepaid</c>, <c>cash_on_delivery</c>, <c>invoice</c>.</summary>
    public required string Payment { get; init; }

    /// <summary><c>pending</c>, <c>authorized</c>, <c>paid</c> and so on.</summary>
    public required string PaymentState { get; init; }
    public required string Gateway { get; init; }
    public required string Email { get; init; }
    public required string Phone { get; init; }
    public required string Customer { get; init; }
    public required string Note { get; init; }

    /// <summary>The billing address names another country than the one it goes to.</summary>
    public required bool BilledAbroad { get; init; }

    /// <summary>What follows the last @, lower case.</summary>
    public string EmailDomain => Email.LastIndexOf('@') is >= 0 and var at ? Email[(at + 1)..].ToLowerInvariant() : "";

    public bool IsSame(RuleFacts other) =>
        this with { Skus = other.Skus, Titles = other.Titles, Tags = other.Tags, ShippingMethods = other.ShippingMethods } == other
        && ShippingMethods.SequenceEqual(other.ShippingMethods) && Skus.SequenceEqual(other.Skus) && Titles.SequenceEqual(other.Titles) && Tags.SequenceEqual(other.Tags);
}
