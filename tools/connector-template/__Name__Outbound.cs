using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.__Name__;

/// <summary>What we ask of __Name__: effect → request. Pure.</summary>
internal static class __Name__Outbound
{
    /// <summary>Asked by the test button; changes nothing there.</summary>
    public const string TestPath = "/v1/me";

    /// <exception cref="NotSupportedException">The effect is not among those the manifest names.</exception>
    public static (string Path, string Body) Request(Work work) => work.Effect switch
    {
        var other => throw new NotSupportedException($"{Wire.KindOf(other.GetType())} is not done by __Name__."),
    };
}
