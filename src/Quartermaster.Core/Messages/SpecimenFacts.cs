using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Messages;

/// <summary>Facts that templates are tried out with: everything that can be known, and no more than is always known.</summary>
public static class SpecimenFacts
{
    public static readonly MessageFacts All = new()
    {
        Number = "#1042",
        Name = "Asha Rao",
        Items = [new("Handloom cotton kurta, indigo", 1), new("Block-print stole", 2)],
        Total = new(4_150m, "INR"),
        City = "Bengaluru",
        Carrier = "Delhivery",
        Tracking = "1490812345678",
        TrackingLink = "https://track.example/1490812345678",
        Expected = new(2026, 11, 24),
        Reason = "Heavy rain has closed roads around Chennai.",
        Link = "https://shop.example/orders/1042",
        Code = "COME-BACK-10",
        Offer = "10 %",
        OfferUntil = new(2026, 12, 31),
        Credit = new(200m, "INR"),
        Due = new(4_150m, "INR"),
        IsChanged = true,
        Address = "12 MG Road, Bengaluru, 560001, IN",
        AnswerLink = "https://shop.example/confirm/1042",
        Unsubscribe = "https://shop.example/unsubscribe/1042",
    };

    public static readonly MessageFacts Least = new() { Number = "#7", Total = new(0m, "EUR"), Due = new(0m, "EUR"), Credit = new(0m, "EUR") };
}
