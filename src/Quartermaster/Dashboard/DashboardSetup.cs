using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.FileProviders;
using Npgsql;
using Quartermaster.Dashboard.Actions;
using Quartermaster.Dashboard.Pages;
using Quartermaster.Dashboard.Shopper;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Channels;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Dispatching;
using Quartermaster.Runtime.Editions;
using Quartermaster.Runtime.Lanes;
using Quartermaster.Runtime.Messages;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.Purchasing;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Tracking;
using Quartermaster.SignIn;

namespace Quartermaster.Dashboard;

/// <summary>Puts the dashboard into a program: pages, sign-in, actions, live refresh.</summary>
public static class DashboardSetup
{
    // One a line, by name: each capability brings its own.
    private static readonly Type[] Reads =
    [
        typeof(AnswerDesk),
        typeof(CampaignReads),
        typeof(CarrierReads),
        typeof(ChannelReads),
        typeof(CodeDesk),
        typeof(CodeReads),
        typeof(Runtime.Stock.CountDesk),
        typeof(Runtime.Operations.CustomerDesk),
        typeof(CustomerReads),
        typeof(DispatchDesk),
        typeof(DispatchReads),
        typeof(DriftDesk),
        typeof(DryRuns),
        typeof(EditionReads),
        typeof(ErasureReads),
        typeof(FailureReads),
        typeof(HoldLifts),
        typeof(HubReads),
        typeof(Runtime.Routing.KnowledgeReads),
        typeof(LaneReads),
        typeof(MessageReads),
        typeof(OrderList),
        typeof(PaperRows),
        typeof(Runtime.Routing.PostcodeTable),
        typeof(ProfileReads),
        typeof(PurchaseDesk),
        typeof(PurchaseReads),
        typeof(RiskReads),
        typeof(RuleReads),
        typeof(Runtime.Goods.SkuFactsTable),
        typeof(SoldOutDesk),
        typeof(StockReads),
        typeof(StreamHistory),
        typeof(TrackedReads),
        typeof(WhatIfReads),
    ];

    /// <summary>Names of policies are names of roles.</summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddRazorComponents();
        services.AddAntiforgery(o => (o.Cookie.Name, o.Cookie.SameSite, o.FormFieldName) = ("qm_form", SameSiteMode.Strict, "__form"));
        // A purchase order is posted whole, three fields a line. How long a body may be is configured.
        services.Configure<FormOptions>(o => o.ValueCountLimit = 20_000);
        services.AddDataProtection(o => o.ApplicationDiscriminator = "quartermaster");
        services.AddOptions<KeyManagementOptions>().Configure<NpgsqlDataSource>((o, database) => o.XmlRepository = new KeysInDatabase(database));
        services.AddResponseCompression(o => o.EnableForHttps = true);
        services.AddSignIn();
        foreach (var reads in Reads) services.TryAddSingleton(reads);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<EditionDesk>();
        services.TryAddSingleton<TemplateDesk>();
        services.TryAddSingleton<TestMessages>();
        services.TryAddSingleton<ShopperQuestions>();
        services.TryAddSingleton<LaneShelf>();
        services.TryAddSingleton<PreferenceShelf>();
        services.TryAddSingleton<ShopperOrders>();
        services.TryAddSingleton<ShopperPace>();
        services.AddSingleton<TimeText>();
        services.AddSingleton<LivePulse>();
        services.AddSingleton<Runbooks>();
        services.AddSingleton<Throughput>();
        services.AddHostedService(p => p.GetRequiredService<Throughput>());
        services.AddScoped(p => Readers.Of(p.GetRequiredService<IHttpContextAccessor>().HttpContext!.User, p.GetRequiredService<HubPlan>()));
        return services;
    }

    public static WebApplication MapDashboard(this WebApplication app)
    {
        app.UseWhen(c => IsPage(c.Request.Path), pages => pages
            .UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = ExplainAsync, SuppressDiagnosticsCallback = failure => failure.Exception is BadHttpRequestException })
            .Use(Guarded).Use(NeverEmpty));
        UseAssets(app);
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapRazorComponents<Page>().RequireAuthorization(Role.Viewer.Text());
        app.MapSignIn();
        app.MapOrderActions();
        app.MapShopperActions();
        app.MapUnsubscribe();
        app.MapShopperPages();
        app.MapCodeActions();
        app.MapStockActions();
        app.MapCustomerActions();
        app.MapHubActions();
        app.MapPurchaseActions();
        app.MapLabelActions();
        app.MapSettingsActions();
        app.MapReads();
        app.MapGet("/live", (LivePulse pulse, IHostApplicationLifetime life, CancellationToken cancel) =>
            TypedResults.ServerSentEvents(pulse.TicksAsync(cancel, life.ApplicationStopping))).RequireAuthorization(Role.Viewer.Text());
        app.MapFallback(context => IsPage(context.Request.Path)
            ? TypedResults.NotFound().ExecuteAsync(context)
            : TypedResults.Problem(title: "Nothing here", statusCode: StatusCodes.Status404NotFound).ExecuteAsync(context)).AllowAnonymous();
        return app;
    }

    private static void AddSignIn(this IServiceCollection services)
    {
        services.AddSingleton<Operators>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<FreshKey>();
        services.AddAuthentication(SessionDoor.Name)
            .AddScheme<AuthenticationSchemeOptions, SessionDoor>(SessionDoor.Name, null)
            .AddScheme<AuthenticationSchemeOptions, KeyDoor>(KeyDoor.Name, null);
        services.AddAuthorization(o =>
        {
            foreach (var role in Enum.GetValues<Role>())
            {
                o.AddPolicy(role.Text(), p => p.AddAuthenticationSchemes(SessionDoor.Name).RequireAuthenticatedUser()
                    .RequireAssertion(c => Readers.RoleOf(c.User.FindFirst(Readers.RoleClaim)?.Value) >= role));
                o.AddPolicy("api-" + role.Text(), p => p.AddAuthenticationSchemes(KeyDoor.Name).RequireAuthenticatedUser()
                    .RequireAssertion(c => Readers.RoleOf(c.User.FindFirst(Readers.RoleClaim)?.Value) >= role));
            }
        });
    }

    private static bool IsPage(PathString path) => !path.StartsWithSegments("/api") && !path.StartsWithSegments("/webhooks") && !path.StartsWithSegments("/openapi");

    private static async Task Guarded(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        // Nothing inline runs: a name that is a script stays a name, even if a page forgot to encode it.
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
            "form-action 'self'; base-uri 'self'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-cache, no-store";
        await next(context);
    }

    // Whatever answers a page's address with a bare 404, a missing order as much as an unknown address, is shown as one page.
    private static async Task NeverEmpty(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response is not { StatusCode: StatusCodes.Status404NotFound, HasStarted: false, ContentType: null } || !HttpMethods.IsGet(context.Request.Method)) return;
        // A scope's renderer serves one page, and that page may have been the one that found nothing; it leaves a header that may be set once.
        context.Response.Headers.Remove("blazor-enhanced-nav");
        var services = context.RequestServices;
        await using var scope = services.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        try
        {
            await new RazorComponentResult<Page>(new Dictionary<string, object?> { [nameof(Page.Lost)] = true }) { StatusCode = StatusCodes.Status404NotFound }.ExecuteAsync(context);
        }
        finally { context.RequestServices = services; }
    }

    private static Task ExplainAsync(HttpContext context)
    {
        var tooLong = context.Features.Get<IExceptionHandlerFeature>()?.Error is TimeoutException or Npgsql.NpgsqlException { InnerException: TimeoutException } or Npgsql.PostgresException { SqlState: Npgsql.PostgresErrorCodes.QueryCanceled };
        // What a page's own script asks for, asked for wrongly.
        if (context.Features.Get<IExceptionHandlerFeature>()?.Error is BadHttpRequestException bad)
        {
            context.Response.StatusCode = bad.StatusCode;
            return Task.CompletedTask;
        }
        context.Response.StatusCode = tooLong ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError;
        context.Response.ContentType = "text/html; charset=utf-8";
        // Written out, because whatever a page is made with may be what failed.
        return context.Response.WriteAsync($"""
            <!DOCTYPE html><html lang="en"><head><meta charset="utf-8" /><title>That did not work · Quartermaster</title><link rel="stylesheet" href="/vendor/tabler.min.css" /><link rel="stylesheet" href="/qm.css" /></head>
            <body><div class="gate"><main><div class="logo"><img src="/mark.svg" width="34" height="34" alt="" />Quartermaster</div><div class="card"><div class="card-body"><h1>{(tooLong ? "That took too long" : "That did not work")}</h1>
            <p>{(tooLong ? "The database did not answer in time. Ask for less at once, one brand or fewer days, or try again in a moment." : "The hub could not make this page. Nothing was changed. Try again; if it stays, the log of this process says why.")}</p>
            <a class="btn" href="/">Go to the overview</a></div></div></main></div></body></html>
            """, context.RequestAborted);
    }

    private static void UseAssets(WebApplication app)
    {
        // Beside the program when it is installed or tested; in the project when it is run from there.
        var beside = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        var folder = Directory.Exists(beside) ? beside : app.Environment.WebRootPath;
        if (folder is null || !Directory.Exists(folder)) return;
        app.UseWhen(c => c.Request.Path.Value is { } path && path.LastIndexOf('.') > path.LastIndexOf('/'), assets =>
        {
            assets.UseResponseCompression();
            assets.UseStaticFiles(new StaticFileOptions
            {
                FileProvider = new PhysicalFileProvider(folder),
                OnPrepareResponse = c => c.Context.Response.Headers.CacheControl = c.Context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "public, max-age=3600",
            });
        });
    }
}
