using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Campaigns;

/// <summary>Decides when a customer enters a campaign, what ends it early, and whether a purchase counts for it. What a due step does is <see cref="DueStep"/>'s.</summary>
public static class RunDecider
{
    /// <summary>What should have begun longer ago is no news any more: the hub was off, or somebody looked into the past.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromDays(2);

    public static Decision Decide(Runs state, RunSignal signal, Situation s)
    {
        var terms = s.Terms.Campaigns ?? CampaignTerms.None;
        var draft = new Draft(state);
        switch (signal)
        {
            case RunSignal.Purchased p: return Purchased(draft, p, terms, s);
            case RunSignal.Delivered d: return Delivered(draft, d, terms, s);
            case RunSignal.Undone u: return Undone(draft, u, terms);
            case RunSignal.CheckoutSeen c: return Checkout(draft, c, terms, s);
            case RunSignal.Reviewed r: return Reviewed(draft, r, terms);
            case RunSignal.Enrolled e: return Enrolled(draft, e, terms, s);
            case RunSignal.Due: return Due(draft, s);
            case RunSignal.Looked l: return Looked(draft, l, terms, s);
            case RunSignal.OfferTaken o: return DueStep.Promised(draft, o, terms, s);
            case RunSignal.NotReached n: return NotReached(draft, n);
            default: throw new System.Diagnostics.UnreachableException(signal.GetType().Name);
        }
    }

    public static Runs Evolve(Runs state, RunEvent e) => e switch
    {
        RunEvent.Entered x => state.With(new Run(x.Run, x.Campaign, x.Of, x.At, x.DueAt, x.About) { HeldOut = x.HeldOut, Shadow = x.Shadow, BegunAt = x.BegunAt }) with { To = x.To },
        RunEvent.Refreshed x => Change(state, x.Run, r => r with { About = x.About, EnteredAt = x.At, DueAt = x.DueAt }) with { To = x.To },
        RunEvent.StepSent x => Change(state, x.Run, r => r with { Step = x.Step + 1, DueAt = x.NextAt, FirstAt = r.FirstAt ?? x.At, Sent = [.. r.Sent ?? [], x.Step], By = x.By, Offer = x.Offer ?? r.Offer }),
        RunEvent.StepPassed x => Change(state, x.Run, r => r with { Step = x.Step + 1, DueAt = x.NextAt, FirstAt = x.Why == Passing.HeldOut ? r.FirstAt ?? x.At : r.FirstAt }),
        RunEvent.StepLost x => Change(state, x.Run, r => r with { Sent = [.. (r.Sent ?? []).Where(step => step != x.Step)], Lost = [.. r.Lost ?? [], x.Step] }),
        RunEvent.Left x => Change(state, x.Run, r => r with { DueAt = null, Left = x.Why, LeftAt = x.At }),
        RunEvent.Converted x => Change(state, x.Run, r => r with { Bought = new(x.OrderRef, x.Total, x.At) }),
        RunEvent.ConversionUndone x => Change(state, x.Run, r => r with { Bought = r.Bought! with { Undone = true } }),
        RunEvent.ConversionLessened x => Change(state, x.Run, r => r with { Bought = r.Bought! with { Total = x.Rest } }),
        RunEvent.ReviewWritten x => state.With(x.Review),
        RunEvent.Ordered x => state with { OrderedAt = x.At },
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };

    private static Decision Purchased(Draft draft, RunSignal.Purchased p, CampaignTerms terms, Situation s)
    {
        foreach (var run in draft.All)
        {
            if (Converts(run, p.Order, terms)) draft.Add(new RunEvent.Converted(run.Id, p.Order.Ref, p.Order.Total, p.Order.At));
            if (run.IsUnderWay && run.IsBefore(p.Order.At) && terms.Find(run.Campaign)?.EndsOn(CampaignEnd.Purchase) == true) draft.Add(new RunEvent.Left(run.Id, Leaving.Purchased, p.Order.At));
        }
        if (!(draft.State.OrderedAt >= p.Order.At)) draft.Add(new RunEvent.Ordered(p.Order.At));
        foreach (var campaign in terms.All)
            if (campaign.Trigger is CampaignTrigger.Purchased or CampaignTrigger.Silent) Enter(draft, campaign, p.Order, p.By, p.Order.At, TimeSpan.Zero, s);
        // When they will buy again depends on when they bought before, which the orders know and this customer's runs do not.
        if (draft.State.OrderedAt == p.Order.At && terms.Has(CampaignTrigger.ReorderDue)) draft.Ask(new RunRequest.Look(p.By, p.Order));
        return draft.ToDecision("Nothing begins or ends with it.");
    }

    private static Decision Delivered(Draft draft, RunSignal.Delivered d, CampaignTerms terms, Situation s)
    {
        foreach (var campaign in terms.All)
            if (campaign.Trigger == CampaignTrigger.Delivered) Enter(draft, campaign, d.Order, d.To, d.At, TimeSpan.Zero, s);
        return draft.ToDecision("No campaign begins with it.");
    }

    private static Decision Undone(Draft draft, RunSignal.Undone u, CampaignTerms terms)
    {
        foreach (var run in draft.All)
        {
            if (run.Bought is { Undone: false } bought && bought.OrderRef == u.OrderRef)
            {
                if (u.What == Undoing.Cancelled || u.Kept is { Amount: <= 0m }) draft.Add(new RunEvent.ConversionUndone(run.Id, u.OrderRef));
                else if (u.Kept is { } kept && kept != bought.Total) draft.Add(new RunEvent.ConversionLessened(run.Id, u.OrderRef, kept));
            }
            if (!run.IsUnderWay || run.About.OrderRef != u.OrderRef) continue;
            if (u.What == Undoing.Cancelled) draft.Add(new RunEvent.Left(run.Id, Leaving.Cancelled, u.At));
            else if (terms.Find(run.Campaign)?.EndsOn(CampaignEnd.Return) == true) draft.Add(new RunEvent.Left(run.Id, Leaving.Returned, u.At));
        }
        return draft.ToDecision("No campaign is about that order.");
    }

    private static Decision Checkout(Draft draft, RunSignal.CheckoutSeen c, CampaignTerms terms, Situation s)
    {
        var (seen, about) = (c.Checkout, new Topic(null, null, c.Checkout.Items, c.Checkout.Total, c.Checkout.Link));
        foreach (var campaign in terms.All)
        {
            if (campaign.Trigger != CampaignTrigger.CheckoutLeft) continue;
            var run = draft.State.Find(Run.IdOf(campaign.Id, seen.Token));
            if (seen.CompletedAt is { } done)
            {
                if (run is { IsUnderWay: true }) draft.Add(new RunEvent.Left(run.Id, Leaving.Purchased, done));
                continue;
            }
            if (draft.State.OrderedAt >= seen.BegunAt) continue;
            if (run is null)
            {
                // Of two checkouts the newer is the one they want, unless they were written to about the older.
                foreach (var older in draft.All)
                    if (older.Campaign == campaign.Id && older is { IsUnderWay: true, FirstAt: null } && older.EnteredAt < seen.At) draft.Add(new RunEvent.Left(older.Id, Leaving.NewerCheckout, seen.At));
                Enter(draft, campaign, seen.Token, about, c.By, seen.At, TimeSpan.Zero, s, seen.BegunAt);
            }
            else if (run is { IsUnderWay: true, FirstAt: null } && seen.At > run.EnteredAt) draft.Add(new RunEvent.Refreshed(run.Id, c.By, about, seen.At, seen.At + campaign.Steps[0].Wait));
        }
        return draft.ToDecision("They have bought since, or no campaign begins with a checkout.");
    }

    private static Decision Reviewed(Draft draft, RunSignal.Reviewed r, CampaignTerms terms)
    {
        foreach (var run in draft.All)
            if (run.IsUnderWay && (r.OrderRef is null || run.About.OrderRef == r.OrderRef) && terms.Find(run.Campaign)?.EndsOn(CampaignEnd.Review) == true)
                draft.Add(new RunEvent.Left(run.Id, Leaving.Reviewed, r.At));
        if (r.Review is { } review && draft.State.Reviews?.Any(known => known.Key == review.Key) != true) draft.Add(new RunEvent.ReviewWritten(review));
        draft.Say($"Told by {r.Source}.");
        return draft.ToDecision("");
    }

    private static Decision Enrolled(Draft draft, RunSignal.Enrolled e, CampaignTerms terms, Situation s)
    {
        if (draft.State.OrderedAt is not null) return Decision.Ignore("They are known, and what they bought last has begun what it begins.");
        draft.Add(new RunEvent.Ordered(e.OrderedAt));
        var about = new Topic(e.OrderRef, null, [], null, null);
        foreach (var campaign in terms.All)
        {
            if (campaign.Trigger != CampaignTrigger.Silent) continue;
            // Whoever should have been written to long ago is, now.
            var late = s.At - (e.OrderedAt + campaign.Steps[0].Wait);
            Enter(draft, campaign, e.OrderRef, about, e.By, e.OrderedAt, late > TimeSpan.Zero ? late : TimeSpan.Zero, s);
        }
        return draft.ToDecision("");
    }

    private static Decision Due(Draft draft, Situation s)
    {
        foreach (var run in draft.All)
        {
            if (!(run.DueAt <= s.At)) continue;
            draft.Ask(new RunRequest.Look(draft.State.To!));
            break;
        }
        return draft.ToDecision("Nothing is due: what was ended or moved meanwhile.");
    }

    private static Decision Looked(Draft draft, RunSignal.Looked looked, CampaignTerms terms, Situation s)
    {
        if (looked.Bought is { } order)
            foreach (var campaign in terms.All)
                if (campaign.Trigger == CampaignTrigger.ReorderDue) Enter(draft, campaign, order, looked.Of, order.At, ReorderInterval.Of(looked.Person, order, campaign), s);
        foreach (var run in draft.All)
            if (looked.Bought is null && run.DueAt <= s.At) DueStep.Take(draft, run, looked.Person, terms, s);
        return draft.ToDecision("Nothing is due.");
    }

    private static Decision NotReached(Draft draft, RunSignal.NotReached n)
    {
        if (draft.State.Find(n.Run)?.Sent?.Contains(n.Step) == true) draft.Add(new RunEvent.StepLost(n.Run, n.Step, n.Why));
        return draft.ToDecision("It is known that they were not reached.");
    }

    private static bool Converts(Run run, OrderNews order, CampaignTerms terms) =>
        run.FirstAt is { } first && order.At >= first && order.At <= first + (terms.Find(run.Campaign)?.ConvertsWithin ?? TimeSpan.Zero)
        && (run.Bought is null || (run.Bought.Undone && run.Bought.OrderRef != order.Ref));

    private static void Enter(Draft draft, Campaign campaign, OrderNews order, Recipient to, DateTimeOffset at, TimeSpan further, Situation s)
    {
        // Who finishes the order also says what follows from it.
        if (order.Shadow && !s.Shadow) return;
        Enter(draft, campaign, order.Ref, new(order.Ref, order.Number, order.Items, order.Total, null), to, at, further, s);
    }

    /// <param name="further">What is waited before the first step's own wait begins.</param>
    private static void Enter(Draft draft, Campaign campaign, string of, Topic about, Recipient to, DateTimeOffset at, TimeSpan further, Situation s, DateTimeOffset? begun = null)
    {
        var (id, due) = (Run.IdOf(campaign.Id, of), at + further + campaign.Steps[0].Wait);
        if (s.Paused?.Contains(campaign.Id) == true || due < s.At - Patience) return;
        foreach (var run in draft.All)
            if (run.Id == id || (run.Campaign == campaign.Id && (run.IsUnderWay || run.EnteredAt + campaign.Rest > at))) return;
        draft.Add(new RunEvent.Entered(id, campaign.Id, of, to, campaign.Link is null ? about : about with { Link = about.Link ?? campaign.Link }, at, due, campaign.HoldsOut(s.Stream.Brand, s.Stream.Id), s.Shadow, begun));
    }

    private static Runs Change(Runs state, string id, Func<Run, Run> how) => state.Find(id) is { } run ? state.With(how(run)) : state;
}
