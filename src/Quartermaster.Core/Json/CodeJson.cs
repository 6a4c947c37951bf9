using System.Text.Json.Serialization;
using Quartermaster.Core.Codes;

namespace Quartermaster.Core.Json;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(CodeSignal.Met), TypeInfoPropertyName = "SignalMet")]
[JsonSerializable(typeof(CodeSignal.Explained), TypeInfoPropertyName = "SignalExplained")]
[JsonSerializable(typeof(CodeSignal.UndoAsked), TypeInfoPropertyName = "SignalUndoAsked")]
[JsonSerializable(typeof(CodeSignal.NobodyWaits), TypeInfoPropertyName = "SignalNobodyWaits")]
[JsonSerializable(typeof(CodeEvent.FoundUnknown), TypeInfoPropertyName = "EventFoundUnknown")]
[JsonSerializable(typeof(CodeEvent.MeaningSet), TypeInfoPropertyName = "EventMeaningSet")]
[JsonSerializable(typeof(CodeEvent.MeaningUndone), TypeInfoPropertyName = "EventMeaningUndone")]
[JsonSerializable(typeof(CodeEvent.WaitedForNoMore), TypeInfoPropertyName = "EventWaitedForNoMore")]
[JsonSerializable(typeof(CodeRequest.Keep), TypeInfoPropertyName = "RequestKeep")]
internal sealed partial class CodeJson : JsonSerializerContext;
