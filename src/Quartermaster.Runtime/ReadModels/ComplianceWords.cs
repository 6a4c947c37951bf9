using System.Globalization;
using Quartermaster.Core.Kernel;
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
        _ when what.Split(' ', 3) is ["held", var state, var text] => $"text that cannot be used now, {state}: {text}",
        _ when what.Split(' ', 3) is ["rated", var rating, var text] => $"text rated {rating} by its readers now: {text}",
        _ when what.Split(' ', 3) is ["number", var rating, var most] => $"people written to in the last 24 hours by a number of the quality {rating} now{(most.Length > 0 ? $", which may write to {most}" : "")}",
        _ when what.Split(' ', 2) is ["told", var word] => $"messages told as {word}",
        _ => what,
    };

    /// <summary>How much of what was delivered was called spam or had nobody to read it, for each kind of channel that tells what it delivered.</summary>
    public static IEnumerable<string> Rates(IReadOnlyList<ComplianceRow> rows, BrandTerms terms)
    {
        foreach (var kind in terms.MessageChannels.GroupBy(c => c.Kind))
        {
            var connections = kind.Select(c => c.Connection).ToHashSet();
            var delivered = rows.Where(r => r.What == "told delivered" && connections.Contains(r.Channel)).Sum(r => r.Count);
            if (delivered == 0) continue;
            var (spam, gone) = (Counted(ConsentWords.Complained, kind.Key), Counted(ConsentWords.Bounced, kind.Key));
            yield return string.Create(CultureInfo.InvariantCulture, $"{kind.Key}: of {delivered:N0} delivered messages {100m * spam / delivered:0.00} % were called spam; of {delivered + gone:N0} sent {100m * gone / (delivered + gone):0.00} % had nobody to read them");
        }

        long Counted(string word, string kind) => rows.Where(r => r.What == word && r.Channel == kind).Sum(r => r.Count);
    }

    /// <summary><c>3 called a message spam (email)</c>.</summary>
    public static string Line(ComplianceRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.Count:N0} {Of(row.What)}{(row.Channel.Length == 0 ? "" : $" ({row.Channel})")}");
}
