using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Runtime.Operations;

namespace Quartermaster.Runtime.Messages;

/// <summary>Sends one message to an operator's own address, through the brand's real connection.</summary>
/// <remarks>It is no effect of any order: nothing is counted as said to a shopper, and a report that it did not arrive finds nothing to change.</remarks>
public sealed class TestMessages(HubPlan plan, Database database, Desk desk, TimeProvider clock)
{
    private const string Mark = "[Test] ";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <returns>What came of it, with the exact request and answer.</returns>
    /// <exception cref="InvalidOperationException">The connection is switched off, or would be refused.</exception>
    public async Task<Result> SendAsync(string brand, Occasion occasion, MessageChannel channel, string to, Writing written, string who, CancellationToken cancel)
    {
        if (written.Unusable is { } unusable) throw new InvalidOperationException($"It would be refused: {unusable}.");
        var connection = plan.Connections[channel.Connection];
        if (await StoppedAsync(brand, channel.Connection, cancel)) throw new InvalidOperationException($"{channel.Connection}, its brand or everything is switched off.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        using var http = new HttpClient { Timeout = Limit };
        var session = new Session(connection.Brand, connection.Key, connection.Settings, connection.OrderPrefix, connection.Locations, http, clock);
        // The text of WhatsApp stands at Meta: what can be marked is what goes into its first gap.
        IReadOnlyList<string> parameters = [.. written.Parameters.Select((value, i) => i == 0 ? Mark + value : value)];
        var send = new MessageEffect.Send("test", occasion, to, null, written.Language, written.Template, parameters, Mark + written.Subject, Mark + written.Text, Html: written.Html is { } html ? Mark + html : null, Sender: written.Sender, Edition: written.Edition);
        Result result;
        try { result = (await connection.Connector.ActAsync(session, [new($"test/{Guid.CreateVersion7():n}", send, 1)], limit.Token))[0]; }
        catch (SettingMissingException e) { result = new(new Outcome.NotConnected(e.Message), Exchange.None); }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested) { result = new(new Outcome.Unsure(e.Message), Exchange.None); }
        await desk.AuditAsync(who, "message.tested", brand, $"{Occasions.Name(occasion)} in {written.Language}", $"to {to} by {channel.Connection}: {result.Outcome.GetType().Name}", cancel);
        return result;
    }

    private async Task<bool> StoppedAsync(string brand, string connection, CancellationToken cancel)
    {
        await using var command = database.General.CreateCommand("SELECT EXISTS (SELECT 1 FROM switch WHERE scope = ANY($1))").With(Columns.Texts(["all", "brand/" + brand, "connection/" + connection, "effect/message.send.v1"]));
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }
}
