using System.Collections.Frozen;
using System.Globalization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Rules;

/// <summary>When a rule applies. Whoever makes one has checked that test and operands fit the field.</summary>
public abstract record Condition
{
    private Condition() { }

    public abstract bool IsMet(RuleFacts order);

    /// <summary>Says which parts were met, each with the order's value; asked only of a condition that is met.</summary>
    public abstract void Explain(RuleFacts order, List<string> because);

    /// <summary>Every one of them.</summary>
    public sealed record All(IReadOnlyList<Condition> Of) : Condition
    {
        public override bool IsMet(RuleFacts order)
        {
            foreach (var one in Of)
                if (!one.IsMet(order)) return false;
            return true;
        }

        public override void Explain(RuleFacts order, List<string> because)
        {
            foreach (var one in Of) one.Explain(order, because);
        }

        public override string ToString() => string.Join("; ", Of);
    }

    /// <summary>At least one of them.</summary>
    public sealed record Any(IReadOnlyList<Condition> Of) : Condition
    {
        public override bool IsMet(RuleFacts order)
        {
            foreach (var one in Of)
                if (one.IsMet(order)) return true;
            return false;
        }

        public override void Explain(RuleFacts order, List<string> because)
        {
            foreach (var one in Of)
                if (one.IsMet(order)) one.Explain(order, because);
        }

        public override string ToString() => $"any of ({string.Join("; ", Of)})";
    }

    /// <summary>None of them.</summary>
    public sealed record None(IReadOnlyList<Condition> Of) : Condition
    {
        public override bool IsMet(RuleFacts order)
        {
            foreach (var one in Of)
                if (one.IsMet(order)) return false;
            return true;
        }

        public override void Explain(RuleFacts order, List<string> because)
        {
            foreach (var one in Of) because.Add($"not: {one}");
        }

        public override string ToString() => $"none of ({string.Join("; ", Of)})";
    }

    /// <summary>Compares texts without regard to case.</summary>
    public sealed record Text(RuleField Field, TextTest Test, IReadOnlyList<string> Operands) : Condition
    {
        private readonly FrozenSet<string> _known = Operands.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

        public bool Equals(Text? other) => other is not null && Field == other.Field && Test == other.Test && Operands.SequenceEqual(other.Operands);

        public override int GetHashCode() => HashCode.Combine(Field, Test, Operands.Count);

        public override bool IsMet(RuleFacts order)
        {
            if (Field.Kind == RuleFieldKind.Text) return Fits(Field.One(order));
            var negative = Test is TextTest.IsNot or TextTest.NotIn;
            foreach (var one in Field.Many(order))
                if (Fits(one) != negative) return !negative;
            return negative;
        }

        public override void Explain(RuleFacts order, List<string> because) => because.Add(Test == TextTest.Is ? $"{Field} is {Met(order)}" : $"{Field} {Met(order)}, {Wanted}");

        private string Met(RuleFacts order)
        {
            if (Field.Kind == RuleFieldKind.Text) return Quoted(Field.One(order));
            var all = Field.Many(order);
            if (Test is TextTest.IsNot or TextTest.NotIn) return all.Count == 0 ? "none" : Cut(string.Join(", ", all));
            foreach (var one in all)
                if (Fits(one)) return Quoted(one);
            return "none";
        }

        private bool Fits(string value) => Test switch
        {
            TextTest.Is or TextTest.In => _known.Contains(value),
            TextTest.IsNot or TextTest.NotIn => !_known.Contains(value),
            TextTest.StartsWith => AnyOf(value, static (v, o) => v.StartsWith(o, StringComparison.OrdinalIgnoreCase)),
            TextTest.EndsWith => AnyOf(value, static (v, o) => v.EndsWith(o, StringComparison.OrdinalIgnoreCase)),
            TextTest.Contains => AnyOf(value, static (v, o) => v.Contains(o, StringComparison.OrdinalIgnoreCase)),
            _ => throw new System.Diagnostics.UnreachableException(Test.ToString()),
        };

        private bool AnyOf(string value, Func<string, string, bool> fits)
        {
            foreach (var operand in Operands)
                if (fits(value, operand)) return true;
            return false;
        }

        private string Wanted => Test switch
        {
            TextTest.Is => $"is {Operands[0]}",
            TextTest.IsNot => $"is not {Operands[0]}",
            TextTest.In => $"one of {Cut(string.Join(", ", Operands))}",
            TextTest.NotIn => $"none of {Cut(string.Join(", ", Operands))}",
            TextTest.StartsWith => $"starts with {Cut(string.Join(" or ", Operands))}",
            TextTest.EndsWith => $"ends with {Cut(string.Join(" or ", Operands))}",
            _ => $"contains {Cut(string.Join(" or ", Operands))}",
        };

        private static string Quoted(string value) => value.Length == 0 ? "not given" : Cut(value);

        // What a shopper wrote may be long; the reason stays readable.
        private static string Cut(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[78]) ? 78 : 79), "…");

        public override string ToString() => $"{Field} {Wanted}";
    }

    /// <summary>Compares numbers.</summary>
    /// <param name="To">The upper end of <see cref="NumberTest.Between"/>, which it contains.</param>
    public sealed record Number(RuleField Field, NumberTest Test, decimal Operand, decimal To = 0m) : Condition
    {
        public override bool IsMet(RuleFacts order)
        {
            var value = Field.Amount(order);
            return Test switch
            {
                NumberTest.Is => value == Operand,
                NumberTest.IsNot => value != Operand,
                NumberTest.AtLeast => value >= Operand,
                NumberTest.AtMost => value <= Operand,
                NumberTest.MoreThan => value > Operand,
                NumberTest.LessThan => value < Operand,
                NumberTest.Between => value >= Operand && value <= To,
                _ => throw new System.Diagnostics.UnreachableException(Test.ToString()),
            };
        }

        public override void Explain(RuleFacts order, List<string> because) => because.Add(string.Create(CultureInfo.InvariantCulture, $"{Field} {Field.Amount(order):0.####}, {Wanted}"));

        private string Wanted => Test switch
        {
            NumberTest.Is => string.Create(CultureInfo.InvariantCulture, $"is {Operand:0.####}"),
            NumberTest.IsNot => string.Create(CultureInfo.InvariantCulture, $"is not {Operand:0.####}"),
            NumberTest.AtLeast => string.Create(CultureInfo.InvariantCulture, $"at least {Operand:0.####}"),
            NumberTest.AtMost => string.Create(CultureInfo.InvariantCulture, $"at most {Operand:0.####}"),
            NumberTest.MoreThan => string.Create(CultureInfo.InvariantCulture, $"more than {Operand:0.####}"),
            NumberTest.LessThan => string.Create(CultureInfo.InvariantCulture, $"less than {Operand:0.####}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"between {Operand:0.####} and {To:0.####}"),
        };

        public override string ToString() => $"{Field} {Wanted}";
    }

    public sealed record YesNo(RuleField Field, bool Wanted) : Condition
    {
        public override bool IsMet(RuleFacts order) => Field.Flag(order) == Wanted;

        public override void Explain(RuleFacts order, List<string> because) => because.Add(ToString());

        public override string ToString() => $"{Field} {(Wanted ? "yes" : "no")}";
    }
}

/// <summary>How a text is compared. Of several operands one is enough, except for the negative ones.</summary>
public enum TextTest { Is, IsNot, In, NotIn, StartsWith, EndsWith, Contains }

public enum NumberTest { Is, IsNot, AtLeast, AtMost, MoreThan, LessThan, Between }
