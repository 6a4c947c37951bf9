using Quartermaster.Core.Kernel;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Editions;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;

namespace Quartermaster.Dashboard.Actions;

/// <summary>What a person does to the machine: switches, modes, replays, effects of unknown fate, connection tests.</summary>
internal static class HubActions
{
    public static void MapHubActions(this IEndpointRouteBuilder routes)
    {
        routes.MapForm("/do/switch", async (form, services, _) =>
        {
            var (scope, plan) = (form.Text("scope"), services.GetRequiredService<HubPlan>());
            if (await SwitchWords.RefusalAsync(scope, form.Reader, plan, services.GetRequiredService<EditionReads>(), form.Cancel) is { } refusal) throw new BadFormException(refusal);
            var on = form.Text("on") == "true";
            await services.GetRequiredService<Desk>().SwitchAsync(scope, on, form.Text("reason"), form.Reader.Who, form.Cancel);
            return $"{Words.Capital(SwitchWords.Scope(scope, plan))}: {(on ? "on again" : $"off; {SwitchWords.OffMeans(scope)}")}.";
        });
        routes.MapForm("/do/flow/drop", async (form, services, _) =>
        {
            var (brand, flow) = (form.Text("brand"), form.Text("flow", 40));
            form.Needs(Role.Lead, brand);
            await services.GetRequiredService<EditionDesk>().SaveAsync(brand, Edition.OfFlow(flow), "", form.Text("note"), (int)form.Number("after", 1, int.MaxValue), form.Reader.Who, form.Cancel);
            return $"{Words.Capital(flow)} does again what the file says; without a flow of that name there, nobody enters it any more.";
        });
        routes.MapForm("/do/mode", async (form, services, _) =>
        {
            var brand = form.Text("brand");
            form.Needs(Role.Admin, brand);
            var mode = Enum.TryParse<BrandMode>(form.Text("mode"), ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : throw new BadFormException("A mode is off, shadow or live.");
            await services.GetRequiredService<Desk>().SetModeAsync(brand, mode, form.Reader.Who, form.Cancel);
            return $"{brand} is now {mode.ToString().ToLowerInvariant()}.";
        });
        routes.MapForm("/do/replay", async (form, services, _) =>
        {
            form.Needs(Role.Lead);
            var (filter, complaint) = Filter(key => form.Maybe(key) ?? "", form.Reader);
            if (filter is null) throw new BadFormException(complaint!);
            return $"{Words.Count(await services.GetRequiredService<Desk>().ReplayAsync(filter, form.Reader.Who, form.Cancel), "thing is", "things are")} back at work.";
        });
        routes.MapForm("/do/replay-past", async (form, services, _) =>
        {
            form.Needs(Role.Lead);
            var (filter, complaint) = Past(key => form.Maybe(key) ?? "", form.Reader, services.GetRequiredService<TimeText>());
            if (filter is null) throw new BadFormException(complaint!);
            return $"{Words.Count(await services.GetRequiredService<Desk>().ReplayPastAsync(filter, form.Reader.Who, form.Cancel), "signal is", "signals are")} decided again.";
        });
        routes.MapForm("/do/replay-signal", async (form, services, _) =>
        {
            var seq = form.Number("seq", 1, long.MaxValue);
            var signal = await services.GetRequiredService<StreamHistory>().SignalAsync(seq, form.Cancel);
            form.Needs(Role.Agent, signal?.Brand ?? "");
            await services.GetRequiredService<Desk>().ReplayAsync(new(Brand: null, Stream: null, CaseKind: null, Lane: null, EffectKind: null, Seq: seq, EffectId: null, What: "signals"), form.Reader.Who, form.Cancel);
            return $"Signal {seq} is decided again.";
        });
        routes.MapForm("/do/leave-out", async (form, services, _) =>
        {
            var seq = form.Number("seq", 1, long.MaxValue);
            var signal = await services.GetRequiredService<StreamHistory>().SignalAsync(seq, form.Cancel);
            form.Needs(Role.Lead, signal?.Brand ?? "");
            await services.GetRequiredService<Desk>().LeaveOutAsync(seq, form.Text("reason"), form.Reader.Who, form.Cancel);
            return $"Signal {seq} is left out; what waited behind it goes on.";
        });
        routes.MapForm("/do/effect/retry", async (form, services, _) =>
        {
            var effect = await EffectOf(form, services, Role.Agent);
            var count = await services.GetRequiredService<Desk>().ReplayAsync(new(Brand: null, Stream: null, CaseKind: null, Lane: null, EffectKind: null, Seq: null, EffectId: effect.Id, What: "effects"), form.Reader.Who, form.Cancel);
            return count > 0 ? "It is tried again under the same key." : "!It was left alone: it is under way, has ended, or its fate is unknown. Say first whether it happened.";
        });
        routes.MapForm("/do/effect/happened", (form, services, _) => Resolve(form, services, true));
        routes.MapForm("/do/effect/did-not-happen", (form, services, _) => Resolve(form, services, false));
        routes.MapForm("/do/effect/cancel", async (form, services, _) =>
        {
            var effect = await EffectOf(form, services, Role.Lead);
            await services.GetRequiredService<Desk>().CancelEffectAsync(effect.Id, form.Text("reason"), form.Reader.Who, form.Cancel);
            return "It is cancelled and never sent.";
        });
        routes.MapForm("/do/case/close", async (form, services, _) =>
        {
            var (brand, stream) = (form.Text("brand"), form.Text("stream"));
            form.Needs(Role.Agent, brand);
            await services.GetRequiredService<Desk>().CloseCaseAsync(StreamId.Parse(brand, stream), form.Text("key"), form.Text("reason"), form.Reader.Who, form.Cancel);
            return "Noted under your name; the case is closed.";
        });
        routes.MapForm("/do/connections/{connection}/test", async (form, services, route) =>
        {
            var plan = services.GetRequiredService<HubPlan>().Connections.GetValueOrDefault((string)route["connection"]!);
            form.Needs(Role.Agent, plan?.Brand ?? "");
            var (works, said) = ConnectionTest.Words(plan!.Key, await services.GetRequiredService<ConnectionDesk>().TestAsync(plan.Key, form.Reader.Who, form.Cancel));
            return works ? said : "!" + said;
        });
    }

    /// <summary>Reads which troubles to replay; a reader of some brands never reaches beyond them.</summary>
    public static (ReplayFilter? Filter, string? Complaint) Filter(Func<string, string> value, Reader reader)
    {
        string? Given(string key) => value(key) is { Length: > 0 } text ? text : null;
        var brand = Given("brand") ?? (reader.Brands.Count == 1 ? reader.Brands[0] : null);
        if (brand is null && !reader.Everywhere) return (null, "Choose one brand.");
        if (brand is not null && !reader.Sees(brand)) return (null, "There is no such brand among yours.");
        return Given("what") switch
        {
            "parked" => (new(brand, null, Given("cause"), null, null, null, null, "signals"), null),
            "effect" => (new(brand, null, null, Given("lane"), Given("kind"), null, null, "effects", Given("cause")), null),
            _ => (null, "Parked signals and effects can be replayed; a case is solved where it stands."),
        };
    }

    /// <summary>Reads which part of a brand's past is meant, by the brand's clock.</summary>
    public static (PastFilter? Filter, string? Complaint) Past(Func<string, string> value, Reader reader, TimeText times)
    {
        string? Given(string key) => value(key).Trim() is { Length: > 0 and <= 300 } text && !text.Contains('\0') ? text : null;
        var brand = Given("brand") ?? (reader.Brands.Count == 1 ? reader.Brands[0] : null);
        if (brand is null || !reader.Sees(brand)) return (null, "Choose one of your brands.");
        if ((Given("from"), Given("until")) is not ({ } begins, { } ends)) return (null, "Say from when until when.");
        var ((from, fromWrong), (until, untilWrong)) = (times.Typed(begins, brand), times.Typed(ends, brand));
        return (fromWrong ?? untilWrong ?? (until <= from ? "The end has to be later than the beginning." : null)) is { } complaint ? (null, complaint)
            : (new(brand, from, until, Given("source"), Given("kind"), Given("stream")), null);
    }

    private static async Task<string> Resolve(Form form, IServiceProvider services, bool happened)
    {
        var effect = await EffectOf(form, services, Role.Agent);
        await services.GetRequiredService<Desk>().ResolveAsync(effect.Id, happened, form.Reader.Who, form.Cancel);
        return happened ? "Noted as done." : "It is sent again.";
    }

    private static async Task<EffectRow> EffectOf(Form form, IServiceProvider services, Role role)
    {
        var effect = await services.GetRequiredService<StreamHistory>().EffectAsync(form.Number("id", 1, long.MaxValue), form.Cancel);
        form.Needs(role, effect?.Brand ?? "");
        return effect!;
    }
}
