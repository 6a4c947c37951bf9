using System.Collections.Frozen;
using System.Globalization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Messages;

/// <summary>How a language writes days, amounts and numbers of things, and what it calls those whose name is unknown.</summary>
/// <remarks>
/// Written out for the languages that have shipped templates, so that every machine writes alike whatever it knows of cultures. Another language
/// gets forms that nobody misreads, <c>2026-11-24</c> and <c>1550.00 EUR</c>, and its own plural forms.
/// </remarks>
public sealed class Wording
{
    private static readonly string[] EnglishDays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
    private static readonly string[] EnglishMonths = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    private static readonly string[] HindiDays = ["रविवार", "सोमवार", "मंगलवार", "बुधवार", "गुरुवार", "शुक्रवार", "शनिवार"];
    private static readonly string[] HindiMonths = ["जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"];
    private static readonly string[] IndonesianDays = ["Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"];
    private static readonly string[] IndonesianMonths = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"];

    private static readonly FrozenDictionary<string, string> Symbols = new Dictionary<string, string>
    {
        ["INR"] = "₹", ["EUR"] = "€", ["USD"] = "$", ["GBP"] = "£", ["IDR"] = "Rp", ["JPY"] = "¥",
    }.ToFrozenDictionary();

    // Thousands in threes; in lakhs where rupees or Hindi are written.
    private static readonly NumberFormatInfo Plain = new() { NumberGroupSeparator = ",", NumberDecimalSeparator = "." };
    private static readonly NumberFormatInfo Lakhs = new() { NumberGroupSeparator = ",", NumberDecimalSeparator = ".", NumberGroupSizes = [3, 2] };
    private static readonly NumberFormatInfo Dotted = new() { NumberGroupSeparator = ".", NumberDecimalSeparator = "," };

    private static readonly Wording Other = With(Plurals.Usual);

    private static readonly FrozenDictionary<string, Wording> ByLanguage = new Dictionary<string, Wording>(Plurals.ByLanguage.Select(p => KeyValuePair.Create(p.Key, With(p.Value))))
    {
        ["en"] = new(Plurals.Usual, "there", "the carrier", EnglishDays, EnglishMonths, Plain),
        ["hi"] = new(Plurals.ByLanguage["hi"], "ग्राहक", "कूरियर", HindiDays, HindiMonths, Lakhs),
        ["id"] = new(Plurals.ByLanguage["id"], "Kak", "kurir", IndonesianDays, IndonesianMonths, Dotted),
    }.ToFrozenDictionary();

    private readonly Plurals _plurals;
    private readonly string[]? _days, _months;
    private readonly NumberFormatInfo? _numbers;

    private Wording(Plurals plurals, string shopper, string carrier, string[]? days, string[]? months, NumberFormatInfo? numbers) =>
        (_plurals, Shopper, Carrier, _days, _months, _numbers) = (plurals, shopper, carrier, days, months, numbers);

    /// <summary>How many forms a noun has by its number.</summary>
    public int Forms => _plurals.Forms;

    /// <summary>What a shopper is called who gave no name.</summary>
    public string Shopper { get; }

    /// <summary>What a carrier is called that has no name.</summary>
    public string Carrier { get; }

    /// <param name="language">With or without a region: <c>pt-br</c>.</param>
    public static Wording Of(string language) => ByLanguage.GetValueOrDefault(language) ?? (language is [_, _, '-', ..] ? ByLanguage.GetValueOrDefault(language[..2]) : null) ?? Other;

    /// <summary>Which of the <see cref="Forms"/> stands with a number of things.</summary>
    public int FormOf(int count) => _plurals.Of(count);

    private static Wording With(Plurals plurals) => new(plurals, "customer", "the carrier", null, null, null);

    /// <summary>With its weekday and without its year: no message tells of days so far away.</summary>
    public string Day(DateOnly day) => _days is null ? DayOfMonth(day) : $"{_days[(int)day.DayOfWeek]}, {DayOfMonth(day)}";

    /// <summary><c>24 November</c>.</summary>
    public string DayOfMonth(DateOnly day) => _months is null ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{day.Day} {_months[day.Month - 1]}");

    /// <summary>Never without its currency.</summary>
    public string Amount(Money money)
    {
        var places = Currencies.DecimalsOf(money.Currency);
        var amount = Currencies.Round(money.Amount, money.Currency);
        if (_numbers is null) return $"{amount.ToString("F" + places.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)} {money.Currency}";
        // ISO gives the rupiah its sen, which nobody has written for decades.
        if (money.Currency == "IDR" && amount == decimal.Truncate(amount)) places = 0;
        var numbers = money.Currency == "INR" && ReferenceEquals(_numbers, Plain) ? Lakhs : _numbers;
        var number = amount.ToString("N" + places.ToString(CultureInfo.InvariantCulture), numbers);
        return Symbols.TryGetValue(money.Currency, out var symbol) ? symbol + number : $"{number} {money.Currency}";
    }
}
