using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Fulfilment;

/// <summary>What warehouses have been told to send for one order, and what left.</summary>
public sealed record Handoff
{
    public static readonly Handoff None = new();

    /// <summary>The storefront connection that is told of parcels, and the order's id there.</summary>
    public string? Channel { get; init; }
    public string? ExternalId { get; init; }

    public IReadOnlyList<Try>? Tries { get; init; }
    public IReadOnlyList<SentParcel>? Parcels { get; init; }

    /// <summary>A warehouse has, or is about to get, units that it has not sent yet.</summary>
    [JsonIgnore]
    public bool IsOpen
    {
        get
        {
            foreach (var t in Tries ?? [])
                if (t.IsOpen) return true;
            return false;
        }
    }

    /// <summary>A location that would not give back what it has still to send.</summary>
    [JsonIgnore]
    public string? Keeper
    {
        get
        {
            foreach (var t in Tries ?? [])
                if (t is { IsOpen: true, Phase: TryPhase.Kept }) return t.Location;
            return null;
        }
    }

    /// <summary>A location has turned the order down or could not find all of it, at some time.</summary>
    [JsonIgnore]
    public bool WasRefused
    {
        get
        {
            foreach (var t in Tries ?? [])
                if (t.Phase == TryPhase.TurnedDown || t.ShortOf is not null) return true;
            return false;
        }
    }

    /// <summary>Units of a line that warehouses have still to send.</summary>
    public int ToSendOf(string lineId)
    {
        var units = 0;
        foreach (var t in Tries ?? [])
            if (t.IsOpen)
                foreach (var line in t.Lines)
                    if (line.LineId == lineId) units += line.Quantity;
        return units;
    }

    /// <summary>Units of a line that left in our parcels.</summary>
    public int SentOf(string lineId)
    {
        var sent = 0;
        if (Parcels is not null)
            foreach (var parcel in Parcels)
                foreach (var line in parcel.Lines)
                    if (line.LineId == lineId) sent += line.Quantity;
        return sent;
    }

    public Try? TryOf(int attempt)
    {
        foreach (var t in Tries ?? [])
            if (t.Attempt == attempt) return t;
        return null;
    }

    /// <summary>Units of a line, as its channel sold it, that the channel was told of with our parcels.</summary>
    public int ToldOf(string lineId)
    {
        var told = 0;
        foreach (var parcel in Parcels ?? [])
            foreach (var line in parcel.Told)
                if (line.LineId == lineId) told += line.Quantity;
        return told;
    }

    public SentParcel? Find(string parcelId)
    {
        if (Parcels is not null)
            foreach (var parcel in Parcels)
                if (parcel.Id == parcelId) return parcel;
        return null;
    }
}

/// <summary>One hand-off to one warehouse.</summary>
/// <param name="Lines">What it still has to send; shrinks with every parcel and shortage.</param>
/// <param name="ShortAt">Time of the newest shortage report by the warehouse's clock, so that a repeat is known as one.</param>
/// <param name="SaidYesAt">Time of the acceptance, for the same reason.</param>
/// <param name="Collect">What it was told to collect from the shopper; null = nothing.</param>
/// <param name="Pending">The effect that hands it over may still be sent, again perhaps: it has not ended and was not called off.</param>
/// <param name="AskedBack">Why it was asked back.</param>
/// <param name="Asked">How often it was asked back.</param>
/// <param name="ShortOf">SKUs the warehouse could not find.</param>
/// <param name="RejectedAt">Time of the rejection by the warehouse's clock.</param>
/// <param name="Shadow">It was recorded and never sent, and the warehouse has said nothing that shows it has it all the same.</param>
/// <param name="Revision">Of the order when it was handed off; a refusal counts for that one.</param>
/// <param name="AwaitsLabel">The warehouse has not been told yet: its label is being bought.</param>
/// <param name="By">How it is to travel; null = nobody has chosen.</param>
public sealed record Try(
    int Attempt, string Location, string Connection, TryPhase Phase, IReadOnlyList<HandoffLine> Lines, DateTimeOffset? ShortAt = null, DateTimeOffset? SaidYesAt = null, decimal? Collect = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Pending = false, string? AskedBack = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Asked = 0,
    IReadOnlyList<string>? ShortOf = null, DateTimeOffset? RejectedAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Shadow = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Revision = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool AwaitsLabel = false,
    Carriage? By = null)
{
    [JsonIgnore]
    public bool IsOpen => Lines.Count > 0 && Phase is not (TryPhase.TurnedDown or TryPhase.Withdrawn);
}

[JsonConverter(typeof(JsonStringEnumConverter<TryPhase>))]
public enum TryPhase
{
    Planned, Submitted, Accepted, Withdrawing, Withdrawn,

    /// <summary>It would not give the order back; what it has will be sent.</summary>
    Kept,
    TurnedDown,
}

/// <summary>A parcel as fulfilment remembers it. Without lines: it held nothing that we had handed off.</summary>
/// <param name="AsSold">What of it the channel was told, where that is not simply its lines.</param>
/// <param name="Confirmed">When something was confirmed under its number, by the warehouse's clock; the first time is its own.</param>
/// <param name="More">What was confirmed under its number after it had left.</param>
public sealed record SentParcel(string Id, string Location, WriteBack WriteBack, IReadOnlyList<SentLine> Lines, string? FulfilmentId = null, IReadOnlyList<SentLine>? AsSold = null, IReadOnlyList<DateTimeOffset>? Confirmed = null,
    IReadOnlyList<SkuQuantity>? More = null)
{
    [JsonIgnore]
    public IReadOnlyList<SentLine> Told => AsSold ?? Lines;

    /// <summary>Key of the case that it held what nobody had handed off.</summary>
    public static string SurplusCase(string id) => $"parcel/{id}";

    /// <summary>Key of the case that more was confirmed under its number later.</summary>
    public static string AgainCase(string id) => $"again/{id}";

    /// <summary>Key of the case that its channel could not be told of it.</summary>
    public static string WriteBackCase(string id) => $"fulfil/{id}";
}

public sealed record SentLine(string LineId, int Quantity);

/// <summary>Whether the channel knows of a parcel.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WriteBack>))]
public enum WriteBack
{
    Planned, Done, Failed,

    /// <summary>Nothing in it was handed off by us.</summary>
    NotNeeded,

    /// <summary>It holds only parts of kits; the parcel that makes them whole is told.</summary>
    WithTheRest,
}
