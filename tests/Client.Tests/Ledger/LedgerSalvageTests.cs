using System.Text;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Support;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>What can be read from an incomplete or damaged line: the complete fields before the damage, never part of one.</summary>
public sealed class LedgerSalvageTests
{
    // Contains an escape and multi-byte characters, so that a truncated id could look like another id.
    private const string Id = "vid\"1\\ü🎬2";
    private const string Entry = "0123456789abcdef-1";

    [Fact]
    public void A_line_truncated_anywhere_returns_only_complete_fields()
    {
        byte[] line = Records.Bytes(Records.Submitted(Entry, Id, "1-abc#1"))[..^1];
        int entryEnd = EndOf(line, "entry");
        int idEnd = EndOf(line, "id");
        int originEnd = EndOf(line, "origin");
        originEnd.ShouldBeGreaterThan(idEnd);
        for (int length = 0; length <= line.Length; length++)
        {
            LedgerRecord? salvaged = LedgerSerializer.Salvage(line.AsSpan(0, length));
            (salvaged is not null).ShouldBe(length >= Math.Max(entryEnd, originEnd), $"{length} bytes");
            if (salvaged is not null)
            {
                salvaged.Step.ShouldBe(LedgerStep.Submitted);
                salvaged.Entry.ShouldBe(Entry);
                salvaged.Id.ShouldBe(Id);
                salvaged.Key.ShouldBe("1-abc#1");
                salvaged.Origin.ShouldBe(Records.Api);
                salvaged.Run.ShouldBe(length >= EndOf(line, "run") ? Records.DeadRun : null);
            }
        }
    }

    [Fact]
    public void Damage_after_the_id_does_not_affect_it()
    {
        byte[] line = Records.Bytes(Records.Submitted(Entry, Id));
        for (int at = EndOf(line, "origin") + 1; at < line.Length; at++)
        {
            byte[] damaged = [.. line];
            damaged[at] = 0;
            LedgerRecord salvaged = LedgerSerializer.Salvage(damaged).ShouldNotBeNull();
            (salvaged.Entry, salvaged.Id).ShouldBe((Entry, Id));
        }
    }

    [Theory]
    [InlineData("""{"step":"submitted","id":"vid-1","origin":"o","at":""")]
    [InlineData("""{"step":"submitted","entry":"e","id":"vid-1","at":""")]
    [InlineData("""{"entry":"e","origin":"o","at":""")]
    [InlineData("""{"other":{"step":"submitted","entry":"e","origin":"o"},""")]
    [InlineData("""[{"step":"submitted","entry":"e","origin":"o"}""")]
    [InlineData("""{"step":7,"entry":"e","origin":"o","at":""")]
    [InlineData("""{"step":"submitted","entry":7,"origin":"o","at":""")]
    [InlineData("""{"step":"submitted","entry":"e","origin":"\ud800","at":""")]
    [InlineData("""{"step":"submitted","entry":"e","origin":null,"at":""")]
    public void A_line_that_does_not_identify_its_submission_is_ignored(string line) =>
        LedgerSerializer.Salvage(Encoding.UTF8.GetBytes(line)).ShouldBeNull();

    [Fact]
    public void An_id_of_another_type_is_null() =>
        LedgerSerializer.Salvage("""{"step":"submitted","entry":"e","id":17,"origin":"o","run":1,"x"""u8)
            .ShouldNotBeNull().Id.ShouldBeNull();

    [Fact]
    public void Salvage_never_throws()
    {
        JsonGen.Bytes.Sample(bytes => _ = LedgerSerializer.Salvage(bytes));
        Gen.Select(Gen.Int, Gen.Int[0, 2000], Gen.Byte).Sample((seed, at, wrong) =>
        {
            byte[] line = Records.Bytes(RandomRecord.Make(new Random(seed)));
            line[at % line.Length] = wrong;
            _ = LedgerSerializer.Salvage(line);
        });
    }

    /// <summary>The number of bytes up to the closing quote of the field's value.</summary>
    private static int EndOf(byte[] line, string field)
    {
        int at = line.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"\"{field}\":\"")) + field.Length + 4;
        while (line[at] != (byte)'"' || line[at - 1] == (byte)'\\')
        {
            at++;
        }

        return at + 1;
    }
}
