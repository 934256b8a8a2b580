using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// Parses one line at a time. A ledger may have a million lines, so it skips what a book does not keep, and leaves a line that is unusual
/// in any way to <see cref="LedgerSerializer"/>. Both read the same. Not thread-safe.
/// </summary>
/// <param name="keepsInputs">Whether the records have the inputs of the row, such as the prompt and the columns.</param>
internal sealed class LedgerLineParser(bool keepsInputs)
{
    private const int LongestField = 16;
    private const int RecentTexts = 128;

    /// <summary>Texts that many lines have, each at a place that depends on its bytes.</summary>
    private readonly (byte[] Bytes, string Text)[] _recent = new (byte[], string)[RecentTexts];

    /// <summary>Reads the record of a line; null if the line is damaged.</summary>
    public LedgerRecord? Parse(ReadOnlySpan<byte> line)
    {
        LedgerRecord record = new();
        try
        {
            // The reader does not check the texts that it skips.
            if (Utf8.IsValid(line) && TryParse(line, record))
            {
                return record;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // Damaged or unusual.
        }

        return LedgerSerializer.Read(line);
    }

    private bool TryParse(ReadOnlySpan<byte> line, LedgerRecord record)
    {
        Utf8JsonReader reader = new(line);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        Span<char> letters = stackalloc char[LongestField];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueIsEscaped || reader.ValueSpan.Length > LongestField)
            {
                return false;
            }

            ReadOnlySpan<char> name = letters[..Encoding.UTF8.GetChars(reader.ValueSpan, letters)];
            reader.Read();
            bool isRead = reader.TokenType switch
            {
                JsonTokenType.String => ReadText(ref reader, name, record),
                JsonTokenType.Number => ReadNumber(ref reader, name, record),
                // The columns are the only object that many lines have.
                JsonTokenType.StartObject => name is "columns" && !keepsInputs && SkipTexts(ref reader),
                _ => false,
            };
            if (!isRead)
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject && !reader.Read() && record.Step.Length > 0;
    }

    private bool ReadText(ref Utf8JsonReader reader, scoped ReadOnlySpan<char> name, LedgerRecord record)
    {
        switch (name)
        {
            case "step":
                record.Step = Shared(ref reader);
                break;
            case "entry":
                record.Entry = reader.GetString();
                break;
            case "key":
                record.Key = reader.GetString();
                break;
            case "again":
                record.Again = reader.GetString();
                break;
            case "id":
                record.Id = reader.GetString();
                break;
            case "origin":
                record.Origin = Shared(ref reader);
                break;
            case "run":
                record.Run = Shared(ref reader);
                break;
            case "at":
                record.At = reader.GetDateTime();
                break;
            case "model":
                record.Model = Shared(ref reader);
                break;
            case "resolution":
                record.Resolution = Shared(ref reader);
                break;
            case "file_name":
                record.FileName = reader.GetString();
                break;
            case "request_id":
                record.RequestId = reader.GetString();
                break;
            case "created":
                record.Created = reader.GetDateTime();
                break;
            case "status":
                record.Status = Shared(ref reader);
                break;
            case "url":
                record.Url = Uri.TryCreate(reader.GetString(), UriKind.RelativeOrAbsolute, out Uri? url) ? url : null;
                return url is not null;
            case "path":
                record.Path = reader.GetString();
                break;
            case "sha256":
                record.Sha256 = reader.GetString();
                break;
            case "prompt" or "aspect_ratio" or "image" or "source_video" when !keepsInputs:
                return SkipText(ref reader);
            default:
                return false;
        }

        return true;
    }

    private static bool ReadNumber(ref Utf8JsonReader reader, scoped ReadOnlySpan<char> name, LedgerRecord record)
    {
        switch (name)
        {
            case "v":
                record.V = reader.GetInt32();
                break;
            case "row":
                record.Row = reader.GetInt32();
                break;
            case "take":
                record.Take = reader.GetInt32();
                break;
            case "duration":
                record.Duration = reader.GetInt32();
                break;
            case "estimate":
                record.Estimate = reader.GetDecimal();
                break;
            case "cost":
                record.Cost = reader.GetDecimal();
                break;
            case "latency_ms":
                record.LatencyMs = reader.GetInt64();
                break;
            case "size":
                record.Size = reader.GetInt64();
                break;
            default:
                return false;
        }

        return true;
    }

    private static bool SkipTexts(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String or JsonTokenType.Null)
        {
            SkipText(ref reader);
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    /// <summary>Checks a text that is not kept, because an escape may be half of a character.</summary>
    private static bool SkipText(ref Utf8JsonReader reader) => !reader.ValueIsEscaped || reader.GetString() is not null;

    /// <summary>The text. Equal texts of nearby lines are the same object.</summary>
    private string Shared(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> bytes = reader.ValueSpan;
        if (reader.ValueIsEscaped || bytes.Length == 0)
        {
            return reader.GetString()!;
        }

        ref (byte[] Bytes, string Text) recent = ref _recent[(bytes.Length * 31 + bytes[0] * 7 + bytes[^1]) % RecentTexts];
        if (recent.Bytes is null || !bytes.SequenceEqual(recent.Bytes))
        {
            recent = (bytes.ToArray(), reader.GetString()!);
        }

        return recent.Text;
    }
}
