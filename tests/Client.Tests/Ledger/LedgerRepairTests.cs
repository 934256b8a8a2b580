using System.Text;
using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>
/// A crash or a full disk may leave an incomplete last line. The next writer repairs it without losing a complete record.
/// </summary>
public sealed class LedgerRepairTests : LedgerTest
{
    private static readonly LedgerRecord[] s_whole =
    [
        Records.Intent("a", "k-a"),
        Records.Submitted("a", "vid-a"),
        Records.Intent("b", "k-b"),
    ];

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_ledger_truncated_anywhere_loses_no_complete_record(bool looksFirst)
    {
        byte[] whole = Records.Bytes(s_whole);
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(LedgerPath, whole[..length]);
            VideoLedger ledger = Stranger($"{length}");
            if (looksFirst)
            {
                await ledger.ReadAsync(book => book.Records);
            }

            await ledger.AppendAsync(Records.Intent("c", "k-c"));
            string text = File.ReadAllText(LedgerPath);
            text.ShouldStartWith(Encoding.UTF8.GetString(whole[..(whole.AsSpan(0, length).LastIndexOf((byte)'\n') + 1)]));
            text.ShouldEndWith(Records.Text(Records.Intent("c", "k-c")));
            LedgerBook book = Records.Read(LedgerPath);
            book.Damage.ShouldBeEmpty($"cut at {length}");
            book.Find(Records.Api, "k-c").ShouldNotBeNull();
            for (int count = 1; count <= s_whole.Length; count++)
            {
                // A record without its line feed is complete.
                if (length >= Records.Bytes(s_whole[..count]).Length - 1)
                {
                    book.Find(Records.Api, s_whole[count - 1].Key ?? "k-a").ShouldNotBeNull($"cut at {length}");
                    (book.Find(Records.Api, "k-a")!.Id is not null).ShouldBe(length >= OriginEnd(whole), $"cut at {length}");
                }
            }
        }
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public async Task A_complete_id_in_an_incomplete_line_is_kept_by_the_repair()
    {
        byte[] whole = Records.Bytes(s_whole[..2]);
        for (int length = Records.Bytes(s_whole[0]).Length + 1; length < whole.Length; length++)
        {
            File.WriteAllBytes(LedgerPath, whole[..length]);
            VideoLedger mending = Stranger($"{length}");
            await mending.AppendAsync(Records.Intent("c"));
            foreach (VideoLedger ledger in new[] { mending, Stranger($"later-{length}") })
            {
                LedgerEntry entry = (await ledger.ReadAsync(book => book.Find(Records.Api, "k-a"))).ShouldNotBeNull();
                (entry.Id, entry.Status).ShouldBe(
                    length >= OriginEnd(whole) ? ("vid-a", VideoStatus.Processing) : (null, VideoStatus.Unknown),
                    $"cut at {length}");
            }
        }
    }

    [Fact]
    public async Task A_complete_id_in_an_incomplete_line_is_read_before_the_repair()
    {
        File.WriteAllBytes(LedgerPath, Records.Bytes(s_whole[..2])[..^3]);
        (await Ledger.ReadAsync(book => book.Find(Records.Api, "k-a")!.Id)).ShouldBe("vid-a");
        (await Ledger.ReadAsync(book => book.Find(Records.Api, "k-a")!.Id)).ShouldBe("vid-a");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public async Task An_incomplete_intent_was_never_sent()
    {
        byte[] whole = Records.Bytes(s_whole[0]);
        for (int length = 1; length < whole.Length - 1; length++)
        {
            File.WriteAllBytes(LedgerPath, whole[..length]);
            VideoLedger ledger = Stranger($"{length}");
            (await ledger.ReadAsync(book => book.Entries.Count)).ShouldBe(0, $"cut at {length}");
            File.ReadAllBytes(LedgerPath).Length.ShouldBe(length, "reading writes nothing");
            await ledger.AppendAsync(Records.Intent("b"));
            Records.Read(LedgerPath).Entries.Select(entry => entry.Entry).ShouldBe(["b"], $"cut at {length}");
            Lines[0].ShouldContain("\"step\":\"repaired\"");
        }
    }

    // Editors may omit the last line feed, and a request may have been sent after such a line was written completely.
    [Fact]
    public async Task A_last_line_without_a_line_feed_is_complete()
    {
        byte[] whole = Records.Bytes(Records.Intent("a", "k-a"));
        File.WriteAllBytes(LedgerPath, whole[..^1]);
        (await Ledger.ReadAsync(book => book.Find(Records.Api, "k-a"))).ShouldNotBeNull();
        await Stranger().AppendAsync(Records.Intent("b", "k-b"));
        File.ReadAllBytes(LedgerPath).ShouldBe([.. whole, .. Records.Bytes(Records.Intent("b", "k-b"))]);
        (await Ledger.ReadAsync(book => book.Entries.Count)).ShouldBe(2);
    }

    [Fact]
    public async Task An_incomplete_line_is_kept_as_text()
    {
        File.WriteAllText(LedgerPath, Records.Text(s_whole[0]) + "{\"step\":\"saved\",\"path\":\"/a \\\"b\\\" ü");
        await Ledger.AppendAsync(Records.Intent("c"));
        LedgerRecord repaired = LedgerSerializer.Read(Encoding.UTF8.GetBytes(Lines[1])).ShouldNotBeNull();
        repaired.Step.ShouldBe(LedgerStep.Repaired);
        repaired.Text.ShouldBe("{\"step\":\"saved\",\"path\":\"/a \\\"b\\\" ü");
        repaired.At.ShouldNotBe(DateTime.MinValue);
        Lines.Length.ShouldBe(3);
    }

    [Theory]
    [InlineData("""{"step":"settled","entry":"a","id":"vid-a","origin":"https://api.chuizi.ai","cost":-1}""")]
    [InlineData("""{"step":"settled","entry":"a","id":"vid-a","origin":"https://api.chuizi.ai","v":2}""")]
    public async Task A_last_line_with_impossible_values_is_kept_as_text(string line)
    {
        File.WriteAllText(LedgerPath, Records.Text(s_whole[0]) + line);
        await Ledger.AppendAsync(Records.Intent("c"));
        LedgerRecord repaired = LedgerSerializer.Read(Encoding.UTF8.GetBytes(Lines[1])).ShouldNotBeNull();
        (repaired.Step, repaired.Text).ShouldBe((LedgerStep.Repaired, line));
        Lines.Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_last_line_that_is_not_supported_is_reported_with_its_number_and_kept()
    {
        const string Line = """{"step":"cancelled","entry":"a","origin":"https://api.chuizi.ai"}""";
        File.WriteAllText(LedgerPath, Records.Text(s_whole[0]) + Line);
        (await Ledger.ReadAsync(book => book.Damage.ToArray())).ShouldBe(
            ["Line 2 has the step 'cancelled', which this version does not support. The line was skipped."]);
        await Stranger().AppendAsync(Records.Intent("c"));
        Lines[1].ShouldBe(Line);
        Lines.Length.ShouldBe(3);
    }

    // After a power failure, a file system may keep the length of a file but not its bytes.
    [Fact]
    public async Task Trailing_zero_bytes_are_repaired_and_the_ledger_stays_readable()
    {
        File.WriteAllBytes(LedgerPath, [.. Records.Bytes(s_whole[..2]), .. new byte[2_000_000]]);
        await Ledger.AppendAsync(Records.Intent("c", "k-c"));
        LedgerBook book = Records.Read(LedgerPath);
        book.Find(Records.Api, "k-a")!.Id.ShouldBe("vid-a");
        book.Find(Records.Api, "k-c").ShouldNotBeNull();
        (await Stranger().ReadAsync(other => other.Entries.Count)).ShouldBe(2);
        File.ReadAllText(LedgerPath).ShouldEndWith(Records.Text(Records.Intent("c", "k-c")));
        Lines.Length.ShouldBe(4);
    }

    [Fact]
    public async Task Only_the_last_line_is_repaired_and_only_once()
    {
        File.WriteAllBytes(LedgerPath, Records.Bytes(s_whole)[..^9]);
        await Ledger.AppendAsync(Records.Intent("c"));
        byte[] mended = File.ReadAllBytes(LedgerPath);
        await Stranger().AppendAsync(Records.Intent("d"));
        await Ledger.ReadAsync(book => book.Records);
        File.ReadAllBytes(LedgerPath).ShouldBe([.. mended, .. Records.Bytes(Records.Intent("d"))]);
    }

    [Fact]
    public void A_reader_skips_an_incomplete_line_and_changes_nothing()
    {
        byte[] cut = Records.Bytes(s_whole)[..^9];
        File.WriteAllBytes(LedgerPath, cut);
        LedgerListing.Read(LedgerPath, out IReadOnlyList<string> damage).Count.ShouldBe(1);
        damage.ShouldBeEmpty();
        File.ReadAllBytes(LedgerPath).ShouldBe(cut);
    }

    [Fact]
    public async Task A_decision_that_throws_keeps_the_incomplete_line()
    {
        byte[] cut = Records.Bytes(s_whole[..2])[..^9];
        File.WriteAllBytes(LedgerPath, cut);
        await Should.ThrowAsync<InvalidTimeZoneException>(Ledger.ReadAsync<int>(_ => throw new InvalidTimeZoneException("A defect.")));
        (await Stranger().ReadAsync(book => book.Find(Records.Api, "k-a")!.Id)).ShouldBe("vid-a");
    }

    /// <summary>The position at which the submitted line has the submission, the id and the origin, which comes last.</summary>
    private static int OriginEnd(byte[] lines)
    {
        byte[] origin = Encoding.UTF8.GetBytes($"\"origin\":\"{Records.Api}\"");
        int first = Records.Bytes(s_whole[0]).Length;
        return first + lines.AsSpan(first).IndexOf(origin) + origin.Length;
    }
}
