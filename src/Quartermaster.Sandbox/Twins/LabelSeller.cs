using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>What the twins of all who sell labels have in common: a counter, and what a test asks of it.</summary>
public abstract class LabelSeller : ITwin, IDisposable
{
    /// <param name="carrier">How warehouses call it; null for a broker.</param>
    private protected LabelSeller(TwinContext context, string? carrier = null)
    {
        Context = context;
        Counter = new(context, carrier, Tell);
    }

    private protected TwinContext Context { get; }

    private protected LabelCounter Counter { get; }

    /// <summary>How many labels were sold, void ones included.</summary>
    public int Sold => Counter.Sold;

    public int Voided => Counter.Voided;

    /// <summary>Labels that were neither taken back nor carried by a parcel.</summary>
    public int LeftBehind => Counter.LeftBehind;

    /// <summary>How often somebody asked where a parcel is.</summary>
    public int Asked => Counter.Asked;

    /// <summary>A warehouse hands over the parcel that carries this label.</summary>
    public void SendOff(string tracking, string carrier = "") => ParcelRoad.Of(Context.Hub).Send(Context.Brand, new SentParcel("", carrier, tracking, ""));

    public abstract void Map(IEndpointRouteBuilder routes);

    public void Dispose()
    {
        Counter.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A parcel was seen. One that is asked for instead of telling does nothing here.</summary>
    private protected virtual void Tell(SoldLabel label, WayPoint at) { }
}
