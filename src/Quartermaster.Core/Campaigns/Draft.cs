using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Campaigns;

/// <summary>What is concluded of one signal, with the state as it is after each event.</summary>
internal sealed class Draft(Runs before)
{
    /// <summary>Key of the one timer that a customer has.</summary>
    private const string Next = "next";

    private readonly DateTimeOffset? _nextBefore = before.NextAt;
    private readonly List<Event> _events = [];
    private readonly List<Request> _requests = [];
    private readonly List<string> _notes = [];

    public Runs State { get; private set; } = before;

    public IReadOnlyList<Run> All => State.All ?? [];

    public void Add(RunEvent e)
    {
        _events.Add(e);
        State = RunDecider.Evolve(State, e);
    }

    public void Ask(Request request) => _requests.Add(request);

    public void Say(string note) => _notes.Add(note);

    /// <param name="otherwise">Why, when nothing came of it.</param>
    public Decision ToDecision(string otherwise)
    {
        if (_events.Count == 0 && _requests.Count == 0) return Decision.Ignore(_notes.Count == 0 ? otherwise : string.Join(' ', _notes));
        var decision = new Decision { Events = _events, Requests = _requests, Note = _notes.Count == 0 ? null : string.Join(' ', _notes) };
        var now = State.NextAt;
        return _nextBefore == now ? decision : decision.At(new Timer(Next, now ?? DateTimeOffset.MaxValue, now is null ? null : new RunSignal.Due()));
    }
}
