using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.OpenApi;
using Quartermaster.SignIn;

namespace Quartermaster.Api;

/// <summary>The API for programs: everything the dashboard shows and does, under a key.</summary>
public static partial class ApiSetup
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddProblemDetails();
        // Otherwise what cannot be read is a 400 without a word.
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.Converters.Add(new System.Text.Json.Serialization.JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.SnakeCaseLower));
            // Left out or misspelt, “again” would be false and “units” 0, and be done. What may be left out has a default.
            o.SerializerOptions.RespectRequiredConstructorParameters = true;
            o.SerializerOptions.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull;
        });
        services.AddOpenApi("v1", o =>
        {
            // What pages post and ask for is theirs.
            o.ShouldInclude = endpoint => endpoint.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
            o.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new() { Title = "Quartermaster", Version = "v1", Description = "Orders, stock, failures and the switches of an order-operations hub. Errors are problem details (RFC 9457). Lists are walked with `after`, the `next` of the page before." };
                document.Components ??= new();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    ["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key made under Settings, API keys: qm_…" },
                };
                document.Security = [new() { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
                return Task.CompletedTask;
            });
            o.AddOperationTransformer((operation, context, _) =>
            {
                if (context.Description.HttpMethod is "POST" or "PUT")
                {
                    operation.Parameters ??= [];
                    operation.Parameters.Add(new OpenApiParameter
                    {
                        Name = RepeatedRequests.Header, In = ParameterLocation.Header, Required = false, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                        Description = "Repeat a request under the same key, unchanged, and nothing is done twice: the first answer comes again. Kept for 24 hours.",
                    });
                }
                return Task.CompletedTask;
            });
        });
        return services;
    }

    /// <remarks>After the dashboard, which sets up who is signed in.</remarks>
    public static WebApplication MapApi(this WebApplication app)
    {
        app.UseWhen(c => c.Request.Path.StartsWithSegments("/api"), api => api.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = Explain,
            // The caller's mistake is told to the caller.
            SuppressDiagnosticsCallback = failure => failure.Exception is BadHttpRequestException,
        }).UseMiddleware<RepeatedRequests>());
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        var v1 = app.MapGroup("/api/v1").DisableAntiforgery();
        v1.MapOrders();
        v1.MapStock();
        v1.MapPurchasing();
        v1.MapCarriers();
        v1.MapLabels();
        v1.MapCodes();
        v1.MapCustomers();
        v1.MapFlows();
        v1.MapFailures();
        v1.MapHub();
        return app;
    }

    internal static TBuilder Needs<TBuilder>(this TBuilder endpoint, Role role) where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization("api-" + role.Text());

    private static Task Explain(HttpContext context)
    {
        var problem = context.Features.Get<IExceptionHandlerFeature>()?.Error switch
        {
            BadHttpRequestException e => TypedResults.Problem(title: "The request cannot be read", detail: Unreadable(e), statusCode: e.StatusCode),
            InvalidOperationException or ArgumentException => TypedResults.Problem(title: "That cannot be done", detail: context.Features.Get<IExceptionHandlerFeature>()!.Error.Message, statusCode: StatusCodes.Status409Conflict),
            TimeoutException or Npgsql.NpgsqlException { InnerException: TimeoutException } => TypedResults.Problem(title: "That took too long", detail: "Ask for less at once: one brand, or fewer days.", statusCode: StatusCodes.Status503ServiceUnavailable),
            _ => TypedResults.Problem(title: "Something went wrong here", statusCode: StatusCodes.Status500InternalServerError),
        };
        return problem.ExecuteAsync(context);
    }

    /// <summary>Without the names of our own types, which the framework's message is made of.</summary>
    private static string Unreadable(BadHttpRequestException failure) => failure switch
    {
        { InnerException: JsonException at } when Missing().Match(at.Message) is { Success: true } m => $"“{m.Groups["name"].Value}” is missing at {at.Path ?? "$"}, line {at.LineNumber + 1}.",
        { InnerException: JsonException at } => $"The body is not the JSON that is expected here: look at {at.Path ?? "$"}, line {at.LineNumber + 1}.",
        _ when Parameter().Match(failure.Message) is { Success: true } m => $"“{m.Groups["given"].Value}” cannot be read as {JsonNamingPolicy.CamelCase.ConvertName(m.Groups["name"].Value)}.",
        _ => failure.Message,
    };

    [GeneratedRegex("""was missing required properties including: '(?<name>[^']+)'""", RegexOptions.ExplicitCapture)]
    private static partial Regex Missing();

    [GeneratedRegex("""^Failed to bind parameter ".* (?<name>\w+)" from "(?<given>.*)"\.$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Parameter();
}

/// <summary>One page of a list.</summary>
/// <param name="Next">Give it as <c>after</c> to get the page that follows; null at the end.</param>
public sealed record ApiPage<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>What came of an action.</summary>
/// <param name="Signal">Number of the signal that was sent; it appears on the timeline.</param>
public sealed record Accepted(long? Signal, string Said);

internal static class Refusals
{
    public static IResult NotFound(string what) => TypedResults.Problem(title: $"No such {what}", detail: $"Among the brands this key sees there is no such {what}.", statusCode: StatusCodes.Status404NotFound);

    public static IResult Bad(string detail) => TypedResults.Problem(title: "The request cannot be used", detail: detail, statusCode: StatusCodes.Status400BadRequest);

    public static IResult Forbidden(string detail) => TypedResults.Problem(title: "Not with this key", detail: detail, statusCode: StatusCodes.Status403Forbidden);
}
