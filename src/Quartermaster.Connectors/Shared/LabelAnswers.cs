using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;

namespace Quartermaster.Connectors.Shared;

/// <summary>What the answers of all who sell labels have in common.</summary>
internal static class LabelAnswers
{
    /// <summary>The label exists: its order hears of it, from a purchase's answer and from a look-up's alike.</summary>
    public static Result Issued(IssuedLabel label, Consignment parcel, string brand, bool found, Exchange exchange) =>
        new(found ? new Outcome.AlreadyDone(label.LabelId) : new Outcome.Done(label.LabelId), exchange,
            [new(new StreamId(brand, "order", parcel.OrderRef), new LabelSignal.Issued(parcel.Reference, label))]);

    /// <summary>The same of a label that came as a picture in the answer.</summary>
    /// <param name="picture">As base64; null when the answer had none.</param>
    /// <param name="format">As the vendor names it.</param>
    public static Result Issued(IssuedLabel label, string? picture, string format, Consignment parcel, string brand, bool found, Exchange exchange)
    {
        var paper = Pictures.Read(Pictures.NameOf(parcel), format, picture);
        var document = paper is null ? null : Paper.AddressOf(paper.Name);
        return Issued(label with { Document = document }, parcel, brand, found, Pictures.Without(exchange)) with { Papers = paper is null ? [] : [paper] };
    }

    /// <summary>A look-up that was not answered leaves the doubt: repeating the purchase could buy the label twice.</summary>
    public static Outcome? LeavesDoubt(Outcome? trouble) => trouble switch
    {
        null => null,
        Outcome.NotConnected not => not,
        _ => new Outcome.Unsure(Outcome.Words(trouble)),
    };

    /// <summary>Why a carrier sells no label for this parcel through the hub; null when nothing speaks against it.</summary>
    /// <remarks>Better no label than one that collects nothing, or one with which customs stops the parcel.</remarks>
    /// <param name="declares">The connection writes the declaration for customs, where all that belongs into it is known.</param>
    public static Result? NotSold(string vendor, Consignment parcel, bool declares = false) => parcel switch
    {
        { Collect: not null } => Refused("collect_on_delivery", $"{vendor}'s labels collect nothing through this connection: hand the order over without our label."),
        _ when !Customs.Declares(parcel) => null,
        _ when !declares => Refused("customs", $"{vendor} wants a customs declaration, which this connection does not write: hand the order over without our label."),
        _ => Customs.Missing(vendor, parcel) is { } missing ? Refused("customs", missing) : null,
    };

    /// <summary>The body as the vendor's shape; null when it is empty or cannot be read.</summary>
    public static T? Read<T>(this Answer answer, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return answer.Body.IsEmpty ? null : JsonSerializer.Deserialize(answer.Body.Span, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Result Refused(string code, string why) => new(new Outcome.Refused(code, why), Exchange.None);
}
