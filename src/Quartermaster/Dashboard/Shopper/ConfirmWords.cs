namespace Quartermaster.Dashboard.Shopper;

/// <summary>What a shopper reads who is asked to confirm a cash order, in one language; the parts of an address are <see cref="Core.Flows.ShopperWords"/>'s.</summary>
/// <remarks>Every word is required, so that a language without one does not compile.</remarks>
internal sealed record ConfirmWords
{
    private static readonly ConfirmWords English = new()
    {
        Question = "You chose to pay {amount} in cash. Before we send it: do you want it, and is this where it should go?",
        Yes = "Yes, send it there",
        Elsewhere = "Send it to another address",
        Name = "Name",
        SendThere = "Send it to this address",
        PayInstead = "I would rather pay now",
        PayNow = "Pay {amount} now",
        No = "I do not want it any more",
        NothingLeft = "Thank you. Nothing is left to answer for this order.",
        Changed = "Your order has changed since you opened this page. Please look at it again before you answer.",
        Doubtful = "We do not know this postal code. Please look whether it is right.",
        Confirmed = "Thank you. We send it to the address that you confirmed.",
        Corrected = "Thank you. We send it to the new address.",
        Prepay = "Thank you. We send it as soon as your payment has arrived.",
        Declined = "Your order is cancelled. Nothing will be sent, and nothing is to be paid.",
    };

    private static readonly ConfirmWords Hindi = new()
    {
        Question = "आपने {amount} नकद देना चुना है। भेजने से पहले: क्या आपको यह ऑर्डर चाहिए, और क्या इसे यहीं भेजना है?",
        Yes = "हाँ, यहीं भेजें",
        Elsewhere = "दूसरे पते पर भेजें",
        Name = "नाम",
        SendThere = "इस पते पर भेजें",
        PayInstead = "मैं अभी भुगतान करना चाहता/चाहती हूँ",
        PayNow = "अभी {amount} का भुगतान करें",
        No = "मुझे अब यह नहीं चाहिए",
        NothingLeft = "धन्यवाद। इस ऑर्डर के लिए अब कुछ बताना बाकी नहीं है।",
        Changed = "यह पेज खोलने के बाद आपका ऑर्डर बदल गया है। जवाब देने से पहले कृपया इसे फिर से देखें।",
        Doubtful = "यह पिन कोड हमें नहीं मिला। कृपया देख लें कि यह सही है या नहीं।",
        Confirmed = "धन्यवाद। हम इसे उसी पते पर भेजेंगे जिसकी आपने पुष्टि की है।",
        Corrected = "धन्यवाद। हम इसे नए पते पर भेजेंगे।",
        Prepay = "धन्यवाद। आपका भुगतान मिलते ही हम इसे भेज देंगे।",
        Declined = "आपका ऑर्डर रद्द कर दिया गया है। कुछ भी नहीं भेजा जाएगा और कोई भुगतान नहीं करना है।",
    };

    private static readonly ConfirmWords Indonesian = new()
    {
        Question = "Anda memilih membayar {amount} secara tunai. Sebelum kami kirim: apakah Anda masih menginginkannya, dan apakah dikirim ke alamat ini?",
        Yes = "Ya, kirim ke sana",
        Elsewhere = "Kirim ke alamat lain",
        Name = "Nama",
        SendThere = "Kirim ke alamat ini",
        PayInstead = "Saya ingin membayar sekarang",
        PayNow = "Bayar {amount} sekarang",
        No = "Saya tidak menginginkannya lagi",
        NothingLeft = "Terima kasih. Tidak ada lagi yang perlu dijawab untuk pesanan ini.",
        Changed = "Pesanan Anda berubah sejak Anda membuka halaman ini. Mohon lihat lagi sebelum menjawab.",
        Doubtful = "Kode pos ini tidak kami kenal. Mohon periksa apakah sudah benar.",
        Confirmed = "Terima kasih. Kami kirim ke alamat yang Anda konfirmasi.",
        Corrected = "Terima kasih. Kami kirim ke alamat yang baru.",
        Prepay = "Terima kasih. Kami kirim begitu pembayaran Anda masuk.",
        Declined = "Pesanan Anda dibatalkan. Tidak ada yang dikirim dan tidak ada yang perlu dibayar.",
    };

    /// <summary>Languages that we have no words for read English.</summary>
    public static ConfirmWords In(string language) => language switch { "hi" => Hindi, "id" => Indonesian, _ => English };

    /// <summary>With {amount}.</summary>
    public required string Question { get; init; }
    public required string Yes { get; init; }
    public required string Elsewhere { get; init; }
    public required string Name { get; init; }
    public required string SendThere { get; init; }
    public required string PayInstead { get; init; }

    /// <summary>With {amount}.</summary>
    public required string PayNow { get; init; }
    public required string No { get; init; }
    public required string NothingLeft { get; init; }
    public required string Changed { get; init; }
    public required string Doubtful { get; init; }
    public required string Confirmed { get; init; }
    public required string Corrected { get; init; }
    public required string Prepay { get; init; }
    public required string Declined { get; init; }

    /// <summary>What somebody reads who has answered; null when it is no answer.</summary>
    public string? Thanks(string? answer) => answer switch
    {
        "confirmed" => Confirmed,
        "corrected" => Corrected,
        "prepay" => Prepay,
        "declined" => Declined,
        _ => null,
    };
}
