using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Runtime.Lanes;
using Quartermaster.Runtime.Messages;
using Quartermaster.Runtime.Switches;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>Stands in front of every message to a shopper, at the last moment before it is handed to its connector: nobody is written to who said no.</summary>
/// <remarks>
/// One query for a batch, and none for a brand of which nobody said no, unless it is marketing or the number may write to so many people only. What it refuses ends as a refusal of the channel,
/// so that the next channel is tried, unless an earlier try may have arrived: then nobody repeats it by any channel, and a person looks. When it cannot be
/// asked nothing is sent.
/// </remarks>
public sealed class SendGate(Database database, HubPlan plan, Switchboard switches, Pseudonyms pseudonyms, Senders senders, TimeProvider clock)
{
    /// <summary>Refusal codes; they stand in the effect's log before the reason.</summary>
    public const string Suppressed = "suppressed", NoConsent = "no_consent", Cap = "cap", Over = "over";

    private static readonly TimeSpan WhenUnasked = TimeSpan.FromSeconds(5);

    // What waited longer, behind a switch or an outage, may have been overtaken. Before that the query would cost more than it saves.
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(5);

    private static readonly OrderStream Orders = new();

    /// <summary>Must it be asked about any of these?</summary>
    internal bool Asks(IReadOnlyList<LaneItem> batch)
    {
        var now = clock.GetUtcNow();
        foreach (var item in batch)
            if (item.Effect is MessageEffect.Send send && (send.Class == LegalClass.Marketing || switches.HasClosedContacts(item.Brand) || senders.Watch(item.Lane) || IsLate(item, now))
                || (item.Effect is MessageEffect.Answer && switches.HasClosedContacts(item.Brand))) return true;
        return false;
    }

    // A try that may have arrived is repeated under its own key, whatever was said since.
    private static bool IsLate(LaneItem item, DateTimeOffset now) => now - item.PlannedAt > Late && !MayHaveArrived(item) && item.Stream.StartsWith("order/", StringComparison.Ordinal);

    /// <returns>Those that may be sent now.</returns>
    /// <param name="turnBack">Gets each of the others, with why.</param>
    internal async Task<List<LaneItem>> PassAsync(List<LaneItem> batch, Action<LaneItem, Outcome> turnBack)
    {
        Outcome?[] answers;
        try { answers = await AskAsync(batch, CancellationToken.None); }
        catch (Exception e) { answers = [.. batch.Select(_ => new Outcome.TryLater($"Nobody can tell whether it may be sent: {e.Message}", WhenUnasked))]; }
        List<LaneItem> allowed = new(batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            if (answers[i] is { } no) turnBack(batch[i], MayHaveArrived(batch[i]) && no is Outcome.Refused r ? new Outcome.Unsure($"An earlier try may have arrived, and it is not repeated: {r.Why} ({r.Code})") : no);
            else allowed.Add(batch[i]);
        }
        return allowed;
    }

    // A refusal goes on to the next channel: what they may have read already, and perhaps answered with STOP, would be said again there.
    private static bool MayHaveArrived(LaneItem item) => item.Doubts > 0;

    private async Task<Outcome?[]> AskAsync(List<LaneItem> batch, CancellationToken cancel)
    {
        var answers = new Outcome?[batch.Count];
        List<Letter> letters = [];
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch[i].Effect is MessageEffect.Send send) letters.Add(Read(i, batch[i], send.To, send.Class, await pseudonyms.SaltAsync(cancel)));
            else if (batch[i].Effect is MessageEffect.Answer answer) letters.Add(Read(i, batch[i], answer.To, LegalClass.Transactional, await pseudonyms.SaltAsync(cancel)));
        }
        await ReadStandingsAsync(letters, cancel);
        foreach (var letter in letters)
            if (letter.Stops) answers[letter.Index] = new Outcome.Refused(Suppressed, letter.Why!);
        await AskWhetherOvertakenAsync(letters.Where(l => answers[l.Index] is null && IsLate(l.Item, clock.GetUtcNow())).ToList(), answers, cancel);
        var marketing = letters.Where(l => l.IsMarketing && answers[l.Index] is null).ToList();
        if (marketing.Count > 0) await AskForMarketingAsync(marketing, answers, cancel);
        var left = letters.Where(l => answers[l.Index] is null && l.Item.Effect is MessageEffect.Send && senders.Watch(l.Item.Lane)).ToList();
        if (left.Count > 0) await AskSenderAsync(left, answers, cancel);
        return answers;
    }

    // A batch is of one lane, and so of one number.
    private async Task AskSenderAsync(List<Letter> letters, Outcome?[] answers, CancellationToken cancel)
    {
        var said = await senders.AskAsync(letters[0].Item.Lane, letters.ConvertAll(l => (l.Erased, (MessageEffect.Send)l.Item.Effect)), clock.GetUtcNow(), cancel);
        for (var i = 0; i < letters.Count; i++) answers[letters[i].Index] = said[i];
    }

    private Letter Read(int index, LaneItem item, string to, LegalClass of, byte[] salt)
    {
        var (channel, address) = SentMarketing.Of(plan, item, to);
        return new(index, item, channel, address, Pseudonyms.Of(salt, item.Brand, address), of == LegalClass.Marketing, switches.Editions.TermsOf(item.Brand, clock.GetUtcNow()));
    }

    // Index suppressed_pkey, two probes a letter. Who was erased and says yes again is a new customer.
    private async Task ReadStandingsAsync(List<Letter> letters, CancellationToken cancel)
    {
        await using var command = database.Engine.CreateCommand("""
            SELECT u.n, s.what, s.why FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS u(brand, channel, address, erased, n)
            JOIN suppressed s ON s.brand = u.brand AND s.channel = u.channel AND s.address = ANY (ARRAY[u.address, u.erased])
            WHERE s.address = u.address OR NOT EXISTS (SELECT 1 FROM consent c WHERE c.brand = u.brand AND c.channel = u.channel AND c.address = u.address AND c.word = 'opted_in' AND c.at > s.since)
            """);
        command.With(Texts(letters.Select(l => l.Item.Brand)), Texts(letters.Select(l => l.Channel)), Texts(letters.Select(l => l.Address)), Texts(letters.Select(l => l.Erased)));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var letter = letters[(int)reader.GetInt64(0) - 1];
            if (reader.GetString(1) == "all" || letter.IsMarketing) (letter.Stops, letter.Why) = (true, reader.GetString(2));
        }
    }

    // Index stream_pkey, a probe a letter; the order's own state knows what was said of it since.
    private async Task AskWhetherOvertakenAsync(List<Letter> late, Outcome?[] answers, CancellationToken cancel)
    {
        if (late.Count == 0) return;
        await using var command = database.Engine.CreateCommand("SELECT u.n, s.state FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS u(brand, stream, n) JOIN stream s ON s.brand = u.brand AND s.stream = u.stream");
        command.With(Texts(late.Select(l => l.Item.Brand)), Texts(late.Select(l => l.Item.Stream)));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var letter = late[(int)reader.GetInt64(0) - 1];
            if (Orders.Load(reader.GetFieldValue<byte[]>(1)) is OrderFile file && MessageDecider.IsOvertaken(file.Messages, StreamId.Parse(letter.Item.Brand, letter.Item.Stream), letter.Item.Key))
                answers[letter.Index] = new Outcome.Refused(MessageDecider.Overtaken, "While it waited something later was said of the same.");
        }
    }

    private async Task AskForMarketingAsync(List<Letter> letters, Outcome?[] answers, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await ReadConsentAsync(letters, cancel);
        await ReadRunsAsync(letters, cancel);
        foreach (var letter in letters) answers[letter.Index] = WhyNot(letter, now);
        await CountAsync([.. letters.Where(l => answers[l.Index] is null)], answers, now, cancel);
    }

    private static Outcome? WhyNot(Letter letter, DateTimeOffset now) => letter switch
    {
        { IsOver: true } => new Outcome.Refused(Over, "They bought, or what it was about has ended, while it waited."),
        { Consented: false, Contact.NeedsOptIn: true } => new Outcome.Refused(NoConsent, "They never said that they want to be written to for marketing by this channel."),
        _ when letter.TiredAt is { } since && CountryZones.DayEnds(since, letter.Zones) is var tomorrow && tomorrow > now => new Outcome.TryLater($"The channel takes no more advertising for them today, until {tomorrow.UtcDateTime:yyyy-MM-dd HH:mm} UTC.", tomorrow - now),
        _ when letter.Contact.Quiet?.EndsAt(now, letter.Zones) is { } morning => new Outcome.TryLater($"It is night where they are, until {morning.UtcDateTime:yyyy-MM-dd HH:mm} UTC.", morning - now),
        _ => null,
    };

    // Indexes: consent_pkey, stream_pkey, person_key_pkey, marketing_rest_pkey.
    private async Task ReadConsentAsync(List<Letter> letters, CancellationToken cancel)
    {
        await using var command = database.Engine.CreateCommand("""
            SELECT u.n, EXISTS (SELECT 1 FROM consent c WHERE c.brand = u.brand AND c.channel = u.channel AND c.address = u.address AND c.word = 'opted_in'),
              (SELECT s.country FROM stream s WHERE s.brand = u.brand AND s.stream = u.stream), w.root,
              (SELECT r.since FROM marketing_rest r WHERE r.brand = u.brand AND r.channel = u.channel AND r.address = u.address)
            FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS u(brand, channel, address, stream, realm, n)
            LEFT JOIN LATERAL (SELECT p.root FROM person_key k JOIN person p ON p.realm = k.realm AND p.id = k.person WHERE k.realm = u.realm AND k.kind = CASE u.channel WHEN 'email' THEN 'email' ELSE 'phone' END AND k.value = u.address AND NOT k.common) w ON true
            """);
        command.With(Texts(letters.Select(l => l.Item.Brand)), Texts(letters.Select(l => l.Channel)), Texts(letters.Select(l => l.Address)), Texts(letters.Select(l => l.Item.Stream)), Texts(letters.Select(l => plan.RealmOf(l.Item.Brand))));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var letter = letters[(int)reader.GetInt64(0) - 1];
            (letter.Consented, letter.Country, letter.Person, letter.TiredAt) = (reader.GetBoolean(1), ((MessageEffect.Send)letter.Item.Effect).Country ?? reader.TextOrNull(2), reader.IsDBNull(3) ? null : reader.GetInt64(3), reader.IsDBNull(4) ? null : reader.Instant(4));
        }
    }

    // A letter may wait for the morning, or for a lane: what its campaign would not say any more is not said. Index: run_pkey, some rows a customer.
    private async Task ReadRunsAsync(List<Letter> letters, CancellationToken cancel)
    {
        var ofRuns = letters.Where(l => l.Item.Stream.StartsWith(Runs.Stream + "/", StringComparison.Ordinal)).ToList();
        if (ofRuns.Count == 0) return;
        foreach (var letter in ofRuns) letter.IsOver = true;
        await using var command = database.Engine.CreateCommand("""
            SELECT u.n, r.campaign, r.why, r.bought_at IS NOT NULL FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS u(brand, stream, n) JOIN run r ON r.brand = u.brand AND r.stream = u.stream
            """).With(Texts(ofRuns.Select(l => l.Item.Brand)), Texts(ofRuns.Select(l => l.Item.Stream)));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var letter = ofRuns[(int)reader.GetInt64(0) - 1];
            var occasion = Occasions.Name(((MessageEffect.Send)letter.Item.Effect).Occasion);
            if (letter.Terms?.Campaigns?.Find(reader.GetString(1)) is { } campaign && campaign.Steps.Any(s => s.Occasion == occasion) && Run.MayStillSay(campaign, reader.TextOrNull(2), reader.GetBoolean(3))) letter.IsOver = false;
        }
    }

    /// <summary>Lets through as many as the brand sends at most, and counts them.</summary>
    private async Task CountAsync(List<Letter> letters, Outcome?[] answers, DateTimeOffset now, CancellationToken cancel)
    {
        if (letters.Count == 0) return;
        var counts = letters.ConvertAll(l => new SentMarketing.Count(l.Item.Brand, plan.RealmOf(l.Item.Brand), l.Channel, l.Address, SentMarketing.KeyOf(l.Item.Key, l.Channel), l.Person, now.AddDays(-l.Contact.Days)));
        await using var connection = await database.Engine.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var before = await SentMarketing.ReadAsync(connection, transaction, counts, cancel);
        List<Letter> allowed = [];
        List<SentMarketing.Count> counted = [];
        for (var i = 0; i < letters.Count; i++)
        {
            var letter = letters[i];
            var told = before[i] + allowed.Count(letter.IsToTheSame);
            if (told >= letter.Contact.Most)
            {
                answers[letter.Index] = new Outcome.Refused(Cap, $"They were sent {told} in {letter.Contact.Days} days, and the brand sends at most {letter.Contact.Most}.");
                continue;
            }
            allowed.Add(letter);
            counted.Add(counts[i]);
        }
        await SentMarketing.WriteAsync(connection, transaction, counted, now, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <param name="Erased">What stands for the address once its person was erased.</param>
    private sealed record Letter(int Index, LaneItem Item, string Channel, string Address, string Erased, bool IsMarketing, BrandTerms? Terms)
    {
        public bool Stops { get; set; }
        public string? Why { get; set; }
        public bool Consented { get; set; }
        public bool IsOver { get; set; }
        public string? Country { get; set; }

        /// <summary>When the channel last took no more advertising for them.</summary>
        public DateTimeOffset? TiredAt { get; set; }

        public ContactTerms Contact => Terms?.Contact ?? ContactTerms.Usual;

        /// <summary>Where they may be.</summary>
        public IReadOnlyList<TimeZoneInfo> Zones => CountryZones.Of(Country, Terms?.TimeZone ?? "Etc/UTC");

        /// <summary>Whose address it is, as far as their orders tell.</summary>
        public long? Person { get; set; }

        public bool IsToTheSame(Letter other) => Item.Brand == other.Item.Brand && (Address == other.Address || (Person is not null && Person == other.Person));
    }
}
