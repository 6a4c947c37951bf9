using System.Text;
using System.Text.Json;

namespace Quartermaster.Connectors.Shared;

/// <summary>Writes a request body member by member, for vendors that take an empty text for a wrong one.</summary>
internal static class JsonBody
{
    /// <param name="members">Writes what is inside the outermost object.</param>
    public static string Write(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream(1024);
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <param name="members">Writes what is inside it.</param>
    public static void Object(this Utf8JsonWriter json, string name, Action members)
    {
        json.WriteStartObject(name);
        members();
        json.WriteEndObject();
    }

    /// <summary>Left out when there is nothing to say.</summary>
    public static void Optional(this Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) json.WriteString(name, value);
    }
}
