using System.CommandLine;
using Quartermaster.Core.Customers;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.CommandLine;

/// <summary>What a person says of a customer: where they may be written to, and who they are.</summary>
internal static class CustomerAsks
{
    private static readonly Argument<long> Id = new("customer") { Description = "The customer's number, as find shows it" };
    private static readonly Argument<long> Other = new("other") { Description = "The other customer's number" };
    private static readonly Argument<string> Channel = new("channel") { Description = "email, whatsapp or sms" };
    private static readonly Argument<string> Address = new("address") { Description = "The e-mail address or phone number" };
    private static readonly Option<string> Reason = Given.Reason();
    private static readonly Option<bool> All = new("--all") { Description = "Nothing at all is sent there, order news included; without it no marketing" };

    public static IEnumerable<Command> Create()
    {
        Channel.AcceptOnlyFromAmong([.. ContactPoint.Channels]);
        var text = new Argument<string?>("text") { Description = "At most 2,000 characters; without it the note is taken away", Arity = ArgumentArity.ZeroOrOne };
        return
        [
            Word("suppress", "Nothing, or no marketing, is sent to an address from now on", "They are not written to there", (parsed, desk, brand, channel, address, cancel) => desk.SuppressAsync(brand, channel, address, parsed.GetValue(All) ? Extent.All : Extent.Marketing, parsed.GetValue(Reason)!, Access.Who, cancel), All),
            Word("lift", "Sets aside what came back, or what one of us decided; what they said themselves stands", "It is set aside", (parsed, desk, brand, channel, address, cancel) => desk.LiftAsync(brand, channel, address, parsed.GetValue(Reason)!, Access.Who, cancel)),
            Word("consent", "They told one of us that they want to be written to; the reason says how", "It is kept as their word", (parsed, desk, brand, channel, address, cancel) => desk.ConsentAsync(brand, channel, address, parsed.GetValue(Reason)!, Access.Who, cancel)),
            Ask("note", "Keeps a note with a customer", "Kept.", (parsed, desk, realm, cancel) => desk.NoteAsync(realm, parsed.GetValue(Id), Note(parsed.GetValue(text)), Access.Who, cancel), text),
            Ask("merge", "Makes two customers one; it can be undone", "They are one customer now.", (parsed, desk, realm, cancel) => desk.MergeAsync(realm, parsed.GetValue(Id), parsed.GetValue(Other), Access.Who, cancel), Other),
            Ask("unmerge", "Takes a customer out of whom they were merged into", "They are two customers again.", (parsed, desk, realm, cancel) => desk.UndoMergeAsync(realm, parsed.GetValue(Id), Access.Who, cancel)),
            Ask("apart", "Two customers stay two; nobody is asked again", "They stay two.", (parsed, desk, realm, cancel) => desk.KeepApartAsync(realm, parsed.GetValue(Id), parsed.GetValue(Other), Access.Who, cancel), Other),
            Ask("tell", "Tells marketing tools of a customer once more", "They are told again within seconds.", (parsed, desk, realm, cancel) => desk.TellAgainAsync(realm, parsed.GetValue(Id), Access.Who, cancel)),
        ];
    }

    private static Command Word(string name, string description, string done, Func<ParseResult, CustomerDesk, string, string, string, CancellationToken, Task<long>> act, Option? more = null)
    {
        var command = new Command(name, description) { Channel, Address, Reason, Given.Brand };
        if (more is not null) command.Add(more);
        command.Does(async (parsed, cancel) =>
        {
            await using var access = await Access.OpenAsync(parsed, cancel);
            var seq = await act(parsed, Desk(access), access.Brand(parsed.GetValue(Given.Brand)), parsed.GetValue(Channel)!, parsed.GetValue(Address)!.Trim(), cancel);
            Console.WriteLine($"{done}, as soon as a hub decides on signal {seq}.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Ask(string name, string description, string done, Func<ParseResult, CustomerDesk, string, CancellationToken, Task> act, Argument? more = null)
    {
        var command = new Command(name, description) { Id };
        if (more is not null) command.Add(more);
        command.Add(Given.Brand);
        command.Does(async (parsed, cancel) =>
        {
            await using var access = await Access.OpenAsync(parsed, cancel);
            var realm = access.Configuration.Plan.RealmOf(access.Brand(parsed.GetValue(Given.Brand)));
            if (await new CustomerReads(access.Database.General, access.Configuration.Plan).OfAsync(access.Brands, realm, parsed.GetValue(Id), cancel) is null)
                throw new CommandRefusedException($"There is no customer {parsed.GetValue(Id)}. quartermaster customers find lists them.");
            await act(parsed, Desk(access), realm, cancel);
            Console.WriteLine(done);
            return ExitCode.Ok;
        });
        return command;
    }

    private static string? Note(string? text) => text?.Trim() switch
    {
        null or "" => null,
        { Length: > 2000 } => throw new CommandRefusedException("A note has at most 2,000 characters."),
        var kept => kept,
    };

    private static CustomerDesk Desk(Access access) => new(access.Database, access.Desk, access.Configuration.Plan, TimeProvider.System);
}
