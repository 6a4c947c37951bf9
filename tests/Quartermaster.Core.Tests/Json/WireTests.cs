using System.Reflection;
using System.Text;
using System.Text.Json;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Tests.Json;

public sealed class WireTests
{
    public static TheoryData<string> Kinds => new(Wire.All.Select(Wire.KindOf).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_message_reads_back_as_it_was_written(string kind)
    {
        var written = CoreJson.Write(Specimen.Of(Wire.TypeOf(kind)!));
        var read = CoreJson.Read(kind, written);
        read.GetType().ShouldBe(Wire.TypeOf(kind));
        Encoding.UTF8.GetString(CoreJson.Write(read)).ShouldBe(Encoding.UTF8.GetString(written));
    }

    /// <summary>The stored shape of a released kind must not change. After a deliberate change: <c>QM_APPROVE=1 ./dev test</c>, and look at the difference.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_message_keeps_its_approved_shape(string kind)
    {
        var path = Path.Combine(Root(), "tests", "Quartermaster.Core.Tests", "Approved", $"{kind}.json");
        var now = Pretty(CoreJson.Write(Specimen.Of(Wire.TypeOf(kind)!)));
        if (Environment.GetEnvironmentVariable("QM_APPROVE") == "1") File.WriteAllText(path, now);
        File.Exists(path).ShouldBeTrue($"{kind} has no approved shape yet: run once with QM_APPROVE=1.");
        File.ReadAllText(path).ShouldBe(now);
    }

    [Fact]
    public void Every_signal_event_request_and_effect_has_a_wire_name() =>
        typeof(Wire).Assembly.GetTypes()
            .Where(t => !t.IsAbstract && (t.IsSubclassOf(typeof(Signal)) || t.IsSubclassOf(typeof(Event)) || t.IsSubclassOf(typeof(Request)) || t.IsSubclassOf(typeof(Effect))))
            .Where(t => !t.IsDefined(typeof(WireAttribute), false))
            .ShouldBeEmpty();

    [Fact]
    public void Every_wire_hierarchy_is_closed() =>
        typeof(Wire).Assembly.GetTypes()
            .Where(t => t.IsAbstract && t.BaseType is { } b && (b == typeof(Signal) || b == typeof(Event) || b == typeof(Request) || b == typeof(Effect)))
            .Where(t => t.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Any(c => c.IsPublic || c is { IsFamily: true } && c.GetParameters().Length == 0))
            .ShouldBeEmpty();

    [Fact]
    public void A_list_of_events_reads_back()
    {
        Event[] events = [.. Wire.All.Where(t => t.IsSubclassOf(typeof(Event))).Select(t => (Event)Specimen.Of(t))];
        var written = CoreJson.WriteEvents(events);
        CoreJson.WriteEvents(CoreJson.ReadEvents(written)).ShouldBe(written);
        CoreJson.ReadEvents("[]"u8).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""[{"kind":"order.unheard_of.v1","body":{}}]""")]
    [InlineData("""[{"kind":"order.released.v1","body":{}}""")]
    [InlineData("""{"kind":"order.released.v1"}""")]
    public void Text_that_is_no_list_of_events_is_refused(string json) =>
        Should.Throw<Exception>(() => CoreJson.ReadEvents(Encoding.UTF8.GetBytes(json))).ShouldBeAssignableTo<Exception>()!.Message.ShouldNotBeEmpty();

    [Fact]
    public void Every_outcome_reads_back()
    {
        foreach (var type in typeof(Outcome).GetNestedTypes())
        {
            var outcome = (Outcome)Specimen.Of(type);
            CoreJson.ReadOutcome(CoreJson.Write(outcome)).ShouldBe(outcome);
        }
    }

    [Fact]
    public void Amounts_keep_every_digit()
    {
        var written = CoreJson.Write(new Core.Orders.OrderEvent.Paid(79228162514264337593.543950m, "INR"));
        ((Core.Orders.OrderEvent.Paid)CoreJson.Read("order.paid.v1", written)).Amount.ShouldBe(79228162514264337593.543950m);
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    private static string Pretty(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement, Indented) + "\n";
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Quartermaster.slnx"))) return folder.FullName;
        throw new DirectoryNotFoundException("Quartermaster.slnx is in no folder above the tests.");
    }
}
