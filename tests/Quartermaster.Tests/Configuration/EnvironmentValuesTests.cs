namespace Quartermaster.Configuration;

public sealed class EnvironmentValuesTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("${SET}", "value")]
    [InlineData("a-${SET}-${SET}", "a-value-value")]
    [InlineData("${NOT:-other}", "other")]
    [InlineData("${EMPTY:-other}", "other")]
    [InlineData("${NOT:-}", "")]
    [InlineData("${SET:-other}", "value")]
    [InlineData("cost $5", "cost $5")]
    [InlineData("$${SET}", "${SET}")]
    public void References_are_replaced(string text, string expected) =>
        ConfigurationTestBed.Environment(("SET", "value"), ("EMPTY", "")).Expand(text).ShouldBe(expected);

    [Fact]
    public void A_secret_is_read_from_the_file_that_its_FILE_variant_names()
    {
        File.WriteAllText(_file, "s3cret\n");

        ConfigurationTestBed.Environment(("TOKEN_FILE", _file)).Expand("${TOKEN}").ShouldBe("s3cret");
    }

    [Theory]
    [InlineData("${NOT}", "the environment variable NOT is not set")]
    [InlineData("${NOT", "no closing brace")]
    [InlineData("${}", "names no environment variable")]
    [InlineData("${GONE}", "cannot be read")]
    public void What_cannot_be_resolved_says_why(string text, string why) =>
        Should.Throw<EnvironmentValueException>(() => ConfigurationTestBed.Environment(("GONE_FILE", "/nowhere/at/all")).Expand(text))
            .Message.ShouldContain(why);
}
