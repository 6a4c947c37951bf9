using System.Globalization;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Flows;

/// <summary>The words that shoppers read of an order's way, in one language: on its page and in answers.</summary>
/// <remarks>Every word is required, so that a language without one does not compile.</remarks>
public sealed record ShopperWords
{
    public static readonly IReadOnlyList<string> Languages = ["en", "hi", "id"];

    /// <summary>A two-letter language that we have words for.</summary>
    /// <param name="locale">BCP 47, as the channel gave it.</param>
    public static string LanguageOf(string? locale, string otherwise) =>
        locale is { Length: >= 2 } && locale[..2].ToLowerInvariant() is var language && Languages.Contains(language) ? language : otherwise;

    /// <summary>Languages that we have no words for read English.</summary>
    public static ShopperWords In(string language) => language switch { "hi" => ShopperHindi.Words, "id" => ShopperIndonesian.Words, _ => ShopperEnglish.Words };

    public required string Language { get; init; }

    public required string Hello { get; init; }
    public required string Order { get; init; }
    public required IReadOnlyDictionary<ShopperStage, string> Stages { get; init; }
    public required IReadOnlyList<string> Steps { get; init; }
    public required string HowFar { get; init; }

    public required string ExpectedBy { get; init; }
    public required string NoDayKnown { get; init; }
    public required string Late { get; init; }

    public required string Parcel { get; init; }
    public required string ParcelOf { get; init; }
    public required string SentBy { get; init; }
    public required string Left { get; init; }
    public required IReadOnlyDictionary<ScanStatus, string> Scans { get; init; }
    public required string NoScanYet { get; init; }
    public required string SentElsewhere { get; init; }
    public required string AtCarrier { get; init; }
    public required string InIt { get; init; }

    public required string NotSentYet { get; init; }
    public required string BeingPrepared { get; init; }
    public required string OutOfStock { get; init; }
    public required string GoesTo { get; init; }
    public required string Total { get; init; }
    public required string PlacedOn { get; init; }
    public required string UpdatedAt { get; init; }
    public required string LookAgain { get; init; }

    public required string ChangeAddress { get; init; }
    public required string WhatChangeDoes { get; init; }
    public required string WhatChangeDoesLate { get; init; }
    public required string Street { get; init; }
    public required string MoreAddress { get; init; }
    public required string PostalCode { get; init; }
    public required string City { get; init; }
    public required string Province { get; init; }
    public required string Country { get; init; }
    public required string Proof { get; init; }
    public required string WhyProof { get; init; }
    public required string SendThere { get; init; }
    public required string AddressTaken { get; init; }
    public required string AddressAsked { get; init; }
    public required string AddressHeard { get; init; }
    public required string WrongAddress { get; init; }
    public required string DoubtfulPostcode { get; init; }
    public required string WrongProof { get; init; }

    public required string AnotherDay { get; init; }
    public required string WhatDayDoes { get; init; }
    public required string WhichDay { get; init; }
    public required string MoreOfDay { get; init; }
    public required string AskDay { get; init; }
    public required string DayTaken { get; init; }
    public required string WrongDay { get; init; }

    public required string Return { get; init; }
    public required string WhatReturnDoes { get; init; }
    public required string WhichItems { get; init; }
    public required string WhyReturn { get; init; }
    public required string AskReturn { get; init; }
    public required string ReturnTaken { get; init; }
    public required string NothingChosen { get; init; }

    public required string Contact { get; init; }
    public required string YourMessage { get; init; }
    public required string SendMessage { get; init; }
    public required string MessageTaken { get; init; }
    public required string NothingWritten { get; init; }
    public required string NotAnswered { get; init; }
    public required string ByWhichChannel { get; init; }
    public required string WhatChannelDoes { get; init; }
    public required IReadOnlyDictionary<string, string> Channels { get; init; }
    public required string WriteThere { get; init; }
    public required string ChannelTaken { get; init; }

    public required string TooOften { get; init; }
    public required string TooLate { get; init; }

    public required string LastNews { get; init; }
    public required string FollowHere { get; init; }
    public required string StillToCome { get; init; }
    public required string ReasonSilent { get; init; }
    public required string ReasonLate { get; init; }

    /// <summary><c>Tuesday, 24 November</c>.</summary>
    public string Day(DateOnly day) => Wording.Of(Language).Day(day);

    /// <summary><c>24 November, 14:05</c>, on a clock that is already that of the place.</summary>
    public string Moment(DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"{Wording.Of(Language).DayOfMonth(DateOnly.FromDateTime(at.DateTime))}, {at:HH:mm}");

    /// <summary>What a moment of a parcel is called.</summary>
    public string Of(ShopperMoment moment, string carrier) => moment.What is { } scan ? Scans[scan] : Fill(Left, ("carrier", carrier));

    public static string Fill(string words, params ReadOnlySpan<(string Name, string Value)> values)
    {
        foreach (var (name, value) in values) words = words.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        return words;
    }
}
