using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartermaster.Runtime.Operations;

namespace Quartermaster.Runtime.Hosting;

/// <summary>Puts the machine into a host: started with it, drained with it.</summary>
public static class HubServices
{
    /// <summary>Registers the machine and what pages and commands use of it. The database must be migrated before the host starts.</summary>
    public static IServiceCollection AddHub(this IServiceCollection services, HubPlan plan, Database database, HubOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(plan);
        services.AddSingleton(options);
        services.AddSingleton(database);
        services.AddSingleton(database.General);
        services.AddSingleton(s => new HubRuntime(plan, database, options, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(s => s.GetRequiredService<HubRuntime>().Desk);
        services.AddSingleton(s => s.GetRequiredService<HubRuntime>().Links);
        services.AddSingleton(s => s.GetRequiredService<HubRuntime>().Times);
        services.AddSingleton(s => s.GetRequiredService<HubRuntime>().Switches.Preferences);
        services.AddSingleton(s =>
        {
            var hub = s.GetRequiredService<HubRuntime>();
            return new ConnectionDesk(hub.Plan, hub.Database, hub.Desk, s.GetRequiredService<TimeProvider>())
            {
                TryAgain = connection =>
                {
                    hub.Lanes?.Find(connection)?.Breaker.Answered();
                    hub.Lanes?.Nudge();
                },
            };
        });
        services.AddSingleton(s => s.GetRequiredService<HubRuntime>().Prices);
        services.AddHostedService<HubService>();
        return services;
    }

    /// <summary>Starts last: a process whose address is taken has not joined the others when it gives up.</summary>
    private sealed class HubService(HubRuntime hub) : IHostedLifecycleService
    {
        public Task StartedAsync(CancellationToken cancellationToken) => hub.StartAsync(cancellationToken);

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => hub.StopAsync(TimeSpan.FromSeconds(20));
    }
}
