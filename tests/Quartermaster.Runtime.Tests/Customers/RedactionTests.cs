using System.Text;
using Quartermaster.Runtime.Customers;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Customers;

/// <summary>What is taken out of a stored text, and what stays readable.</summary>
public sealed class RedactionTests
{
    [Fact]
    public void Goods_places_and_words_of_the_machine_stay_when_a_town_or_a_note_is_called_the_same()
    {
        var body = """{"kind":"order.shipped.v1","sku":"BATIK-BANDUNG-L","location":"bandung","channel":"aurora-shop","title":"Batik Bandung","shipTo":{"city":"Bandung","country":"ID"},"text":"We send it to Bandung, Zoe Quill"}""";
        Encoding.UTF8.GetString(new Redaction(["Zoe Quill"], ["Bandung", "Aurora", "shipped"]).Body(Encoding.UTF8.GetBytes(body), own: true)).ShouldBe(
            """{"kind":"order.shipped.v1","sku":"BATIK-BANDUNG-L","location":"bandung","channel":"aurora-shop","title":"Batik Bandung","shipTo":{"city":null,"country":"ID"},"text":"erased"}""");
    }

    [Fact]
    public void The_subject_of_a_letter_goes_whatever_it_names_and_that_of_a_parcel_stays()
    {
        var letter = """{"to":"li@example.test","subject":"Li Wu, your order #1 has left","text":"Hello Li Wu"}""";
        Encoding.UTF8.GetString(new Redaction(["Li Wu"]).Body(Encoding.UTF8.GetBytes(letter), own: true)).ShouldBe("""{"to":"erased","subject":"erased","text":"erased"}""");
        var planned = """[{"kind":"message.planned.v1","body":{"occasion":"shipped","subject":"P1","channel":"email"}}]""";
        Encoding.UTF8.GetString(new Redaction(["Li Wu"]).Body(Encoding.UTF8.GetBytes(planned), own: true)).ShouldBe(planned);
    }

    [Theory]
    [InlineData("From=whatsapp%3A%2B31687654321&Body=hi", "{}")]
    [InlineData("From=whatsapp%3A%2B316876543219&Body=hi", null)]
    [InlineData("""{"from":"31687654321","profile":{"name":"Zoe"}}""", "{}")]
    [InlineData("""{"a":1,"a":2}""", null)]
    public void A_vendors_body_goes_where_it_bears_them(string body, string? left) =>
        Encoding.UTF8.GetString(new Redaction(["31687654321"]).Raw(Encoding.UTF8.GetBytes(body))).ShouldBe(left ?? body);
}
