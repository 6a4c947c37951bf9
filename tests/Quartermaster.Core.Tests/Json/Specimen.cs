using System.Collections;
using System.Reflection;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Core.Tests.Json;

/// <summary>Makes one fully filled value of any wire type, the same every time.</summary>
internal static class Specimen
{
    public static object Of(Type type) => Of(type, type.Name)!;

    private static object? Of(Type type, string name)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return name.Length == 0 ? "text" : char.ToLowerInvariant(name[0]) + name[1..];
        if (type == typeof(int)) return 3;
        if (type == typeof(decimal)) return 1234.50m;
        if (type == typeof(bool)) return true;
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2026, 3, 2, 9, 30, 15, 250, TimeSpan.Zero);
        if (type == typeof(DateOnly)) return new DateOnly(2026, 3, 2);
        if (type == typeof(TimeSpan)) return TimeSpan.FromSeconds(90);
        if (type == typeof(Outcome)) return new Outcome.Refused("code", "why");
        if (type.IsEnum) return Enum.GetValues(type).GetValue(1);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) return List(type.GetGenericArguments()[0], name);
        return Record(type);
    }

    private static IList List(Type item, string name)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        list.Add(Of(item, name.EndsWith('s') ? name[..^1] : name));
        return list;
    }

    private static object Record(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        var value = constructor.Invoke([.. constructor.GetParameters().Select(p => Of(p.ParameterType, p.Name!))]);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            if (property.SetMethod is not null && constructor.GetParameters().All(p => p.Name != property.Name))
                property.SetValue(value, Of(property.PropertyType, property.Name));
        return value;
    }
}
