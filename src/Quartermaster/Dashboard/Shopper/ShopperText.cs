using Quartermaster.Core.Flows;

namespace Quartermaster.Dashboard.Shopper;

/// <summary>Small words of the shopper's page.</summary>
internal static class ShopperText
{
    public static string Of(ShopperItem item) => item.Units == 0 ? item.Title : $"{item.Units} × {item.Title}";

    public static string Of(ShopperTrouble trouble, ShopperWords words) => trouble switch
    {
        ShopperTrouble.TooOften => words.TooOften,
        ShopperTrouble.TooLate => words.TooLate,
        ShopperTrouble.WrongProof => words.WrongProof,
        ShopperTrouble.WrongAddress => words.WrongAddress,
        ShopperTrouble.DoubtfulPostcode => words.DoubtfulPostcode,
        ShopperTrouble.WrongDay => words.WrongDay,
        ShopperTrouble.NothingChosen => words.NothingChosen,
        _ => words.NothingWritten,
    };

    /// <summary>What somebody reads who has asked for something; null when nothing was. Of an address no more than is known: it is decided after the answer, and a warehouse may have sent the order by then.</summary>
    public static string? Taken(string? said, FoundOrder order, ShopperView view, ShopperWords words) => said switch
    {
        "address" when order.File.Order.CorrectedShipTo is null => words.AddressHeard,
        "address" => view.IsAtWarehouse ? words.AddressAsked : words.AddressTaken,
        "return" => words.ReturnTaken,
        "message" => words.MessageTaken,
        "channel" => words.ChannelTaken,
        "day" => words.DayTaken,
        _ => null,
    };

    /// <summary>The step of the five that an order has reached; none when it is on no way any more.</summary>
    public static int? StepOf(ShopperStage stage) => stage switch
    {
        ShopperStage.Placed => 0,
        ShopperStage.Preparing or ShopperStage.Waiting => 1,
        ShopperStage.OnItsWay => 2,
        ShopperStage.AtTheDoor => 3,
        ShopperStage.Delivered => 4,
        _ => null,
    };
}
