using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Chuizi.Video.Client.Ledger;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class LedgerLineParserTests
{
    private static readonly JsonSerializerOptions s_asText = new() { Converters = { new AsText() } };

    // Every field that many lines have, except for the inputs.
    private const string Common = """
        {"step":"settled","entry":"e-1","key":"2-abc#1","again":"e-0","id":"vid-1","origin":"https://api.chuizi.ai",
        "run":"00000000deadbeef","at":"2026-01-02T12:00:00Z","v":1,"row":7,"model":"google/veo-3.1-lite","duration":6,
        "resolution":"720P","file_name":"kite","estimate":0.25,"take":2,"request_id":"req-1","created":"2026-01-02T11:59:59Z",
        "status":"succeeded","url":"https://media.chuizi.ai/a.mp4","cost":0.30,"latency_ms":45000,"path":"/videos/a.mp4","size":9,
        "sha256":"aa"
        """;

    private const string Inputs = """
        "prompt":"A red\nkite","aspect_ratio":"16:9","image":"/a.png","source_video":"https://a/v.mp4",
        "columns":{"Prompt":null,"Project":"Spring\n2026","Empty":"","model":"other"}
        """;

    private readonly LedgerLineParser _withInputs = new(keepsInputs: true);
    private readonly LedgerLineParser _withoutInputs = new(keepsInputs: false);

    [Fact]
    public void It_reads_what_the_serializer_reads() =>
        Gen.Select(Gen.Int, Gen.Int[0, 2000], Gen.Byte, Gen.Bool).Sample(
            (seed, at, wrong, isDamaged) =>
            {
                LedgerRecord record = RandomRecord.Make(new Random(seed));
                if (seed % 2 == 0)
                {
                    // Without what most lines do not have.
                    (record.Error, record.Files, record.ReferenceImage, record.Parameter) = (null, null, null, null);
                    (record.Watermark, record.IdSource, record.Text) = (null, null, null);
                    (record.Verdict, record.Rating, record.Note, record.Decided) = (null, null, null, null);
                }

                byte[] line = Records.Bytes(record)[..^1];
                line[at % line.Length] = isDamaged ? wrong : line[at % line.Length];
                Check(line);
            },
            threads: 1);

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"step":""}""")]
    [InlineData("""{"step":null,"entry":"e"}""")]
    [InlineData("""{"step":"intent","step":"settled"}""")]
    [InlineData("""{"st\u0065p":"intent"}""")]
    [InlineData("""{"step":"intent","row":1.0}""")]
    [InlineData("""{"step":"intent","row":null,"at":null}""")]
    [InlineData("""{"step":"intent","later":{"a":[1]},"a_field_with_a_very_long_name":1}""")]
    [InlineData("""{"step":"intent","prompt":7}""")]
    [InlineData("""{"step":"intent","prompt":"\ud800"}""")]
    [InlineData("""{"step":"intent","parameter":{"A":"\ud800"}}""")]
    [InlineData("""{"step":"intent","columns":{"A":"\ud800"}}""")]
    [InlineData("""{"step":"intent","columns":{"\ud800":"A"}}""")]
    [InlineData("""{"step":"intent","columns":{"A":1}}""")]
    [InlineData("""{"step":"intent","columns":{"A":{"B":"C"}}}""")]
    [InlineData("""{"step":"intent","columns":{"A":"B"}""")]
    [InlineData("""{"step":"intent"}{"step":"intent"}""")]
    [InlineData("""{"step":"intent"} x""")]
    [InlineData("""  {"step" : "intent" }  """)]
    [InlineData("""{"step":"settled","url":"a b"}""")]
    [InlineData("""{"step":"settled","url":""}""")]
    [InlineData("""{"step":"settled","cost":1e400}""")]
    [InlineData("""{"step":"settled","at":"yesterday"}""")]
    [InlineData("\"step\"")]
    [InlineData("7")]
    [InlineData("""[{"step":"intent"}]""")]
    [InlineData("""{"step":"intent","a_field_with_a_very_long_name":1}""")]
    [InlineData("""{"step":"intent","sixteen__letters":1,"seventeen_letters":"a"}""")]
    [InlineData("""{"step":"intent","v":null}""")]
    [InlineData("""{"step":"intent","v":99999999999}""")]
    [InlineData("""{"step":"intent","watermark":true}""")]
    [InlineData("""{"step":"intent","reference_image":["/a.png"]}""")]
    [InlineData("""{"step":"settled","error":{"message":"Refused."}}""")]
    [InlineData("""{"step":"intent","files":{"/a.png":"aa"}}""")]
    [InlineData("""{"step":"intent","columns":{"step":"settled"}}""")]
    [InlineData("""{"step":"intent","columns":{}}""")]
    [InlineData("""{"step":"intent","columns":{"A":"a","A":null}}""")]
    [InlineData("""{"step":"intent","columns":["A"]}""")]
    [InlineData("""{"step":"intent","prompt":"a\nb\u00e4"}""")]
    [InlineData("""{"step":"intent","origin":"","run":"a\u0062","model":""}""")]
    [InlineData("""{"step":"reviewed","verdict":"Kept","rating":5,"note":"good","decided":"2026-01-02T12:00:00Z"}""")]
    [InlineData("""{"step":"repaired","text":"{\"st"}""")]
    [InlineData("""{"step":"submitted","id_source":"X-Id"}""")]
    public void It_reads_unusual_lines_as_the_serializer_does(string line) => Check(Encoding.UTF8.GetBytes(line));

    [Theory]
    [InlineData("""{"step":"intent","entry":"e","prompt":"?"}""")]
    [InlineData("""{"step":"intent","entry":"e","parameter":{"a":"?"}}""")]
    public void Invalid_text_is_damage_even_where_it_is_skipped(string text)
    {
        byte[] line = Encoding.UTF8.GetBytes(text);
        line[Array.LastIndexOf(line, (byte)'?')] = 0xFF;
        Check(line);
        _withoutInputs.Parse(line).ShouldBeNull();
    }

    [Fact]
    public void Inputs_that_are_not_kept_are_skipped()
    {
        byte[] line = Encoding.UTF8.GetBytes($"{Common},{Inputs}}}");
        Check(line);
        LedgerRecord read = _withoutInputs.Parse(line).ShouldNotBeNull();
        (read.Prompt, read.AspectRatio, read.Image, read.SourceVideo, read.Columns).ShouldBe((null, null, null, null, null));
        (read.Model, read.Sha256).ShouldBe((Records.Model, "aa"));
        LedgerRecord kept = _withInputs.Parse(line).ShouldNotBeNull();
        (kept.Prompt, kept.AspectRatio, kept.Image, kept.SourceVideo).ShouldBe(("A red\nkite", "16:9", "/a.png", "https://a/v.mp4"));
        kept.Columns.ShouldNotBeNull().Keys.ShouldBe(["Prompt", "Project", "Empty", "model"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Texts_that_many_lines_have_are_the_same_object(bool keepsInputs)
    {
        LedgerLineParser parser = keepsInputs ? _withInputs : _withoutInputs;
        byte[] line = Encoding.UTF8.GetBytes($"{Common}}}");
        Check(line);
        LedgerRecord first = parser.Parse(line).ShouldNotBeNull();
        LedgerRecord second = parser.Parse(line).ShouldNotBeNull();
        second.ShouldNotBeSameAs(first);
        second.Step.ShouldBeSameAs(first.Step);
        second.Origin.ShouldBeSameAs(first.Origin);
        second.Run.ShouldBeSameAs(first.Run);
        second.Model.ShouldBeSameAs(first.Model);
        second.Resolution.ShouldBeSameAs(first.Resolution);
        second.Status.ShouldBeSameAs(first.Status);
    }

    [Fact]
    public void Texts_of_the_same_length_with_the_same_ends_are_not_mistaken_for_each_other()
    {
        foreach (string model in new[] { "a-1-b", "a-2-b", "a-1-b", "a-1-b", "a-3-b", "", "a" })
        {
            byte[] line = Encoding.UTF8.GetBytes($$"""{"step":"intent","model":"{{model}}"}""");
            _withoutInputs.Parse(line).ShouldNotBeNull().Model.ShouldBe(model);
        }
    }

    private void Check(byte[] line)
    {
        LedgerRecord? expected = LedgerSerializer.Read(line);
        Text(_withInputs.Parse(line)).ShouldBe(Text(expected));
        if (expected is not null)
        {
            LedgerRecord read = _withoutInputs.Parse(line).ShouldNotBeNull();
            (expected.Prompt, expected.AspectRatio, expected.Image, expected.SourceVideo, expected.Columns) =
                (read.Prompt, read.AspectRatio, read.Image, read.SourceVideo, read.Columns);
            Text(read).ShouldBe(Text(expected));
        }
        else
        {
            _withoutInputs.Parse(line).ShouldBeNull();
        }
    }

    private static string Text(LedgerRecord? record) => JsonSerializer.Serialize(record, s_asText);

    /// <summary>Writes a field unchanged, because the serializer cannot write one with half of a character.</summary>
    private sealed class AsText : JsonConverter<JsonElement>
    {
        public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.GetRawText());
    }
}
