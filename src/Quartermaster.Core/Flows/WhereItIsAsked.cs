using System.Text.RegularExpressions;

namespace Quartermaster.Core.Flows;

/// <summary>Whether a text that somebody wrote asks where an order is, and nothing else.</summary>
/// <remarks>Conservative, in English, Hindi (in either script) and Bahasa Indonesia: a text that is long, or also speaks of money, damage or a change, is a person's to read first.</remarks>
public static partial class WhereItIsAsked
{
    private const int Longest = 300;

    public static bool By(string text) => text.Length <= Longest && Plain().Replace(text.ToLowerInvariant().Replace('’', '\''), " ") is var plain && Asks().IsMatch(plain) && !WantsMore().IsMatch(plain);

    [GeneratedRegex("""[^\p{L}\p{M}\p{N}']+""")]
    private static partial Regex Plain();

    [GeneratedRegex("""
        \b(where('?s|\sis|\sare)\s(my|the|our)\s(\w+\s)?(order|parcel|package|shipment|delivery|stuff|items?)\b
        | \b(track(ing)?|status)\s(of\s)?(my|the|our)\s(\w+\s)?(order|parcel|package|shipment|delivery)\b
        | \border\sstatus\b
        | \bwhen\s(will|does|is)\s(my|the|our)\s(\w+\s)?(order|parcel|package|shipment|delivery)\b
        | (\bnot|n't|\bnever|\byet\sto)\s(yet\s)?(received?|arrived?|got|come)\b.*\b(order|parcel|package)\b | \b(order|parcel|package)\b.*(\bnot|n't|\bnever|\byet\sto)\s(yet\s)?(been\s)?(received?|arrived?|delivered|come)\b
        | (ऑर्डर|आर्डर|ओर्डर|पार्सल|पैकेज|सामान).*(कहाँ|कहां|कब|नहीं\s(आया|मिला|पहुँचा|पहुंचा)) | (कहाँ|कहां|कब).*(ऑर्डर|आर्डर|ओर्डर|पार्सल|पैकेज|सामान)
        | \b(order|parcel|saman)\s(\w+\s)?(kahan?|kab|nahin?\s(aaya|aya|mila|pahuncha))\b | \b(kahan?|kab)\s(\w+\s){0,2}(order|parcel|saman)\b
        | \b(di\s?)?mana\s(posisi\s)?(pesanan|paket|orderan|kiriman|barang)\b | \b(pesanan|paket|orderan|kiriman|barang)\s(\w+\s){0,2}((di|sampai)\s?mana|belum\s(sampai|datang|tiba|diterima))\b
        | \bkapan\s(pesanan|paket|orderan|kiriman|barang)\b | \b(pesanan|paket|orderan|kiriman|barang)\s(\w+\s){0,2}kapan\b | \b(lacak|status|cek)\s(pesanan|paket|orderan|kiriman)\b)
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Asks();

    [GeneratedRegex("""
        \b(cancel|refund|return|money|exchange|wrong|broken|damaged|torn|missing|complain|change|instead|lawyer|batal\w*|uang|kembali\w*|rusak|salah|tukar|ganti|ubah|wapas|paisa|paise|kharab|galat|badal\w*)\b
        | रद्द|वापस|वापिस|रिफ़ंड|रिफंड|पैसे|पैसा|खराब|ख़राब|टूट|गलत|ग़लत|बदल
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex WantsMore();
}
