using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Quartermaster.Architecture;

/// <summary>Every type that a type's declaration, signatures, attributes and method bodies name.</summary>
/// <remarks>
/// Read from the compiled assembly, because in the text <c>Stock.Position</c> may be a neighbour or a property of that name.
/// Constants leave no trace there; that gap is known.
/// </remarks>
internal static class TypesUsed
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodes = typeof(OpCodes).GetFields()
        .Select(field => field.GetValue(null)).OfType<OpCode>().ToDictionary(code => code.Value);

    public static IEnumerable<Type> By(Type type) =>
        Named(type).SelectMany(Unfold).Where(used => used != type).Distinct();

    private static IEnumerable<Type?> Named(Type type)
    {
        yield return type.BaseType;
        foreach (var of in type.GetInterfaces().Concat(Attributes(type)).Concat(type.GetGenericArguments()))
            yield return of;
        foreach (var field in type.GetFields(All))
        {
            yield return field.FieldType;
            foreach (var attribute in Attributes(field))
                yield return attribute;
        }
        foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
            foreach (var of in Named(method))
                yield return of;
    }

    private static IEnumerable<Type?> Named(MethodBase method)
    {
        foreach (var parameter in method.GetParameters())
            yield return parameter.ParameterType;
        if (method is MethodInfo { ReturnType: var returns })
            yield return returns;
        foreach (var attribute in Attributes(method))
            yield return attribute;
        if (method.GetMethodBody() is not { } body)
            yield break;
        foreach (var variable in body.LocalVariables)
            yield return variable.LocalType;
        foreach (var member in Tokens(body.GetILAsByteArray()!).Select(token => Resolve(method, token)))
        {
            yield return member as Type ?? member?.DeclaringType;
            switch (member)
            {
                case FieldInfo field: yield return field.FieldType; break;
                case MethodInfo called:
                    yield return called.ReturnType;
                    foreach (var argument in called.IsGenericMethod ? called.GetGenericArguments() : [])
                        yield return argument;
                    break;
            }
        }
    }

    private static IEnumerable<Type> Attributes(MemberInfo member) =>
        member.GetCustomAttributesData().SelectMany(attribute => attribute.ConstructorArguments
            .Concat(attribute.NamedArguments.Select(named => named.TypedValue))
            .Select(argument => argument.Value).OfType<Type>()
            .Append(attribute.AttributeType));

    private static MemberInfo? Resolve(MethodBase method, int token)
    {
        try
        {
            return method.Module.ResolveMember(
                token,
                method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null,
                method.IsGenericMethod ? method.GetGenericArguments() : null);
        }
        catch (ArgumentException)
        {
            // A stand-alone signature (calli) is a token as well, and names no member.
            return null;
        }
    }

    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            short value = code[at++];
            if (value == 0xFE)
                value = (short)(0xFE00 | code[at++]);
            var operand = OpCodes[value].OperandType;
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
                yield return BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at));
            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at))),
                _ => 4,
            };
        }
    }

    private static IEnumerable<Type> Unfold(Type? type) => type switch
    {
        null => [],
        { HasElementType: true } => Unfold(type.GetElementType()),
        { IsGenericParameter: true } => type.GetGenericParameterConstraints().Where(bound => !bound.IsGenericType).SelectMany(Unfold),
        { IsGenericType: true } => type.GetGenericArguments().Where(argument => !argument.IsGenericParameter).SelectMany(Unfold)
            .Append(type.GetGenericTypeDefinition()),
        _ => [type],
    };
}
