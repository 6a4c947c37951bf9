namespace Quartermaster.Architecture;

public sealed class FileSizeTests
{
    private const int Limit = 500;

    [Fact]
    public void No_file_is_longer_than_a_person_reads_standing_up() =>
        Repository.Sources("src", "tests", "tools")
            .Where(file => file.Lines.Count > Limit)
            .Select(file => $"{file.Path}: {file.Lines.Count} lines")
            .ShouldBeEmpty($"split by meaning; the limit is {Limit} lines");
}
