using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.Dhl;

/// <summary>DHL's status codes, and the finer codes of DHL Express with DHL's own text, and our word for each. What is not in the tables goes to a person.</summary>
internal static class DhlStatus
{
    /// <summary>What it means for the parcel; null = nothing that moves it.</summary>
    /// <param name="code"><c>statusCode</c>: rough, of all divisions.</param>
    /// <param name="fine"><c>status</c>: each division's own; known here for Express.</param>
    public static ScanStatus? Of(string? service, string? code, string? fine) =>
        service == "express" && fine is not null && Express.TryGetValue(fine, out var known) ? known
        : Codes.TryGetValue(code ?? "", out var rough) ? rough : ScanStatus.Unmapped;

    /// <summary>Of DHL Express alone, whose own API tells only the finer codes.</summary>
    public static ScanStatus? OfExpress(string? fine) => Of("express", null, fine);

    public static bool SaysDamaged(string? service, string? fine) => service == "express" && fine == "DD";

    private static readonly Dictionary<string, ScanStatus?> Codes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["pre-transit"] = null,
        ["transit"] = ScanStatus.InTransit,
        ["delivered"] = ScanStatus.Delivered,
        ["failure"] = ScanStatus.Exception,
    };

    private static readonly Dictionary<string, ScanStatus?> Express = new(StringComparer.Ordinal)
    {
        ["AD"] = ScanStatus.InTransit, // Agreed delivery
        ["AF"] = ScanStatus.InTransit, // Arrived facility
        ["AR"] = ScanStatus.InTransit, // Arrival in delivery facility
        ["BA"] = ScanStatus.Exception, // Bad address
        ["BN"] = ScanStatus.InTransit, // Customer broker notified
        ["BR"] = ScanStatus.InTransit, // Broker release
        ["CA"] = ScanStatus.FailedAttempt, // Closed on arrival
        ["CC"] = ScanStatus.InTransit, // Awaiting cnee collection
        ["CD"] = ScanStatus.HeldAtCustoms, // Controllable clearance delay
        ["CM"] = ScanStatus.Exception, // Customer moved
        ["CR"] = ScanStatus.InTransit, // Clearance release
        ["CS"] = ScanStatus.Exception, // Closed shipment
        ["DD"] = ScanStatus.Delivered, // Delivered damaged
        ["DF"] = ScanStatus.InTransit, // Depart facility
        ["DS"] = ScanStatus.Exception, // Destroyed / disposal
        ["FD"] = ScanStatus.InTransit, // Forward destination
        ["HP"] = ScanStatus.Exception, // Held for payment
        ["IC"] = ScanStatus.InTransit, // In clearance processing
        ["MC"] = ScanStatus.InTransit, // Miscode
        ["MD"] = ScanStatus.InTransit, // Missed delivery cycle
        ["MS"] = ScanStatus.InTransit, // Mis-sort
        ["ND"] = ScanStatus.FailedAttempt, // Not delivered
        ["NH"] = ScanStatus.FailedAttempt, // Not home
        ["OH"] = ScanStatus.Exception, // On hold
        ["OK"] = ScanStatus.Delivered, // Delivery
        ["PD"] = ScanStatus.InTransit, // Partial delivery
        ["PL"] = ScanStatus.InTransit, // Processed at location
        ["PU"] = ScanStatus.PickedUp, // Shipment pick up
        ["PY"] = null, // Payment
        ["RD"] = ScanStatus.ReturnedToOrigin, // Refused delivery
        ["RR"] = null, // Response received
        ["RT"] = ScanStatus.ReturnedToOrigin, // Returned to consignor
        ["SA"] = ScanStatus.PickedUp, // Shipment acceptance
        ["SC"] = null, // Service changed
        ["SM"] = ScanStatus.InTransit, // Scheduled for movement
        ["SS"] = ScanStatus.Exception, // Shipment stopped
        ["TP"] = ScanStatus.InTransit, // Forwarded to 3rd party
        ["TR"] = ScanStatus.InTransit, // Record of transfer
        ["UD"] = ScanStatus.HeldAtCustoms, // Uncontrollable clearance delay
        ["WC"] = ScanStatus.OutForDelivery, // With delivering courier
    };
}
