namespace Quartermaster.Connectors.ReviewsRest;

/// <summary>What we ask of a review tool: nothing but whether it is there. Pure.</summary>
internal static class ReviewsRestOutbound
{
    /// <summary>Asked by the test button; no tool keeps a review of that name.</summary>
    public const string TestReview = "CONNECTION-TEST";

    public static string ReviewPath(string id) => $"/reviews/{Uri.EscapeDataString(id)}";
}
