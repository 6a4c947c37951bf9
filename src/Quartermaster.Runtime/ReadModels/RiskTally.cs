using System.Globalization;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>Scores and what came of asking shoppers, as counters: <c>scored/BAND</c>, <c>question/BAND/STATE/ended</c> and <c>…/returned</c>, <c>opinion/VERDICT</c>.</summary>
internal static class RiskTally
{
    public const string ScoredPrefix = "scored/";
    public const string QuestionPrefix = "question/";

    public static string Scored(int score) => string.Create(CultureInfo.InvariantCulture, $"{ScoredPrefix}{Assessment.BandOf(score)}");

    public const string OpinionPrefix = "opinion/";

    /// <returns>Null while the reviewer has not decided.</returns>
    public static string? Of(OrderEvent.OpinionKnown known) => known.Opinion.Verdict == Verdict.Waiting ? null : OpinionPrefix + known.Opinion.Verdict;

    public static IEnumerable<string> Of(OrderEvent.QuestionCounted q)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{QuestionPrefix}{q.Band}/{q.State}/");
        yield return name + "ended";
        if (q.Returned) yield return name + "returned";
    }

    public static int BandIn(string scored) => int.Parse(scored.AsSpan(ScoredPrefix.Length), CultureInfo.InvariantCulture);

    public static (int Band, Confirmation State, bool Returned) Read(string question) => question.Split('/') is [_, var band, var state, var end]
        ? (int.Parse(band, CultureInfo.InvariantCulture), Enum.Parse<Confirmation>(state), end == "returned")
        : throw new FormatException($"'{question}' is no counter of a question.");
}
