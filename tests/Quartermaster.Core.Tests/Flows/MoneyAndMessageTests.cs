using Quartermaster.Core.Books;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Flows;

public sealed class MoneyAndMessageTests
{
    private static OrderStory Sent(OrderFacts? facts = null) => new OrderStory().Reported(facts).AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1));

    private static OrderSignal.RefundReported Refund(string id, decimal amount, params RefundedLine[] lines) => new(id, amount, "INR", Sample.Monday.AddHours(1), lines, null);

    [Fact]
    public void A_second_storefronts_invoices_have_numbers_of_their_own()
    {
        var facts = Sample.Facts() with { ExternalId = "1" };
        var file = new OrderStory().Reported(facts).File;
        PriceOfOrder.Of(file, "1").Number.ShouldBe("#1001");
        PriceOfOrder.Of(file, "b2b-1").Number.ShouldBe("b2b-#1001");
    }

    [Fact]
    public void Who_ordered_ahead_hears_the_day_and_nothing_of_a_delay()
    {
        var (kind, now) = (new OrderStream(), Sample.At(Sample.Monday));
        var turn = kind.Decide(OrderFile.Empty, new OrderSignal.Reported(Sample.Facts(), "orders/create"), now);
        if (turn.Requests.OfType<OrderRequest.ReadCodes>().SingleOrDefault() is { } codes) turn = kind.Decide(turn.State, new OrderSignal.CodesRead(codes.Lines, []), now);
        turn = kind.Decide(turn.State, new StockSignal.ReserveDenied([], ["SKU-A"], Sample.Monday.AddDays(10)), now);
        var (key, first) = turn.Effects.Select(e => (e.Key, Send: e.Effect as MessageEffect.Send)).Single(e => e.Send is not null);
        (first!.Template, first.Parameters).ShouldSatisfyAllConditions(m => m.Template.ShouldBe("order_preordered"), m => m.Parameters.ShouldBe(["#1001", "Asha Rao", "Thursday, 12 March"]));
        var second = kind.Decide(turn.State, new EffectSettled(key, "message.send.v1", new Outcome.Refused("131026", "no WhatsApp")), now).Effects.Select(e => e.Effect).OfType<MessageEffect.Send>().Single();
        (second.Occasion, second.To).ShouldBe((Occasion.Preordered, "asha@example.com"));
        second.Text.ShouldContain("We expect it here by Thursday, 12 March");
    }

    [Fact]
    public void What_an_order_brought_in_is_net_of_what_went_back_however_the_channel_counts_it()
    {
        Sent().Row.Kept.ShouldBe(1550m);
        var goodwill = Sent().Hear(Refund("r1", 100m));
        goodwill.Row.Kept.ShouldBe(1450m);
        goodwill.Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddHours(2) }, "orders/updated").Row.Kept.ShouldBe(1450m, "the channel's total knows nothing of money without units");

        var units = Sent().Hear(Refund("r2", 500m, new RefundedLine("2", 1, false, null, 500m, 0m)));
        units.Row.Kept.ShouldBe(1050m);
        units.Reported(Sample.Facts(Sample.Line("1", "SKU-A", 2), Sample.Line("2", "SKU-B", 0)) with { UpdatedAt = Sample.Monday.AddHours(2) }, "orders/updated").Row.Kept.ShouldBe(1050m, "it has taken the unit off by itself");
        var all = units.Hear(Refund("r3", 2000m));
        all.Row.Kept.ShouldBe(0m);

        var past = new OrderStory().Hear(new OrderSignal.Imported(Sample.Facts() with { Payment = new(PaymentState.PartiallyRefunded, PaymentMethod.Prepaid, "razorpay", 1550m, 50m) }, "csv"));
        past.Row.Kept.ShouldBe(1500m);
    }

    [Fact]
    public void A_refund_lessens_what_the_flow_that_brought_the_order_brought_in()
    {
        var story = new OrderStory(Sample.Terms with { Campaigns = CampaignTerms.None }).Reported().Hear(Refund("r1", 100m));
        story.Forwarded.Select(f => f.Signal).OfType<Core.Campaigns.RunSignal.Undone>().Single().Kept.ShouldBe(new Money(1450m, "INR"));
    }

    [Fact]
    public void A_question_that_the_page_has_answered_is_nobodys_case()
    {
        var story = new OrderStory().Reported().Hear(new OrderSignal.ShopperAsked("q1", "Where is my order?", Answer: "It is being prepared."));
        story.Cases.ShouldNotContainKey("wrote/q1");
        story.Hear(new OrderSignal.ShopperAsked("q2", "Where is my order?")).Cases.ShouldContainKey("wrote/q2");
    }

    [Fact]
    public void A_wish_for_a_day_is_offered_only_where_whoever_has_the_order_takes_one_and_is_a_persons_to_see_to()
    {
        ShopperView View(params string[] takes) => ShopperView.Of(Sent().File, [], Sample.Terms with { TakesDays = takes }, Core.Routing.LaneTimes.Unknown, Sample.Monday)!;
        View().WishDays.ShouldBeNull();
        View("somebody else").WishDays.ShouldBeNull();
        View(Sent().File.Shipping.All![0].Carrier!.ToLowerInvariant()).WishDays.ShouldBe((new DateOnly(2026, 3, 3), new DateOnly(2026, 4, 1)));
        var story = Sent().Hear(new OrderSignal.ShopperAsked("d1", "", Day: new DateOnly(2026, 3, 9)));
        story.Cases["day/d1"].ShouldSatisfyAllConditions(c => c.Kind.ShouldBe("order.day_wished"), c => c.Detail.ShouldContain("2026-03-09"));
    }

    [Fact]
    public void Who_asked_for_a_channel_hears_there_first_and_by_the_others_when_it_fails()
    {
        var story = new OrderStory { PreferenceOf = (email, phone) => (email, phone) == ("asha@example.com", "+919800000001") ? "email" : null }.Reported();
        story.Planned<MessageEffect.Send>().Select(m => m.To).ShouldBe(["asha@example.com"]);
        story.Notes.ShouldContain(note => note.Contains("as they asked for", StringComparison.Ordinal));
        story.Settle<MessageEffect.Send>(new Outcome.Refused("5.1.1", "no such mailbox"));
        story.Planned<MessageEffect.Send>().Select(m => m.To).ShouldBe(["asha@example.com", "+919800000001"]);
        new OrderStory { PreferenceOf = (_, _) => "sms" }.Reported().Planned<MessageEffect.Send>().Single().To.ShouldBe("+919800000001", "the brand has no such channel");
    }

    [Theory]
    [InlineData(OrderSignal.TheShopper, 1)]
    [InlineData("priya", 0)]
    public void An_address_that_was_changed_in_the_shoppers_name_is_told_to_the_shopper_through_every_channel_until_one_works(string by, int told)
    {
        var (kind, now) = (new OrderStream(), Sample.At(Sample.Monday));
        var turn = kind.Decide(OrderFile.Empty, new OrderSignal.Reported(Sample.Facts(), "orders/create"), now);
        turn = kind.Decide(turn.State, new OrderSignal.AddressCorrected(Sample.Facts().ShipTo! with { Line1 = "7 Hill Road", City = "Pune" }, by), now);
        var sent = turn.Effects.Where(e => e.Effect is MessageEffect.Send { Occasion: Occasion.AddressChanged }).ToList();
        sent.Count.ShouldBe(told);
        foreach (var (key, first) in sent.Select(e => (e.Key, (MessageEffect.Send)e.Effect)))
        {
            (first.Template, first.Parameters).ShouldSatisfyAllConditions(m => m.Template.ShouldBe("order_address_changed"), m => m.Parameters.ShouldBe(["#1001", "Asha Rao", "Pune"]));
            kind.Decide(turn.State, new EffectSettled(key, "message.send.v1", new Outcome.Refused("131026", "no WhatsApp")), now)
                .Effects.Select(e => e.Effect).OfType<MessageEffect.Send>().Single().Text.ShouldContain("If this was not you, tell us at once");
        }
    }

    [Fact]
    public void A_cent_goes_to_a_rounding_line()
    {
        var draft = Sent(Sample.Facts() with { Total = 1549.99m }).Planned<BooksEffect.DraftInvoice>().Single().Draft;
        draft.Lines[^1].ShouldBe(new InvoiceLine("Rounding", null, 1, -0.01m, 0m, InvoiceLineKind.Rounding));
        draft.Total.ShouldBe(1549.99m);
    }

    [Theory]
    [InlineData(0, 500, 500)]
    [InlineData(500, 550, 550)]
    [InlineData(550, 500, 550)]
    public void Money_of_a_refund_that_is_known_later_is_credited_and_none_of_it_twice(int first, int then, int credited)
    {
        var line = new RefundedLine("1", 1, true, null, 500m, 0m);
        var story = Sent().AllDone().Hear(Refund("R1", first, line)).AllDone().Hear(Refund("R1", then, line)).AllDone().Hear(Refund("R1", then, line), Refund("R1", first, line));
        story.Planned<BooksEffect.DraftCreditNote>().Sum(n => n.Draft.Total).ShouldBe(credited);
        story.Planned<BooksEffect.DraftCreditNote>().Select(n => n.Draft.Number).ShouldBeUnique();
    }

    [Fact]
    public void Units_that_were_refunded_before_they_left_are_not_credited()
    {
        var story = new OrderStory().Reported(Sample.Facts(Sample.Line("1", "SKU-A", 3))).AllDone().Shipped("T1", "BLR", ("SKU-A", 1)).Hear(Refund("R1", 1000m, new RefundedLine("1", 2, false, null, 1000m, 0m)));
        story.Planned<BooksEffect.DraftCreditNote>().ShouldBeEmpty();
        story.Settle<FulfilmentEffect.WithdrawFromWarehouse>(new Outcome.Done()).AllDone().Scanned("T1", ScanStatus.Delivered).Status.ShouldBe("closed");
        story.File.Books.Billed.ShouldBe(550m);
        story.Cases.ShouldBeEmpty();
    }

    [Fact]
    public void Of_refunded_units_only_the_invoiced_ones_are_credited_and_each_once()
    {
        var story = new OrderStory().Reported(Sample.Facts(Sample.Line("1", "SKU-A", 3))).AllDone().Shipped("T1", "BLR", ("SKU-A", 2))
            .Hear(Refund("R1", 1000m, new RefundedLine("1", 2, false, null, 1000m, 0m)), Refund("R2", 500m, new RefundedLine("1", 1, false, null, 500m, 0m)));
        story.Planned<BooksEffect.DraftCreditNote>().Select(c => (c.Draft.Lines.Single().Quantity, c.Draft.Total)).ShouldBe([(1, 500m), (1, 500m)]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_refund_heard_before_its_order_takes_no_tax_off_the_invoice(bool taxesIncluded)
    {
        var facts = Sample.Facts(Sample.Line("1", "SKU-A", 1) with { Tax = 90m }, Sample.Line("2", "SKU-B", 1) with { Tax = 90m }) with
        { TaxesIncluded = taxesIncluded, Tax = 180m, Total = taxesIncluded ? 1050m : 1230m, UpdatedAt = Sample.Monday.AddHours(-1) };
        var back = taxesIncluded ? 500m : 590m;
        var story = new OrderStory().Hear(Refund("R1", back, new RefundedLine("1", 1, false, null, 500m, 90m))).Reported(facts).AllDone().Shipped("T1", "BLR", ("SKU-B", 1));
        story.Planned<BooksEffect.DraftInvoice>().Single().Draft.Total.ShouldBe(facts.Total - back);
    }

    [Fact]
    public void Amounts_that_do_not_come_to_the_total_go_to_review_and_are_not_booked()
    {
        var facts = Sample.Facts() with { Total = 1500m };
        var story = new OrderStory().Reported(facts).Hear(new OrderSignal.HoldLiftAsked(HoldKind.TotalDoesNotAddUp, "lea")).AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1));
        story.Planned<BooksEffect.DraftInvoice>().ShouldBeEmpty();
        story.Cases["invoice/INV-1001"].Kind.ShouldBe("books.needs_review");
        story.AllDone().Scanned("T1", ScanStatus.Delivered).Status.ShouldBe("closed");
    }

    [Fact]
    public void Tax_on_top_of_prices_is_part_of_the_total()
    {
        var line = Sample.Line("1", "SKU-A", 3, 33.33m) with { Tax = 18m };
        var facts = Sample.Facts(line) with { TaxesIncluded = false, Tax = 27m, Total = 99.99m + 50m + 27m };
        var story = new OrderStory().Reported(facts).AllDone().Shipped("T1", "BLR", ("SKU-A", 2)).Shipped("T2", "BLR", ("SKU-A", 1));
        story.Planned<BooksEffect.DraftInvoice>().Select(d => (d.Draft.Total, d.Draft.Tax)).ShouldBe([(66.66m + 12m + 50m + 9m, 21m), (33.33m + 6m, 6m)]);
    }

    [Fact]
    public void Without_accounting_nothing_is_invoiced_and_the_order_still_closes()
    {
        var story = new OrderStory(Sample.Terms with { Accounting = null }).Reported().AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).AllDone();
        story.Scanned("T1", ScanStatus.Delivered).Status.ShouldBe("closed");
        story.Planned<BooksEffect>().ShouldBeEmpty();
    }

    [Fact]
    public void A_refund_after_the_invoice_is_credited_once_and_comes_back_to_stock()
    {
        var refund = Refund("R1", 500m, new RefundedLine("1", 1, true, null, 500m, 0m));
        var story = Sent().AllDone().Hear(refund, refund);
        story.Planned<BooksEffect.DraftCreditNote>().Single().Draft.ShouldSatisfyAllConditions(d => d.Total.ShouldBe(500m), d => d.Number.ShouldBe("INV-1001-CR-R1"));
        story.Desk.Find("SKU-A", "BLR").ShouldBe(new Position("SKU-A", "BLR", 9, 0));
    }

    [Fact]
    public void A_refund_before_the_invoice_bills_less_and_sends_less()
    {
        var story = new OrderStory().Reported().AllDone().Hear(Refund("R1", 520m, new RefundedLine("2", 1, true, null, 500m, 0m))).Settle<FulfilmentEffect.WithdrawFromWarehouse>(new Outcome.Done());
        story.Desk.Find("SKU-B", "BLR").ShouldBe(new Position("SKU-B", "BLR", 10, 0));
        story.Shipped("T1", "BLR", ("SKU-A", 2));
        story.Planned<BooksEffect.DraftInvoice>().Single().Draft.Total.ShouldBe(1030m);
        story.Planned<BooksEffect.DraftCreditNote>().ShouldBeEmpty();
    }

    [Fact]
    public void Invoices_that_fall_short_because_the_rest_was_refunded_are_compared_at_the_end()
    {
        var rest = Refund("R1", 480m, new RefundedLine("2", 1, false, null, 500m, 0m));
        OrderStory Part() => new OrderStory().Reported().AllDone().Shipped("T1", "BLR", ("SKU-A", 2)).Hear(rest).AllDone().Scanned("T1", ScanStatus.Delivered);
        Part().Status.ShouldBe("closed");
        Part().Cases.ShouldBeEmpty();

        var goodwill = new OrderStory().Reported().Hear(Refund("R0", 20m)).AllDone().Shipped("T1", "BLR", ("SKU-A", 2)).Hear(rest).AllDone().Scanned("T1", ScanStatus.Delivered);
        goodwill.Status.ShouldBe("closed");
        goodwill.Cases["invoice/sum"].Detail.ShouldContain("-20.00 INR");
    }

    [Fact]
    public void A_refused_invoice_is_a_case_that_a_later_success_closes()
    {
        var story = Sent().Settle<BooksEffect.DraftInvoice>(new Outcome.Refused("locked", "The period is locked."));
        story.Cases["invoice/INV-1001"].Kind.ShouldBe("books.not_booked");
        story.Settle<BooksEffect.DraftInvoice>(new Outcome.Done("x1")).Cases.ShouldBeEmpty();
        story.Happened<BooksEvent.Invoiced>().Count().ShouldBe(1);
    }

    [Fact]
    public void A_parcel_the_channel_will_not_take_is_a_case_and_the_order_goes_on()
    {
        var story = Sent().Settle<FulfilmentEffect.WriteFulfilment>(new Outcome.NotConnected("app uninstalled")).AllDone().Scanned("T1", ScanStatus.Delivered);
        story.Cases["fulfil/T1"].Kind.ShouldBe("fulfilment.not_written_back");
        story.Status.ShouldBe("closed");
    }

    [Fact]
    public void A_message_that_was_taken_and_then_not_delivered_goes_by_the_next_channel_once()
    {
        MessageSignal.NotDelivered Lost(string channel) => new($"order/5600000001/msg/confirmed/{channel}", channel, "131026", "no WhatsApp");
        var story = new OrderStory().Reported().AllDone();
        story.Hear(Lost("whatsapp"), Lost("whatsapp"), Lost("sms"));
        story.Planned<MessageEffect.Send>().Select(m => m.To).ShouldBe(["+919800000001", "asha@example.com"]);
        story.Happened<MessageEvent.FellBack>().ShouldBe([new(Occasion.Confirmed, "", "whatsapp", "no WhatsApp (131026)")]);
        story.Hear(Lost("email"), Lost("email"));
        story.Cases["message/unreachable"].Kind.ShouldBe("message.unreachable");
        story.Planned<MessageEffect.Send>().Count().ShouldBe(2);
    }

    [Fact]
    public void News_of_an_order_that_a_channel_takes_for_one_advertisement_too_many_goes_by_the_next()
    {
        var story = new OrderStory().Reported().AllDone();
        story.Hear(new MessageSignal.NotDelivered("order/5600000001/msg/confirmed/whatsapp", "whatsapp", MessageEffect.NotToday, "enough for today"));
        story.Planned<MessageEffect.Send>().Select(m => m.To).ShouldBe(["+919800000001", "asha@example.com"]);
    }

    [Fact]
    public void Of_an_order_that_was_cancelled_meanwhile_nobody_hears_by_another_channel_that_it_is_confirmed()
    {
        var story = new OrderStory().Reported().AllDone();
        story.Hear(new OrderSignal.CancelAsked("changed their mind", "ada"));
        story.AllDone().Hear(new MessageSignal.NotDelivered("order/5600000001/msg/confirmed/whatsapp", "whatsapp", "131026", "no WhatsApp"));
        story.Planned<MessageEffect.Send>().Where(m => m.Occasion == Occasion.Confirmed).Select(m => m.To).ShouldBe(["+919800000001"]);
    }

    [Theory]
    [InlineData(true, "https://hub.example/unsubscribe/aurora/asha@example.com")]
    [InlineData(false, null)]
    public void Mail_says_how_to_unsubscribe_where_the_brand_wants_it(bool wanted, string? address)
    {
        var story = new OrderStory(Sample.Terms with { MessageChannels = [new("email", "mail", wanted)] }).Reported();
        story.Planned<MessageEffect.Send>().ShouldHaveSingleItem().Unsubscribe.ShouldBe(address);
    }

    [Fact]
    public void A_message_that_whatsapp_refuses_goes_by_mail_and_then_to_a_person()
    {
        var story = new OrderStory().Reported().Settle<MessageEffect.Send>(new Outcome.Refused("131026", "not on WhatsApp"));
        story.Planned<MessageEffect.Send>().Select(m => m.To).ShouldBe(["+919800000001", "asha@example.com"]);
        story.Effects.Select(e => e.Key).ShouldContain("order/5600000001/msg/confirmed/email");
        story.Settle<MessageEffect.Send>(new Outcome.Refused("550", "no such mailbox"));
        story.Cases["message/unreachable"].Kind.ShouldBe("message.unreachable");
    }

    [Fact]
    public void A_message_of_unknown_fate_is_not_said_again() =>
        new OrderStory().Reported().Settle<MessageEffect.Send>(new Outcome.Unsure("timeout")).Planned<MessageEffect.Send>().Count().ShouldBe(1);

    [Theory]
    [InlineData("hi-IN", "hi", "नमस्ते Asha Rao")]
    [InlineData("id", "id", "Halo Asha Rao")]
    [InlineData("de-AT", "en", "Hello Asha Rao")]
    public void The_shopper_reads_a_language_that_is_theirs_or_the_brands(string locale, string language, string start)
    {
        var facts = Sample.Facts();
        var message = new OrderStory().Reported(facts with { Buyer = facts.Buyer with { Locale = locale } }).Planned<MessageEffect.Send>().Single();
        message.Language.ShouldBe(language);
        message.Text.ShouldStartWith(start);
        message.Parameters.ShouldBe(["#1001", "Asha Rao"]);
    }

    [Fact]
    public void News_of_a_parcel_names_carrier_and_number_and_does_not_come_late()
    {
        var story = Sent().Scanned("T1", ScanStatus.OutForDelivery);
        story.Planned<MessageEffect.Send>().Last().Parameters.ShouldBe(["#1001", "Asha Rao", "Delhivery", "T1"]);
        story.Effects[^1].NotAfter.ShouldBe(story.Now.AddSeconds(-10).AddHours(3), "from the scan on");
        story.Effects[^1].Key.ShouldBe("order/5600000001/msg/out_for_delivery/T1/whatsapp");
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(179, true)]
    [InlineData(181, false)]
    public void News_is_as_old_as_the_scan_and_not_as_young_as_the_reading_of_it(int minutes, bool told)
    {
        var story = Sent();
        var scannedAt = story.Now.AddMinutes(30);
        story.Now = scannedAt.AddMinutes(minutes);
        story.Hear(new ShippingSignal.Scanned("Delhivery", "T1", ScanStatus.OutForDelivery, "OFD", scannedAt, null));
        var sent = story.Effects.Where(e => e.Effect is MessageEffect.Send { Occasion: Occasion.OutForDelivery }).ToList();
        sent.Count.ShouldBe(told ? 1 : 0);
        foreach (var one in sent) one.NotAfter.ShouldBe(scannedAt.AddHours(3));
    }

    [Fact]
    public void Of_two_scans_that_were_read_together_the_shopper_hears_of_the_newer_one()
    {
        var story = Sent();
        var at = story.Now;
        var read = ShippingSignal.Scanned.Marked<ShippingSignal>(
        [
            new ShippingSignal.Scanned("Delhivery", "T1", ScanStatus.OutForDelivery, "OFD", at.AddMinutes(1), null), new ShippingSignal.Scanned("Delhivery", "T1", ScanStatus.Delivered, "DL", at.AddMinutes(50), null),
            new ShippingSignal.Scanned("Delhivery", "T2", ScanStatus.OutForDelivery, "OFD", at.AddMinutes(1), null),
        ], s => s, (_, s) => (ShippingSignal)s);
        read.Cast<ShippingSignal.Scanned>().Select(s => s.Overtaken).ShouldBe([true, false, false]);
        story.Now = at.AddHours(1);
        foreach (var scan in read.Take(2)) story.Hear(scan);
        story.Planned<MessageEffect.Send>().Select(m => m.Occasion).ShouldBe([Occasion.Confirmed, Occasion.Shipped, Occasion.Delivered]);
    }

    [Fact]
    public void A_second_attempt_is_news_again_and_one_attempt_that_is_told_twice_is_not()
    {
        var story = Sent();
        foreach (var (hours, status) in ((double, ScanStatus)[])[(1, ScanStatus.OutForDelivery), (5, ScanStatus.FailedAttempt), (5.2, ScanStatus.FailedAttempt), (24, ScanStatus.OutForDelivery), (25, ScanStatus.OutForDelivery)])
        {
            story.Now = Sample.Monday.AddDays(1).AddHours(hours);
            story.Hear(new ShippingSignal.Scanned("Delhivery", "T1", status, $"{status}", story.Now, null));
        }
        story.Effects.Where(e => e.Key.Contains("out_for_delivery", StringComparison.Ordinal)).Select(e => e.Key)
            .ShouldBe(["order/5600000001/msg/out_for_delivery/T1/whatsapp", "order/5600000001/msg/out_for_delivery/T1#2/whatsapp"]);
        story.Planned<MessageEffect.Send>().Last().Parameters.ShouldBe(["#1001", "Asha Rao", "Delhivery", "T1"]);
    }

    [Fact]
    public void What_was_overtaken_while_it_waited_is_known_by_what_was_said_since()
    {
        var story = Sent().Scanned("T1", ScanStatus.OutForDelivery);
        bool Overtaken(string what) => MessageDecider.IsOvertaken(story.File.Messages, Sample.Stream, $"order/5600000001/msg/{what}/whatsapp");
        (Overtaken("confirmed"), Overtaken("out_for_delivery/T1"), Overtaken("never_said")).ShouldBe((true, false, false));
        story.Scanned("T1", ScanStatus.Delivered);
        (Overtaken("shipped/T1"), Overtaken("out_for_delivery/T1"), Overtaken("delivered/T1")).ShouldBe((true, true, false));

        var again = new OrderStory(Sample.Terms with { Delays = new() }).Reported().AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1));
        foreach (var (hours, status) in ((int, ScanStatus)[])[(1, ScanStatus.OutForDelivery), (5, ScanStatus.FailedAttempt), (24, ScanStatus.OutForDelivery)])
        {
            again.Now = Sample.Monday.AddDays(1).AddHours(hours);
            again.Hear(new ShippingSignal.Scanned("Delhivery", "T1", status, $"{status}", again.Now, null));
        }
        bool OvertakenAgain(string what) => MessageDecider.IsOvertaken(again.File.Messages, Sample.Stream, $"order/5600000001/msg/{what}/whatsapp");
        (OvertakenAgain("out_for_delivery/T1"), OvertakenAgain("out_for_delivery/T1#2")).ShouldBe((true, false), "the second attempt is not overtaken by the failure of the first");
    }

    [Fact]
    public void An_announced_change_is_fetched_once_per_moment()
    {
        var change = new OrderSignal.ChangeAnnounced("shop", "5600000001", "orders/edited");
        var story = new OrderStory().Reported();
        story.Hear(change);
        story.Now = story.Now.AddSeconds(-9.5);
        story.Hear(change);
        story.Effects.Where(e => e.Effect is FulfilmentEffect.FetchOrder).Select(e => (e.Key, e.Connection)).ShouldBe([("order/5600000001/fetch/1", "shop")]);
        story.Hear(change).Effects[^1].Key.ShouldBe("order/5600000001/fetch/2");
    }

    [Fact]
    public void A_shopper_reads_the_total_of_what_is_left()
    {
        var facts = Sample.Facts(Sample.Line("1", "SKU-A", 2), Sample.Line("2", "SKU-B", 1));
        MessageFacts Told(OrderStory story) => MessageTrial.FactsOf(story.File, "order/1", Occasion.Confirmed, Sample.Terms, null, out _);
        var refund = Refund("R1", 500m, new RefundedLine("2", 1, false, null, 500m, 0m));
        var story = new OrderStory().Reported(facts).AllDone();
        Told(story).Total.Amount.ShouldBe(facts.Total);
        story.Hear(refund);
        Told(story).ShouldSatisfyAllConditions(t => t.Items.ShouldHaveSingleItem(), t => t.Total.ShouldBe(new(facts.Total - 500m, "INR")));
        // As a shopper abroad saw it: the same share goes.
        var abroad = new OrderStory().Reported(facts with { PresentmentCurrency = "USD", PresentmentTotal = 30m }).AllDone().Hear(refund);
        Told(abroad).Total.ShouldBe(new(decimal.Round(30m * (facts.Total - 500m) / facts.Total, 2), "USD"));
    }
}
