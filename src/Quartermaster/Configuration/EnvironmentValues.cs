using System.Text;

namespace Quartermaster.Configuration;

/// <summary>Puts values of the environment into configured text: <c>${NAME}</c>, <c>${NAME:-otherwise}</c>.</summary>
/// <remarks>
/// Where NAME is not set, the file named by NAME_FILE is read instead: that is how container platforms hand over secrets.
/// A dollar sign that begins nothing is kept; <c>$${</c> is a literal <c>${</c>.
/// </remarks>
public sealed class EnvironmentValues(Func<string, string?> find)
{
    public static readonly EnvironmentValues OfThisProcess = new(Environment.GetEnvironmentVariable);

    /// <summary>The value of a variable or the content of its file variant; null when neither is set.</summary>
    /// <exception cref="EnvironmentValueException">The file cannot be read.</exception>
    public string? Find(string name)
    {
        if (find(name) is { Length: > 0 } value)
            return value;
        if (find(name + "_FILE") is not { Length: > 0 } path)
            return null;
        try
        {
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentValueException(
                $"{name}_FILE names '{path}', which cannot be read ({failure.Message.TrimEnd('.')})",
                $"Let {name}_FILE name a readable file, or set {name}.");
        }
    }

    /// <exception cref="EnvironmentValueException">A variable is not set and has no default, or a brace is left open.</exception>
    public string Expand(string text)
    {
        var start = text.IndexOf("${", StringComparison.Ordinal);
        if (start < 0)
            return text;
        var expanded = new StringBuilder();
        var from = 0;
        for (; start >= 0; start = text.IndexOf("${", from, StringComparison.Ordinal))
        {
            if (start > 0 && text[start - 1] == '$')
            {
                expanded.Append(text, from, start - 1 - from).Append("${");
                from = start + 2;
                continue;
            }
            var end = text.IndexOf('}', start);
            if (end < 0)
                throw new EnvironmentValueException($"'{text[start..]}' has no closing brace", "Write ${NAME} or ${NAME:-default}.");
            expanded.Append(text, from, start - from).Append(Resolve(text[(start + 2)..end]));
            from = end + 1;
        }
        return expanded.Append(text, from, text.Length - from).ToString();
    }

    private string Resolve(string reference)
    {
        var split = reference.IndexOf(":-", StringComparison.Ordinal);
        var name = split < 0 ? reference : reference[..split];
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            throw new EnvironmentValueException($"'${{{reference}}}' names no environment variable", "Write ${NAME} or ${NAME:-default}.");
        return Find(name) ?? (split >= 0
            ? reference[(split + 2)..]
            : throw new EnvironmentValueException(
                $"the environment variable {name} is not set",
                $"Set {name}, or {name}_FILE to a file that holds it, or write ${{{name}:-default}}.")
            {
                IsUnset = true,
            });
    }
}

/// <summary>A reference to the environment cannot be resolved.</summary>
public sealed class EnvironmentValueException(string wrong, string right) : Exception($"{wrong}. {right}")
{
    public string Wrong { get; } = wrong;
    public string Right { get; } = right;

    /// <summary>Nothing is wrong but that the variable has no value.</summary>
    public bool IsUnset { get; init; }
}
