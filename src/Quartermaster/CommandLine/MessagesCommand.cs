using System.CommandLine;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Runtime.Messages;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>Lists what a brand says and when, checks a template in a file, and shows how an order would read.</summary>
internal static class MessagesCommand
{
    private static readonly Option<string?> Brand = new("--brand") { Description = "The brand; not needed when there is one" };
    private static readonly Argument<string> File = new("file") { Description = "A template; its occasion and language are those of --occasion and --language, or of its place: en/shipped.txt" };
    private static readonly Option<string?> OccasionName = new("--occasion") { Description = "When it is said: confirmed, shipped, …" };
    private static readonly Option<string?> Language = new("--language") { Description = "en, hi, pt-BR" };
    private static readonly Option<string?> Order = new("--order") { Description = "The number of an order; the newest without it" };
    private static readonly Option<string> Note = new("--note") { Description = "What changes and why; it stands beside the edition for good", Required = true };
    private static readonly Argument<int> Edition = new("edition") { Description = "Its number, as list shows it" };
    private static readonly Option<string?> Draft = new("--file") { Description = "A template that is not in force yet" };

    public static Command Create()
    {
        var list = new Command("list", "What is in force, by occasion and language") { Brand, Given.Json };
        list.Does(ListAsync);
        var check = new Command("check", "Says what is wrong with a template") { File, OccasionName, Language };
        check.Does(CheckAsync);
        var preview = new Command("preview", "Shows how a real order would read; sends nothing") { Brand, OccasionName, Language, Order, Draft };
        preview.Does(PreviewAsync);
        var propose = new Command("propose", "Proposes a template in a file, for somebody to approve") { File, Brand, OccasionName, Language, Note };
        propose.Does(ProposeAsync);
        var approve = new Command("approve", "Puts a proposed edition in force; somebody else's, unless you are the only one who may approve") { Edition, Brand, OccasionName, Language };
        approve.Does((parsed, cancel) => DecideAsync(parsed, approves: true, cancel));
        var drop = new Command("drop", "Turns a proposed edition down, or takes it back") { Edition, Brand, OccasionName, Language };
        drop.Does((parsed, cancel) => DecideAsync(parsed, approves: false, cancel));
        return new Command("messages", "Lists, checks, previews and changes what shoppers read") { list, check, preview, propose, approve, drop };
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var brand = access.Brand(parsed.GetValue(Brand));
        var reads = new MessageReads(access.Database);
        var voice = await reads.InForceAsync(access.Configuration.Plan, brand, TimeProvider.System.GetUtcNow(), cancel);
        var whatsApp = voice.Brand.MessageChannels.Where(c => c.Kind == "whatsapp").Select(c => c.Connection).ToList();
        if (parsed.GetValue(Given.Json))
        {
            foreach (var t in voice.Templates.All)
                Printed.Object(new { Occasion = Occasions.Name(t.Occasion), t.Language, t.Edition, t.Class, t.HeldName, t.ParameterCount, StateThere = State(voice, whatsApp, t), t.Source });
            return ExitCode.Ok;
        }
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Occasion", "Language", "Edition", "Class", "Text at WhatsApp", "State there");
        foreach (var t in voice.Templates.All)
            table.AddRow(new Text(Occasions.Name(t.Occasion)), new Text(t.Language), new Text(t.Edition > 0 ? $"{t.Edition}" : "configured"), new Text(t.Class == LegalClass.Transactional ? "transactional" : "marketing"),
                new Text($"{t.HeldName} ({t.ParameterCount})"), new Text(State(voice, whatsApp, t)));
        AnsiConsole.Write(table);
        foreach (var waiting in (await reads.EditionsAsync(brand, cancel)).Where(e => e.IsWaiting))
            Console.WriteLine($"Edition {waiting.Number} of {Occasions.Name(waiting.Occasion)} in {waiting.Language} by {waiting.ByWhom} waits for approval: {waiting.Note}");
        return ExitCode.Ok;
    }

    private static string State(Voice voice, List<string> connections, MessageTemplate t)
    {
        if (connections.Count == 0) return "";
        if (connections.Select(c => voice.Texts.Refusal(c, t.HeldName, t.Language, t)).FirstOrDefault(why => why is not null) is { } refused) return refused;
        return connections.Any(voice.Texts.IsRead) ? "can be used" : "not read";
    }

    private static async Task<int> ProposeAsync(ParseResult parsed, CancellationToken cancel)
    {
        var template = await WrittenAsync(parsed, cancel);
        var note = parsed.GetValue(Note)!.Trim();
        if (note.Length is 0 or > 300) throw new CommandRefusedException("Say in at most 300 characters what changes and why.");
        await using var access = await Access.OpenAsync(parsed, cancel);
        var brand = access.Brand(parsed.GetValue(Brand));
        var before = await new MessageReads(access.Database).EditionsAsync(brand, template.Occasion, template.Language, cancel);
        // The configured words are not an edition of their own: who goes back to them takes all editions back.
        var text = template.Source == access.Configuration.Plan.Brands[brand].Templates.Find(template.Occasion, template.Language)?.Source ? "" : template.Source;
        var number = await DoAsync(() => Desk(access).ProposeAsync(brand, template.Occasion, template.Language, text, note, before.Count == 0 ? 0 : before[0].Number, Access.Who, cancel));
        Console.WriteLine($"Edition {number} of {Occasions.Name(template.Occasion)} in {template.Language} waits for approval.");
        return ExitCode.Ok;
    }

    private static async Task<int> DecideAsync(ParseResult parsed, bool approves, CancellationToken cancel)
    {
        var (occasion, number) = (Known(parsed.GetValue(OccasionName)), parsed.GetValue(Edition));
        var language = LanguageNames.Normal(parsed.GetValue(Language)) ?? throw NoLanguage();
        await using var access = await Access.OpenAsync(parsed, cancel);
        var brand = access.Brand(parsed.GetValue(Brand));
        await DoAsync(async () =>
        {
            if (approves) await Desk(access).ApproveAsync(brand, occasion, language, number, Access.Who, await new Operators(access.Database.General, TimeProvider.System).IsOnlyApproverAsync(brand, Access.Who, cancel), cancel);
            else await Desk(access).DropAsync(brand, occasion, language, number, Access.Who, cancel);
            return number;
        });
        Console.WriteLine(approves ? $"Edition {number} is approved. Every process writes with it {TemplateDesk.Begins.TotalSeconds:0} seconds from now." : $"Edition {number} is not taken.");
        return ExitCode.Ok;
    }

    private static TemplateDesk Desk(Access access) => new(access.Database, TimeProvider.System);

    private static async Task<int> DoAsync(Func<Task<int>> what)
    {
        try { return await what(); }
        catch (InvalidOperationException refused) { throw new CommandRefusedException(refused.Message); }
    }

    private static async Task<int> CheckAsync(ParseResult parsed, CancellationToken cancel)
    {
        var path = parsed.GetValue(File)!;
        var template = await WrittenAsync(parsed, cancel);
        Console.WriteLine($"{path} can be used: {Occasions.Name(template.Occasion)} in {template.Language}, {template.ParameterCount} gaps in {template.HeldName} at WhatsApp.");
        return ExitCode.Ok;
    }

    private static async Task<int> PreviewAsync(ParseResult parsed, CancellationToken cancel)
    {
        var occasion = Known(parsed.GetValue(OccasionName));
        await using var access = await Access.OpenAsync(parsed, cancel);
        var brand = access.Brand(parsed.GetValue(Brand));
        var reads = new MessageReads(access.Database);
        var voice = await reads.InForceAsync(access.Configuration.Plan, brand, TimeProvider.System.GetUtcNow(), cancel);
        var order = await reads.OrderAsync(brand, parsed.GetValue(Order), cancel);
        if (order is null && parsed.GetValue(Order) is { } asked) throw new CommandRefusedException($"There is no order '{asked}' at {brand}.");
        var isInvented = true;
        var facts = order is null ? SpecimenFacts.All : MessageTrial.FactsOf(order.File, order.Stream, occasion, voice.Brand, null, out isInvented);
        var language = parsed.GetValue(Language) ?? order?.File.Order.Facts?.Buyer.Locale;
        var template = parsed.GetValue(Draft) is { } file ? await ReadAsync(file, Occasions.Name(occasion), language, cancel) : voice.Templates.For(occasion, language, voice.Brand);
        Console.WriteLine($"Order {facts.Number}, {Occasions.Name(occasion)} in {template.Language}{(isInvented ? "; what it has not come to yet is invented" : "")}");
        foreach (var channel in voice.Brand.MessageChannels.DefaultIfEmpty(new("email", "")))
        {
            var written = voice.Write(template, channel, facts);
            Console.WriteLine($"\n--- {channel.Kind}{(written.Unusable is { } why ? $", not sent by it now: {why}" : "")}");
            Console.WriteLine(channel.Kind == "whatsapp" ? $"{written.Template}: {string.Join(" · ", written.Parameters)}" : $"{written.Subject}\n\n{written.Text}");
        }
        return ExitCode.Ok;
    }

    private static Task<MessageTemplate> WrittenAsync(ParseResult parsed, CancellationToken cancel)
    {
        var path = parsed.GetValue(File)!;
        return ReadAsync(path, parsed.GetValue(OccasionName) ?? Path.GetFileNameWithoutExtension(path), parsed.GetValue(Language) ?? Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))), cancel);
    }

    private static CommandRefusedException NoLanguage() => new("Say the language with --language: en, hi, pt-BR.");

    private static Occasion Known(string? name) =>
        Occasions.Find(name) ?? throw new CommandRefusedException($"{(name is null ? "Say the occasion with --occasion" : $"There is no occasion '{name}'")}: {string.Join(", ", Occasions.All.Select(Occasions.Name))}.");

    private static async Task<MessageTemplate> ReadAsync(string path, string? occasion, string? language, CancellationToken cancel)
    {
        if (!System.IO.File.Exists(path)) throw new CommandRefusedException($"There is no file '{path}'.");
        var normal = LanguageNames.Normal(language) ?? throw NoLanguage();
        try { return MessageTemplate.Read(Known(occasion), normal, await System.IO.File.ReadAllTextAsync(path, cancel)); }
        catch (TemplateException wrong) { throw new CommandRefusedException(string.Join("\n", wrong.Problems.Select(p => $"{path}:{p.Line}: {p.What}"))); }
    }
}
