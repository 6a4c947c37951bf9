using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Customers;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>What is kept of addresses and people beside the orders.</summary>
internal static class ContactTraces
{
    // Signals and effects have no index by stream; decisions have, and name both.
    private static string ByDecision(string table) => table switch
    {
        "signal" => " AND seq IN (SELECT seq FROM decision WHERE brand = $1 AND stream IN ($2, $3))",
        "effect_log" => " AND id IN (SELECT unnest(effects) FROM decision WHERE brand = $1 AND stream IN ($2, $3))",
        _ => "",
    };

    // The key of a contact's stream, and of a customer's in campaigns, is the address itself. Nothing looks for it by its new name, which holds the customer's number: whoever comes back and is erased again is another one.
    private static async Task RenameAsync(RowRewriter rows, string brand, string address, string instead, CancellationToken cancel)
    {
        foreach (var kind in (string[])["email", "phone"])
        {
            // Nobody is written to any more. What came of the campaigns is still counted, and a code that was promised stays promised.
            var run = $"{Runs.Stream}/{kind}:{address}";
            foreach (var table in (string[])["timer", "stream"]) await rows.RunAsync(table, $"DELETE FROM {table} WHERE brand = $1 AND stream = $2", [Text(brand), Text(run)], cancel);
            await rows.RunAsync("run", "UPDATE run SET due_at = NULL, why = 'Gone', left_at = coalesce(left_at, entered_at) WHERE brand = $1 AND stream = $2 AND due_at IS NOT NULL", [Text(brand), Text(run)], cancel);
            foreach (var stream in (string[])[ContactPoint.Stream, Runs.Stream])
            {
                var (before, after) = ($"{stream}/{kind}:{address}", $"{stream}/{kind}:{instead}");
                // The key of an effect begins with its stream.
                await rows.RunAsync("effect_log", $"UPDATE effect_log SET key = replace(key, $4, $5) WHERE brand = $1 AND stream = $2{ByDecision("effect_log")}", [Text(brand), Text(before), Text(after), Text(address), Text(instead)], cancel);
                foreach (var table in (string[])["stream", "decision", "signal", "timer", "open_case", "effect_log", "run", "offer_given"])
                    await rows.RunAsync(table, $"UPDATE {table} SET stream = $3 WHERE brand = $1 AND stream = $2{ByDecision(table)}", [Text(brand), Text(before), Text(after)], cancel);
            }
        }
    }

    /// <summary>What is only about them goes; who said no stays under a name that nobody can read, so that the no still counts.</summary>
    public static async Task ForgetAsync(RowRewriter rows, ErasureSubject subject, byte[] salt, CancellationToken cancel)
    {
        foreach (var (brand, address) in subject.Brands.SelectMany(b => subject.Addresses.Select(a => (b, a))))
        {
            var instead = Pseudonyms.Of(salt, brand, address);
            // They may have been erased before: of two nos the stronger one stays, under the one name.
            await rows.RunAsync("suppressed", "UPDATE suppressed o SET what = 'all' FROM suppressed n WHERE o.brand = $1 AND o.address = $3 AND o.what <> 'all' AND n.brand = o.brand AND n.channel = o.channel AND n.address = $2 AND n.what = 'all'", [Text(brand), Text(address), Text(instead)], cancel);
            await rows.RunAsync("suppressed", "DELETE FROM suppressed n USING suppressed o WHERE n.brand = $1 AND n.address = $2 AND o.brand = n.brand AND o.channel = n.channel AND o.address = $3", [Text(brand), Text(address), Text(instead)], cancel);
            foreach (var table in (string[])["suppressed", "consent"])
            {
                await rows.RunAsync(table, $"UPDATE {table} SET address = $3 WHERE brand = $1 AND address = $2", [Text(brand), Text(address), Text(instead)], cancel);
                // The reason is a mail server's or their own sentence, which may name them.
                await rows.RewriteAsync(table, "brand = $1 AND address = $2", own: false, [Text(brand), Text(instead)], cancel, only: "why");
            }
            foreach (var table in (string[])["marketing_sent", "marketing_rest", "preference"])
                await rows.RunAsync(table, $"DELETE FROM {table} WHERE brand = $1 AND address = $2", [Text(brand), Text(address)], cancel);
            await RenameAsync(rows, brand, address, $"{instead}/{subject.People.Min()}", cancel);
            await rows.RunAsync("audit", "UPDATE audit SET subject = $3 WHERE brand = $1 AND subject IN ('contact/email:' || $2, 'contact/phone:' || $2)", [Text(brand), Text(address), Text($"{ContactPoint.Stream}/{instead}")], cancel);
        }
        foreach (var sql in (string[])["person_pair SELECT WHERE realm = $1 AND (person = ANY($2) OR other = ANY($2))", "person_key SELECT WHERE realm = $1 AND person = ANY($2)", "person SELECT WHERE realm = $1 AND id = ANY($2)"])
            await rows.RunAsync(sql.Split(' ')[0], $"DELETE FROM {sql.Replace(" SELECT", "", StringComparison.Ordinal)}", [Text(subject.Realm), Longs(subject.People)], cancel);
        await rows.RunAsync("person_order", "UPDATE person_order SET person = NULL WHERE realm = $1 AND person = ANY($2)", [Text(subject.Realm), Longs(subject.People)], cancel);
    }
}
