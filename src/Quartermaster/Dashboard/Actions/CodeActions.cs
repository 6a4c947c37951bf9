using Quartermaster.Core.Codes;
using Quartermaster.Core.Kernel;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime.Operations;
using Quartermaster.SignIn;

namespace Quartermaster.Dashboard.Actions;

/// <summary>What a person says of codes. Each word is kept under their name and can be undone.</summary>
internal static class CodeActions
{
    public static void MapCodeActions(this IEndpointRouteBuilder routes)
    {
        routes.MapForm("/do/codes/{brand}/say", async (form, services, route) =>
        {
            var (brand, code, parts) = ((string)route["brand"]!, form.Text("code", 100), CodeText.Read(form.Text("means", 2000)) ?? throw new BadFormException(CodeText.Shape));
            form.Needs(Role.Lead, brand);
            await services.GetRequiredService<CodeDesk>().SayAsync(brand, code, form.Maybe("channel", 100) ?? Meaning.AllChannels, parts, form.Maybe("why"), form.Reader.Who, form.Cancel);
            return $"{code} means {Part.Words(parts)}. Orders that wait for it go on.";
        });
        routes.MapForm("/do/codes/{brand}/undo", async (form, services, route) =>
        {
            var (brand, code) = ((string)route["brand"]!, form.Text("code", 100));
            form.Needs(Role.Lead, brand);
            await services.GetRequiredService<CodeDesk>().UndoAsync(brand, code, form.Maybe("channel", 100) ?? Meaning.AllChannels, (int)form.Number("number", 1, int.MaxValue), form.Reader.Who, form.Cancel);
            return "Taken back; what was said before holds again.";
        });
        routes.MapForm("/do/codes/ours", async (form, services, _) =>
        {
            var chosen = form.Several("code") ?? throw new BadFormException("No code was chosen.");
            foreach (var one in chosen)
            {
                var (brand, code) = one.Split('/', 2) is [var b, var c] ? (b, c) : throw new BadFormException($"“{one}” is not a code.");
                form.Needs(Role.Lead, brand);
                await services.GetRequiredService<CodeDesk>().IsOursAsync(brand, code, form.Reader.Who, form.Cancel);
            }
            return $"{Words.Count(chosen.Length, "code is a SKU", "codes are SKUs")} of yours. Their orders go on, and wait for stock until it is counted.";
        });
    }
}
