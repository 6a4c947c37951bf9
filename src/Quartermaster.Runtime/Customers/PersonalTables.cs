namespace Quartermaster.Runtime.Customers;

/// <summary>How a person's rows of a table are found.</summary>
internal enum Whose
{
    /// <summary>It holds nothing of customers: people of the house, suppliers, words of the brand and of the machine. Never searched, never changed.</summary>
    Nobodys,

    /// <summary>By brand and stream: their orders and parcels, their contact points, their ways through flows.</summary>
    OfStreams,

    /// <summary>By brand and e-mail address or phone number.</summary>
    OfAddresses,

    /// <summary>By realm and the customer's number.</summary>
    OfPeople,

    /// <summary>The audit log: by what was done to them, or to what is theirs.</summary>
    OfSubjects,

    /// <summary>Its rows are about goods, connections or many at once; an address that stands in one is taken out of it. Nothing in it is one person's to be handed over.</summary>
    Anybodys,
}

/// <summary>Every table of the hub by what of a person stands in it: an erasure and the document that is handed over both go by this list, so that neither knows of a table that the other does not.</summary>
/// <remarks>A table that is not named here and has brand and stream is found by them; a test refuses any other that is not named.</remarks>
internal static class PersonalTables
{
    public static readonly IReadOnlyDictionary<string, Whose> All = new Dictionary<Whose, string[]>
    {
        // Somebody may have ordered with the shop's own address, and an operator who shops keeps his sign-in.
        [Whose.Nobodys] = ["operator", "operator_session", "api_key", "supplier", "migration", "brand", "hub_value", "process", "lane", "switch", "message_edition", "edition", "held_text"],
        [Whose.OfStreams] =
        [
            "signal", "decision", "stream", "effect", "effect_log", "timer", "open_case", "parked", "movement", "paper", "trait", "lookup", "run", "offer_given", "waiting", "code_waiting", "journey", "under_way", "tracked", "label", "erased_stream",
        ],
        [Whose.OfAddresses] = ["suppressed", "consent", "marketing_sent", "marketing_rest", "preference", "profile"],
        [Whose.OfPeople] = ["person", "person_key", "person_order", "person_pair", "erasure"],
        [Whose.OfSubjects] = ["audit"],
        [Whose.Anybodys] =
        [
            "api_request", "position", "movement_before", "odd_count", "listing", "stock_mark", "profile_mark", "catalogue", "drift", "meaning", "sold_out_terms", "showing", "sold", "empty_day", "low_stock", "sku_terms", "purchase", "purchase_line", "drafted", "sku_facts",
            "sender", "sender_told", "held_text_read", "tally", "daily_count", "poll", "turned_away", "told", "location_day", "postcode", "dispatch",
        ],
    }.SelectMany(of => of.Value.Select(table => (table, of.Key))).ToDictionary(t => t.table, t => t.Key);

    public static Whose Of(string table, bool hasStream) => All.TryGetValue(table, out var whose) ? whose : hasStream ? Whose.OfStreams : Whose.Anybodys;

    /// <summary>Whether it is to be searched for addresses that stand in it: in the others a person's rows are found by who they are, or there are none.</summary>
    public static bool IsSearched(string table) => table != "lookup" && !(All.TryGetValue(table, out var whose) && whose is Whose.Nobodys or Whose.OfAddresses or Whose.OfPeople);
}
