using System.Text.Json.Serialization;

namespace Quartermaster.Core.Messages;

/// <summary>What the law calls a message, and with it who may be sent it, when and how often.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LegalClass>))]
public enum LegalClass
{
    /// <summary>An order makes it necessary.</summary>
    Transactional,

    /// <summary>Everything else: only with consent where the brand needs it, in waking hours, and not too often.</summary>
    Marketing,
}
