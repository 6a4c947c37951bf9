using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Quartermaster.Api;

/// <summary>Makes a repeated request harmless: under the same <c>Idempotency-Key</c> a program gets the first answer again, and what was answered is not done again.</summary>
/// <remarks>
/// After draft-ietf-httpapi-idempotency-key-header: 422 when the key was used for another request, 409 while the first is under way. Answers of a
/// failure of ours (5xx) are not kept, so that a repeat tries again. Kept for <see cref="Kept"/>.
/// <para>What it does not cover: the action and its remembered answer are two transactions. When the process dies between them, or the action was
/// committed and then answered with a 5xx, a repeat (in the first case after <see cref="UnderWay"/>) does it again.</para>
/// </remarks>
internal sealed class RepeatedRequests(RequestDelegate next, NpgsqlDataSource database, TimeProvider clock)
{
    public const string Header = "Idempotency-Key";

    /// <summary>Says of an answer that it is the first one's.</summary>
    public const string Replayed = "Idempotent-Replayed";

    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private const int Longest = 255;

    // Longer than any call of the API takes. A request that is older and has no answer died with its process.
    private static readonly TimeSpan UnderWay = TimeSpan.FromMinutes(1);

    public async Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || context.User.FindFirstValue(ClaimTypes.NameIdentifier) is not { } who || context.Request.Headers[Header].ToString() is not { Length: > 0 } given)
        {
            await next(context);
            return;
        }
        // The draft writes it as a structured string, in quotes; most programs leave them out.
        var key = given.Trim('"');
        if (key.Length is 0 or > Longest || key.Any(c => c is < '!' or > '~'))
        {
            await Refusals.Bad($"{Header} is 1 to {Longest} visible ASCII characters, such as a UUID.").ExecuteAsync(context);
            return;
        }
        var fingerprint = await FingerprintAsync(context);
        if (await BeginAsync(who, key, fingerprint, context.RequestAborted)) await DoAsync(context, who, key);
        else await AnswerAsync(context, who, key, fingerprint);
    }

    private async Task DoAsync(HttpContext context, string who, string key)
    {
        var wire = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        var kept = false;
        try
        {
            await next(context);
            kept = context.Response.StatusCode < StatusCodes.Status500InternalServerError;
        }
        finally
        {
            context.Response.Body = wire;
            // Whatever happens to the caller meanwhile, what was done must be known as done.
            if (kept) await EndAsync(who, key, context.Response, answer.ToArray());
            else await ForgetAsync(who, key);
        }
        answer.Position = 0;
        await answer.CopyToAsync(wire, context.RequestAborted);
    }

    private async Task AnswerAsync(HttpContext context, string who, string key, byte[] fingerprint)
    {
        await using var find = database.CreateCommand("SELECT fingerprint, status, content_type, body FROM api_request WHERE who = $1 AND key = $2");
        Add(find, who, key);
        await using var reader = await find.ExecuteReaderAsync(context.RequestAborted);
        if (!await reader.ReadAsync(context.RequestAborted) || reader.IsDBNull(1))
        {
            context.Response.Headers.RetryAfter = "1";
            await TypedResults.Problem(title: "The first request under this key is under way", detail: "Ask again in a second for its answer.", statusCode: StatusCodes.Status409Conflict).ExecuteAsync(context);
            return;
        }
        if (!reader.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(fingerprint))
        {
            await TypedResults.Problem(title: "This key was used for another request", detail: $"Use a new {Header} for every request, and the same one only to repeat it unchanged.", statusCode: StatusCodes.Status422UnprocessableEntity).ExecuteAsync(context);
            return;
        }
        context.Response.StatusCode = reader.GetInt32(1);
        if (!reader.IsDBNull(2)) context.Response.ContentType = reader.GetString(2);
        context.Response.Headers[Replayed] = "true";
        await context.Response.Body.WriteAsync(reader.GetFieldValue<byte[]>(3), context.RequestAborted);
    }

    private static async Task<byte[]> FingerprintAsync(HttpContext context)
    {
        context.Request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}\n"));
        var buffer = new byte[8192];
        for (int read; (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0;) hash.AppendData(buffer, 0, read);
        context.Request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    // Primary key: of two at once one gets the row and the other waits for its commit, which comes at once.
    private async Task<bool> BeginAsync(string who, string key, byte[] fingerprint, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var begin = database.CreateCommand("""
            INSERT INTO api_request AS r(who, key, fingerprint, at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (who, key) DO UPDATE SET fingerprint = excluded.fingerprint, at = excluded.at, status = NULL WHERE r.at < $5 OR (r.status IS NULL AND r.at < $6) RETURNING 1
            """);
        Add(begin, who, key, fingerprint, now, now - Kept, now - UnderWay);
        return await begin.ExecuteScalarAsync(cancel) is not null;
    }

    private async Task EndAsync(string who, string key, HttpResponse answer, byte[] body)
    {
        await using var end = database.CreateCommand("UPDATE api_request SET status = $3, content_type = $4, body = $5 WHERE who = $1 AND key = $2");
        Add(end, who, key, answer.StatusCode);
        end.Parameters.Add(new() { Value = (object?)answer.ContentType ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        Add(end, body);
        await end.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private async Task ForgetAsync(string who, string key)
    {
        await using var forget = database.CreateCommand("DELETE FROM api_request WHERE who = $1 AND key = $2");
        Add(forget, who, key);
        await forget.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static void Add(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
    }
}
