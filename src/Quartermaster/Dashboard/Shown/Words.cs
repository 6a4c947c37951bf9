using System.Text;
using Quartermaster.Core.Labels;

namespace Quartermaster.Dashboard.Shown;

/// <summary>A word with the colour and icon it is shown in. Colours never carry meaning alone: the word is always there.</summary>
/// <param name="Tone">green, blue, azure, yellow, orange, red, purple or secondary.</param>
public sealed record Badge(string Label, string Tone, string Icon, string Means = "");

/// <summary>The dashboard's words for states, outcomes and kinds.</summary>
public static class Words
{
    /// <summary>How a channel is called in a sentence.</summary>
    public static string Channel(string kind) => kind switch { "email" => "e-mail", "whatsapp" => "WhatsApp", "sms" => "text message", _ => kind };

    /// <summary>States in the order in which an order goes through them; the words are <see cref="Core.Flows.OrderRow.Statuses"/>.</summary>
    public static readonly IReadOnlyDictionary<string, Badge> States = new Dictionary<string, Badge>(StringComparer.Ordinal)
    {
        ["placed"] = new("Placed", "azure", "basket", "Just arrived; checks are under way."),
        ["held"] = new("Held", "yellow", "hand-stop", "A hold keeps it from moving."),
        ["released"] = new("Released", "azure", "arrow-right", "Free to take stock."),
        ["backordered"] = new("Backordered", "orange", "clock", "No location has the stock; it waits in line and goes on by itself when stock arrives."),
        ["preordered"] = new("Pre-ordered", "azure", "calendar", "It was sold before it is there; goods on their way are its own, and it goes on by itself when they come."),
        ["allocated"] = new("Allocated", "blue", "packages", "Stock is reserved at one location."),
        ["submitted"] = new("Submitted", "blue", "send", "The warehouse's system has it."),
        ["accepted"] = new("Accepted", "blue", "building-warehouse", "The warehouse took it on."),
        ["partly_shipped"] = new("Partly shipped", "purple", "package", "Some parcels have left."),
        ["shipped"] = new("Shipped", "purple", "truck", "All parcels have left."),
        ["delivered"] = new("Delivered", "green", "circle-check", "Every parcel arrived."),
        ["closed"] = new("Closed", "green", "archive", "Nothing is left to do."),
        ["failed"] = new("Failed", "red", "alert-octagon", "No warehouse would send it and nothing waits; a person decides."),
        ["cancelled"] = new("Cancelled", "secondary", "circle-x", "It will not ship."),
        ["returned"] = new("Returned", "secondary", "arrow-back-up", "The goods came back."),
    };

    public static Badge State(string status) => States.TryGetValue(Snake(status), out var badge) ? badge : new(Sentence(status), "secondary", "circle-dashed");

    /// <summary>Names of states as they may be stored, lower case with underscores.</summary>
    public static string Snake(string status)
    {
        var text = new StringBuilder();
        foreach (var c in status)
        {
            if (char.IsUpper(c) && text.Length > 0 && text[^1] != '_') text.Append('_');
            text.Append(c is ' ' or '-' ? '_' : char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    public static Badge Outcome(string state) => state switch
    {
        "done" => new("Done", "green", "check", "The remote system did it."),
        "already_done" => new("Already done", "green", "check", "It had been done before, under the same key."),
        "planned" => new("Planned", "azure", "clock", "It waits for its turn in the lane."),
        "claimed" => new("Being sent", "blue", "send", "A process is sending it right now."),
        "waiting" => new("Waiting", "yellow", "clock", "It is tried again by itself at the time shown."),
        "refused" => new("Refused", "red", "circle-x", "The remote system said no; repeating it unchanged would be refused again."),
        "unsure" => new("Unsure", "orange", "help", "It may have arrived. A person says whether it did; nothing is repeated before that."),
        "gave_up" => new("Gave up", "red", "alert-triangle", "All attempts failed."),
        "dropped" => new("Too late", "secondary", "clock", "Its time had passed before it could be sent, so it was left out."),
        "shadow" => new("Shadow", "purple", "eye-off", "Recorded and not sent: the brand runs in shadow."),
        "cancelled" => new("Cancelled", "secondary", "x", "Taken back before it was sent."),
        _ => new(Sentence(state), "secondary", "circle-dashed"),
    };

    public static Badge Mode(string mode) => mode switch
    {
        "live" => new("Live", "green", "player-play", "Everything is decided and sent."),
        "shadow" => new("Shadow", "purple", "eye", "Everything is decided; what would be sent is recorded and not sent. The old flow keeps working."),
        _ => new("Off", "secondary", "player-stop", "Nothing is decided or sent. What concerns orders that are ours, stock and shoppers' wishes waits, and is worked off in its order when the brand is on again; new orders stay with whoever has them now."),
    };

    /// <param name="state">As <see cref="ConnectionHealth"/> names it.</param>
    public static Badge Connection(string state) => state switch
    {
        "unused" => new("Not used yet", "secondary", "circle-dashed", "No call was made yet, so nobody knows whether it works."),
        "working" => new("Working", "green", "plug-connected", "Calls go through."),
        "failing" => new("Failing", "red", "plug-connected-x", "Calls or polls fail, and nothing has succeeded since."),
        "open" => new("Resting", "orange", "player-pause", "Too many calls failed; it is left alone for a while."),
        "half-open" => new("Trying", "yellow", "activity", "One call at a time finds out whether it is back."),
        "disconnected" => new("Disconnected", "red", "plug-connected-x", "Credentials or configuration no longer work; somebody has to mend it."),
        _ => new(Sentence(state), "secondary", "circle-dashed"),
    };

    private static readonly Dictionary<string, string> Effects = new(StringComparer.Ordinal)
    {
        ["fulfilment.submit_to_warehouse.v1"] = "Hand the order to the warehouse",
        ["fulfilment.withdraw_from_warehouse.v1"] = "Ask the warehouse for the order back",
        ["fulfilment.write_fulfilment.v1"] = "Tell the channel that a parcel left",
        ["shipping.give_credit.v1"] = "Give store credit at the channel",
        ["order.cancel_at_channel.v1"] = "Cancel the order at the channel",
        ["fulfilment.fetch_order.v1"] = "Ask the channel for the order",
        ["label.buy.v1"] = "Buy the label",
        ["label.void.v1"] = "Take the label back",
        ["dispatch.close.v1"] = "Tell the carrier which parcels it gets",
        ["books.draft_invoice.v1"] = "Draft the invoice",
        ["books.draft_credit_note.v1"] = "Draft the credit note",
        ["message.send.v1"] = "Write to the shopper",
        ["message.alert.v1"] = "Alert the team",
        ["message.letter.v1"] = "Write to the supplier",
    };

    public static string LabelState(LabelPhase phase) => phase switch
    {
        LabelPhase.Asked => "being bought",
        LabelPhase.Bought => "bought, waits for its parcel",
        LabelPhase.Refused => "not sold",
        LabelPhase.CallingOff => "no longer wanted",
        LabelPhase.Voiding => "being taken back",
        LabelPhase.Voided => "void",
        LabelPhase.Kept => "paid and not used",
        LabelPhase.Dropped => "never bought",
        LabelPhase.Used => "on its parcel",
        _ => Sentence(phase.ToString()),
    };

    public static Badge DispatchState(string state) => state switch
    {
        "asked" => new("On its way", "blue", "send", "The carrier is being told; what came of it stands on the timeline."),
        "done" => new("Taken", "green", "circle-check", "The carrier has the list."),
        "turned_down" => new("Turned down", "red", "circle-x", "The carrier did not take it; its labels are free for another list."),
        _ => new(Sentence(state), "secondary", "circle-dashed"),
    };

    public static string Effect(string kind) => Effects.TryGetValue(kind, out var words) ? words : Kind(kind);

    private static readonly Dictionary<string, (string Words, string Icon)> Signals = new(StringComparer.Ordinal)
    {
        ["order.reported.v1"] = ("The channel reported the order", "building-store"),
        ["order.change_announced.v1"] = ("The channel announced a change", "building-store"),
        ["order.refund_reported.v1"] = ("A refund was reported", "receipt-refund"),
        ["order.fulfilment_reported.v1"] = ("A fulfilment was reported at the channel", "package"),
        ["order.hold_asked.v1"] = ("A hold was asked for", "hand-stop"),
        ["order.hold_lift_asked.v1"] = ("A person lifted a hold", "player-play"),
        ["order.hold_lapsed.v1"] = ("A hold reached its end", "clock"),
        ["order.decline_asked.v1"] = ("A person declined it as risky", "circle-x"),
        ["order.storefront_risk_told.v1"] = ("The storefront told its own risk", "shield-check"),
        ["order.shopper_answered.v1"] = ("The shopper answered", "message"),
        ["order.cancel_asked.v1"] = ("Cancellation was asked for", "circle-x"),
        ["order.address_corrected.v1"] = ("A person corrected the address", "map-pin"),
        ["order.line_mapped.v1"] = ("A person mapped a line to a SKU", "tag"),
        ["order.code_explained.v1"] = ("A code was explained", "tag"),
        ["code.met.v1"] = ("An order has this code", "help"),
        ["code.explained.v1"] = ("A person said what the code means", "tag"),
        ["code.undo_asked.v1"] = ("A person took it back", "rotate-clockwise"),
        ["code.nobody_waits.v1"] = ("No order waits for it", "check"),
        ["order.imported.v1"] = ("Imported as history", "file-import"),
        ["order.finished.v1"] = ("Everything is done", "archive"),
        ["stock.arrived.v1"] = ("Stock arrived that the order waits for", "packages"),
        ["stock.counted.v1"] = ("A count came in", "barcode"),
        ["stock.adjusted.v1"] = ("A person adjusted the position", "pencil"),
        ["stock.received.v1"] = ("Goods came from a supplier", "packages"),
        ["purchase.proposed.v1"] = ("Units were proposed for ordering", "receipt"),
        ["purchase.quantities_set.v1"] = ("A person changed the quantities", "pencil"),
        ["purchase.approve_asked.v1"] = ("A person approved it", "check"),
        ["purchase.reject_asked.v1"] = ("A person rejected it", "x"),
        ["purchase.goods_received.v1"] = ("Goods came", "packages"),
        ["purchase.date_set.v1"] = ("Another day was named", "calendar"),
        ["purchase.close_asked.v1"] = ("A person closed it short", "circle-x"),
        ["purchase.fell_due.v1"] = ("Its day has passed", "clock"),
        ["replenishment.ran_low.v1"] = ("SKUs ran low", "packages"),
        ["stock.channel_level_reported.v1"] = ("The channel told its own stock figure", "building-store"),
        ["fulfilment.accepted.v1"] = ("The warehouse took the order on", "building-warehouse"),
        ["fulfilment.rejected.v1"] = ("The warehouse turned the order down", "building-warehouse"),
        ["fulfilment.short_picked.v1"] = ("The warehouse could not find everything", "building-warehouse"),
        ["fulfilment.shipped.v1"] = ("A parcel left the warehouse", "truck"),
        ["fulfilment.withdrawal_answered.v1"] = ("The warehouse answered the withdrawal", "building-warehouse"),
        ["shipping.scanned.v1"] = ("A carrier scanned a parcel", "truck"),
        ["dispatch.asked.v1"] = ("The day was closed", "send"),
        ["dispatch.closed.v1"] = ("The carrier told what it has", "truck"),
        ["label.issued.v1"] = ("The carrier issued the label", "tag"),
        ["label.again_asked.v1"] = ("A person has the label bought again", "refresh"),
        ["label.skip_asked.v1"] = ("A person lets it go without our label", "player-play"),
        ["effect.settled.v1"] = ("The outcome of an effect came back", "bolt"),
        ["connection.disconnected.v1"] = ("The connection was cut", "plug-connected-x"),
        ["connection.mended.v1"] = ("The connection works again", "plug-connected"),
        ["connection.noticed.v1"] = ("The vendor sent a notice", "bell"),
        ["product.reported.v1"] = ("The channel reported a product", "tag"),
        ["product.deleted.v1"] = ("The channel deleted a product", "trash"),
    };

    public static (string Words, string Icon) Signal(string kind, bool raw) =>
        raw ? ($"Webhook “{kind}”", "webhook") : Signals.TryGetValue(kind, out var words) ? words : (Kind(kind), "inbox");

    /// <summary>Who sent a signal: <c>operator/mara</c> → mara; <c>timer</c> → a timer that fell due.</summary>
    public static string Source(string source) => source switch
    {
        "timer" => "a timer",
        "effect" => "an effect",
        "flow" => "the hub itself",
        "import" => "an import",
        _ when source.StartsWith("operator/", StringComparison.Ordinal) => source["operator/".Length..],
        _ => source,
    };

    /// <summary><c>order.no_address</c> → Order: no address.</summary>
    public static string Kind(string kind)
    {
        var parts = kind.Split('.');
        var useful = parts.Where((p, i) => i == 0 || !(p.Length > 1 && p[0] == 'v' && p[1..].All(char.IsAsciiDigit))).ToArray();
        return useful.Length == 1 ? Sentence(useful[0]) : Sentence(useful[0]) + ": " + Lower(string.Join(' ', useful[1..]));
    }

    /// <summary><c>AwaitingPayment</c> → Awaiting payment.</summary>
    public static string Sentence(string name)
    {
        var words = Snake(name).Replace('_', ' ').Trim().Replace(" sku", " SKU", StringComparison.Ordinal);
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary>A hold by its kind, or by the rule that asked for it.</summary>
    public static string Hold(Core.Orders.Hold hold) => Hold((hold.Kind, hold.Rule));

    public static string Hold((Core.Orders.HoldKind Kind, string? Rule) hold) => hold.Rule is { } rule ? $"{Sentence(hold.Kind.ToString())}: {rule}" : Sentence(hold.Kind.ToString());

    /// <summary>A phrase at the start of a sentence; names in it stay as they are.</summary>
    public static string Capital(string phrase) => phrase.Length == 0 ? phrase : char.ToUpperInvariant(phrase[0]) + phrase[1..];

    /// <summary>A name of our own within a sentence: awaiting payment.</summary>
    public static string Lower(string name) => Sentence(name) is { Length: > 0 } text ? char.ToLowerInvariant(text[0]) + text[1..] : "";

    public static string Count(long count, string one, string? many = null) => count == 1 ? $"1 {one}" : $"{count:N0} {many ?? one + "s"}";
}
