using System.Text.RegularExpressions;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Shared;

/// <summary>Documents that vendors put into their answers as base64: kept as a <see cref="Paper"/>, and left out of what the timeline shows.</summary>
internal static partial class Pictures
{
    /// <returns>Null when there is none, or none that can be read: what was bought is bought all the same.</returns>
    /// <param name="format">As the vendor names it: <c>PDF</c>, <c>ZPL203DPI</c>.</param>
    public static Paper? Read(string name, string format, string? base64)
    {
        if (string.IsNullOrEmpty(base64)) return null;
        var content = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, content, out var length) && length > 0 ? new(name, TypeOf(format), content.AsMemory(0, length)) : null;
    }

    public static string NameOf(Consignment parcel) => $"label/{parcel.Reference}";

    /// <summary>What was said, without the pictures in it: no word or number of a vendor is as long.</summary>
    public static Exchange Without(Exchange exchange) => exchange with { Answer = Base64().Replace(exchange.Answer, "…") };

    private static string TypeOf(string format) => format.ToUpperInvariant() switch
    {
        "PDF" => "application/pdf",
        "PNG" => "image/png",
        "GIF" => "image/gif",
        "JPG" or "JPEG" => "image/jpeg",
        ['Z', 'P', 'L', ..] => "application/zpl",
        _ => "application/octet-stream",
    };

    // With its slashes and pluses as JSON may escape them.
    [GeneratedRegex(@"[A-Za-z0-9+/=\\]{200,}")]
    private static partial Regex Base64();
}
