using Microsoft.AspNetCore.Components;

namespace Quartermaster.Dashboard;

/// <summary>A component that is drawn only when it has read everything; all of the dashboard's are.</summary>
/// <remarks>
/// A plain component is also drawn at the first await that really waits, with half of what it reads. That drawing is thrown away here,
/// but one that meets a half that does not fit together fails the page: now and then, when the database is slow.
/// </remarks>
public abstract class Loaded : ComponentBase
{
    private bool _loaded;

    public override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        if (!_loaded)
        {
            _loaded = true;
            await LoadAsync();
        }
        await base.SetParametersAsync(ParameterView.Empty);
    }

    /// <summary>Reads what is drawn; parameters are set, nothing is drawn yet.</summary>
    protected virtual Task LoadAsync() => Task.CompletedTask;
}
