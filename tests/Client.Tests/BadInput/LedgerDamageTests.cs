using System.Globalization;
using System.Text;
using System.Text.Json;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Ledger;
using Chuizi.Video.Tests.Support;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.BadInput;

/// <summary>Ledgers that were damaged, edited or replaced by other files.</summary>
public sealed class LedgerDamageTests : LedgerTest
{
    // A few flipped bits do not turn one of these names into another.
    private static readonly string[] s_entries = ["aaaaaaaaaaaaaaaa-1", "5555555555555555-2", "0f0f0f0f0f0f0f0f-3"];

    private static byte[] Line(int entry) =>
        Records.Bytes(Records.Submitted(s_entries[entry], "vid-" + s_entries[entry], "1-" + s_entries[entry]))[..^1];

    [Fact]
    public void A_damaged_line_does_not_affect_other_lines() =>
        ByteDamage.Of(Line(1)).Try(damaged =>
        {
            LedgerBook book = Read([.. Line(0), (byte)'\n', .. damaged, (byte)'\n', .. Line(2), (byte)'\n']);
            foreach (int entry in new[] { 0, 2 })
            {
                LedgerEntry? there = book.Find(Records.Api, "1-" + s_entries[entry]);
                (there?.Id, there?.Status).ShouldBe(("vid-" + s_entries[entry], VideoStatus.Processing));
            }
        }, 1500);

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_line_with_bad_fields_does_not_affect_other_lines() =>
        JsonDamage.Of(
            Encoding.UTF8.GetString(Line(1)),
            Records.Text(Records.Intent(s_entries[1], "1-" + s_entries[1], 0.3m)).Trim(),
            Records.Text(Records.Settled("vid-" + s_entries[1], VideoStatus.Failed, 0.3m)).Trim(),
            Records.Text(Records.Saved("vid-" + s_entries[1], "/a.mp4")).Trim()).Try(damaged =>
        {
            LedgerBook book = Read([.. Line(0), (byte)'\n', .. Encoding.UTF8.GetBytes(damaged), (byte)'\n', .. Line(2), (byte)'\n']);
            book.Find(Records.Api, "1-" + s_entries[0])!.Id.ShouldBe("vid-" + s_entries[0]);
            book.Find(Records.Api, "1-" + s_entries[2])!.Id.ShouldBe("vid-" + s_entries[2]);
            (book.SpentAt(Records.Api).Total(_ => 0) >= 0).ShouldBeTrue();
            // Get-ChuiziVideo converts every entry like this.
            _ = book.Entries.Select(entry => entry.ToVideo()).ToArray();
        }, 1500);

    [Fact]
    public void A_run_continues_in_a_ledger_with_a_damaged_end() =>
        ByteDamage
            .Of(Line(1))
            .Try(
                damaged =>
                {
                    string path = Home.Of(Guid.NewGuid().ToString("N"));
                    File.WriteAllBytes(path, [.. Line(0), (byte)'\n', .. damaged]);
                    LedgerFile file = new(path);
                    file.Write(
                        null,
                        buffer =>
                            LedgerSerializer.Write(buffer, Records.Submitted(s_entries[2], "vid-" + s_entries[2], "1-" + s_entries[2])),
                        Withdraw);
                    LedgerBook book = new();
                    LedgerStore.At(path).Read(book.ApplyLine);
                    book.Find(Records.Api, "1-" + s_entries[0])!.Id.ShouldBe("vid-" + s_entries[0]);
                    book.Find(Records.Api, "1-" + s_entries[2])!.Id.ShouldBe("vid-" + s_entries[2]);
                    File.Delete(path);
                },
                200);

    [Fact]
    public void Every_row_and_response_is_written_as_a_readable_line() =>
        Gen.Select(Gen.Int, Gen.Int[0, 11], Gen.Int[1, 3_000_000], Gen.OneOf("x", "\u0001", "視", "🎬", "\""))
            .Try(
                sample =>
                {
                    (int seed, int field, int length, string letter) = sample;
                    LedgerRecord record = RandomRecord.Make(new Random(seed));
                    (record.Step, record.Entry, record.V, record.Cost, record.Estimate, record.LatencyMs) = (
                        LedgerStep.Submitted,
                        "e-1",
                        1,
                        0.3m,
                        null,
                        1);
                    string text = string.Concat(Enumerable.Repeat(letter, length));
                    _ = field switch
                    {
                        0 => record.Model = text,
                        1 => record.Prompt = text,
                        2 => record.AspectRatio = text,
                        3 => record.Resolution = text,
                        4 => record.Image = text,
                        5 => (record.ReferenceImage = [.. Enumerable.Repeat(text[..Math.Min(text.Length, 1000)], 3000)])[0],
                        6 => record.SourceVideo = text,
                        7 => record.FileName = text,
                        8 => (record.Url = new Uri("https://media.example/" + new string('a', Math.Min(length, 60_000)))).Host,
                        9 => (record.Files = new() { [text] = text }).Keys.First(),
                        10 => (record.Parameter = JsonSerializer.SerializeToElement(new { text })).ToString(),
                        _ => (
                            record.Error = new VideoError
                            {
                                Message = text,
                                Type = text,
                                Code = text,
                            }
                        ).Message,
                    };
                    byte[] line = Records.Bytes(record);
                    LedgerBook book = Read(line);
                    (book.Records, book.Damage.Count, book.Entries.Single().Id).ShouldBe((1, 0, record.Id));
                },
                60);

    // Each of these beginnings once used a stack frame.
    [Trait("Speed", "Medium")]
    [Fact]
    public void A_line_of_thousands_of_record_beginnings_is_only_damaged()
    {
        byte[] line = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"step\":\"", 40_000)));
        LedgerBook book = Read([.. Line(0), (byte)'\n', .. line, (byte)'\n', .. Line(2), (byte)'\n']);
        book.Find(Records.Api, "1-" + s_entries[2])!.Id.ShouldBe("vid-" + s_entries[2]);
        book.Damage.ShouldHaveSingleItem().ShouldStartWith("Line 2 is damaged and was skipped: ");
    }

    [Fact]
    public void Records_joined_in_one_line_are_all_read()
    {
        byte[] settled = Records.Bytes(Records.Settled("vid-" + s_entries[0], VideoStatus.Succeeded, 0.25m))[..^1];
        foreach (string between in new[] { "", " ", "\r", "\t" })
        {
            LedgerBook book = Read([
                .. Line(0),
                .. Encoding.ASCII.GetBytes(between),
                .. settled,
                .. Encoding.ASCII.GetBytes(between),
                .. Line(2),
                (byte)'\n',
            ]);
            book.Damage.ShouldBeEmpty();
            book.Find(Records.Api, "1-" + s_entries[0])!.Cost.ShouldBe(0.25m);
            book.Find(Records.Api, "1-" + s_entries[2])!.Id.ShouldBe("vid-" + s_entries[2]);
        }
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_fully_damaged_file_uses_little_memory()
    {
        File.WriteAllBytes(
            LedgerPath,
            [.. Line(0), (byte)'\n', .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("no record at all\n", 30_000)))]);
        LedgerBook book = new();
        LedgerStore.At(LedgerPath).Read(book.ApplyLine);
        book.Damage.Count.ShouldBe(101);
        book.Damage.Sum(line => line.Length).ShouldBeLessThan(20_000);
    }

    [Theory]
    [InlineData("{\"step\":\"submitted\",\"entry\":\"e\",\"origin\":\"https://api.chuizi.ai\",\"x\":DEEP}")]
    [InlineData("{\"x\":DEEP,\"step\":\"submitted\"}")]
    [InlineData("DEEP")]
    public void A_deeply_nested_line_is_only_damaged(string line)
    {
        string deep = new string('[', 100_000) + new string(']', 100_000);
        LedgerBook book = Read([
            .. Line(0),
            (byte)'\n',
            .. Encoding.ASCII.GetBytes(line.Replace("DEEP", deep, StringComparison.Ordinal)),
            (byte)'\n',
        ]);
        book.Damage.Count.ShouldBe(1);
        book.Find(Records.Api, "1-" + s_entries[0])!.Id.ShouldBe("vid-" + s_entries[0]);
    }

    [Fact]
    public async Task A_line_of_100_MB_is_reported_by_number_and_uses_little_memory()
    {
        File.WriteAllBytes(LedgerPath, [.. Line(0), (byte)'\n']);
        using (FileStream file = File.OpenWrite(LedgerPath))
        {
            file.SetLength(100_000_000);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<IOException>(() => LedgerStore.At(LedgerPath).Read((_, _) => { })).Message.ShouldContain("Line 2 is longer than 4 MB");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(20_000_000);
        await ShouldBeUnavailableAsync(Ledger.ReadAsync(book => book.Records));
    }

    [Fact]
    public async Task A_pipe_is_rejected_as_a_ledger_without_waiting()
    {
        Home.MakePipe("run.jsonl");
        LedgerFile file = new(LedgerPath);
        await Task.Run(() =>
            {
                Should
                    .Throw<ChuiziException>(() =>
                        file.Write(null, buffer => LedgerSerializer.Write(buffer, Records.Submitted("e", "vid-1")), Withdraw))
                    .Kind.ShouldBe(ChuiziErrorKind.LedgerUnavailable);
                file.Refresh(new LedgerBook());
                LedgerStore.At(LedgerPath).Read((_, _) => { });
                LedgerFile.ReadEnd(LedgerPath, 1000, (_, _) => { }).ShouldBeTrue();
            })
            .WaitAsync(Eventually.Patience);
    }

    // An id written to a device would be lost.
    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev/zero")]
    public void A_device_is_rejected_as_a_ledger(string device)
    {
        Assert.SkipUnless(File.Exists(device), "This machine does not have the device.");
        LedgerFile file = new(device);
        Should
            .Throw<ChuiziException>(() => file.Write(null, buffer => LedgerSerializer.Write(buffer, Records.Submitted("e", "vid-1")), Withdraw))
            .Kind.ShouldBe(ChuiziErrorKind.LedgerUnavailable);
        file.Refresh(new LedgerBook());
    }

    [Fact]
    public void A_folder_and_circular_links_are_rejected_as_ledgers()
    {
        Should
            .Throw<ChuiziException>(() => new LedgerFile(Home.Path).Refresh(new LedgerBook()))
            .Kind.ShouldBe(ChuiziErrorKind.LedgerUnavailable);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a permission on Windows.");
        File.CreateSymbolicLink(LedgerPath, Home.Of("other"));
        File.CreateSymbolicLink(Home.Of("other"), LedgerPath);
        Should
            .Throw<ChuiziException>(() => new LedgerFile(LedgerPath).Refresh(new LedgerBook()))
            .Kind.ShouldBe(ChuiziErrorKind.LedgerUnavailable);
        Should
            .Throw<ChuiziException>(() => new LedgerFile(LedgerPath).Write(new LedgerBook(), _ => { }, Withdraw))
            .Kind.ShouldBe(ChuiziErrorKind.LedgerUnavailable);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Any_extra_fields_of_an_edited_ledger_are_shown() =>
        JsonDamage
            .Of("""{"seed":7,"text":"a","list":[1,"b",{"c":null}]}""")
            .Try(
                parameter =>
                {
                    LedgerBook book = new(keepsInputs: true);
                    book.ApplyLine(
                        1,
                        Encoding.UTF8.GetBytes(
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"{{\"step\":\"intent\",\"entry\":\"e\",\"origin\":\"o\",\"at\":\"2026-01-02T12:00:00Z\",\"v\":1,\"parameter\":{parameter}}}"
                            )));
                    _ = book.Entries.Select(entry => entry.ToVideo()).ToArray();
                },
                1500);

    private LedgerBook Read(byte[] content)
    {
        string path = Home.Of(Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(path, content);
        LedgerBook book = new();
        LedgerStore.At(path).Read(book.ApplyLine);
        File.Delete(path);
        return book;
    }

    /// <summary>A file is locked, so nothing is withdrawn.</summary>
    private static void Withdraw() => throw new InvalidOperationException("Withdrawn.");
}
