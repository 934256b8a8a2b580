using System.Buffers;
using System.Text;
using System.Text.Json;
using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>Creates ledger lines as runs write them.</summary>
internal static class Records
{
    public const string Api = "https://api.chuizi.ai";
    public const string Elsewhere = "http://127.0.0.1:8080";
    public const string Model = "google/veo-3.1-lite";

    /// <summary>A run that belongs to no process.</summary>
    public const string DeadRun = "00000000deadbeef";

    public static DateTime Noon { get; } = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    public static LedgerRecord Intent(
        string entry,
        string? key = null,
        decimal? estimate = null,
        string origin = Api,
        string run = DeadRun,
        string? again = null
    ) =>
        new()
        {
            Step = LedgerStep.Intent,
            Entry = entry,
            Key = key,
            Again = again,
            Origin = origin,
            Run = run,
            At = Noon,
            Row = 1,
            Model = Model,
            Prompt = "A red kite",
            Duration = 6,
            Estimate = estimate,
        };

    public static LedgerRecord Submitted(string entry, string id, string? key = null, string origin = Api) =>
        new()
        {
            Step = LedgerStep.Submitted,
            Entry = entry,
            Key = key,
            Id = id,
            Origin = origin,
            Run = DeadRun,
            At = Noon.AddSeconds(1),
            Model = Model,
            RequestId = "req-" + id,
            Created = Noon.AddSeconds(-1),
        };

    /// <summary>The line with which a run records the end of its own request.</summary>
    public static LedgerRecord Ended(string entry, string status, string? message = null, string? key = null, string origin = Api) =>
        new()
        {
            Step = LedgerStep.Settled,
            Entry = entry,
            Key = key,
            Origin = origin,
            Run = DeadRun,
            At = Noon.AddSeconds(1),
            Model = Model,
            Status = status,
            Error = message is null ? null : new VideoError { Message = message },
        };

    /// <summary>The line with which a waiting process records the end of a job, by its id only.</summary>
    public static LedgerRecord Settled(string id, string status, decimal? cost = null, string origin = Api) =>
        new()
        {
            Step = LedgerStep.Settled,
            Id = id,
            Origin = origin,
            At = Noon.AddMinutes(1),
            Model = Model,
            Status = status,
            Cost = cost,
            LatencyMs = 45_000,
            Url = status == VideoStatus.Succeeded ? new Uri($"https://media.chuizi.ai/videos/{id}.mp4") : null,
            Error =
                status == VideoStatus.Failed
                    ? new VideoError { Message = "Content policy violation", Type = "invalid_request_error" }
                    : null,
        };

    public static LedgerRecord Saved(string id, string path, string origin = Api) =>
        new()
        {
            Step = LedgerStep.Saved,
            Id = id,
            Origin = origin,
            At = Noon.AddMinutes(2),
            Model = Model,
            Path = path,
            Sha256 = new string('a', 64),
        };

    /// <summary>The line with its line feed.</summary>
    public static byte[] Bytes(params LedgerRecord[] records)
    {
        ArrayBufferWriter<byte> buffer = new();
        foreach (LedgerRecord record in records)
        {
            LedgerSerializer.Write(buffer, record);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The lines as text, each with its line feed.</summary>
    public static string Text(params LedgerRecord[] records) => Encoding.UTF8.GetString(Bytes(records));

    public static LedgerBook Book(params LedgerRecord[] records)
    {
        LedgerBook book = new();
        Array.ForEach(records, record => book.Apply(record));
        return book;
    }

    /// <summary>Reads a whole file, without any earlier state.</summary>
    public static LedgerBook Read(string path)
    {
        LedgerBook book = new();
        LedgerStore.At(path).Read(book.ApplyLine);
        return book;
    }

    /// <summary>Everything that a book contains about its submissions, for comparison.</summary>
    public static string[] Told(LedgerBook book) =>
        [
            .. book.Entries.OrderBy(entry => entry.Entry, StringComparer.Ordinal).Select(entry => JsonSerializer.Serialize(entry)),
            .. book
                .Entries.Select(entry => entry.Origin)
                .OfType<string>()
                .Distinct()
                .Order(StringComparer.Ordinal)
                .Select(origin =>
                    $"{origin}: {book.SpentAt(origin).Total(_ => null):0.##########}, and {book.SpentAt(origin).Unpriced.Count} unpriced"),
        ];
}
