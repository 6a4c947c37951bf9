using System.Runtime.CompilerServices;

namespace Quartermaster.Connectors.Tests;

/// <summary>The vendors' published contracts and samples, which are theirs and not part of this repository.</summary>
/// <remarks>Looked for in <c>QM_CONTRACTS</c>, then in <c>shared/contracts</c> beside the repository. A test that needs one skips itself, and says so, without it.</remarks>
internal static class ContractFolder
{
    private static readonly string? Root = Find();

    public static string Require(string path)
    {
        Assert.SkipWhen(Root is null, "The vendors' contracts are not on this machine: set QM_CONTRACTS to their folder to run this check.");
        var full = Path.Combine(Root!, path);
        Assert.SkipUnless(Path.Exists(full), $"{path} is not among the contracts in {Root}.");
        return full;
    }

    private static string? Find([CallerFilePath] string here = "")
    {
        if (Environment.GetEnvironmentVariable("QM_CONTRACTS") is { Length: > 0 } set) return Directory.Exists(set) ? set : null;
        for (var folder = new DirectoryInfo(Path.GetDirectoryName(here)!); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Quartermaster.slnx")) && folder.Parent is { } parent)
            {
                var beside = Path.Combine(parent.FullName, "shared", "contracts");
                return Directory.Exists(beside) ? beside : null;
            }
        return null;
    }
}
