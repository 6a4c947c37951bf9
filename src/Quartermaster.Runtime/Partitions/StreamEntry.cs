using Quartermaster.Core.Kernel;
using Timer = Quartermaster.Core.Kernel.Timer;

namespace Quartermaster.Runtime.Partitions;

/// <summary>One stream while a batch is decided on.</summary>
internal sealed class StreamEntry(StreamId id, IStreamKind kind, object state, int version, string? status, bool behind)
{
    public StreamId Id { get; } = id;
    public IStreamKind Kind { get; } = kind;
    public object State { get; set; } = state;
    public int Version { get; set; } = version;
    public string? StatusBefore { get; } = status;

    /// <summary>As it was stored; what a search finds it by need not be written again.</summary>
    public object Stored { get; } = state;

    /// <summary>A signal of it is parked; everything later is parked behind it.</summary>
    public bool Blocked { get; set; } = behind;

    /// <summary>State differs from what is stored.</summary>
    public bool Changed { get; set; }

    /// <summary>What lists show of it now; set once the batch is decided.</summary>
    public StreamRow? Row { get; set; }

    public Queue<ReadySignal> Waiting { get; } = [];

    /// <summary>The decision under way, when it waits for an answer of the database.</summary>
    public OpenDecision? Open { get; set; }
}

/// <summary>What is concluded from one stored signal.</summary>
/// <param name="mode">The brand's mode, asked once: what is decided on and what is done with its effects must not differ.</param>
internal sealed class OpenDecision(StreamEntry stream, ReadySignal cause, BrandMode mode)
{
    public BrandMode Mode { get; } = mode;

    /// <summary>Its effects go out; otherwise they are recorded.</summary>
    public bool Live { get; private set; } = mode == BrandMode.Live;
    public StreamEntry Stream { get; } = stream;
    public ReadySignal Cause { get; } = cause;
    public object StateBefore { get; } = stream.State;
    public bool ChangedBefore { get; } = stream.Changed;

    /// <summary>Signals still to be decided on, in order: what the body said, and answers of the database first.</summary>
    public LinkedList<Signal> Signals { get; } = [];
    public List<Event> Events { get; } = [];
    public List<PlannedEffect> Effects { get; } = [];
    public List<Timer> Timers { get; } = [];
    public List<CaseChange> Cases { get; } = [];
    public List<Forwarded> Forwarded { get; } = [];
    public List<string> Notes { get; } = [];

    /// <summary>A room has taken or answered something of it; from here on it can only be undone by rolling back.</summary>
    public bool Answered { get; set; }

    /// <summary>It has asked something that is not answered yet.</summary>
    public bool Waits { get; set; }

    /// <summary>How often it asked.</summary>
    public int Asked { get; set; }
    public int VersionAfter { get; set; }
    public long[] EffectIds { get; set; } = [];

    public void Settle(CaseSettled settled)
    {
        Cases.Add(new CaseChange.Closed(settled.Key));
        Notes.Add($"{settled.By} has dealt with it: {settled.Reason}");
    }

    /// <summary>Keys of its effects that a later signal of this batch called off, with why: they end unsent.</summary>
    public Dictionary<string, string> CalledOff { get; } = [];

    public bool Plans(string key)
    {
        foreach (var planned in Effects) if (planned.Key == key) return true;
        return false;
    }

    public void Add(Turn turn)
    {
        Events.AddRange(turn.Events);
        Effects.AddRange(turn.Effects);
        Timers.AddRange(turn.Timers);
        Cases.AddRange(turn.Cases);
        Forwarded.AddRange(turn.Forwarded);
        Live = Mode == BrandMode.Live && !turn.Shadow;
        if (turn.Note is not null) Notes.Add(turn.Note);
    }
}

/// <summary>A signal set apart, with its reason.</summary>
/// <param name="Alone">Nothing waits behind it.</param>
internal readonly record struct Parking(ReadySignal Signal, string CaseKind, string Reason, bool Behind, bool Alone = false)
{
    /// <summary>Nothing is wrong with it: it waits until its brand is on again, and goes on by itself then.</summary>
    public const string BrandOff = "hub.brand_off";
}
