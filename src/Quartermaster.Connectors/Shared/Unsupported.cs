using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Shared;

/// <summary>An effect reached a connector whose manifest does not list it; planning should have refused it.</summary>
public static class Unsupported
{
    public static Result By(string connector, Work work) =>
        new(new Outcome.Refused("unsupported_effect", $"{connector} cannot do {work.Effect.GetType().Name}."), Exchange.None);
}
