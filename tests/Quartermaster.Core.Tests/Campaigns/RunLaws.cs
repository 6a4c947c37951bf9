using FsCheck;
using FsCheck.Fluent;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Core.Tests.Campaigns;

/// <summary>What holds for every customer, whatever is heard of them, however often and in whatever order.</summary>
public sealed class RunLaws
{
    private static readonly Func<Customer, Signal>[] World =
    [
        c => new RunSignal.Purchased(Customer.Who, Customer.Order("1", Hour(1))), c => new RunSignal.Purchased(Customer.Who, Customer.Order("2", Hour(30))), c => new RunSignal.Purchased(Customer.Who, Customer.Order("3", c.Now)),
        c => new RunSignal.Delivered(Customer.Who, Customer.Order("1", Hour(1)), Hour(50)), c => new RunSignal.Delivered(Customer.Who, Customer.Order("2", Hour(30)), Hour(90)),
        c => new RunSignal.Undone("1", Undoing.GoneBack, Hour(60)), c => new RunSignal.Undone("2", Undoing.Cancelled, Hour(31)), c => new RunSignal.Undone("3", Undoing.Cancelled, c.Now),
        c => new RunSignal.CheckoutSeen(Customer.Who, new("a", Hour(0), Hour(0), new(10m, "INR"), [], null)), c => new RunSignal.CheckoutSeen(Customer.Who, new("a", Hour(0), Hour(2), new(20m, "INR"), [], null)),
        c => new RunSignal.CheckoutSeen(Customer.Who, new("b", Hour(40), Hour(40), new(20m, "INR"), [], null)), c => new RunSignal.CheckoutSeen(Customer.Who, new("b", Hour(40), Hour(41), new(20m, "INR"), [], null, Hour(41))),
        c => new RunSignal.Reviewed("1", Hour(70), "judge"), c => new RunSignal.Enrolled(Customer.Who, "0", Hour(-5000)), c => new RunSignal.Due(), c => new RunSignal.NotReached("review/1", 0, "nobody"),
        c => new EffectSettled(c.Keys.LastOrDefault() ?? "none", "message.send.v1", new Core.Connecting.Outcome.Refused("550", "nobody")), c => new MessageSignal.NotDelivered(c.Keys.FirstOrDefault() ?? "none", "email", "1", "no"),
    ];

    /// <summary>A signal, and the hours that pass after it.</summary>
    private static readonly Arbitrary<(int Signal, int Hours)[]> Lives =
        (from list in (from signal in Gen.Choose(0, World.Length - 1) from hours in Gen.Choose(0, 200) select (signal, hours)).ListOf() select list.ToArray()).ToArbitrary();

    [Fact]
    public void Saying_it_again_adds_nothing() => Prop.ForAll(Lives, life =>
    {
        var customer = New();
        foreach (var (signal, hours) in life)
        {
            var heard = World[signal](customer);
            customer.Hears(heard);
            var (events, said) = (customer.Events.Count, customer.Said.Count);
            customer.Hears(heard);
            (customer.Events.Count, customer.Said.Count).ShouldBe((events, said), heard.ToString());
            customer.After(TimeSpan.FromHours(hours));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_is_said_twice_and_nobody_enters_twice() => Prop.ForAll(Lives, life =>
    {
        var customer = Play(life);
        customer.Keys.ShouldBeUnique();
        customer.Events.OfType<RunEvent.Entered>().Select(e => e.Run).ShouldBeUnique();
        customer.Events.OfType<RunEvent.Left>().Select(e => e.Run).ShouldBeUnique();
        customer.Events.OfType<RunEvent.StepSent>().Select(e => (e.Run, e.Step)).ShouldBeUnique();
    }).QuickCheckThrowOnFailure();

    /// <summary>Whoever waits is woken: otherwise they would wait for ever.</summary>
    [Fact]
    public void The_timer_stands_at_the_next_step_that_is_due() => Prop.ForAll(Lives, life =>
    {
        var customer = Play(life);
        customer.TimerAt.ShouldBe(customer.Runs.NextAt);
        foreach (var run in customer.Runs.All ?? []) (run.DueAt is null).ShouldBe(!run.IsUnderWay, run.Id);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_campaign_has_one_run_under_way_and_what_ended_says_nothing_more() => Prop.ForAll(Lives, life =>
    {
        var customer = Play(life);
        (customer.Runs.All ?? []).Where(r => r.IsUnderWay).Select(r => r.Campaign).ShouldBeUnique();
        HashSet<string> left = [];
        foreach (var e in customer.Events)
            if (e is RunEvent.Left l) left.Add(l.Run);
            else if (e is RunEvent.StepSent s) left.ShouldNotContain(s.Run);
    }).QuickCheckThrowOnFailure();

    private static Customer Play((int Signal, int Hours)[] life)
    {
        var customer = New();
        foreach (var (signal, hours) in life) customer.Hears(World[signal](customer)).After(TimeSpan.FromHours(hours));
        return customer;
    }

    private static Customer New() => new(Customer.Brand) { Now = Hour(0) };

    private static DateTimeOffset Hour(int hour) => Sample.Monday.AddHours(hour);
}
