using System.Collections;
using System.Globalization;
using System.Text.Json;
using CsCheck;

namespace Chuizi.Video.Module.Tests.BadInput;

/// <summary>
/// Rows with arbitrary values, bound by PowerShell: either the row is sent as written, or nothing is sent and the error names the row.
/// </summary>
public sealed class RowTests : IDisposable
{
    private static readonly string[] s_columns =
    [
        "Prompt",
        "prompt",
        "Model",
        "Duration",
        "duration",
        "Image",
        "image_url",
        "ReferenceImage",
        "reference_image_urls",
        "SourceVideo",
        "video_url",
        "AspectRatio",
        "aspect_ratio",
        "Resolution",
        "RESOLUTION",
        "Watermark",
        "Parameter",
        "EstimatedCost",
        "estimated_cost",
        "FileName",
        "Extra",
        "Length",
        "Count",
        "PSPath",
        "Id",
        "Promt",
    ];

    private static readonly Func<object?>[] s_cells =
    [
        () => null,
        () => "",
        () => " \t",
        () => DBNull.Value,
        () => "8",
        () => " 8 ",
        () => "8,0",
        () => "8.0",
        () => "1.000",
        () => "8.5",
        () => "-8",
        () => "1e1",
        () => "0x8",
        () => "٨",
        () => "NaN",
        () => "∞",
        () => "99999999999999999999",
        () => 8,
        () => 8L,
        () => 8.5,
        () => double.NaN,
        () => float.PositiveInfinity,
        () => decimal.MaxValue,
        () => ulong.MaxValue,
        () => true,
        () => "true",
        () => "yes",
        () => "$true",
        () => 'c',
        () => DayOfWeek.Monday,
        () => Guid.Empty,
        () => DateTime.MaxValue,
        () => TimeSpan.FromSeconds(8),
        () => new Uri("https://images.example/a.png"),
        () => new FileInfo("/none.png"),
        () => "https://images.example/a.png",
        () => "https://images.example/a.png;https://images.example/b.png",
        () => ";;;",
        () => "data:image/png;base64,AAAA",
        () => "data:text/html;base64,AAAA",
        () => "file:///etc/passwd",
        () => "/etc",
        () => "~",
        () => "no\0file.png",
        () => "C:\\x.png",
        () => "env:PATH",
        () => "cert:\\",
        () => "16:9",
        () => "720p",
        () => "1080P",
        () => "google/veo-3.1",
        () => "veo",
        () => "a\r\nb",
        () => "a\0b",
        () => "\u001b[31mred\u001b[0m",
        () => "\ud83d",
        () => "a\udc00b",
        () => "🎬",
        () => "\ufeffa",
        () => "\u202eb",
        () => "=cmd|' /C calc'!A0",
        () => "$(throw 1)",
        () => "{\"prompt\":\"x\"}",
        () => "[",
        () => "Prompt,Model",
        () => new string('x', 3000),
        () => new string('x', 100_000),
        () => string.Concat(Enumerable.Repeat("a;", 5000)),
        () => Array.Empty<object>(),
        () => new object?[] { null },
        () => new object[] { "a", 7, new object[] { "b" } },
        () => Enumerable.Range(0, 1000).ToArray(),
        () => new byte[10],
        () => new Hashtable { ["seed"] = 7 },
        () => new Hashtable { ["prompt"] = "b" },
        () => new Hashtable { [7] = 7 },
        () => new Hashtable { ["a"] = new Hashtable { ["b"] = double.NaN } },
        () => new Hashtable { ["a"] = "\ud800" },
        () => new Hashtable { ["\ud800"] = 1 },
        () => Circle(),
        () => Deep(),
        () => PSObject.AsPSObject("wrapped"),
        () => new PSObject(),
        () => new object(),
        () => ScriptBlock.Create("8"),
        () => ScriptBlock.Create("$_.Nothing"),
        () => ScriptBlock.Create("throw 'boom'"),
        () => ScriptBlock.Create("'a', 'b'"),
        () => new Version(1, 2),
        () => AppDomain.CurrentDomain.GetType(),
        () => new MemoryStream(),
    ];

    private static readonly Gen<(int Column, int Cell)[]> s_row = Gen.Select(
        Gen.Int[0, s_columns.Length - 1],
        Gen.Int[0, s_cells.Length - 1]
    ).Array[1, 4];

    private readonly Shell _shell = new(new SandboxOptions { GenerationTime = TimeSpan.Zero, Balance = 1_000_000_000 });

    public void Dispose() => _shell.Dispose();

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_list_with_an_odd_row_is_sent_complete_and_as_written_or_not_at_all() =>
        Gen.Select(s_row, Gen.Bool)
            .Try(
                sample =>
                {
                    (object row, Dictionary<string, object?> cells) = Make(sample.Item1, asHashtable: sample.Item2);
                    int before = _shell.Posts.Count;
                    Outcome outcome = _shell.Run(
                        "param($row) $ErrorActionPreference = 'Continue'; [pscustomobject]@{ Prompt = 'row-1' }, $row, [pscustomobject]@{ "
                            + "Prompt = 'row-3' } | New-ChuiziVideo",
                        ("row", row));
                    RecordedRequest[] posts = [.. _shell.Posts.Skip(before)];

                    ShouldBePlain(outcome);
                    if (IsBlank(cells))
                    {
                        // A blank row is no row.
                        posts.Length.ShouldBe(2);
                        return;
                    }

                    posts.Length.ShouldBeOneOf(0, 3);
                    if (posts.Length == 0)
                    {
                        outcome.TheError.ToString().ShouldStartWith("Row 2: ");
                        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidInput,");
                        outcome.TheError.ToString().Length.ShouldBeLessThan(2500);
                        return;
                    }

                    posts.Count(post => Field(post, "prompt") is "row-1" or "row-3").ShouldBe(2);
                    RecordedRequest odd = posts.Single(post => Field(post, "prompt") is not ("row-1" or "row-3"));
                    if (odd.BodyLength < 64 * 1024)
                    {
                        ShouldBeAsWritten(odd, cells);
                    }
                },
                150);

    [Fact]
    public void With_SkipInvalid_only_valid_rows_are_sent() =>
        s_row.Try(
            sample =>
            {
                (object row, Dictionary<string, object?> cells) = Make(sample, asHashtable: false);
                int before = _shell.Posts.Count;
                Outcome outcome = _shell.Run(
                    "param($row) [pscustomobject]@{ Prompt = 'row-1' }, $row, [pscustomobject]@{ Prompt = 'row-3' } | New-ChuiziVideo "
                        + "-SkipInvalid -ErrorAction Ignore",
                    ("row", row));
                RecordedRequest[] posts = [.. _shell.Posts.Skip(before)];

                ShouldBePlain(outcome);
                posts.Length.ShouldBeOneOf(2, 3);
                posts.Count(post => Field(post, "prompt") is "row-1" or "row-3").ShouldBe(2);
                if (posts.Length == 2 && !IsBlank(cells))
                {
                    outcome.Warnings.ShouldContain(warning => warning.StartsWith("Row 2: ", StringComparison.Ordinal));
                }
            },
            80);

    [Fact]
    public void Any_object_piped_as_a_video_is_accepted_or_gives_an_error_with_an_id() =>
        Gen.Select(
                Gen.Int[0, s_cells.Length - 1],
                Gen.Int[0, s_cells.Length - 1],
                Gen.OneOf("Get-ChuiziVideo", "Wait-ChuiziVideo -Timeout 1", "Save-ChuiziVideo"),
                Gen.Bool)
            .Try(
                sample =>
                {
                    (int id, int name, string command, bool asRow) = sample;
                    object? input = asRow ? new PSObject() : s_cells[id]();
                    if (input is PSObject row && asRow)
                    {
                        row.Properties.Add(new PSNoteProperty("Id", s_cells[id]()));
                        row.Properties.Add(new PSNoteProperty("FileName", s_cells[name]()));
                    }

                    int before = _shell.Requests.Count;
                    Outcome outcome = _shell.Run($"param($row) , $row | {command}", ("row", input));

                    ShouldBePlain(outcome);
                    outcome
                        .Errors.Concat([outcome.Terminating])
                        .OfType<ErrorRecord>()
                        .ShouldAllBe(error => error.FullyQualifiedErrorId.Contains(",Chuizi.Video.", StringComparison.Ordinal));
                    _shell.Posts.ShouldBeEmpty();
                    // Any id is sent as one path segment.
                    _shell
                        .Requests.Skip(before)
                        .ShouldAllBe(request =>
                            request.Path.StartsWith("/v1/videos/", StringComparison.Ordinal)
                            && request.Path.Count(letter => letter == '/') == 3);
                },
                150);

    private static (object Row, Dictionary<string, object?> Cells) Make((int Column, int Cell)[] sample, bool asHashtable)
    {
        Dictionary<string, object?> cells = new(StringComparer.OrdinalIgnoreCase) { ["Prompt"] = "odd" };
        foreach ((int column, int cell) in sample)
        {
            cells[s_columns[column]] = s_cells[cell]();
        }

        if (asHashtable)
        {
            return (new Hashtable(cells), cells);
        }

        PSObject row = new();
        foreach ((string name, object? value) in cells)
        {
            row.Properties.Add(new PSNoteProperty(name, value));
        }

        return (row, cells);
    }

    private static bool IsNumber(object? value, decimal expected)
    {
        string? text = value switch
        {
            ScriptBlock => "8",
            TimeSpan time => time.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
        return decimal.TryParse(text, CultureInfo.InvariantCulture, out decimal number) && number == expected;
    }

    private static void ShouldBeAsWritten(RecordedRequest post, Dictionary<string, object?> cells)
    {
        using JsonDocument body = JsonDocument.Parse(post.Body!);
        if (cells["Prompt"] is string { Length: > 0 } prompt)
        {
            body.RootElement.GetProperty("prompt").GetString().ShouldBe(prompt.Trim());
        }

        if (body.RootElement.TryGetProperty("duration", out JsonElement seconds))
        {
            // Length means the duration as well.
            object?[] given = [cells.GetValueOrDefault("duration"), cells.GetValueOrDefault("Length")];
            given.ShouldContain(value => IsNumber(value, seconds.GetDecimal()));
        }

        foreach ((string field, string column) in new[] { ("aspect_ratio", "AspectRatio"), ("resolution", "Resolution") })
        {
            if (body.RootElement.TryGetProperty(field, out JsonElement sent))
            {
                object?[] given = [cells.GetValueOrDefault(column), cells.GetValueOrDefault(field)];
                given.ShouldContain(value =>
                    value != null
                    && (
                        value is ScriptBlock
                        || (value is PSObject ? ((PSObject)value).BaseObject : value)!
                            .ToString()!
                            .Trim()
                            .Equals(sent.GetString(), StringComparison.OrdinalIgnoreCase)
                        || value is IFormattable));
            }
        }
    }

    private static string? Field(RecordedRequest post, string name)
    {
        if (post.BodyLength >= 64 * 1024)
        {
            return null;
        }

        using JsonDocument body = JsonDocument.Parse(post.Body!);
        return body.RootElement.GetProperty(name).GetString();
    }

    private static void ShouldBePlain(Outcome outcome)
    {
        outcome
            .Errors.Concat([outcome.Terminating])
            .OfType<ErrorRecord>()
            .ShouldAllBe(error => IsPlain(error.ToString()) && IsPlain(error.Exception.Message));
        outcome.Warnings.ShouldAllBe(warning => IsPlain(warning));
    }

    private static bool IsPlain(string text) => text.All(letter => !char.IsControl(letter) || letter is '\n' or '\r' or '\t');

    private static Hashtable Circle()
    {
        Hashtable circle = [];
        circle["a"] = circle;
        return circle;
    }

    /// <summary>Whether a row has cells, all blank, so that it is no row.</summary>
    private static bool IsBlank(Dictionary<string, object?> cells) => cells.Count > 0
        && cells.Values.All(cell => cell is null or DBNull || (cell is string text && string.IsNullOrWhiteSpace(text)));

    private static object Deep() => Enumerable.Range(0, 2000).Aggregate((object)"x", (inner, _) => new object[] { inner });
}
