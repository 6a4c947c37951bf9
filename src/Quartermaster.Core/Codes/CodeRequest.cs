using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Codes;

/// <summary>What the database is told of codes inside the deciding transaction.</summary>
public abstract record CodeRequest : Request
{
    private CodeRequest() { }

    /// <summary>From now on the code means this. Orders that have not gone to a warehouse look again, and channels are told other numbers. Not answered.</summary>
    /// <param name="Parts">None = nothing is said of it any more.</param>
    [Wire("code.keep.v1")]
    public sealed record Keep(string Code, string Channel, IReadOnlyList<Part> Parts, string By, DateTimeOffset At) : CodeRequest;
}
