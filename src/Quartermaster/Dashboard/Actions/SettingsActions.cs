using Quartermaster.Runtime;
using Quartermaster.SignIn;

namespace Quartermaster.Dashboard.Actions;

/// <summary>Operators and keys. Only admins come here, and nobody gives away more than they have.</summary>
internal static class SettingsActions
{
    public static void MapSettingsActions(this IEndpointRouteBuilder routes)
    {
        routes.MapForm("/do/operators/create", async (form, services, _) =>
        {
            form.Needs(Role.Admin);
            var (name, password) = (form.Text("name"), form.Text("password"));
            if ((Operators.NameComplaint(name) ?? Passwords.Complaint(password, name)) is { } complaint) throw new BadFormException(complaint);
            var made = await services.GetRequiredService<Operators>().CreateAsync(name, password, RoleIn(form), Brands(form, services), form.Reader.Who, form.Cancel);
            return made ? $"{name} may sign in." : throw new BadFormException($"There is a {name} already.");
        });
        routes.MapForm("/do/operators/role", async (form, services, _) =>
        {
            form.Needs(Role.Admin);
            var name = NotYourself(form);
            await NotAboveYou(form, services, name);
            await services.GetRequiredService<Operators>().SetRoleAsync(name, RoleIn(form), Brands(form, services), form.Reader.Who, form.Cancel);
            return $"{name} is now {RoleIn(form).Text()}.";
        });
        routes.MapForm("/do/operators/disable", async (form, services, _) =>
        {
            form.Needs(Role.Admin);
            var (name, disabled) = (NotYourself(form), form.Text("disabled") == "true");
            await NotAboveYou(form, services, name);
            await services.GetRequiredService<Operators>().DisableAsync(name, disabled, form.Reader.Who, form.Cancel);
            return disabled ? $"{name} is signed out and cannot come back." : $"{name} may sign in again.";
        });
        routes.MapForm("/do/keys/revoke", async (form, services, _) =>
        {
            form.Needs(Role.Admin);
            var key = (await services.GetRequiredService<ApiKeys>().ListAsync(form.Cancel)).FirstOrDefault(k => k.Id == form.Text("id"));
            if (key is null || (!form.Reader.Everywhere && (key.Brands is null || !key.Brands.All(form.Reader.Sees)))) throw new BadFormException("There is no such key among yours.");
            await services.GetRequiredService<ApiKeys>().RevokeAsync(key.Id, form.Reader.Who, form.Cancel);
            return "The key is revoked; its next call is refused.";
        });
        routes.MapForm("/do/keys/create", async (form, services, _) =>
        {
            form.Needs(Role.Admin);
            var days = form.Number("days", 0, 3650);
            var until = days == 0 ? (DateTimeOffset?)null : services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(days);
            var key = await services.GetRequiredService<ApiKeys>().CreateAsync(form.Text("title", 60), RoleIn(form), Brands(form, services), until, form.Reader.Who, form.Cancel);
            services.GetRequiredService<FreshKey>().Keep(services.GetRequiredService<IHttpContextAccessor>().HttpContext!, key);
            return "The key is made.";
        });
    }

    private static Role RoleIn(Form form) => Enum.TryParse<Role>(form.Text("role"), ignoreCase: true, out var role) && Enum.IsDefined(role) ? role : throw new BadFormException("A role is viewer, agent, lead or admin.");

    /// <summary>None ticked means all; an admin of some brands gives those at most.</summary>
    private static string[]? Brands(Form form, IServiceProvider services)
    {
        var asked = form.Several("brands");
        var known = services.GetRequiredService<HubPlan>().Brands;
        if (asked?.FirstOrDefault(b => !known.ContainsKey(b)) is { } unknown) throw new BadFormException($"There is no brand “{unknown}”.");
        if (form.Reader.Everywhere) return asked;
        var own = asked ?? [.. form.Reader.Brands];
        return own.All(form.Reader.Sees) ? own : throw new BadFormException("You can give only brands that you see yourself.");
    }

    private static string NotYourself(Form form) => form.Text("name") is var name && name == form.Reader.Who ? throw new BadFormException("Somebody else has to change you, so that an admin is left.") : name;

    private static async Task NotAboveYou(Form form, IServiceProvider services, string name)
    {
        if (form.Reader.Everywhere) return;
        var other = (await services.GetRequiredService<Operators>().ListAsync(form.Cancel)).FirstOrDefault(o => o.Name == name);
        if (other is null || other.Brands is null || !other.Brands.All(form.Reader.Sees)) throw new BadFormException("They see brands that you do not; somebody who sees all of them has to change them.");
    }
}
