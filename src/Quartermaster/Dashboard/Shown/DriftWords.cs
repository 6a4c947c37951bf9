namespace Quartermaster.Dashboard.Shown;

/// <summary>Why numbers differed, in words.</summary>
public static class DriftWords
{
    /// <summary>Causes of a difference, the telling ones first, each with what it is called.</summary>
    public static readonly (string Cause, string Title)[] Causes =
        [("missed_webhook", "Word of it never came"), ("manual_edit", "Changed by hand"), ("double_count", "Counted twice"), ("mapping", "Code means another SKU"), ("unknown", "Not known")];

    public static string Cause(string cause) => Causes.FirstOrDefault(c => c.Cause == cause).Title ?? cause;
}
