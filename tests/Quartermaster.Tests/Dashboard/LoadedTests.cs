using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Quartermaster.Dashboard;

/// <summary>No page is drawn with half of what it reads.</summary>
public sealed class LoadedTests
{
    [Fact]
    public async Task A_component_is_drawn_once_and_after_its_last_read()
    {
        await using var renderer = new HtmlRenderer(new ServiceCollection().BuildServiceProvider(), NullLoggerFactory.Instance);
        var drawn = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<Slow>(ParameterView.FromDictionary(new Dictionary<string, object?> { ["Brand"] = "aurora" }))).ToHtmlString());
        drawn.ShouldBe("aurora: first, second; drawn 1");
    }

    private sealed class Slow : Loaded
    {
        private readonly List<string> _read = [];
        private int _drawn;

        [Parameter] public string? Brand { get; set; }

        protected override async Task LoadAsync()
        {
            _read.Add("first");
            await Task.Yield();
            _read.Add("second");
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, $"{Brand}: {string.Join(", ", _read)}; drawn {++_drawn}");
    }
}
