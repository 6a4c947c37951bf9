using System.Globalization;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Core.Flows;

/// <summary>Says what a campaign's step says; after a channel that failed by the next one; and tells the campaign when none is left.</summary>
internal static class WhenStepIsDueSayIt
{
    public static Signal? React(Runs runs, Event e, Situation s) => e switch
    {
        RunEvent.StepSent x => Say(runs, x.Run, x.Step, Occasions.Find(x.Occasion)!.Value, s),
        MessageEvent.FellBack x when Of(runs, x.Subject) is { } of => MayStillSay(runs.Find(of.Run)!, s) ? Say(runs, of.Run, of.Step, x.Occasion, s) : new RunSignal.NotReached(of.Run, of.Step, "It had ended when the channel said no."),
        MessageEvent.Unreachable x when Of(runs, x.Subject) is { } of => new RunSignal.NotReached(of.Run, of.Step, x.Why),
        _ => null,
    };

    // Channels say no hours later.
    private static bool MayStillSay(Run run, Situation s) => s.Terms.Campaigns?.Find(run.Campaign) is { } campaign && Run.MayStillSay(campaign, run.Left?.ToString(), run.Bought is { Undone: false });

    private static MessageSignal.Say? Say(Runs runs, string id, int step, Occasion occasion, Situation s)
    {
        if (runs.Find(id) is not { } run || runs.To is not { } to) return null;
        var (mail, phone) = (run.By?.Contains("email") == true, run.By?.Any(kind => kind != "email") == true);
        var shopper = new Correspondent(run.About.OrderRef ?? s.Stream.Key, run.About.Number ?? "", to.Name, mail ? to.Email : null, phone ? to.Phone : null, to.Locale,
            new(run.About.Items, run.About.Total ?? Money.Zero(s.Terms.Currency), null), to.Country);
        return new(occasion, SubjectOf(id, step), shopper, Invitation: Invitation(run, step, to, s), By: run.By);
    }

    /// <summary>A code is told at the step that promises it, and at later ones that promise the same while it holds.</summary>
    private static InvitationWords Invitation(Run run, int step, Recipient to, Situation s)
    {
        var terms = s.Terms.Campaigns;
        if (run.Offer is not { } given || terms?.Find(run.Campaign)?.Steps.ElementAtOrDefault(step)?.Offer != given.Offer || !terms.Offers.TryGetValue(given.Offer, out var offer) || s.Terms.DayOf(s.At) > offer.Until) return new(run.About.Link);
        return new(run.About.Link, given.Code, offer.In(to.Language), offer.Until);
    }

    private static string SubjectOf(string run, int step) => string.Create(CultureInfo.InvariantCulture, $"{run}/{step}");

    private static (string Run, int Step)? Of(Runs runs, string subject)
    {
        var slash = subject.LastIndexOf('/');
        return slash > 0 && int.TryParse(subject.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var step) && runs.Find(subject[..slash]) is { } run ? (run.Id, step) : null;
    }
}
