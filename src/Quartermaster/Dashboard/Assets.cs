using System.Reflection;

namespace Quartermaster.Dashboard;

/// <summary>Stamps addresses of styles and scripts with the build, so that browsers may keep them for a year.</summary>
internal static class Assets
{
    public static string Version { get; } = typeof(Assets).Assembly.ManifestModule.ModuleVersionId.ToString("N")[..10];

    public static string ProductVersion { get; } = typeof(Assets).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}
