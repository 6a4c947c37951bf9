namespace Quartermaster.Import;

/// <summary>Something about a line of a file that a person should know.</summary>
/// <param name="Line">From 1, counting the header; where a record of several lines begins.</param>
/// <param name="Category">Groups notes of one cause: <c>bad date</c>, <c>cancellation</c>.</param>
/// <param name="Right">What would be right; empty when nothing is wrong.</param>
public sealed record ImportNote(string File, int Line, NoteKind Kind, string Category, string Text, string Right);

/// <summary>What a note means for the line it is about.</summary>
public enum NoteKind
{
    /// <summary>It could not be read; its order is not imported.</summary>
    Wrong,

    /// <summary>The mapping says to leave it out.</summary>
    Skipped,

    /// <summary>It was imported, and something about it is worth a look.</summary>
    Noted,
}

/// <summary>An order read from a file, with the place it was read from.</summary>
public sealed record ReadOrder(Core.Orders.OrderFacts Facts, string File, int Line);

/// <summary>A file, mapping or option that an import cannot begin with; the message says what would be right.</summary>
public sealed class ImportRefusedException(string message) : Exception(message);
