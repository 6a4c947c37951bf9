using System.CommandLine;
using System.Text.Json;
using Quartermaster.Configuration;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Runtime;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;

namespace Quartermaster.CommandLine;

/// <summary>What a person asks of one order. Each becomes a signal on its timeline in their name, as it does from a page and from the API.</summary>
internal static class OrderAsks
{
    private static readonly Dictionary<string, HoldKind> Kinds = Enum.GetValues<HoldKind>().ToDictionary(k => JsonNamingPolicy.SnakeCaseLower.ConvertName(k.ToString()));
    private static readonly Dictionary<string, ParcelEnd> Ends = new() { ["arrived"] = ParcelEnd.Arrived, ["lost"] = ParcelEnd.Lost, ["came-back"] = ParcelEnd.CameBack };
    private static readonly Dictionary<string, CreditAnswer> Credits = Enum.GetValues<CreditAnswer>().ToDictionary(c => JsonNamingPolicy.KebabCaseLower.ConvertName(c.ToString()));

    private static readonly Argument<string> Order = new("order") { Description = "Its number (#1001) or id" };
    private static readonly Option<string> Reason = Given.Reason();
    private static readonly Option<DateTimeOffset?> Until = new("--until") { Description = "When it ends by itself, in UTC: 2026-11-21T08:00Z; without it a person ends it" };
    private static readonly Option<string?> Kind = new("--kind") { Description = "Which hold; not needed when there is one" };
    private static readonly Option<string?> Rule = new("--rule") { Description = "Of which rule, where several hold the order" };
    private static readonly Argument<string> Line = new("line") { Description = "The line's id, as `orders show --json` has it" };
    private static readonly Argument<string> Sku = new("sku") { Description = "A SKU of ours" };
    private static readonly Option<bool> Agreed = new("--agreed") { Description = "The shopper has agreed, where the brand's rule asks for it" };
    private static readonly Argument<string> How = new("how") { Description = "again: the vendor is asked once more. skip: it is handed over without our label" };
    private static readonly Option<string?> Connection = new("--connection") { Description = "The carrier connection that it is bought from this time, as `rates` names it" };
    private static readonly Option<string?> Service = new("--service") { Description = "The service that was picked there" };
    private static readonly Option<int?> Attempt = new("--attempt") { Description = "The hand-off that is meant, where an order has several" };
    private static readonly Argument<string> ParcelId = new("parcel") { Description = "Its id, as the timeline has it" };
    private static readonly Argument<string> End = new("end") { Description = "What became of it: arrived, lost or came-back" };
    private static readonly Option<bool> Restock = new("--restock") { Description = "It came back, and its units are on the shelf again (not if the refund at the channel counts them back)" };

    private static readonly Option<bool> Damaged = new("--damaged") { Description = "It came back, and its units are there and cannot be sold" };
    private static readonly Argument<string> Credit = new("answer") { Description = "What becomes of the store credit: approved, issue (the hub gives it at the channel), given (at the channel, by you) or not-given" };

    private static readonly Option<string?>
        Name = new("--name") { Description = "Who it goes to; an empty text takes it away" },
        Company = new("--company") { Description = "Company; an empty text takes it away" },
        Line1 = new("--line1") { Description = "Street and number" },
        Line2 = new("--line2") { Description = "More of the street; an empty text takes it away" },
        City = new("--city") { Description = "Town or city" },
        Province = new("--province") { Description = "State or province; an empty text takes it away" },
        PostalCode = new("--postal-code") { Description = "Postal code; an empty text takes it away" },
        Country = new("--country") { Description = "Two letters, such as DE or IN" },
        Phone = new("--phone") { Description = "For the carrier; an empty text takes it away" };

    public static IEnumerable<Command> All()
    {
        Kind.AcceptOnlyFromAmong([.. Kinds.Keys]);
        End.AcceptOnlyFromAmong([.. Ends.Keys]);
        How.AcceptOnlyFromAmong("again", "skip");
        Credit.AcceptOnlyFromAmong([.. Credits.Keys]);
        return
        [
            Ask("hold", "Stops an order before its next step", "is held", a => new OrderSignal.HoldAsked(a.Of(Reason)!, a.Who, a.Of(Until)), Reason, Until),
            Ask("lift", "Lifts a hold; if nothing else holds the order, it goes on", "is not held by it any more", Lift, Kind, Rule),
            Ask("approve", "Lets an order go on that is held for its risk", "is approved", a => new OrderSignal.HoldLiftAsked(HoldKind.Risk, a.Who)),
            Ask("decline", "Declines an order that is held for its risk: it is cancelled, here and at its channel", "is declined", a => new OrderSignal.DeclineAsked(a.Of(Reason)!, a.Who), Reason),
            Ask("cancel", "Cancels an order: stock is given back, and a warehouse that has it is asked to stop", "is being cancelled", a => new OrderSignal.CancelAsked(a.Of(Reason)!, a.Who), Reason),
            Ask("address", "Corrects the delivery address; what is not named stays as it is", "goes to the corrected address", a => new OrderSignal.AddressCorrected(Corrected(a), a.Who), Name, Company, Line1, Line2, City, Province, PostalCode, Country, Phone),
            Ask("map", "Says which SKU a line of this order means", "has the SKU on its line", a => new OrderSignal.LineMapped(LineOf(a).LineId, a.Of(Sku)!, a.Who), Line, Sku),
            Ask("substitute", "Sends another SKU that the brand's rules let be sent for a line that waits for stock", "sends it instead", Substitute, Line, Sku, Agreed),
            Ask("label", "Buys a refused label again, as usual or at a price that `rates` showed, or hands the order over without one", "goes on", Label, How, Connection, Service, Attempt),
            Ask("parcel", "Says what became of a parcel that no scan tells of any more", "waits for it no more", Parcel, ParcelId, End, Reason, Restock, Damaged),
            Ask("credit", "Says what becomes of the store credit that is offered for a late parcel", "goes by it", a => new ShippingSignal.CreditDecided(ParcelOf(a), Credits[a.Of(Credit)!], a.Who), ParcelId, Credit),
        ];
    }

    private static Command Ask(string name, string description, string done, Func<Asked, Signal> signal, params Symbol[] more)
    {
        var command = new Command(name, description) { Order };
        foreach (var argument in more.OfType<Argument>()) command.Add(argument);
        foreach (var option in more.OfType<Option>()) command.Add(option);
        command.Add(Given.OnlyBrand);
        command.Does((parsed, cancel) => SendAsync(parsed, signal, done, cancel));
        return command;
    }

    private static async Task<int> SendAsync(ParseResult parsed, Func<Asked, Signal> signal, string done, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var listed = await FoundOrder.OneAsync(access, parsed.GetValue(Order)!, parsed.GetValue(Given.OnlyBrand), cancel);
        var (history, order) = (new StreamHistory(access.Database.General), new StreamId(listed.Brand, "order", listed.Id));
        var asked = new Asked(parsed, await FoundOrder.FileAsync(history, listed, cancel), access.Configuration.Plan, access.Configuration.Plan.Brands[listed.Brand].Terms, Access.Who);
        // Whoever has the database has every role; what is judged here is whether such a hold is there at all.
        var (judged, _, whyNot) = await OrderPowers.JudgeAsync(signal(asked), order, asked.Terms, history, cancel);
        if (whyNot is not null) throw new CommandRefusedException(whyNot);
        var seq = await access.Desk.SendAsync(order, judged, Access.Who, cancel);
        Console.WriteLine($"{listed.Number} {done}, as soon as a hub decides on signal {seq}; `orders show {listed.Id}` tells what comes of it.");
        return ExitCode.Ok;
    }

    private static OrderSignal.HoldLiftAsked Lift(Asked a)
    {
        IReadOnlyList<Hold> holds = a.File.Order.Holds ?? [];
        var (kind, rule) = (a.Of(Kind) is { } word ? Kinds[word] : (HoldKind?)null, a.Of(Rule));
        Hold[] meant = [.. holds.Where(h => (kind is null || h.Kind == kind) && (rule is null || h.Rule == rule))];
        return meant switch
        {
            [var one] => new(one.Kind, a.Who, one.Rule),
            [] when holds.Count == 0 => throw new CommandRefusedException("Nothing holds the order."),
            [] => throw new CommandRefusedException($"Nothing holds the order like that. It is held: {Words(holds)}."),
            _ => throw new CommandRefusedException($"Several holds are meant; name one: {Words(meant)}."),
        };
    }

    private static string Words(IEnumerable<Hold> holds) =>
        string.Join(", ", holds.Select(h => $"--kind {JsonNamingPolicy.SnakeCaseLower.ConvertName(h.Kind.ToString())}{(h.Rule is null ? "" : $" --rule '{h.Rule}'")} ({h.Reason.TrimEnd('.')})"));

    private static Address Corrected(Asked a)
    {
        var now = a.File.Order.ShipTo ?? new(null, null, null, null, null, null, null, "", null);
        var to = now with
        {
            Name = Part(Name, now.Name),
            Company = Part(Company, now.Company),
            Line1 = Part(Line1, now.Line1),
            Line2 = Part(Line2, now.Line2),
            City = Part(City, now.City),
            Province = Part(Province, now.Province),
            PostalCode = Part(PostalCode, now.PostalCode),
            Country = Part(Country, now.Country)?.ToUpperInvariant() ?? "",
            Phone = Part(Phone, now.Phone),
        };
        if (to == now) throw new CommandRefusedException("That is the address it has. Name what is different, such as --postal-code 10115.");
        if (!to.IsDeliverable || !to.Country.All(char.IsAsciiLetterUpper)) throw new CommandRefusedException("A street (--line1), a city (--city) and a country of two letters (--country) are needed.");
        return to;

        string? Part(Option<string?> option, string? before) => a.Of(option) is not { } text ? before : text.Length > 300 ? throw new CommandRefusedException($"{option.Name} is longer than 300 characters.") : string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }

    private static OrderLine LineOf(Asked a)
    {
        var lines = a.File.Order.Facts?.Lines ?? [];
        return lines.FirstOrDefault(l => l.LineId == a.Of(Line))
            ?? throw new CommandRefusedException($"The order has no line '{a.Of(Line)}'. It has: {string.Join(", ", lines.Select(l => $"{l.LineId} ({l.Quantity} × {l.Title})"))}.");
    }

    private static OrderSignal.LineMapped Substitute(Asked a)
    {
        var (line, sku) = (LineOf(a), a.Of(Sku)!);
        var choice = LineChoice.Of(a.File, a.Terms).FirstOrDefault(c => c.Line.LineId == line.LineId)
            ?? throw new CommandRefusedException("The order does not wait for that line, or no rule of the brand lets anything else be sent for it.");
        if (!choice.Skus.Contains(sku)) throw new CommandRefusedException($"The brand's rules do not let '{sku}' be sent for it. {NearestWord.Hint(sku, [.. choice.Skus], "")}");
        if (choice.NeedsConsent && !a.Of(Agreed)) throw new CommandRefusedException("The shopper has to agree first; then add --agreed.");
        return LineChoice.Send(a.File, line, sku, a.Who);
    }

    private static LabelSignal Label(Asked a)
    {
        var (connection, service, attempt) = (a.Of(Connection), a.Of(Service), a.Of(Attempt));
        if ((connection is null) != (service is null)) throw new CommandRefusedException("Name the service together with the connection that sells it: --connection C --service S.");
        if (connection is not null && !a.Plan.SellsLabels(a.Terms.Brand, connection)) throw new CommandRefusedException($"{connection} sells no labels to {a.Terms.Brand}.");
        if (a.Of(How) == "again") return a.File.Labels?.All.Any(l => l.Phase == LabelPhase.Refused && (attempt is null || l.Attempt == attempt)) == true ? new LabelSignal.AgainAsked(a.Who, attempt, connection, service) : throw new CommandRefusedException("No label of the order was refused.");
        return a.File.Fulfilment.Tries?.Any(t => t is { AwaitsLabel: true, IsOpen: true }) == true ? new LabelSignal.SkipAsked(a.Who) : throw new CommandRefusedException("The order does not wait for a label.");
    }

    private static ShippingSignal.EndTold Parcel(Asked a)
    {
        var (parcel, end) = (ParcelOf(a), Ends[a.Of(End)!]);
        if ((a.Of(Restock) || a.Of(Damaged)) && end != ParcelEnd.CameBack) throw new CommandRefusedException("Only the units of a parcel that came back are there again: leave --restock and --damaged out, or say came-back.");
        if (a.Of(Restock) && a.Of(Damaged)) throw new CommandRefusedException("Its units can be sold again (--restock) or cannot (--damaged), not both.");
        return new(parcel, end, a.Of(Restock), a.Of(Reason)!, a.Who, a.Of(Damaged));
    }

    private static string ParcelOf(Asked a)
    {
        var parcel = a.Of(ParcelId)!;
        return a.File.Shipping.Find(parcel) is not null ? parcel
            : throw new CommandRefusedException($"The order has no parcel '{parcel}'. {NearestWord.Hint(parcel, [.. (a.File.Shipping.All ?? []).Select(p => p.Id)], "None has left.")}");
    }

    /// <param name="Who">In whose name.</param>
    private sealed record Asked(ParseResult Parsed, OrderFile File, HubPlan Plan, BrandTerms Terms, string Who)
    {
        public T? Of<T>(Option<T> option) => Parsed.GetValue(option);

        public T? Of<T>(Argument<T> argument) => Parsed.GetValue(argument);
    }
}
