using System.Runtime.CompilerServices;

namespace Quartermaster.Sandbox.Twins;

/// <summary>The road between the warehouses and carriers of one sandbox: what a warehouse sends off, a carrier picks up.</summary>
/// <remarks>In the real world a label connects the two; in the box it is this. One road per sandbox, found through its webhook sender.</remarks>
internal sealed class ParcelRoad
{
    private static readonly ConditionalWeakTable<IWebhookSender, ParcelRoad> Roads = [];

    private readonly Lock gate = new();
    private readonly List<(string Brand, Action<SentParcel> PickUp)> carriers = [];

    public static ParcelRoad Of(IWebhookSender sandbox) => Roads.GetValue(sandbox, _ => new());

    public void Drive(string brand, Action<SentParcel> pickUp)
    {
        lock (gate) carriers.Add((brand, pickUp));
    }

    public void Send(string brand, SentParcel parcel)
    {
        (string Brand, Action<SentParcel> PickUp)[] all;
        lock (gate) all = [.. carriers];
        foreach (var carrier in all)
            if (carrier.Brand == brand) carrier.PickUp(parcel);
    }
}

internal sealed record SentParcel(string OrderRef, string Carrier, string Tracking, string From);
