using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Campaigns;

/// <summary>What is done when the time of a step has come: it is said, passed over, or the run ends because something came between.</summary>
/// <remarks>The same questions, in the same order, are asked of those who are left out on purpose: otherwise the others could not be compared with them.</remarks>
public static class DueStep
{
    internal static void Take(Draft draft, Run run, Acquaintance person, CampaignTerms terms, Situation s)
    {
        switch (Look(run, draft.State.To!, person, terms, s))
        {
            case Verdict.Leave leave: draft.Add(new RunEvent.Left(run.Id, leave.Why, s.At)); break;
            case Verdict.Pass pass: Pass(draft, run, pass.Why, terms, s); break;
            case Verdict.Send { Asks: { } offer } send: draft.Ask(new RunRequest.TakeOffer(run.Id, run.Step, offer, send.By)); break;
            case Verdict.Send send: Send(draft, run, send.By, null, terms, s); break;
        }
    }

    /// <summary>A code was given, or there was none to give.</summary>
    internal static Decision Promised(Draft draft, RunSignal.OfferTaken taken, CampaignTerms terms, Situation s)
    {
        if (draft.State.Find(taken.Run) is { IsUnderWay: true } run && run.Step == taken.Step && run.DueAt <= s.At)
        {
            if (taken.Code is null) draft.Say("No code is left within the brand's limits, so none is promised.");
            Send(draft, run, taken.By, taken.Code is { } code ? new(taken.Offer, code) : null, terms, s);
        }
        return draft.ToDecision("The step it was for is over.");
    }

    /// <summary>What would come of the step that a run waits for. Pure, so that a dry run says what the decision will.</summary>
    public static Verdict Look(Run run, Recipient to, Acquaintance person, CampaignTerms terms, Situation s)
    {
        if (terms.Find(run.Campaign) is not { } campaign || run.Step >= campaign.Steps.Count) return new Verdict.Leave(Leaving.Gone);
        if (WhyLeave(run, to, person, campaign, s) is { } leaving) return new Verdict.Leave(leaving);
        var step = campaign.Steps[run.Step];
        if (s.At - run.DueAt > RunDecider.Patience) return new Verdict.Pass(Passing.TooLate);
        if (step.Only is { } only && !Fits(only, run, to, person)) return new Verdict.Pass(Passing.NotMeant);
        var by = Chosen(step, Open(to, person, s));
        if (by.Count == 0) return new Verdict.Pass(Passing.NoChannel);
        if (person.Told >= s.Terms.Contact.Most) return new Verdict.Pass(Passing.Cap);
        if (run.HeldOut) return new Verdict.Pass(Passing.HeldOut);
        return new Verdict.Send(by, step.Offer is { } offer && run.Offer?.Offer != offer && terms.Offers.ContainsKey(offer) ? offer : null);
    }

    private static Leaving? WhyLeave(Run run, Recipient to, Acquaintance person, Campaign campaign, Situation s)
    {
        if (s.Paused?.Contains(campaign.Id) == true) return Leaving.SwitchedOff;
        // Nobody who follows on their own from an order of the time in shadow; whose silence began then, and who has heard nothing of it, is as silent as others.
        if (run.Shadow && !s.Shadow && !(run.FirstAt is null && campaign.Trigger is CampaignTrigger.Silent or CampaignTrigger.ReorderDue)) return Leaving.BeganInShadow;
        // An order by another address of theirs, or one that was imported.
        if (campaign.EndsOn(CampaignEnd.Purchase) && person.OrderedAt is [var newest, ..] && run.IsBefore(newest)) return Leaving.Purchased;
        foreach (var channel in person.Channels)
            if (channel.Closed && channel.WordAt > run.EnteredAt && channel.Word is "complaint" or "opt_out") return channel.Word == "complaint" ? Leaving.Complained : Leaving.Unsubscribed;
        if (campaign.EndsOn(CampaignEnd.Case) && person.OpenCase) return Leaving.CaseOpen;
        if (!Fits(campaign.Only, run, to, person)) return Leaving.NotMeant;
        return Open(to, person, s).Count == 0 ? Leaving.NoConsent : null;
    }

    private static bool Fits(Audience only, Run run, Recipient to, Acquaintance person) => only.Fits(person.Orders, run.About.Total?.Amount, to.Country, to.Language);

    /// <summary>Channels of the brand, by their kinds, by which they may be written to.</summary>
    private static List<string> Open(Recipient to, Acquaintance person, Situation s)
    {
        List<string> open = [];
        foreach (var channel in s.Terms.MessageChannels)
        {
            if ((channel.Kind == "email" ? to.Email : to.Phone) is null) continue;
            foreach (var standing in person.Channels)
                if (standing.Channel == channel.Kind && !standing.Closed && (standing.Consented || !s.Terms.Contact.NeedsOptIn)) open.Add(channel.Kind);
        }
        return open;
    }

    private static IReadOnlyList<string> Chosen(CampaignStep step, List<string> open) => step.By is { } by ? [.. by.Where(open.Contains)] : open;

    private static void Pass(Draft draft, Run run, Passing why, CampaignTerms terms, Situation s)
    {
        var next = NextAt(run, terms, s);
        draft.Add(new RunEvent.StepPassed(run.Id, run.Step, why, s.At, next));
        if (next is null) draft.Add(new RunEvent.Left(run.Id, Leaving.Finished, s.At));
    }

    private static void Send(Draft draft, Run run, IReadOnlyList<string> by, Promise? offer, CampaignTerms terms, Situation s)
    {
        var next = NextAt(run, terms, s);
        draft.Add(new RunEvent.StepSent(run.Id, run.Step, terms.Find(run.Campaign)!.Steps[run.Step].Occasion, by, s.At, next, offer));
        if (next is null) draft.Add(new RunEvent.Left(run.Id, Leaving.Finished, s.At));
    }

    private static DateTimeOffset? NextAt(Run run, CampaignTerms terms, Situation s) =>
        terms.Find(run.Campaign) is { } campaign && run.Step + 1 < campaign.Steps.Count ? s.At + campaign.Steps[run.Step + 1].Wait : null;
}

/// <summary>What comes of a step.</summary>
public abstract record Verdict
{
    private Verdict() { }

    public sealed record Leave(Leaving Why) : Verdict;

    public sealed record Pass(Passing Why) : Verdict;

    /// <param name="By">Channels, by their kinds; one at least.</param>
    /// <param name="Asks">The offer of which a code has to be had first.</param>
    public sealed record Send(IReadOnlyList<string> By, string? Asks) : Verdict;
}
