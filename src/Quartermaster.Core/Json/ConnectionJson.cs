using System.Text.Json.Serialization;
using Quartermaster.Core.Connections;
using Quartermaster.Core.Troubles;

namespace Quartermaster.Core.Json;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ConnectionSignal.Disconnected), TypeInfoPropertyName = "SignalDisconnected")]
[JsonSerializable(typeof(ConnectionSignal.Mended), TypeInfoPropertyName = "SignalMended")]
[JsonSerializable(typeof(ConnectionSignal.Noticed), TypeInfoPropertyName = "SignalNoticed")]
[JsonSerializable(typeof(ConnectionEvent.Cut), TypeInfoPropertyName = "EventCut")]
[JsonSerializable(typeof(ConnectionEvent.Restored), TypeInfoPropertyName = "EventRestored")]
[JsonSerializable(typeof(ConnectionEvent.NoticeKept), TypeInfoPropertyName = "EventNoticeKept")]
[JsonSerializable(typeof(TroubleSignal.Seen), TypeInfoPropertyName = "SignalSeen")]
[JsonSerializable(typeof(TroubleEvent.Told), TypeInfoPropertyName = "EventTold")]
internal sealed partial class ConnectionJson : JsonSerializerContext;
