using System.Globalization;
using System.Text;
using System.Text.Json;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Fuzz;

/// <summary>
/// What reads data that comes from outside. A target takes any bytes, and throws if a promise about them does not hold: only typed errors,
/// no value that the data does not have, no loss of what is beside the damage, no control character in a message.
/// </summary>
public static class FuzzTargets
{
    private const string Origin = "https://api.chuizi.ai";

    private static readonly Dictionary<string, Action<byte[]>> s_targets = new()
    {
        ["replies"] = ReadReply,
        ["ledgers"] = ReadLedger,
        ["spreadsheets"] = ReadList,
        ["images"] = ReadImage,
        ["decisions"] = ReadDecisions,
        ["sidecars"] = ReadSidecar,
    };

    // Files in memory, where the system has them, because each input is written to one.
    private static readonly string s_folder = Directory.Exists("/dev/shm")
        ? Directory.CreateDirectory($"/dev/shm/chuizi-fuzz-{Environment.ProcessId}").FullName
        : Directory.CreateTempSubdirectory("chuizi-fuzz-").FullName;

    private static int s_files;

    static FuzzTargets() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(s_folder, recursive: true);

    /// <summary>The names of the targets.</summary>
    public static IEnumerable<string> Names => s_targets.Keys;

    /// <summary>The target with a name; null if no target has it.</summary>
    public static Action<byte[]>? Find(string name) => s_targets.GetValueOrDefault(name);

    private static void ReadReply(byte[] data)
    {
        ApiReply reply = new(200, data, "application/json", "req-1", null);
        string text = Encoding.UTF8.GetString(data);
        CheckState(Typed(() => ReplyParser.ReadState(reply, "vid-1")), text);
        CheckState(Typed(() => ReplyParser.ReadSubmitted(reply)), text);
        foreach (ListedModel model in Typed(() => ReplyParser.ReadModels(reply)) ?? [])
        {
            Require(model.Name.Length > 0 && model.Price is null or (>= 0 and <= Json.HighestAmount), "a model with a name and a price");
        }

        if (Typed(() => ReplyParser.ReadAccount(reply, new Uri(Origin))) is { } account)
        {
            Require(Math.Abs(account.Balance ?? 0) <= Json.HighestAmount, "an amount that can be added");
        }

        foreach (int status in (int[])[302, 400, 402, 404, 429, 500])
        {
            ChuiziException refusal = ApiErrors.From(reply with { Status = status }, "vid-1");
            RequirePlain(refusal.Message, refusal.Code);
        }
    }

    private static void CheckState(VideoState? state, string text)
    {
        if (state is null)
        {
            return;
        }

        Require(VideoId.IsValid(state.Id), "an id that can be asked for");
        Require(state.Status is VideoStatus.Processing or VideoStatus.Succeeded or VideoStatus.Failed, "a known status");
        Require((state.Status == VideoStatus.Failed) == (state.Error is not null), "an error exactly if it failed");
        Require(state.Url is null or { Scheme: "http" or "https" }, "a web address");
        // Escaped text is not compared.
        Require(
            state.Url is null
                || text.Contains('\\', StringComparison.Ordinal)
                || text.Contains(state.Url.OriginalString, StringComparison.Ordinal),
            "no address that the response does not have");
        Require(state.Cost is null or (>= 0 and <= Json.HighestAmount), "an amount that can be added");
        Require(state.Latency is null or { Ticks: >= 0 }, "a time that is not negative");
        RequirePlain(state.Model, state.UnfamiliarStatus, state.Error?.Message, state.Error?.Code, state.Error?.Type);
    }

    private static void ReadLedger(byte[] data)
    {
        byte[] first = LineOf("0123456789abcdef-1", "vid-first");
        byte[] last = LineOf("fedcba9876543210-1", "vid-last");
        InFile([.. first, (byte)'\n', .. data, (byte)'\n', .. last, (byte)'\n'], path =>
        {
            IReadOnlyList<(Video Video, string? Origin)>? videos = Typed(() => LedgerListing.Read(path, out _));
            // A line that names one of them may change it.
            bool isNamed = data.AsSpan().IndexOf("vid-first"u8) >= 0 || data.AsSpan().IndexOf("vid-last"u8) >= 0;
            Require(
                videos is not null && (isNamed || videos.Count(one => one.Video.Id is "vid-first" or "vid-last") == 2),
                "the submissions beside the damage");
            foreach ((Video video, _) in videos!)
            {
                RequirePlain(video.Error?.Message);
            }
        });
        LedgerRecord? fast = new LedgerLineParser(keepsInputs: true).Parse(data);
        LedgerRecord? known = LedgerSerializer.Read(data);
        Require(JsonSerializer.Serialize(fast) == JsonSerializer.Serialize(known), "the same record from both readers");
        if (known is not null)
        {
            LedgerBook book = new(keepsInputs: true);
            book.ApplyLine(1, data);
            Require(book.SpentAt(known.Origin ?? "").Total(_ => 0) >= 0, "a sum that is not negative");
        }
    }

    private static byte[] LineOf(string entry, string id) => Encoding.UTF8.GetBytes(
        $$"""{"step":"submitted","entry":"{{entry}}","key":"2-{{entry}}#1","origin":"{{Origin}}","at":"2026-01-02T12:00:00Z","id":"{{id}}","v":1}""");

    private static void ReadList(byte[] data)
    {
        ListFileText list;
        try
        {
            list = ListFileText.Decode(data, null);
        }
        catch (FormatException exception)
        {
            RequirePlain(exception.Message);
            return;
        }

        char delimiter = list.Delimiter;
        IReadOnlyList<int> lines = [];
        try
        {
            lines = list.RowLines(delimiter);
        }
        catch (FormatException exception)
        {
            RequirePlain(exception.Message);
        }

        int count = list.Text.Count(letter => letter is '\n' or '\r') + 1;
        Require(lines.Zip(lines.Skip(1)).All(pair => pair.First < pair.Second), "lines in order");
        Require(lines.Count == 0 || (lines[0] >= 1 && lines[^1] <= count), "lines that the text has");
        string[] rows = list.Text.Split('\n').Take(20).ToArray();
        string?[] columns = [.. rows[0].Split(delimiter).Select(header => ColumnNames.Of(header.Trim()))];
        RowChecker checker = new(path => path);
        foreach (string row in rows.Skip(1))
        {
            string[] cells = row.Split(delimiter);
            string? Cell(string column) => Array.IndexOf(columns, column) is var at and >= 0 && at < cells.Length ? cells[at] : null;
            RowInput input = new()
            {
                Row = 1,
                Prompt = Cell("Prompt") ?? row,
                Model = Cell("Model"),
                Duration = Cell("Duration"),
                AspectRatio = Cell("AspectRatio"),
                Resolution = Cell("Resolution"),
                Watermark = Cell("Watermark"),
                EstimatedCost = Cell("EstimatedCost"),
                TakeCount = Cell("TakeCount"),
                FileName = Cell("FileName"),
            };
            CheckedRow read = checker.Check(input);
            Require(read.Request is not null || read.Errors.Count > 0, "a request or a reason");
            RequirePlain([.. read.Errors.Concat(read.Warnings).Select(issue => issue.ToString())]);
            if (read is { Errors.Count: 0, Request: { } request })
            {
                using JsonDocument body = JsonDocument.Parse(RequestBody.Canonical(request, source => source.Value));
                Require(request.Duration is null or > 0, "a length that is positive");
                Require(read.TakeCount is null or (>= 1 and <= RowChecker.MostTakes), "a number of takes that is allowed");
                Require(request.EstimatedCost is null or (>= 0 and <= Json.HighestAmount), "an amount that can be added");
                _ = RowKey.HashOf(request);
            }
        }
    }

    private static void ReadImage(byte[] data) => InFile(data, path =>
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read);
        try
        {
            ImageInfo image = ImageInfo.OfFile(file);
            Require(image.Length == data.Length, "the length of the file");
            Require(image.MediaType.StartsWith("image/", StringComparison.Ordinal), "a media type");
            Require(image.Width is null or > 0 && image.Height is null or > 0, "a size that is positive");
        }
        catch (FormatException exception)
        {
            RequirePlain(exception.Message);
        }
    });

    private static void ReadDecisions(byte[] data)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(data);
        }
        catch (JsonException)
        {
            // ConvertFrom-Json reports it.
            return;
        }

        using (document)
        {
            JsonElement root = document.RootElement;
            foreach (JsonElement item in root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().ToArray() : [root])
            {
                if (item.ValueKind == JsonValueKind.Object)
                {
                    ReadDecision(item);
                }
            }
        }
    }

    private static void ReadDecision(JsonElement item)
    {
        Dictionary<string, object?> row = new(StringComparer.OrdinalIgnoreCase);
        try
        {
            foreach (JsonProperty property in item.EnumerateObject())
            {
                row[property.Name] = Value(property.Value);
            }
        }
        catch (InvalidOperationException)
        {
            // Half of a character: ConvertFrom-Json replaces it.
            return;
        }

        try
        {
            LedgerRecord decision = ReviewReader.Read("vid-1", Origin, row, new Dictionary<string, object?>());
            Require(decision.Verdict is null or VideoVerdict.Kept or VideoVerdict.Rejected or VideoVerdict.None, "a known verdict");
            Require(decision.Rating is null or (>= 0 and <= 5), "a rating from 1 to 5, or 0 for none");
            System.Buffers.ArrayBufferWriter<byte> line = new();
            LedgerSerializer.Write(line, decision);
            LedgerRecord? read = LedgerSerializer.Read(line.WrittenSpan[..^1]);
            Require(
                read is not null && (read.Verdict, read.Rating, read.Note) == (decision.Verdict, decision.Rating, decision.Note),
                "what was written");
        }
        catch (FormatException exception)
        {
            RequirePlain(exception.Message);
        }

        // As ConvertFrom-Json does.
        static object? Value(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.String when value.TryGetDateTime(out DateTime time) => time,
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number when value.TryGetInt64(out long number) => number,
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Array => value.EnumerateArray().Select(Value).ToArray(),
            JsonValueKind.Object => value.ToString(),
            _ => null,
        };
    }

    private static void ReadSidecar(byte[] data) => InFile(data, path =>
    {
        Sidecar? whole = Sidecar.Read(path);
        Sidecar? head = Sidecar.ReadHead(path);
        Require(whole is null || head is not null, "the start of a sidecar that can be read");
        if (whole is not null && whole.CanBeWritten())
        {
            using JsonDocument document = JsonDocument.Parse(whole.CompletedBy(whole).ToUtf8());
            Require((head!.Id, head.Sha256, head.Length) == (whole.Id, whole.Sha256, whole.Length), "the same from the start and the whole");
        }
    });

    private static T? Typed<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (ChuiziException exception)
        {
            RequirePlain(exception.Message);
            return null;
        }
    }

    private static void InFile(byte[] data, Action<string> use)
    {
        string path = Path.Combine(s_folder, Interlocked.Increment(ref s_files).ToString(CultureInfo.InvariantCulture));
        File.WriteAllBytes(path, data);
        try
        {
            use(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void RequirePlain(params string?[] texts)
    {
        string? wrong = Array.Find(texts, text => text?.Replace("\r\n", "\n", StringComparison.Ordinal).Any(IsSteering) == true);
        Require(wrong is null, "a text that cannot control the terminal, not " + JsonSerializer.Serialize(wrong));

        static bool IsSteering(char letter) => char.IsControl(letter) && letter is not ('\n' or '\t');
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"Broken: {what}.");
        }
    }
}
