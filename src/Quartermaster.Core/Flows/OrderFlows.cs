using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>Which event sets off which flow: the whole order-to-cash loop on one page.</summary>
internal static class OrderFlows
{
    public static void React(OrderFile file, Event e, Situation s, Reactions next)
    {
        switch (e)
        {
            case OrderEvent.Placed: WhenOrderIsRefundedCreditIt.CatchUp(file, s, next); break;
            case OrderEvent.Ruled x: WhenRulesSpeakFollowThem.React(file, x, s, next); break;
            case OrderEvent.Released: if (!WhenMoneyIsMissingStop.React(file, next)) WhenOrderIsReleasedReserveStock.React(file, s, next); break;
            case OrderEvent.Held x: WhenOrderIsStoppedTakeItBack.React(file, x, next); WhenOrderAwaitsPaymentKeepItsUnits.React(file, x, s, next); WhenShopperHasToConfirmAsk.React(file, x, s, next); WhenOrderIsReviewedKeepTheReviewerPosted.React(file, x, s, next); break;
            case OrderEvent.AskedAgain x: WhenShopperHasToConfirmAsk.React(file, x, s, next); break;
            case OrderEvent.Cancelled x: WhenOrderIsStoppedTakeItBack.React(file, x, s, next); WhenOrderIsReviewedKeepTheReviewerPosted.React(file, x, s, next); break;
            case OrderEvent.Edited x: if (!WhenMoneyIsMissingStop.React(file, next)) WhenOrderChangesPlanAgain.React(file, x, s, next); break;
            case OrderEvent.Refreshed: if (!WhenMoneyIsMissingStop.React(file, next)) WhenOrderChangesPlanAgain.Paid(file, s, next); break;
            case OrderEvent.AddressSet x: WhenOrderChangesPlanAgain.Changed(file, true, s, next); WhenShopperShouldHear.React(file, x, s, next); break;
            case OrderEvent.SkuSet: WhenOrderChangesPlanAgain.Changed(file, false, s, next); break;
            case OrderEvent.CodesMeant x: WhenCodesAreReadPlanAgain.React(file, x, s, next); break;
            case OrderEvent.Refunded x: WhenOrderIsRefundedCreditIt.React(file, x, s, next); WhenOrderIsReviewedKeepTheReviewerPosted.React(file, x, s, next); break;
            case OrderEvent.FulfilledElsewhere x: WhenGoodsLeaveElsewhereStepBack.React(file, x, s, next); break;
            case OrderEvent.FulfilmentUndone x: WhenGoodsLeaveElsewhereStepBack.React(file, x, s, next); break;
            case OrderEvent.TakenOver: next.Send(new FulfilmentSignal.TakeOver()); break;
            case OrderEvent.ChangeHeard x: next.Send(new FulfilmentSignal.Fetch(x.Channel, x.ExternalId, x.Topic, file.Order.Fetches)); break;

            case StockEvent.Allocated x: WhenStockIsShortSendAnother.React(file, x, s, next); WhenStockIsReservedHandItOff.React(file, x, s, next); break;
            case StockEvent.Backordered x: WhenStockIsShortTellTheShopper.React(file, x, s, next); WhenStockIsShortSendAnother.React(file, x, s, next); break;
            case StockEvent.StoppedWaiting: WhenStockIsShortSendAnother.Close(file, s, next); break;

            case LabelEvent.Bought x: WhenNumberIsKnownClaimIt.React(x, s, next); WhenHandoffNeedsALabelBuyIt.React(file, x.Attempt, s, next); break;
            case LabelEvent.Skipped x: WhenHandoffNeedsALabelBuyIt.React(file, x.Attempt, s, next); break;
            case LabelEvent.WantedAgain x: WhenHandoffNeedsALabelBuyIt.Again(file, x, s, next); break;

            case FulfilmentEvent.TurnedDown x: WhenWarehouseAnswersPlanAgain.React(file, x, s, next); break;
            case FulfilmentEvent.Withdrawn x: WhenWarehouseAnswersPlanAgain.React(file, x, s, next); break;
            case FulfilmentEvent.CameUpShort x: WhenWarehouseAnswersPlanAgain.React(file, x, s, next); break;
            case FulfilmentEvent.WithdrawalRefused x: WhenWarehouseAnswersPlanAgain.React(file, x, next); break;
            case FulfilmentEvent.ParcelLeft x: WhenParcelLeavesBillAndFollowIt.React(file, x, s, next); break;

            case ShippingEvent.EndedByHand x: WhenParcelComesBackPutItOnTheShelf.React(file, x, s, next); break;
            case ShippingEvent x: WhenShopperShouldHear.React(file, x, s, next); break;
            case MessageEvent.FellBack { Occasion: Occasion.ToConfirm } x: WhenShopperHasToConfirmAsk.React(file, x, s, next); break;
            case MessageEvent.FellBack { Occasion: Occasion.Preordered or Occasion.Backordered }: WhenStockIsShortTellTheShopper.Again(file, s, next); break;
            case MessageEvent.FellBack x: WhenShopperShouldHear.React(file, x, s, next); break;
        }
        if (e is ShippingEvent.JourneyEnded ended) WhenParcelOfAnAskedOrderEndsCountIt.React(file, ended, next);
        if (e is ShippingEvent seen) WhenJourneyEndsReckonIt.React(file, seen, next, s);
        if (e is LabelEvent changed) WhenLabelChangesListIt.React(file, changed, s, next);
        if (e is FulfilmentEvent told) WhenHandoffEndsFreeItsLabel.React(file, told, next);
        WhenOrderMovesTellItsCampaigns.React(file, e, s, next);
    }
}
