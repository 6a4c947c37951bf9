using System.Diagnostics;
using Quartermaster.Core.Messages;

namespace Quartermaster.Core.Tests.Messages;

public sealed class WritingSpeed
{
    [Fact]
    public void A_mail_is_written_in_under_fifty_microseconds()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("QM_MEASURE") == "1", "a measurement, not a check: set QM_MEASURE=1");
        var voice = new Voice(Sample.Terms, TemplateBook.Shipped);
        foreach (var channel in Sample.Terms.MessageChannels)
        {
            for (var i = 0; i < 50_000; i++) voice.Write("shipped", channel, "hi-IN", SpecimenFacts.All);
            var took = new double[1_000];
            for (var i = 0; i < took.Length; i++)
            {
                var begun = Stopwatch.GetTimestamp();
                voice.Write("shipped", channel, "hi-IN", SpecimenFacts.All);
                took[i] = Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
            }
            Array.Sort(took);
            Console.WriteLine($"{channel.Kind}: median {took[500]:0.0} µs, p99 {took[990]:0.0} µs");
            took[500].ShouldBeLessThan(50, $"p99 {took[990]:0.0} µs");
        }
    }
}
