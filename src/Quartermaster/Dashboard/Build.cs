using System.Reflection;

namespace Quartermaster.Dashboard;

/// <summary>Stamps addresses of styles and scripts with the build, so that browsers may keep them for a year.</summary>
internal static class Build
{
    public static string Version { get; } = typeof(Build).Assembly.ManifestModule.ModuleVersionId.ToString("N")[..10];

    public static string ProductVersion { get; } = typeof(Build).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}
