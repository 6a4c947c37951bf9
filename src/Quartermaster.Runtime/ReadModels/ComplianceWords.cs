using System.Globalization;
using Quartermaster.Runtime.Customers;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>What a row of the weekly report counts, in words.</summary>
public static class ComplianceWords
{
    public static string Of(string what) => what switch
    {
        ConsentWords.OptedOut => "said that they do not want to be written to",
        ConsentWords.OptedIn => "said that they want to be written to",
        ConsentWords.Bounced => "addresses that nobody has",
        ConsentWords.Complained => "called a message spam",
        ConsentWords.ByPerson => "taken off by one of us",
        ConsentWords.Lifted => "set aside by one of us",
        "suppressed_all" => "are sent nothing now",
        "suppressed_marketing" => "are sent no marketing now",
        "marketing" => "marketing messages let through",
        "rested" => "got no more marketing on a day because the channel said that they had enough",
        "erased" => "customers erased",
        "editions_approved" => "templates of ours approved",
        "editions_waiting" => "templates of ours that wait for approval now",
        _ when what.Split(' ', 2) is ["text", var state] => $"texts that the channel holds are {state} now",
        _ when what.Split(' ', 2) is ["quality", var quality] => $"texts that the channel holds have the quality {quality} now",
        _ when what.Split(' ', 2) is ["told", var word] => $"messages told as {word}",
        _ => what,
    };

    /// <summary><c>3 called a message spam (email)</c>.</summary>
    public static string Line(ComplianceRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.Count:N0} {Of(row.What)}{(row.Channel.Length == 0 ? "" : $" ({row.Channel})")}");
}
