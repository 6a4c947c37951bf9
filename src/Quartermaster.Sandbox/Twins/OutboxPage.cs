using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>The page at a message twin's own address: what went out, newest first.</summary>
internal static class OutboxPage
{
    public static void MapOutbox(this IEndpointRouteBuilder routes, string title, TwinContext context, Outbox outbox) =>
        routes.MapGet("/", () => Results.Content(Render(title, context, outbox), "text/html; charset=utf-8"));

    public static string Render(string title, TwinContext context, Outbox outbox)
    {
        var page = new StringBuilder(Head);
        page.Append(CultureInfo.InvariantCulture, $"<title>{Encode(title)} · {Encode(context.Connection)}</title></head><body><header><h1>{Encode(title)}</h1>");
        page.Append(CultureInfo.InvariantCulture, $"<p>Sandbox stand-in of <b>{Encode(context.Connection)}</b>, brand {Encode(context.Brand)}. Nothing here reached a person. ");
        page.Append(CultureInfo.InvariantCulture, $"{outbox.Count} taken since the start, the newest 200 are shown.</p></header><main>");
        var messages = outbox.Newest();
        if (messages.Count == 0) page.Append("<p class=none>Nothing has been sent yet. Place an order in the sandbox and come back.</p>");
        foreach (var message in messages) Append(page, message);
        return page.Append("</main></body></html>").ToString();
    }

    private static void Append(StringBuilder page, Sent message)
    {
        page.Append(CultureInfo.InvariantCulture, $"<article><div class=top><time>{message.At:yyyy-MM-dd HH:mm:ss} UTC</time><span class=\"state {Encode(message.State)}\">{Encode(message.State)}</span></div>");
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Encode(message.Title)}</h2><p class=to>to {Encode(message.To)}</p><pre>{Encode(message.Text)}</pre>");
        if (message.Key.Length > 0) page.Append(CultureInfo.InvariantCulture, $"<code>{Encode(message.Key)}</code>");
        page.Append("</article>");
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private const string Head = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark">
        <style>
        :root{--line:light-dark(#dde1e6,#3a4048);--soft:light-dark(#f6f7f9,#16191d);--card:light-dark(#fff,#1e2227);--dim:light-dark(#5b6572,#a2abb5)}
        body{margin:0;background:var(--soft);font:15px/1.5 system-ui,sans-serif}
        header,main{max-width:44rem;margin:0 auto;padding:1rem}
        h1{margin:.5rem 0 0;font-size:1.4rem}h2{margin:.2rem 0 0;font-size:1rem}
        header p,.to,time,.none{color:var(--dim);margin:.2rem 0}
        article{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.8rem 1rem;margin:0 0 .7rem}
        .top{display:flex;justify-content:space-between;font-size:.85rem}
        .state{border-radius:1rem;padding:0 .6rem;background:var(--soft);border:1px solid var(--line)}
        .failed{color:light-dark(#b42318,#ff8a80)}.delivered,.read{color:light-dark(#18794e,#6fdc9f)}
        pre{white-space:pre-wrap;font:inherit;margin:.5rem 0;overflow-wrap:anywhere}
        code{color:var(--dim);font-size:.8rem;overflow-wrap:anywhere}
        </style>
        """;
}
