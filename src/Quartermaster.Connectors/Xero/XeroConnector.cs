using System.Collections.Concurrent;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Books;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Purchasing;

namespace Quartermaster.Connectors.Xero;

/// <summary>Xero: drafts of invoices, credit notes and purchase orders. Drafts only; approving them stays with the accountant.</summary>
public sealed class XeroConnector : IConnector
{
    internal static readonly Manifest Described = new()
    {
        Key = "xero",
        Title = "Xero",
        Capabilities = [Capability.Accounting],
        Settings =
        [
            new("tenant_id", "Id of the organisation in Xero"),
            new("client_id", "Client id of a custom connection; not needed with a token", Required: false),
            new("client_secret", "Its secret", Required: false, Secret: true),
            new("token", "A ready access token instead of client id and secret: for trials, it lapses after 30 minutes", Required: false, Secret: true),
            new("webhook_key", "Key of the signature on Xero's webhooks; without it, webhooks are refused", Required: false, Secret: true),
            new("base_url", "Address of the API", Required: false, Default: XeroApi.BaseUrl),
            new("token_url", "Where access tokens are given", Required: false, Default: XeroApi.TokenUrl),
            new("scopes", "Scopes asked for", Required: false, Default: XeroApi.Scopes),
            .. XeroTerms.Settings,
        ],
        // Per organisation: 5 calls at once, 60 a minute, 5,000 a day.
        Limits = new Limits(Batch: 50, Concurrency: 5, PerSecond: 1, Burst: 5, PerDay: 5000),
        Does = [Wire.KindOf(typeof(BooksEffect.DraftInvoice)), Wire.KindOf(typeof(BooksEffect.DraftCreditNote)), Wire.KindOf(typeof(PurchaseEffect.Draft))],
        RepeatSafety = RepeatSafety.ByKey,
        Documentation = "https://developer.xero.com/documentation/api/accounting/invoices",
    };

    private readonly ConcurrentDictionary<(string Brand, string Connection), XeroMemory> memories = new();

    public Manifest Manifest => Described;

    // A stand-in behind another root has no pages.
    public Uri? PageOf(Settings settings, RemoteThing thing, string remoteId) => settings.Find("base_url") is not null ? null : thing switch
    {
        RemoteThing.Invoice => new($"https://go.xero.com/AccountsReceivable/Edit.aspx?InvoiceID={Uri.EscapeDataString(remoteId)}"),
        RemoteThing.CreditNote => new($"https://go.xero.com/AccountsReceivable/EditCreditNote.aspx?creditNoteID={Uri.EscapeDataString(remoteId)}"),
        _ => null,
    };

    public Knock Receive(Session session, Delivery delivery) => XeroInbound.Receive(session, delivery);

    public Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) => XeroInbound.Read(body);

    public async Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var (books, purchases, trouble) = Open(session);
        if (trouble is not null) return [.. batch.Select(_ => new Result(trouble, Exchange.None))];
        return batch[0].Effect is PurchaseEffect ? await Separately.DoAsync(batch, work => purchases!.DraftAsync(work, cancel)).ConfigureAwait(false) : await books!.DraftAsync(batch, cancel).ConfigureAwait(false);
    }

    public async Task<Result> TestAsync(Session session, CancellationToken cancel)
    {
        if (Open(session).Trouble is { } trouble) return new(trouble, Exchange.None);
        var api = new XeroApi(session, MemoryOf(session));
        var answer = await api.GetAsync("/Organisation", cancel).ConfigureAwait(false);
        return new(XeroAnswers.Usual(answer, api.Now, reads: true) ?? new Outcome.Done(), answer.Exchange);
    }

    private (XeroBooks? Books, XeroPurchases? Purchases, Outcome? Trouble) Open(Session session)
    {
        try
        {
            _ = session.Settings["tenant_id"];
            if (session.Settings.Find("token") is null) _ = session.Settings["client_id"] + session.Settings["client_secret"];
            var (api, terms) = (new XeroApi(session, MemoryOf(session)), XeroTerms.From(session.Settings));
            return (new XeroBooks(api, MemoryOf(session), terms), new XeroPurchases(api, terms), null);
        }
        catch (Exception e) when (e is XeroSettingException or SettingMissingException)
        {
            return (null, null, new Outcome.NotConnected(e.Message));
        }
    }

    private XeroMemory MemoryOf(Session session) => memories.GetOrAdd((session.Brand, session.Connection), _ => new());
}
