using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Chuizi.Video.Client.Ledger;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class LedgerLineReaderTests
{
    private static readonly JsonSerializerOptions s_asText = new() { Converters = { new AsText() } };

    private readonly LedgerLineReader _withInputs = new(keepsInputs: true);
    private readonly LedgerLineReader _withoutInputs = new(keepsInputs: false);

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
    public void It_reads_unusual_lines_as_the_serializer_does(string line) => Check(Encoding.UTF8.GetBytes(line));

    [Theory]
    [InlineData("""{"step":"intent","entry":"e","prompt":"?"}""")]
    [InlineData("""{"step":"intent","entry":"e","parameter":{"a":"?"}}""")]
    public void Invalid_text_is_damage_even_where_it_is_skipped(string text)
    {
        byte[] line = Encoding.UTF8.GetBytes(text);
        line[Array.LastIndexOf(line, (byte)'?')] = 0xFF;
        Check(line);
        _withoutInputs.Read(line).ShouldBeNull();
    }

    private void Check(byte[] line)
    {
        LedgerRecord? expected = LedgerSerializer.Read(line);
        Text(_withInputs.Read(line)).ShouldBe(Text(expected));
        if (expected is not null)
        {
            LedgerRecord read = _withoutInputs.Read(line).ShouldNotBeNull();
            (expected.Prompt, expected.AspectRatio, expected.Image, expected.SourceVideo, expected.Columns) =
                (read.Prompt, read.AspectRatio, read.Image, read.SourceVideo, read.Columns);
            Text(read).ShouldBe(Text(expected));
        }
        else
        {
            _withoutInputs.Read(line).ShouldBeNull();
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
