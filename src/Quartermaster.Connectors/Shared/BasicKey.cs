using System.Net.Http.Headers;
using System.Text;

namespace Quartermaster.Connectors.Shared;

/// <summary>Name and secret as HTTP's basic authentication carries them.</summary>
internal static class BasicKey
{
    public static AuthenticationHeaderValue Of(string name, string secret) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{secret}")));
}
