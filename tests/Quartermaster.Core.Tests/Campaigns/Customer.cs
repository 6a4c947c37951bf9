using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Core.Tests.Campaigns;

/// <summary>One customer of a brand with flows, and a database that answers what a test says it knows.</summary>
internal sealed class Customer(BrandTerms terms, string address = "asha@example.com")
{
    public static readonly DateTimeOffset Monday = Sample.Monday;

    public static readonly BrandTerms Brand = Sample.Terms with { Campaigns = new([.. ShippedCampaigns.All.Select(c => c with { HoldOut = 0m })]), Contact = new(Quiet: null, Most: 10) };

    public object State { get; private set; } = RunFile.Empty;
    public DateTimeOffset Now { get; set; } = Monday;
    public Acquaintance Known { get; set; } = new([], 0, false, 0, [new("email", true, false), new("whatsapp", false, false)]);
    public Dictionary<string, string> Codes { get; } = [];
    public HashSet<string> Paused { get; } = [];
    public List<Event> Events { get; } = [];
    public List<MessageEffect.Send> Said { get; } = [];
    public List<string> Keys { get; } = [];
    public DateTimeOffset? TimerAt { get; private set; }

    public Runs Runs => ((RunFile)State).Runs;
    public static Recipient Who => new("Asha Rao", "asha@example.com", "+919800000001", "en-IN", "IN");

    public Run Run(string campaign) => Runs.All!.Single(r => r.Campaign == campaign);

    public static OrderNews Order(string id, DateTimeOffset at, decimal total = 900m) => new(id, "#" + id, new(total, "INR"), at, [new("Tea", 2)], ["TEA"]);

    public Customer Buys(string id, decimal total = 900m) => Hears(new RunSignal.Purchased(Who, Order(id, Now, total)));

    public Customer Gets(string id) => Hears(new RunSignal.Delivered(Who, Order(id, Now.AddDays(-3)), Now));

    public Customer LeavesCheckout(string token = "tok", DateTimeOffset? at = null) =>
        Hears(new RunSignal.CheckoutSeen(Who, new(token, at ?? Now, at ?? Now, new(1200m, "INR"), [new("Tea", 3)], "https://shop.example/c/" + token)));

    /// <summary>Time passes, and the timer rings whenever it is due.</summary>
    public Customer After(TimeSpan time)
    {
        var until = Now + time;
        while (TimerAt <= until)
        {
            Now = TimerAt.Value > Now ? TimerAt.Value : Now;
            TimerAt = null;
            Hears(new RunSignal.Due());
        }
        Now = until;
        return this;
    }

    public Customer Days(double days) => After(TimeSpan.FromDays(days));

    /// <returns>What the signal set off, the answers of the database included.</returns>
    public Customer Hears(Signal signal)
    {
        Queue<Signal> signals = new([signal]);
        while (signals.TryDequeue(out var one))
        {
            var turn = new RunStream().Decide(State, one, new(new("aurora", "run", "email:" + address), Now, terms) { Paused = Paused, UnsubscribeAt = (brand, mailbox) => $"https://hub.example/unsubscribe/{brand}/{mailbox}" });
            State = turn.State;
            Events.AddRange(turn.Events);
            foreach (var effect in turn.Effects)
            {
                Said.Add((MessageEffect.Send)effect.Effect);
                Keys.Add(effect.Key);
            }
            foreach (var timer in turn.Timers) TimerAt = timer.Signal is null ? null : timer.DueAt;
            foreach (var request in turn.Requests)
                signals.Enqueue(request switch
                {
                    RunRequest.Look look => new RunSignal.Looked(look.Of, Known, look.Bought),
                    RunRequest.TakeOffer take => new RunSignal.OfferTaken(take.Run, take.Step, take.Offer, take.By, Codes.GetValueOrDefault(take.Offer)),
                    _ => throw new InvalidOperationException(request.ToString()),
                });
        }
        return this;
    }
}
