using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.ReviewsRest;

/// <summary>What a tool's answer means: answer → outcome. Pure.</summary>
internal static class ReviewsRestAnswers
{
    /// <summary>The tool answered the question about a review that it cannot have.</summary>
    public static Outcome Tested(Answer answer) => answer.Usual(reads: true) switch
    {
        null => new Outcome.Done(),
        // Said in the contract's own words, it proves address and credentials as well as a review would.
        Outcome.Refused when answer.Status == 404 && answer.Read(ReviewsJson.Default.ReviewsError)?.Error?.Code == "unknown_review" => new Outcome.Done(),
        { } trouble => trouble,
    };
}
