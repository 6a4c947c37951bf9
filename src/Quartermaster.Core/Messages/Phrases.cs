namespace Quartermaster.Core.Messages;

/// <summary>The words of every message in English, Hindi and Bahasa Indonesia; other languages read English.</summary>
public static class Phrases
{
    /// <summary><c>shipped</c>, <c>out_for_delivery</c>: the occasion as templates and keys name it.</summary>
    public static string Name(Occasion occasion) => occasion switch
    {
        Occasion.Confirmed => "confirmed",
        Occasion.Shipped => "shipped",
        Occasion.OutForDelivery => "out_for_delivery",
        Occasion.Delivered => "delivered",
        Occasion.Backordered => "backordered",
        Occasion.Cancelled => "cancelled",
        Occasion.ToConfirm => "to_confirm",
        Occasion.Delayed => "delayed",
        Occasion.AttemptFailed => "attempt_failed",
        Occasion.HeldAtCustoms => "held_at_customs",
        Occasion.ComingBack => "coming_back",
        Occasion.Preordered => "preordered",
        _ => throw new System.Diagnostics.UnreachableException(occasion.ToString()),
    };

    /// <summary>What the buttons of a question say back, with what it was about: the first wants the order, the second does not.</summary>
    public static IReadOnlyList<string> Answers(string of) => [$"confirmed.{of}", $"declined.{of}"];

    /// <summary>A two-letter language that we have words for.</summary>
    /// <param name="locale">BCP 47, as the channel gave it.</param>
    public static string LanguageOf(string? locale, string otherwise) =>
        locale is { Length: >= 2 } && locale[..2].ToLowerInvariant() is "en" or "hi" or "id" ? locale![..2].ToLowerInvariant() : otherwise;

    public static MessageEffect.Send Write(MessageSignal.Say say, string to)
    {
        var words = Words(say.To.Language, say.Occasion);
        var name = string.IsNullOrWhiteSpace(say.To.Name) ? Customer(say.To.Language) : say.To.Name;
        string[] parameters = say switch
        {
            { News: { } news } => [say.To.Number, name, Day(news.Expected), news.Link ?? "-"],
            { Parcel: { } parcel } => [say.To.Number, name, parcel.Carrier, parcel.Tracking],
            { Question: { } question } => [say.To.Number, name, question.Amount, question.Address, question.Link ?? ""],
            _ => [say.To.Number, name],
        };
        var text = Fill(words.Text, say.To.Number, name, say.Parcel);
        if (say.Question is { } asked) text = $"{text.Replace("{amount}", asked.Amount, StringComparison.Ordinal).Replace("{address}", asked.Address, StringComparison.Ordinal)}\n{asked.Link}".TrimEnd();
        if (say.Question is { Changed: true }) text = $"{Changed(say.To.Language)}\n{text}";
        if (say is { Occasion: Occasion.Shipped or Occasion.OutForDelivery, Parcel.TrackingUrl: { Length: > 0 } url }) text = $"{text}\n{url}";
        if (say.News is { } heard) text = string.Join('\n', new[] { text, heard.Reason, heard.Expected is null ? null : $"→ {Day(heard.Expected)}", heard.Link }.Where(line => !string.IsNullOrWhiteSpace(line)));
        return new(say.To.OrderRef, say.Occasion, to, say.To.Name, say.To.Language, $"order_{Name(say.Occasion)}", parameters, Fill(words.Subject, say.To.Number, name, say.Parcel), text,
            Buttons: say.Question is { } put ? Answers(put.Of) : null);
    }

    private static string Fill(string phrase, string number, string name, ParcelWords? parcel)
    {
        var text = phrase.Replace("{number}", number, StringComparison.Ordinal).Replace("{name}", name, StringComparison.Ordinal);
        return parcel is null ? text : text.Replace("{carrier}", parcel.Carrier, StringComparison.Ordinal).Replace("{tracking}", parcel.Tracking, StringComparison.Ordinal);
    }

    private static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) ?? "-";

    private static string Changed(string language) => language switch
    {
        "hi" => "आपका ऑर्डर बदल गया है। कृपया फिर से देखें।",
        "id" => "Pesanan Anda telah berubah. Mohon periksa lagi.",
        _ => "Your order has changed. Please look at it again.",
    };

    private static string Customer(string language) => language switch { "hi" => "ग्राहक", "id" => "Pelanggan", _ => "customer" };

    private static (string Subject, string Text) Words(string language, Occasion occasion) => (language, occasion) switch
    {
        ("hi", Occasion.Confirmed) => ("आपका ऑर्डर {number} मिल गया है", "नमस्ते {name}, हमें आपका ऑर्डर {number} मिल गया है और हम उसे तैयार कर रहे हैं। धन्यवाद!"),
        ("hi", Occasion.Shipped) => ("आपका ऑर्डर {number} भेज दिया गया है", "नमस्ते {name}, आपका ऑर्डर {number} {carrier} से भेज दिया गया है। ट्रैकिंग नंबर: {tracking}."),
        ("hi", Occasion.OutForDelivery) => ("आपका ऑर्डर {number} आज पहुँचेगा", "नमस्ते {name}, आपका ऑर्डर {number} डिलीवरी के लिए निकल चुका है ({carrier}, {tracking})."),
        ("hi", Occasion.Delivered) => ("आपका ऑर्डर {number} पहुँच गया है", "नमस्ते {name}, आपका ऑर्डर {number} पहुँचा दिया गया है ({carrier}, {tracking})। धन्यवाद!"),
        ("hi", Occasion.Backordered) => ("आपके ऑर्डर {number} में थोड़ी देरी", "नमस्ते {name}, आपके ऑर्डर {number} की कोई वस्तु अभी स्टॉक में नहीं है। आते ही हम उसे भेज देंगे।"),
        ("hi", Occasion.Preordered) => ("आपका ऑर्डर {number} आरक्षित है", "नमस्ते {name}, आपके ऑर्डर {number} का सामान हमारे पास आ रहा है। आते ही हम उसे भेज देंगे। इस दिन तक आने की उम्मीद है:"),
        ("hi", Occasion.Cancelled) => ("आपका ऑर्डर {number} रद्द कर दिया गया है", "नमस्ते {name}, आपका ऑर्डर {number} रद्द कर दिया गया है।"),
        ("hi", Occasion.ToConfirm) => ("कृपया अपने ऑर्डर {number} की पुष्टि करें", "नमस्ते {name}, आपका ऑर्डर {number} ({amount}, कैश ऑन डिलीवरी) इस पते पर भेजा जाएगा: {address}. कृपया पुष्टि करें या पता ठीक करें।"),
        ("hi", Occasion.Delayed) => ("आपका ऑर्डर {number} देर से पहुँचेगा", "नमस्ते {name}, आपका ऑर्डर {number} सोचे गए समय से देर में पहुँचेगा। हमें खेद है।"),
        ("hi", Occasion.AttemptFailed) => ("आपका ऑर्डर {number} सौंपा नहीं जा सका", "नमस्ते {name}, कूरियर आपका ऑर्डर {number} सौंप नहीं सका। वह फिर कोशिश करेगा।"),
        ("hi", Occasion.HeldAtCustoms) => ("आपका ऑर्डर {number} सीमा शुल्क पर रुका है", "नमस्ते {name}, आपका ऑर्डर {number} सीमा शुल्क पर रुका है।"),
        ("hi", Occasion.ComingBack) => ("आपका ऑर्डर {number} हमारे पास लौट रहा है", "नमस्ते {name}, आपका ऑर्डर {number} पहुँचाया नहीं जा सका और हमारे पास लौट रहा है।"),
        ("id", Occasion.Delayed) => ("Pesanan {number} datang lebih lambat", "Halo {name}, pesanan {number} akan sampai lebih lambat dari rencana. Mohon maaf."),
        ("id", Occasion.AttemptFailed) => ("Pesanan {number} belum bisa diserahkan", "Halo {name}, kurir belum bisa menyerahkan pesanan {number}. Kurir akan mencoba lagi."),
        ("id", Occasion.HeldAtCustoms) => ("Pesanan {number} tertahan di bea cukai", "Halo {name}, pesanan {number} tertahan di bea cukai."),
        ("id", Occasion.ComingBack) => ("Pesanan {number} kembali ke kami", "Halo {name}, pesanan {number} tidak bisa diserahkan dan sedang kembali ke kami."),
        ("id", Occasion.ToConfirm) => ("Mohon konfirmasi pesanan {number}", "Halo {name}, pesanan {number} ({amount}, bayar di tempat) akan dikirim ke: {address}. Mohon konfirmasi atau perbaiki alamatnya."),
        ("id", Occasion.Confirmed) => ("Pesanan {number} kami terima", "Halo {name}, pesanan {number} sudah kami terima dan sedang kami siapkan. Terima kasih!"),
        ("id", Occasion.Shipped) => ("Pesanan {number} sudah dikirim", "Halo {name}, pesanan {number} sudah dikirim dengan {carrier}. Nomor resi: {tracking}."),
        ("id", Occasion.OutForDelivery) => ("Pesanan {number} sedang diantar", "Halo {name}, pesanan {number} sedang diantar hari ini ({carrier}, {tracking})."),
        ("id", Occasion.Delivered) => ("Pesanan {number} sudah sampai", "Halo {name}, pesanan {number} sudah sampai ({carrier}, {tracking}). Terima kasih!"),
        ("id", Occasion.Backordered) => ("Pesanan {number} sedikit tertunda", "Halo {name}, salah satu barang dalam pesanan {number} sedang habis. Kami kirim segera setelah tersedia."),
        ("id", Occasion.Preordered) => ("Pesanan {number} sudah dicadangkan", "Halo {name}, barang pesanan {number} sedang dalam perjalanan ke kami. Kami kirim segera setelah tiba. Perkiraan tiba:"),
        ("id", Occasion.Cancelled) => ("Pesanan {number} dibatalkan", "Halo {name}, pesanan {number} telah dibatalkan."),
        (_, Occasion.Confirmed) => ("We have your order {number}", "Hello {name}, we have your order {number} and are getting it ready. Thank you!"),
        (_, Occasion.Shipped) => ("Your order {number} is on its way", "Hello {name}, your order {number} was sent with {carrier}. Tracking number: {tracking}."),
        (_, Occasion.OutForDelivery) => ("Your order {number} arrives today", "Hello {name}, your order {number} is out for delivery ({carrier}, {tracking})."),
        (_, Occasion.Delivered) => ("Your order {number} was delivered", "Hello {name}, your order {number} was delivered ({carrier}, {tracking}). Thank you!"),
        (_, Occasion.Backordered) => ("Your order {number} takes a little longer", "Hello {name}, an item of your order {number} is out of stock at the moment. We send it as soon as it is back."),
        (_, Occasion.Preordered) => ("Your order {number} is reserved", "Hello {name}, the goods of your order {number} are on their way to us. We send it as soon as they are here. We expect them on:"),
        (_, Occasion.Cancelled) => ("Your order {number} is cancelled", "Hello {name}, your order {number} has been cancelled."),
        (_, Occasion.ToConfirm) => ("Please confirm your order {number}", "Hello {name}, your order {number} ({amount}, cash on delivery) goes to: {address}. Please confirm it, or correct the address."),
        (_, Occasion.Delayed) => ("Your order {number} comes later than planned", "Hello {name}, your order {number} arrives later than planned. We are sorry."),
        (_, Occasion.AttemptFailed) => ("We could not hand over your order {number}", "Hello {name}, the carrier could not hand over your order {number} and tries again."),
        (_, Occasion.HeldAtCustoms) => ("Your order {number} is held at customs", "Hello {name}, your order {number} is held at customs."),
        (_, Occasion.ComingBack) => ("Your order {number} is on its way back to us", "Hello {name}, your order {number} could not be delivered and is on its way back to us."),
        _ => throw new System.Diagnostics.UnreachableException(occasion.ToString()),
    };
}
