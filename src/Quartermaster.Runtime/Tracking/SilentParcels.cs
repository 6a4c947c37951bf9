using Quartermaster.Core.Flows;
using Quartermaster.Core.Shipping;
using Quartermaster.Runtime.Partitions;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Tracking;

/// <summary>Of the parcels that are due at a vendor whose scans come by webhook: those that it has been silent about.</summary>
/// <remarks>What was heard of a parcel stands in its order; that is read once a day for each parcel, so that a scan writes nothing beside it.</remarks>
internal sealed class SilentParcels(Database database)
{
    /// <returns>Those to ask for, with what their orders know of them; and the others, which need no question now or never again.</returns>
    public async Task<(List<DueParcel> Ask, List<AskedParcel> Others)> SortAsync(List<DueParcel> due, TimeSpan silence, DateTimeOffset now, CancellationToken cancel)
    {
        var orders = await OrdersAsync(due, cancel);
        List<DueParcel> ask = [];
        List<AskedParcel> others = [];
        foreach (var parcel in due)
        {
            var file = orders.GetValueOrDefault((parcel.Brand, parcel.Stream));
            var seen = file?.Shipping.Find(parcel.Parcel);
            var heard = seen?.LastAt > parcel.SeenAt || parcel.SeenAt is null ? seen?.LastAt : parcel.SeenAt;
            if (seen is null or { IsOver: true } or { Last: ScanStatus.ReturnedToOrigin }) others.Add(new(parcel, null, heard, null, PutOff: true));
            else if (heard + silence > now) others.Add(new(parcel, heard + silence, heard, null, PutOff: true));
            else ask.Add(parcel with { SeenAt = heard, LabelId = file!.Labels?.On(parcel.Parcel)?.Issued?.LabelId });
        }
        return (ask, others);
    }

    private async Task<Dictionary<(string Brand, string Stream), OrderFile>> OrdersAsync(List<DueParcel> due, CancellationToken cancel)
    {
        var kind = StreamKinds.Find("order")!;
        // Index: stream_pkey, one probe for each.
        await using var read = database.General.CreateCommand("SELECT s.brand, s.stream, s.state FROM (SELECT DISTINCT brand, stream FROM unnest($1::text[], $2::text[]) AS x(brand, stream)) u JOIN stream s USING (brand, stream)")
            .With(Texts(due.Select(d => d.Brand)), Texts(due.Select(d => d.Stream)));
        Dictionary<(string, string), OrderFile> orders = [];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            if (kind.Load(reader.GetFieldValue<byte[]>(2)) is OrderFile file) orders[(reader.GetString(0), reader.GetString(1))] = file;
        return orders;
    }
}
