namespace Quartermaster.Runtime.Customers;

/// <summary>Finds for a batch of orders whose they are, in memory: by e-mail, then by the channel's own id, and where there is neither by phone together with the name.</summary>
/// <remarks>
/// A phone number is a household's as often as a person's, and an e-mail address is not: two addresses with one phone are two people until somebody says
/// otherwise, and so are two accounts, or two names: a marketplace or a till that gives no e-mail writes its own number into everybody's order. People who are born here have negative numbers until they are given theirs.
/// </remarks>
internal sealed class PersonMatch
{
    private readonly Dictionary<(string Realm, PersonKey Key), long> _owners = [];
    private readonly HashSet<(string Realm, PersonKey Key)> _common = [];
    private readonly List<(string Realm, PersonKey Key, long Person, string Stream)> _keys = [];
    private readonly List<(OrderOfSomebody Order, long? Person)> _links = [];
    private readonly List<string> _born = [];
    private readonly HashSet<(string Realm, long One, long Other, PersonKey Key)> _pairs = [];

    public PersonMatch(IEnumerable<KnownKey> known)
    {
        foreach (var key in known)
        {
            _owners[(key.Realm, key.Key)] = key.Person;
            if (key.Common) _common.Add((key.Realm, key.Key));
        }
    }

    public int Born => _born.Count;

    public void Take(OrderOfSomebody order)
    {
        if (order.Keys.Count == 0)
        {
            _links.Add((order, null));
            return;
        }
        var person = Find(order) ?? Bear(order.Realm);
        _links.Add((order, person));
        foreach (var key in order.Keys)
        {
            if (IsEverybodys(order, key)) continue;
            if (_owners.TryAdd((order.Realm, key), person)) _keys.Add((order.Realm, key, person, order.Stream));
            else if (_owners[(order.Realm, key)] is var owner && owner != person) _pairs.Add((order.Realm, person, owner, key));
        }
    }

    public IReadOnlyList<(string Realm, long Id)> NewPeople(long[] ids) => [.. _born.Select((realm, i) => (realm, ids[i]))];

    public IReadOnlyList<(string Realm, PersonKey Key, long Person, string Stream)> NewKeys(long[] ids) => [.. _keys.Select(k => k with { Person = Real(k.Person, ids) })];

    public IReadOnlyList<(OrderOfSomebody Order, long? Person)> Links(long[] ids) => [.. _links.Select(l => (l.Order, l.Person is { } p ? Real(p, ids) : (long?)null))];

    public IReadOnlyList<PersonPair> Pairs(long[] ids) =>
        [.. _pairs.Select(p => (p.Realm, A: Real(p.One, ids), B: Real(p.Other, ids), p.Key)).Select(p => new PersonPair(p.Realm, long.Min(p.A, p.B), long.Max(p.A, p.B), p.Key)).DistinctBy(p => (p.Realm, p.Person, p.Other))];

    public IReadOnlyList<(string Realm, long Id)> Touched(long[] ids) => [.. Links(ids).Where(l => l.Person is not null).Select(l => (l.Order.Realm, l.Person!.Value)).Distinct()];

    private long? Find(OrderOfSomebody order)
    {
        foreach (var key in order.Keys)
        {
            if (key.Kind is PersonKey.Phone or PersonKey.Guest && key.Kind != order.Keys[0].Kind) break;
            if (_owners.TryGetValue((order.Realm, key), out var owner) && !IsEverybodys(order, key)) return owner;
        }
        return null;
    }

    // A number that so many use says nothing, not even together with a name that many have. It is the last of the keys.
    private bool IsEverybodys(OrderOfSomebody order, PersonKey key) => key.Kind is PersonKey.Phone or PersonKey.Guest && _common.Contains((order.Realm, order.Keys[^1]));

    private long Bear(string realm)
    {
        _born.Add(realm);
        return -_born.Count;
    }

    private static long Real(long id, long[] ids) => id < 0 ? ids[-id - 1] : id;
}

/// <summary>Two people who have a key in common.</summary>
internal sealed record PersonPair(string Realm, long Person, long Other, PersonKey Key);
