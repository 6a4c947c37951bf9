namespace Quartermaster.Core.Connecting;

/// <summary>A text that a message channel holds itself: we send its name and what goes into its gaps.</summary>
/// <param name="Language">Ours where the connection maps the channel's code to one, otherwise the channel's in lower case with a hyphen: <c>en-us</c>.</param>
/// <param name="Status">In the channel's word: <c>APPROVED</c>, <c>PAUSED</c>, <c>REJECTED</c> and others.</param>
/// <param name="Category"><c>UTILITY</c>, <c>MARKETING</c>, <c>AUTHENTICATION</c>.</param>
/// <param name="Quality"><c>GREEN</c>, <c>YELLOW</c>, <c>RED</c>; null = not rated.</param>
/// <param name="Body">With its gaps as the channel writes them: <c>{{1}}</c>.</param>
/// <param name="Parameters">How many numbered gaps the body has.</param>
/// <param name="Others">How many it has that we never fill: in its head, in the address of a button, or by name.</param>
/// <param name="Buttons">How many answers by button it has.</param>
public sealed record HeldText(string Name, string Language, string Status, string Category, string? Quality, string Body, int Parameters, int Others = 0, int Buttons = 0)
{
    public bool IsApproved => Status == "APPROVED";

    public bool IsMarketing => Category == "MARKETING";
}
