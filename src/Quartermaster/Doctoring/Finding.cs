namespace Quartermaster.Doctoring;

/// <summary>How serious something is.</summary>
public enum Verdict { Well, Look, Bad }

/// <summary>One thing the doctor looked at.</summary>
/// <param name="Remedy">What to do about it; null when it is well.</param>
public sealed record Finding(Verdict Verdict, string What, string Found, string? Remedy = null);
