using Microsoft.Playwright;
using Quartermaster.Tests.Browser;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Quartermaster.Tests.Browser;

/// <summary>One real browser for all tests that need one; they are skipped, and say so, where there is none.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>The folder that everything lies in, where the restored front-end packages are.</summary>
    internal static string Repository { get; } = FindRepository();

    private readonly SemaphoreSlim _once = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A page in a session of its own: no cookies, no cache, nothing of another test.</summary>
    public async Task<IPage> NewPageAsync(BrowserNewContextOptions? options = null)
    {
        Assert.SkipUnless(Find() is not null, "no Chromium on this machine (apt-get install chromium)");
        var context = await (await BrowserAsync()).NewContextAsync(options);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _once.Dispose();
    }

    private async Task<IBrowser> BrowserAsync()
    {
        await _once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            return _browser ??= await _playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = Find(),
                // Chromium's own sandbox refuses root, and what is shown here is ours.
                ChromiumSandbox = !Environment.IsPrivilegedProcess,
                Args = ["--disable-dev-shm-usage"],
            });
        }
        finally
        {
            _once.Release();
        }
    }

    private static string? Find() =>
        Environment.GetEnvironmentVariable("QM_CHROMIUM") is { Length: > 0 } named ? named
        : (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
           from name in Names
           let path = Path.Combine(folder, name)
           where File.Exists(path)
           select path).FirstOrDefault();

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Quartermaster.slnx"))) return folder.FullName;
        throw new DirectoryNotFoundException("Quartermaster.slnx is in no folder above the tests.");
    }
}
