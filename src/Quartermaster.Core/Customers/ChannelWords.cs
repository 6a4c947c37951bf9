using System.Collections.Frozen;

namespace Quartermaster.Core.Customers;

/// <summary>Reads a text as a wish to be written to by a channel, in English, Hindi and Bahasa Indonesia.</summary>
/// <remarks>As with <see cref="OptWords"/> the whole text has to be it: "by e-mail" is one, and "I wrote you an e-mail" is a person's to read.</remarks>
public static class ChannelWords
{
    private static readonly FrozenDictionary<string, string> All = Said(
        (ContactPoint.Email, ["email", "e-mail", "mail", "ईमेल", "ई-मेल", "मेल", "surel"]),
        (ContactPoint.WhatsApp, ["whatsapp", "whats app", "व्हाट्सएप", "व्हाट्सऐप", "व्हाट्सअप", "वाट्सएप"]),
        (ContactPoint.Sms, ["sms", "text message", "text messages", "एसएमएस", "मैसेज"]));

    /// <summary>The channel; null = it says nothing about that.</summary>
    public static string? Read(string text) => text.Length > 60 ? null : All.GetValueOrDefault(OptWords.Bare(text));

    private static FrozenDictionary<string, string> Said(params (string Channel, string[] Names)[] channels)
    {
        Dictionary<string, string> said = [];
        foreach (var (channel, names) in channels)
            foreach (var name in names)
                foreach (var form in (string[])[name, $"by {name}", $"by {name} please", $"{name} please", $"use {name}", $"only {name}", $"via {name}", $"lewat {name}", $"pakai {name}", $"melalui {name}", $"{name} se", $"{name} से", $"{name} पर", $"{name} par"])
                    said.TryAdd(OptWords.Bare(form), channel);
        return said.ToFrozenDictionary();
    }
}
