using System.Text.Json.Serialization;
using Quartermaster.Core.Codes;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Connections;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Products;
using Quartermaster.Core.Purchasing;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;
using Quartermaster.Core.Troubles;

namespace Quartermaster.Core.Json;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(OrderFile))]
[JsonSerializable(typeof(StockItem))]
[JsonSerializable(typeof(Connection))]
[JsonSerializable(typeof(Product))]
[JsonSerializable(typeof(PurchaseOrder))]
[JsonSerializable(typeof(LowStockNotice))]
[JsonSerializable(typeof(LaneNotice))]
[JsonSerializable(typeof(TroubleNotice))]
[JsonSerializable(typeof(Waybill))]
[JsonSerializable(typeof(Dispatch))]
[JsonSerializable(typeof(SoldCode))]
[JsonSerializable(typeof(Contact))]
[JsonSerializable(typeof(RunFile))]
[JsonSerializable(typeof(WeekReport))]
internal sealed partial class FileJson : JsonSerializerContext;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(EffectSettled))]
[JsonSerializable(typeof(CaseSettled))]
[JsonSerializable(typeof(CallOff))]
[JsonSerializable(typeof(CalledOff))]
[JsonSerializable(typeof(Outcome))]
internal sealed partial class OutcomeJson : JsonSerializerContext;
