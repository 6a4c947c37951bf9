using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Partitions;
using Quartermaster.Runtime.ReadModels;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>Answers "where is my order" by itself, for brands that want it, while whoever asks still looks at the screen.</summary>
/// <remarks>
/// Only where there is no doubt: all that they wrote and nobody has read asks for that and nothing else, it came from the order's own number or address,
/// and one order is meant: the only one under way, or the one whose number they name. What is known is read at the moment of answering. Everything else
/// stays a person's, as it is; so does what is not answered within minutes.
/// </remarks>
internal sealed class Answerer(HubRuntime hub, TimeProvider clock)
{
    private const int MostAtOnce = 200, MostOrders = 20, MostRemembered = 10_000, ShortestNumber = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly ContactStream Contacts = new();
    private static readonly OrderStream Orders = new();

    // What was looked at: a question that a person has to read is not read again every few seconds.
    private readonly HashSet<(string, string, string?)> _seen = [];
    private readonly string[] _brands = [.. hub.Plan.Brands.Values.Where(b => b.Terms.AnswersAtOnce).Select(b => b.Terms.Brand)];

    public bool IsNeeded => _brands.Length > 0;

    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        if (_seen.Count > MostRemembered) _seen.Clear();
        foreach (var (stream, contact, channel) in await AskedAsync(connection, cancel))
        {
            if (ContactDecider.Unanswered(contact, channel) is not [.., var last] texts || !_seen.Add((stream.Brand, stream.Key, last.MessageId))) continue;
            if (last.At < clock.GetUtcNow() - Patience || !texts.All(t => WhereItIsAsked.By(t.Text)) || !CanAnswer(stream.Brand, channel)) continue;
            if (await OrderAsync(connection, stream, texts, cancel) is not { } order) continue;
            var answer = new ContactSignal.AnswerFound(channel, last.MessageId, order.Id.Key, await WriteAsync(order.Id, order.File, cancel));
            await hub.Intake.WriteAsync(new Arrival(stream.Brand, stream.Key, false, Wire.KindOf(answer.GetType()), "hub/answers", null, null, CoreJson.Write(answer), clock.GetUtcNow()), cancel);
        }
    }

    // Index: open_case_open.
    private async Task<List<(StreamId Stream, Contact Contact, string Channel)>> AskedAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var read = new NpgsqlCommand("""
            SELECT c.brand, c.stream, c.key, s.state FROM open_case c JOIN stream s USING (brand, stream)
            WHERE c.brand = ANY ($1) AND c.kind = $2 AND c.closed_at IS NULL AND s.updated_at > $3 ORDER BY s.updated_at LIMIT $4
            """, connection).With(Texts(_brands), Text(ContactDecider.WroteKind), Instant(clock.GetUtcNow() - Patience), Int(MostAtOnce));
        List<(StreamId, Contact, string)> asked = [];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            asked.Add((StreamId.Parse(reader.GetString(0), reader.GetString(1)), (Contact)Contacts.Load(reader.GetFieldValue<byte[]>(3)), reader.GetString(2).Split('/')[^1]));
        return asked;
    }

    private bool CanAnswer(string brand, string channel) =>
        hub.Plan.Brands[brand].Terms.MessageChannels.FirstOrDefault(c => c.Kind == channel) is { } by && hub.Plan.Connections.TryGetValue(by.Connection, out var connection)
        && connection.Connector.Manifest.Does.Contains(Wire.KindOf(typeof(MessageEffect.Answer)));

    /// <summary>The order that is meant, if there is no doubt.</summary>
    private static async Task<(StreamId Id, OrderFile File)?> OrderAsync(NpgsqlConnection connection, StreamId contact, IReadOnlyList<Heard> texts, CancellationToken cancel)
    {
        if (ContactPoint.Parse(contact.Id) is not { } asker) return null;
        // Indexes: lookup_pkey, stream_pkey.
        await using var read = new NpgsqlCommand("SELECT s.stream, s.state FROM lookup l JOIN stream s USING (brand, stream) WHERE l.brand = $1 AND l.term = $2 AND s.placed_at IS NOT NULL ORDER BY s.placed_at DESC LIMIT $3", connection);
        read.With(Text(contact.Brand), Text(asker.Address), Int(MostOrders + 1));
        List<(StreamId Id, OrderFile File)> theirs = [];
        var found = 0;
        await using (var reader = await read.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel))
            {
                found++;
                if (Orders.Load(reader.GetFieldValue<byte[]>(1)) is OrderFile { Order: { Facts: not null, Phase: not OrderPhase.History }, Erased: false } file && IsOf(asker, file)) theirs.Add((StreamId.Parse(contact.Brand, reader.GetString(0)), file));
            }
        // So many that some were not looked at.
        if (found > MostOrders) return null;
        var named = texts.SelectMany(t => Numbers(t.Text)).Distinct().ToList();
        var meant = named.Count > 0 ? theirs.Where(o => named.Exists(n => IsCalled(o.File, n))).ToList() : theirs.Where(o => !o.File.Order.Ended).ToList();
        // A number that is none of theirs asks for something else as well.
        return meant is [var one] && named.TrueForAll(n => IsCalled(one.File, n)) ? one : null;
    }

    // What an order was found by once it stays found by; who asks has to be in it now.
    private static bool IsOf(ContactPoint asker, OrderFile file)
    {
        var said = new PersonalWords();
        said.Reach(file.Order.Facts!.Buyer.Email, file.Order.Facts.Buyer.Phone ?? file.Order.ShipTo?.Phone);
        return said.Points.Contains(asker);
    }

    private static IEnumerable<string> Numbers(string text) => text.Split([.. text.Where(c => !char.IsAsciiDigit(c)).Distinct()], StringSplitOptions.RemoveEmptyEntries).Where(n => n.Length >= ShortestNumber);

    private static bool IsCalled(OrderFile file, string number) => file.Order.Facts!.Number is var called && string.Concat(called.Where(char.IsAsciiDigit)).EndsWith(number, StringComparison.Ordinal);

    private async Task<string> WriteAsync(StreamId order, OrderFile file, CancellationToken cancel)
    {
        var terms = hub.Plan.Brands[order.Brand].Terms;
        var parcels = file.Shipping.All is null ? [] : await new StreamHistory(hub.Database.General).ParcelsAsync(order.Brand, order.Key, cancel);
        return WhereIsMyOrder.Answer(ShopperView.Of(file, parcels, terms, hub.Times.Of(order.Brand), clock.GetUtcNow())!, terms, hub.Links.PageOf?.Invoke(order));
    }
}
