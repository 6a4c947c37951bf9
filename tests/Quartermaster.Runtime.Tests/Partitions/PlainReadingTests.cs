using System.Text;
using System.Text.Json;
using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Partitions;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Partitions;

/// <summary>What a person reads of a body that could not be read.</summary>
public sealed class PlainReadingTests
{
    private sealed record Parcel(int Id, DateTimeOffset? At, List<Parcel>? Inside);

    [Theory]
    [InlineData("", "the body is empty")]
    [InlineData(" \n", "the body is empty")]
    [InlineData("{\"Id\": 1", "the body ends too early, after 8 bytes")]
    [InlineData("{\"Id\": 1, \"At\": \"20", "the body ends too early, after 19 bytes")]
    [InlineData("{\"Id\": 1,\n \"At\": nonsense}", "the body is not JSON at line 2")]
    [InlineData("<html>", "the body is not JSON at line 1")]
    [InlineData("{\"Id\": 1} and more", "the body is not JSON at line 1")]
    [InlineData("[1]", "the body is a list, which is not what is expected there")]
    [InlineData("\"paid\"", "the body is a text, which is not what is expected there")]
    [InlineData("{\"Id\": \"xx\"}", "the value at $.Id is not what is expected there")]
    [InlineData("{\"Inside\": [{\"Id\": 1}, {\"At\": \"noon\"}]}", "the value at $.Inside[1].At is not what is expected there")]
    public void A_body_that_cannot_be_read_is_told_without_the_name_of_a_type(string body, string said)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var thrown = Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Parcel>(bytes));
        PlainReading.Of(thrown, bytes).ShouldBe(said);
        // Readers say what they were reading, and hand the parser's words on.
        PlainReading.Of(new NotUnderstoodException("fake.bad_json", $"parcels: {thrown.Message}", thrown), bytes).ShouldBe($"parcels: {said}");
    }

    [Fact]
    public void What_a_reader_says_in_its_own_words_stays()
    {
        PlainReading.Of(new JsonException("the body is null"), "null"u8).ShouldBe("the body is null");
        PlainReading.Of(new NotUnderstoodException("fake.missing", "'id' is missing"), "{}"u8).ShouldBe("'id' is missing");
        PlainReading.Of(new InvalidOperationException("the reader has a bug"), "x"u8).ShouldBe("the reader has a bug");
    }
}
