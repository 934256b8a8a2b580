using System.Reflection;
using System.Text;
using System.Text.Json;
using Chuizi.Video.Client.Ledger;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class LedgerSerializerTests
{
    [Fact]
    public void Every_field_round_trips_in_a_single_line() =>
        Gen.Int.Sample(seed =>
        {
            LedgerRecord record = RandomRecord.Make(new Random(seed));
            byte[] line = Records.Bytes(record);
            line.Count(letter => letter == (byte)'\n').ShouldBe(1);
            line[^1].ShouldBe((byte)'\n');
            line.ShouldNotContain((byte)'\r');
            LedgerRecord read = LedgerSerializer.Read(line.AsSpan()[..^1]).ShouldNotBeNull();
            foreach (PropertyInfo property in typeof(LedgerRecord).GetProperties())
            {
                Told(property, read).ShouldBe(Told(property, record), property.Name);
            }
        });

    [Fact]
    public void A_line_has_the_documented_format_with_identifying_fields_first()
    {
        LedgerRecord record = Records.Intent("e-1", "1-abc#1", 0.30m);
        record.Id = "vid-1";
        record.AspectRatio = "16:9";
        record.LatencyMs = 1;
        record.Files = new() { ["/a.png"] = "data:image/png;sha256,00" };
        Records
            .Text(record)
            .ShouldBe(
                """
                {"step":"intent","entry":"e-1","key":"1-abc#1","id":"vid-1","origin":"https://api.chuizi.ai","run":"00000000deadbeef","at":"2026-01-02T12:00:00Z","v":1,"row":1,"model":"google/veo-3.1-lite","prompt":"A red kite","duration":6,"aspect_ratio":"16:9","files":{"/a.png":"data:image/png;sha256,00"},"estimate":0.30,"latency_ms":1}

                """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Columns_that_do_not_fit_in_64_KiB_together_are_left_out_whole()
    {
        LedgerRecord record = Records.Intent("e-1");
        record.Columns = new() { ["A"] = new string('a', 40_000), ["B"] = new string('b', 40_000), ["C"] = "c", ["Prompt"] = null };
        LedgerRecord read = LedgerSerializer.Read(Records.Bytes(record))!;
        read.Columns!.Keys.ShouldBe(["A", "C", "Prompt"]);
        read.Columns["A"]!.Length.ShouldBe(40_000);
    }

    [Fact]
    public void Prompts_stay_readable_in_the_file() =>
        Records
            .Text(new LedgerRecord { Step = LedgerStep.Intent, Prompt = "Ein Drache über 北京 <&'+>" })
            .ShouldContain("Ein Drache über 北京 <&'+>");

    [Fact]
    public void A_lone_surrogate_is_replaced() =>
        LedgerSerializer
            .Read(Records.Bytes(new LedgerRecord { Step = LedgerStep.Intent, Prompt = "a\ud83cb" }))!
            .Prompt.ShouldBe("a\ufffdb");

    [Fact]
    public void Fields_of_a_later_version_are_ignored()
    {
        LedgerRecord record = LedgerSerializer
            .Read("""{"step":"submitted","entry":"e","new":{"a":[1,{"id":"no"}]},"id":"vid-1","v":7,"later":null}"""u8)
            .ShouldNotBeNull();
        (record.Entry, record.Id, record.V).ShouldBe(("e", "vid-1", 7));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"step\"")]
    [InlineData("Prompt,Model")]
    [InlineData("""{"step":""}""")]
    [InlineData("""{"step":null}""")]
    [InlineData("""{"Step":"intent"}""")]
    [InlineData("""{"step":7}""")]
    [InlineData("""{"step":"intent","row":"one"}""")]
    [InlineData("""{"step":"intent","row":99999999999}""")]
    [InlineData("""{"step":"settled","cost":1e400}""")]
    [InlineData("""{"step":"settled","url":[]}""")]
    [InlineData("""{"step":"intent","entry":"\ud800"}""")]
    [InlineData("""{"step":"intent"}{"step":"intent"}""")]
    [InlineData("""{"step":"intent","entry":"e""")]
    public void A_line_that_is_not_a_record_is_null(string line) => LedgerSerializer.Read(Encoding.UTF8.GetBytes(line)).ShouldBeNull();

    [Fact]
    public void Read_never_throws() =>
        Gen.Select(Gen.Int, Gen.Int[0, 2000], Gen.Byte).Sample((seed, at, wrong) =>
        {
            byte[] line = Records.Bytes(RandomRecord.Make(new Random(seed)));
            line[at % line.Length] = wrong;
            _ = LedgerSerializer.Read(line);
        });

    private static string Told(PropertyInfo property, LedgerRecord record) =>
        JsonSerializer.Serialize(property.GetValue(record), property.PropertyType);
}
