using Quartermaster.Connectors.Dhl;
using Quartermaster.Connectors.FedEx;
using Quartermaster.Connectors.Ups;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.Tests;

/// <summary>Our tables of carriers' codes beside how others read the same codes: where the two differ, it is on purpose, and the purpose stands here.</summary>
/// <remarks>
/// What others say is not the truth: their tables have codes that the carriers do not publish, and guesses. Codes that they list twice are left out. Of UPS
/// only the rough types can be compared; we read the finer <c>statusCode</c>, which UPS publishes with its text.
/// </remarks>
public sealed class CarrierTableTests
{
    /// <summary>What a code means for whoever waits for the parcel.</summary>
    public enum Means { NothingYet, Moving, AtTheDoor, Arrived, Stuck, GoesBack, APerson }

    private const string NotPublished = "the carrier does not publish it: a person looks";

    private static readonly (string Carrier, Means Others, string Codes)[] Said =
    [
        ("ups", Means.NothingYet, "M MV"), ("ups", Means.Moving, "I"), ("ups", Means.Arrived, "D"), ("ups", Means.Stuck, "X"),
        ("fedex", Means.NothingYet, "OC OX EP MD CA RD"), ("fedex", Means.Moving, "PU PX OF AP IT IX AA AC AF AR AX DP EA EO FD LO OW PF PL PM SF TR HL HP DY DD PY"),
        ("fedex", Means.AtTheDoor, "AD ED OD"), ("fedex", Means.Arrived, "DL"), ("fedex", Means.Stuck, "CD SE HA DE"), ("fedex", Means.GoesBack, "RS RT"),
        ("dhl express", Means.NothingYet, "PU PL RW"), ("dhl express", Means.Moving, "DF AF AR CC CI CS CU DS FD MC OF PA PF PO RR RT SA SC TD TP TR UD AD DY HI HO HW SM WX LX"),
        ("dhl express", Means.AtTheDoor, "OO"), ("dhl express", Means.Arrived, "OK DD DL PD"), ("dhl express", Means.Stuck, "OH HN HX BA BN CA CM MS NH"),
        ("dhl", Means.Moving, "transit unknown"), ("dhl", Means.Arrived, "delivered"), ("dhl", Means.Stuck, "failure"),
    ];

    private static readonly (string Carrier, string Codes, Means Ours, string Why)[] OnPurpose =
    [
        ("fedex", "AP", Means.NothingYet, "the courier is at the sender's, and has nothing yet"),
        ("fedex", "AD", Means.Moving, "it is at the depot that delivers: a shopper need not stay at home"),
        ("fedex", "MD PY HA RT", Means.APerson, NotPublished),
        ("dhl express", "PU PL", Means.Moving, "it was picked up, and processed: DHL has it"),
        ("dhl express", "CS DS", Means.Stuck, "closed and destroyed shipments do not move any more"),
        ("dhl express", "RR SC", Means.NothingYet, "an answer that came and a service that changed move no parcel"),
        ("dhl express", "RT", Means.GoesBack, "returned to consignor"),
        ("dhl express", "UD", Means.Stuck, "customs holds it, for whatever reason"),
        ("dhl express", "PD", Means.Moving, "a part is still on its way"),
        ("dhl express", "BN MS", Means.Moving, "a broker who was told, and a mis-sort, are no failed delivery"),
        ("dhl express", "RW CI CU OF PA PF PO TD DY HI HO HW WX LX OO DL HN HX", Means.APerson, NotPublished),
        ("dhl", "unknown", Means.APerson, "unknown is a value, and no delay"),
    ];

    public static TheoryData<string, string, Means> All()
    {
        var all = new TheoryData<string, string, Means>();
        foreach (var (carrier, others, codes) in Said)
            foreach (var code in codes.Split(' ')) all.Add(carrier, code, others);
        return all;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_code_means_what_others_read_in_it_or_differs_on_purpose(string carrier, string code, Means others)
    {
        var purpose = OnPurpose.Where(p => p.Carrier == carrier && p.Codes.Split(' ').Contains(code)).ToList();
        purpose.Count.ShouldBeLessThan(2);
        if (purpose.Count == 1) purpose[0].Ours.ShouldNotBe(others, "a difference that is none any more");
        Read(carrier, code).ShouldBe(purpose.Count == 1 ? purpose[0].Ours : others, purpose.Count == 1 ? purpose[0].Why : $"{carrier} {code}");
    }

    [Fact]
    public void Every_purpose_is_about_a_code_that_others_read() =>
        OnPurpose.SelectMany(p => p.Codes.Split(' ').Select(code => (p.Carrier, code))).Except(Said.SelectMany(s => s.Codes.Split(' ').Select(code => (s.Carrier, code)))).ShouldBeEmpty();

    private static Means Read(string carrier, string code) => Of(carrier switch
    {
        "ups" => UpsStatus.Of(null, code),
        "fedex" => FedExStatus.Of(code, null),
        "dhl express" => DhlStatus.OfExpress(code),
        _ => DhlStatus.Of(null, code, null),
    });

    private static Means Of(ScanStatus? status) => status switch
    {
        null => Means.NothingYet,
        ScanStatus.PickedUp or ScanStatus.InTransit => Means.Moving,
        ScanStatus.OutForDelivery => Means.AtTheDoor,
        ScanStatus.Delivered => Means.Arrived,
        ScanStatus.ReturnedToOrigin => Means.GoesBack,
        ScanStatus.Unmapped => Means.APerson,
        _ => Means.Stuck,
    };
}
