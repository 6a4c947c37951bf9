using System.Buffers;
using System.Text.Json;

namespace Quartermaster.Sandbox.Twins;

/// <summary>The books of a Xero twin. Everything under one lock: it is a box, not a bank.</summary>
internal sealed class XeroLedger
{
    public static readonly IReadOnlyList<DocumentKind> Kinds = [new("Invoices", "InvoiceID", "InvoiceNumber", "ACCREC"), new("CreditNotes", "CreditNoteID", "CreditNoteNumber", "ACCRECCREDIT"), new("PurchaseOrders", "PurchaseOrderID", "PurchaseOrderNumber", null)];

    // A load test runs for hours; what is this old is asked for no more.
    private const int KeptDocuments = 200_000;
    private const int KeptAnswers = 2_000;

    private readonly Lock gate = new();
    private readonly Dictionary<(string Kind, string Number), Document> documents = [];
    private readonly Queue<(string Kind, string Number)> documentsInOrder = new();
    private readonly Dictionary<string, string> contactIds = new(StringComparer.Ordinal);
    private readonly HashSet<string> contacts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> answers = new(StringComparer.Ordinal);
    private readonly Queue<string> answersInOrder = new();
    private int withoutNumber;

    public int ContactCount { get { lock (gate) return contacts.Count; } }

    public int Count(string number)
    {
        lock (gate) return documents.Values.Where(d => d.Number == number).Sum(d => d.Copies);
    }

    public bool Approve(string number)
    {
        lock (gate)
        {
            var found = documents.Values.FirstOrDefault(d => d.Number == number);
            if (found is null) return false;
            found.Status = "AUTHORISED";
            return true;
        }
    }

    /// <summary>The first answer under this key, whatever is asked now.</summary>
    public byte[] Once(string key, Func<byte[]> write)
    {
        lock (gate)
        {
            if (answers.TryGetValue(key, out var before)) return before;
            var answer = write();
            answers[key] = answer;
            answersInOrder.Enqueue(key);
            if (answersInOrder.Count > KeptAnswers) answers.Remove(answersInOrder.Dequeue());
            return answer;
        }
    }

    /// <param name="create">PUT: every element is a new document, even under a number that is taken; only of purchase orders the vendor wants numbers that are unique.</param>
    public byte[] Write(DocumentKind kind, JsonElement body, bool create)
    {
        var elements = body.GetProperty(kind.Plural);
        if (elements.GetArrayLength() is < 1 or > 50) throw new FormatException("1 to 50 elements per call");
        lock (gate) return Answer(kind.Plural, elements.EnumerateArray(), (json, element) => WriteOne(json, kind, element, create));
    }

    public byte[] WriteContacts(JsonElement body)
    {
        lock (gate) return Answer("Contacts", body.GetProperty("Contacts").EnumerateArray(), (json, element) =>
        {
            json.WriteString("ContactID", ContactOf(element));
            foreach (var field in (string[])["ContactNumber", "Name"])
                if (Text(element, field) is { } value) json.WriteString(field, value);
            json.WriteString("ContactStatus", "ACTIVE");
        });
    }

    public byte[] Find(DocumentKind kind, IReadOnlyList<string> numbers)
    {
        lock (gate)
            return Answer(kind.Plural, numbers.Select(n => documents.GetValueOrDefault((kind.Plural, n))).OfType<Document>(), (json, found) => found.Write(json, kind));
    }

    private void WriteOne(Utf8JsonWriter json, DocumentKind kind, JsonElement element, bool create)
    {
        var number = Text(element, kind.NumberField) ?? $"SANDBOX-{++withoutNumber}";
        var known = documents.GetValueOrDefault((kind.Plural, number));
        var locked = known is null ? null
            : create ? kind.Plural == "PurchaseOrders" ? "Order number must be unique" : null
            : known.Status != "DRAFT" ? $"{kind.Plural[..^1]} not of valid status for modification" : null;
        if ((Fault(element, kind) ?? locked) is { } fault)
        {
            json.WriteString(kind.NumberField, number);
            json.WriteString("StatusAttributeString", "ERROR");
            json.WriteStartArray("ValidationErrors");
            json.WriteStartObject();
            json.WriteString("Message", fault);
            json.WriteEndObject();
            json.WriteEndArray();
            return;
        }
        var document = new Document(known is { } old && !create ? old.Id : Guid.NewGuid().ToString(), number, Text(element, "Reference") ?? "", TotalOf(element), ContactOf(element.GetProperty("Contact")))
        {
            Copies = known is null ? 1 : create ? known.Copies + 1 : known.Copies,
        };
        documents[(kind.Plural, number)] = document;
        if (known is null) documentsInOrder.Enqueue((kind.Plural, number));
        if (documentsInOrder.Count > KeptDocuments) documents.Remove(documentsInOrder.Dequeue());
        document.Write(json, kind);
    }

    private string? Fault(JsonElement element, DocumentKind kind)
    {
        if (kind.Type is not null && Text(element, "Type") != kind.Type) return $"The document type must be {kind.Type}.";
        if (!element.TryGetProperty("LineItems", out var lines) || lines.GetArrayLength() == 0) return "One or more line items must be specified.";
        if (!element.TryGetProperty("Contact", out var contact)) return "A Contact must be specified for this type of transaction.";
        if (Text(contact, "ContactID") is { } id && !contacts.Contains(id)) return "The Contact is not valid.";
        foreach (var line in lines.EnumerateArray())
            if (decimal.Round(line.GetProperty("Quantity").GetDecimal() * line.GetProperty("UnitAmount").GetDecimal(), 2, MidpointRounding.AwayFromZero) != line.GetProperty("LineAmount").GetDecimal())
                return "The line total does not match the expected line total.";
        return null;
    }

    private static decimal TotalOf(JsonElement element)
    {
        var lines = element.GetProperty("LineItems").EnumerateArray();
        var exclusive = Text(element, "LineAmountTypes") == "Exclusive";
        return lines.Sum(l => l.GetProperty("LineAmount").GetDecimal() + (exclusive && l.TryGetProperty("TaxAmount", out var tax) ? tax.GetDecimal() : 0));
    }

    private string ContactOf(JsonElement contact)
    {
        if (Text(contact, "ContactID") is { } given) return given;
        var key = Text(contact, "ContactNumber") ?? Text(contact, "Name") ?? throw new FormatException("a contact needs a ContactID, ContactNumber or Name");
        if (contactIds.TryGetValue(key, out var id)) return id;
        id = Guid.NewGuid().ToString();
        contacts.Add(id);
        return contactIds[key] = id;
    }

    private static byte[] Answer<T>(string member, IEnumerable<T> elements, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("Status", "OK");
        json.WriteStartArray(member);
        foreach (var element in elements)
        {
            json.WriteStartObject();
            write(json, element);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal sealed record DocumentKind(string Plural, string IdField, string NumberField, string? Type);

    private sealed record Document(string Id, string Number, string Reference, decimal Total, string ContactId)
    {
        public int Copies { get; init; } = 1;
        public string Status { get; set; } = "DRAFT";

        public void Write(Utf8JsonWriter json, DocumentKind kind)
        {
            json.WriteString(kind.IdField, Id);
            json.WriteString(kind.NumberField, Number);
            json.WriteString(nameof(Reference), Reference);
            json.WriteStartObject("Contact");
            json.WriteString("ContactID", ContactId);
            json.WriteEndObject();
            json.WriteNumber(nameof(Total), Total);
            json.WriteNumber("SubTotal", Total);
            json.WriteString(nameof(Status), Status);
            json.WriteString("StatusAttributeString", "OK");
        }
    }
}
