using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Risk;

namespace Quartermaster.Configuration;

/// <summary>Reads <c>brands.NAME.risk</c>.</summary>
internal static class RiskSection
{
    private static readonly string[] Roles = ["agent", "lead", "admin"];

    /// <param name="others">What else the brand wants.</param>
    /// <returns>Null when the brand has no such section: nothing is scored.</returns>
    public static (RiskTerms Terms, RiskScorer Scorer)? Read(Section brand, BrandTerms others, ConnectionNames connections)
    {
        if (!brand.Names().Contains("risk")) return null;
        var section = brand.Child("risk");
        var velocity = VelocitySection.Read(section);
        var scorer = new RiskScorer(ReadPoints(section) with { Shared = velocity });
        var lapses = section.Find("lapses") is null ? (TimeSpan?)null : Longer(section, "lapses", TimeSpan.FromDays(2));
        var terms = new RiskTerms
        {
            Assess = scorer.Score,
            Review = Line(section, "review"),
            Decline = Line(section, "decline"),
            Owner = section.Checked("owner", "lead", Roles.Contains, "a role that may approve", $"Write one of {string.Join(", ", Roles)}."),
            Lapses = lapses,
            LapseApproves = section.Checked("when_lapsed", "decline", w => w is "approve" or "decline", "what becomes of it", "Write approve or decline.") == "approve",
            HistoryDays = section.Whole("history_days", 365, least: 1, most: 3650),
            WeighsReturns = scorer.Points.AreaReturns > 0 && others.Routing.HistoryDays > 0,
            Velocity = velocity,
            Opinion = ReadOpinion(section, others.Brand, connections),
            Confirm = ReadConfirm(section, canAsk: others.MessageChannels.Count > 0),
        };
        if (terms.Review is null && terms.Decline is null && terms.Confirm is null && terms.Opinion is null)
            section.Problems.Add(section.Place, section.Path, "nothing follows from a score", "Write at least one line: review: 60, decline: 90, confirm: { from: 30 }, or an opinion.");
        if (terms.Decline <= terms.Review)
            section.Find("decline")!.IsWrong("orders would be declined before anybody is asked to look", "Write a higher line than review, or leave one of them out.");
        section.NothingElse();
        return (terms, scorer);
    }

    private static RiskPoints ReadPoints(Section section)
    {
        var usual = new RiskPoints();
        var points = section.Child("points");
        var read = usual with
        {
            Amount = Points(points, "amount", usual.Amount),
            BilledAbroad = Points(points, "billed_abroad", usual.BilledAbroad),
            BilledElsewhere = Points(points, "billed_elsewhere", usual.BilledElsewhere),
            Velocity = Points(points, "velocity", usual.Velocity),
            SameEmail = Points(points, "same_email", usual.SameEmail),
            SameDevice = Points(points, "same_device", usual.SameDevice),
            SameCard = Points(points, "same_card", usual.SameCard),
            SameNetwork = Points(points, "same_network", usual.SameNetwork),
            DisposableEmail = Points(points, "disposable_email", usual.DisposableEmail),
            Postcode = Points(points, "postcode", usual.Postcode),
            FirstCashOrder = Points(points, "first_cash_order", usual.FirstCashOrder),
            NoPhone = Points(points, "no_phone", usual.NoPhone),
            AreaReturns = Points(points, "area_returns", usual.AreaReturns),
            ReturnedBefore = Points(points, "returned_before", usual.ReturnedBefore),
            StorefrontMedium = Points(points, "storefront_medium", usual.StorefrontMedium),
            StorefrontHigh = Points(points, "storefront_high", usual.StorefrontHigh),
            KnownBuyer = Points(points, "known_buyer", usual.KnownBuyer),
            AmountTimes = section.Number("amount_times", usual.AmountTimes),
            VelocityOrders = section.Whole("velocity_orders", usual.VelocityOrders, least: 2, most: 1000),
            Postcodes = [.. Listed(section, "postcodes").Select(Postcode)],
        };
        var domains = Listed(section, "disposable_domains").Select(w => w.Text.TrimStart('@').ToLowerInvariant()).ToHashSet();
        points.NothingElse();
        if (read.AmountTimes < 1m) section.Find("amount_times")!.IsWrong("every order would be unusual", "Write a number above 1, such as 3.");
        return domains.Count == 0 ? read : read with { DisposableDomains = domains };
    }

    private static OpinionTerms? ReadOpinion(Section risk, string brand, ConnectionNames connections)
    {
        if (risk.ShapeOf("opinion") == Section.Shape.Nothing) return null;
        var section = risk.Child("opinion");
        section.Require("connection", "the key of a connection that reviews orders");
        var connection = connections.ReferToDo(section, "connection", brand, Capability.Reviewer, Wire.KindOf(typeof(OrderEffect.AskOpinion)), "is asked for no opinion");
        var terms = new OpinionTerms
        {
            Connection = connection ?? "",
            Title = connection is null ? "" : connections.TitleOf(connection),
            From = section.Find("from") is null ? null : section.Whole("from", 20, most: Assessment.Most),
            Total = section.Find("total") is null ? null : section.Number("total", 0m),
            Patience = Longer(section, "patience", TimeSpan.FromHours(4)),
            SilentGoesOn = section.Checked("when_silent", "review", w => w is "review" or "go_on", "what becomes of an order without an opinion", "Write review or go_on.") == "go_on",
        };
        if (terms.From is null && terms.Total is null)
            section.Problems.Add(section.Place, section.Path, "no order would be asked about", "Write from: 20 (a score; 0 = every order), total: 150 (in the brand's currency), or both.");
        section.NothingElse();
        return connection is null ? null : terms;
    }

    private static ConfirmTerms? ReadConfirm(Section risk, bool canAsk)
    {
        if (risk.ShapeOf("confirm") == Section.Shape.Nothing) return null;
        var section = risk.Child("confirm");
        if (!canAsk) section.Problems.Add(section.Place, section.Path, "this brand has no way to ask a shopper", "List a connection under messages, or leave confirm out.");
        section.Require("from", "30");
        var terms = new ConfirmTerms
        {
            From = section.Whole("from", 30, least: 1, most: Assessment.Most),
            Lapses = Longer(section, "lapses", TimeSpan.FromHours(24)),
            HoldOut = section.Number("hold_out", 0m),
            PayLink = section.Find("pay_link") is { } link ? PayLink(link) : null,
        };
        if (terms.HoldOut > 0.5m) section.Find("hold_out")!.IsWrong("more orders would be left out than asked", "Write a share up to 0.5: 0.1 leaves out one in ten.");
        section.NothingElse();
        return terms;
    }

    private static string? PayLink(Written link)
    {
        if (Uri.TryCreate(link.Text.Replace("{number}", "1", StringComparison.Ordinal).Replace("{id}", "1", StringComparison.Ordinal).Replace("{amount}", "1", StringComparison.Ordinal).Replace("{currency}", "EUR", StringComparison.Ordinal), UriKind.Absolute, out var address)
            && address.Scheme == "https" && !address.OriginalString.Contains('{')) return link.Text;
        link.IsWrong($"'{link.Text}' is not a place to pay at", "Write an https address; {number}, {id}, {amount} and {currency} are filled in: https://pay.example/{id}?amount={amount}");
        return null;
    }

    private static int Points(Section points, string key, int usual) => points.Whole(key, usual, most: Assessment.Most);

    private static int? Line(Section section, string key) => section.Find(key) is null ? null : section.Whole(key, 60, least: 1, most: Assessment.Most);

    private static TimeSpan Longer(Section section, string key, TimeSpan usual)
    {
        var period = section.Period(key, usual);
        if (period <= TimeSpan.Zero) section.Find(key)!.IsWrong("it would end at once", $"Write a length of time such as {key}: 24h or 2d.");
        return period;
    }

    /// <summary>What is listed under a key, and in the text file that stands under <c>KEY_file</c>: one to a line, # begins a remark.</summary>
    private static IEnumerable<Written> Listed(Section section, string key)
    {
        foreach (var word in section.Words(key)) yield return word;
        if (section.Find(key + "_file") is not { } file) yield break;
        string[] lines = [];
        try
        {
            lines = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file.Place.Source)) ?? "", file.Text));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            file.IsWrong($"the file cannot be read ({failure.Message.TrimEnd('.')})", "Name a text file beside this one, with one entry to a line.");
        }
        foreach (var line in lines)
            if (line.Split('#', 2)[0].Trim() is { Length: > 0 } entry) yield return file with { Text = entry };
    }

    private static string Postcode(Written written)
    {
        var plain = written.Text.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        var parts = plain.Split(':');
        if (parts.Length > 2 || parts[^1].Length is 0 or > 12 || !parts[^1].All(c => char.IsAsciiLetterOrDigit(c) || c == '-') || (parts.Length == 2 && !Countries.IsKnown(parts[0])))
            written.IsWrong($"'{written.Text}' is not the beginning of a postal code", "Write it with or without its country: 8482 or IN:8482.");
        return plain;
    }
}
