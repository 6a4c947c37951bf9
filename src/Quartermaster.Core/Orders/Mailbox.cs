namespace Quartermaster.Core.Orders;

/// <summary>Where mail ends up, however its address is written: a buyer has one mailbox and as many addresses of it as he likes.</summary>
public static class Mailbox
{
    /// <summary>Lower case, without what follows a plus, and at Google without dots.</summary>
    public static string Of(string email)
    {
        var lower = email.Trim().ToLowerInvariant();
        if (lower.LastIndexOf('@') is not (> 0 and var at)) return lower;
        var (name, domain) = (lower[..at].Split('+', 2)[0], lower[(at + 1)..]);
        return domain is "gmail.com" or "googlemail.com" ? $"{name.Replace(".", "", StringComparison.Ordinal)}@gmail.com" : $"{name}@{domain}";
    }

    /// <summary>Under what the orders of a mailbox are found that were placed under another address of it.</summary>
    /// <remarks>No address of anybody: what is sent to whoever asks goes by addresses as they are written.</remarks>
    public static string TermOf(string mailbox) => "mailbox:" + mailbox;
}
