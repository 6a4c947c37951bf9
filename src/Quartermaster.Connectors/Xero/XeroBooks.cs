using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Books;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Xero;

/// <summary>Drafts documents in batches: contacts first, then the documents, then a look at those that were there already.</summary>
internal sealed class XeroBooks(XeroApi api, XeroMemory memory, XeroTerms terms)
{
    private static readonly Dictionary<string, string> NoContacts = [];

    public async Task<IReadOnlyList<Result>> DraftAsync(IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var kind = XeroKind.Of((BooksEffect)batch[0].Effect);
        if (terms.InlineContacts) return await SubmitAsync(kind, batch, NoContacts, cancel).ConfigureAwait(false);
        var contacts = await ContactsAsync(batch.Select(w => XeroKind.DraftOf(w).Contact), cancel).ConfigureAwait(false);
        if (contacts.Trouble is { } trouble) return [.. batch.Select(_ => new Result(trouble, contacts.Exchange))];
        var ready = batch.Where(w => contacts.Ids.ContainsKey(XeroKind.DraftOf(w).Contact.Key)).ToArray();
        var results = ready.Length == 0 ? [] : await SubmitAsync(kind, ready, contacts.Ids, cancel).ConfigureAwait(false);
        if (ready.Length == batch.Count) return results;
        var done = ready.Zip(results).ToDictionary(p => p.First.Key, p => p.Second);
        return [.. batch.Select(w => done.GetValueOrDefault(w.Key) ?? ContactRefused(XeroKind.DraftOf(w).Contact))];

        Result ContactRefused(BillContact contact) => new(
            new Outcome.Refused("contact_refused", contacts.Errors.GetValueOrDefault(contact.Key) ?? "Xero gave no id for the contact."), contacts.Exchange);
    }

    private async Task<IReadOnlyList<Result>> SubmitAsync(XeroKind kind, IReadOnlyList<Work> batch, IReadOnlyDictionary<string, string> contactIds, CancellationToken cancel)
    {
        var drafts = batch.Select(XeroKind.DraftOf).ToArray();
        var body = XeroOutbound.Documents(kind, drafts, terms, contactIds);
        var path = $"/{kind.Plural}?summarizeErrors=false&unitdp=4";
        var key = XeroOutbound.IdempotencyKey(batch.Select(w => w.Key), body.Bytes.Span);
        var answer = await api.WriteAsync(HttpMethod.Post, path, body, key, cancel).ConfigureAwait(false);
        if (batch.Count > 1 && XeroAnswers.MayBeOneBadDraft(answer))
        {
            var half = batch.Count / 2;
            var first = await SubmitAsync(kind, [.. batch.Take(half)], contactIds, cancel).ConfigureAwait(false);
            return [.. first, .. await SubmitAsync(kind, [.. batch.Skip(half)], contactIds, cancel).ConfigureAwait(false)];
        }
        var outcomes = XeroAnswers.Drafted(answer, kind, drafts, api.Now);
        var results = outcomes.Select((o, i) => new Result(o.Outcome, body.Part(i, api.Line(HttpMethod.Post, path), answer, o.Said, api.Redactor))).ToArray();
        foreach (var (result, draft) in results.Zip(drafts))
            if (result.Outcome is Outcome.Refused) memory.Forget(draft.Contact.Key);
        return await RecogniseLockedAsync(kind, drafts, results, cancel).ConfigureAwait(false);
    }

    // An accountant may approve a draft before our repeat of a lost answer comes: then it is there, and that is all we wanted.
    private async Task<IReadOnlyList<Result>> RecogniseLockedAsync(XeroKind kind, InvoiceDraft[] drafts, Result[] results, CancellationToken cancel)
    {
        var numbers = drafts.Where((_, i) => ReferenceEquals(results[i].Outcome, XeroAnswers.Locked)).Select(d => d.Number).ToArray();
        if (numbers.Length == 0) return results;
        var found = await FindAsync(kind, numbers, cancel).ConfigureAwait(false);
        for (var i = 0; i < results.Length; i++)
            if (ReferenceEquals(results[i].Outcome, XeroAnswers.Locked))
                results[i] = results[i] with { Outcome = found is null ? new Outcome.Unsure("It exists and could not be looked at.") : XeroAnswers.Recognised(found.GetValueOrDefault(drafts[i].Number), drafts[i]) };
        return results;
    }

    private async Task<IReadOnlyDictionary<string, XeroDocument>?> FindAsync(XeroKind kind, IReadOnlyList<string> numbers, CancellationToken cancel)
    {
        // Credit notes have no list parameter for numbers, only the general filter.
        var query = kind == XeroKind.Invoice
            ? $"InvoiceNumbers={Uri.EscapeDataString(string.Join(',', numbers))}"
            : $"where={Uri.EscapeDataString(string.Join(" OR ", numbers.Select(n => $"CreditNoteNumber==\"{n}\"")))}";
        var answer = await api.GetAsync($"/{kind.Plural}?{query}", cancel).ConfigureAwait(false);
        return answer.IsSuccess ? XeroAnswers.Found(answer, kind) : null;
    }

    private sealed record Contacts(Dictionary<string, string> Ids, Dictionary<string, string> Errors, Outcome? Trouble, Exchange Exchange);

    private async Task<Contacts> ContactsAsync(IEnumerable<BillContact> wanted, CancellationToken cancel)
    {
        var contacts = new Contacts([], [], null, Exchange.None);
        var all = wanted.DistinctBy(c => c.Key).ToArray();
        if (Recall(all, contacts.Ids).Length == 0) return contacts;
        await memory.MakingContacts.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            // Another call may have made some of them while this one waited.
            var unknown = Recall(all, contacts.Ids);
            return unknown.Length == 0 ? contacts : await MakeAsync(unknown, contacts, cancel).ConfigureAwait(false);
        }
        finally
        {
            memory.MakingContacts.Release();
        }
    }

    private BillContact[] Recall(BillContact[] all, Dictionary<string, string> ids)
    {
        foreach (var contact in all)
            if (!ids.ContainsKey(contact.Key) && memory.ContactId(contact.Key) is { } id) ids[contact.Key] = id;
        return [.. all.Where(c => !ids.ContainsKey(c.Key))];
    }

    private async Task<Contacts> MakeAsync(BillContact[] unknown, Contacts contacts, CancellationToken cancel)
    {
        var body = XeroOutbound.Contacts(unknown);
        var key = XeroOutbound.IdempotencyKey([], body.Bytes.Span);
        var answer = await api.WriteAsync(HttpMethod.Post, "/Contacts?summarizeErrors=false", body, key, cancel).ConfigureAwait(false);
        var trouble = XeroAnswers.Usual(answer, api.Now);
        // Making a contact twice under its number changes nothing, and no document has been sent: simply again later.
        if (trouble is Outcome.Unsure unsure) trouble = new Outcome.TryLater($"The contacts of these documents could not be made: {unsure.Why}");
        if (trouble is not null) return contacts with { Trouble = trouble, Exchange = answer.Exchange };
        var made = (JsonSlices.Of(answer.Body, "Contacts") ?? []).Select(s => XeroAnswers.Parse(s, XeroJson.Default.XeroContact)).ToArray();
        for (var i = 0; i < unknown.Length; i++)
        {
            var number = XeroOutbound.ContactNumber(unknown[i]);
            var mine = made.FirstOrDefault(c => c?.ContactNumber == number) ?? (made.Length == unknown.Length && made[i]?.ContactNumber is null ? made[i] : null);
            if (XeroAnswers.ErrorsOf(mine?.ValidationErrors) is { } why) contacts.Errors[unknown[i].Key] = why;
            else if (mine?.ContactId is { Length: > 0 } id) memory.Remember(unknown[i].Key, contacts.Ids[unknown[i].Key] = id);
        }
        return contacts with { Exchange = answer.Exchange };
    }
}
