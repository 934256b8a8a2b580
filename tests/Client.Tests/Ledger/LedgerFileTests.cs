using System.Text;
using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class LedgerFileTests : LedgerTest
{
    [Fact]
    public async Task Only_the_owner_can_read_the_file_and_the_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such permissions.");
        string path = Home.Of("state/chuizi-video/ledger-2026-01.jsonl");
        await VideoLedger.At(path).AppendAsync(Records.Intent("e"));
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.GetUnixFileMode(Path.GetDirectoryName(path)!)
                .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task The_permissions_of_an_existing_file_are_kept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such permissions.");
        Write(Records.Intent("e"));
        if (!OperatingSystem.IsWindows())
        {
            UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
            File.SetUnixFileMode(LedgerPath, mode);
            await Ledger.AppendAsync(Records.Submitted("e", "vid-1"));
            File.GetUnixFileMode(LedgerPath).ShouldBe(mode);
        }
    }

    [Fact]
    public async Task Reading_does_not_create_a_file()
    {
        (await Ledger.ReadAsync(book => book.Entries.Count)).ShouldBe(0);
        Home.Names.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Prompt,Model\nA red kite,google/veo-3.1\n")]
    [InlineData("Prompt,Model\r\nA red kite,google/veo-3.1")]
    [InlineData("\ufeffPrompt;Model\r\nA \"red\" kite;x\r\n")]
    [InlineData("[\n  { \"prompt\": \"A red kite\" }\n]\n")]
    [InlineData("{\"prompt\":\"A red kite\"}\n{\"prompt\":\"A blue kite\"}\n")]
    [InlineData("\n\n one\n\n")]
    [InlineData("x")]
    [InlineData("{\n")]
    [InlineData("{\"steps\":[]}\n")]
    public async Task A_file_that_is_not_a_ledger_is_refused_and_not_changed(string content)
    {
        byte[] before = Encoding.UTF8.GetBytes(content);
        File.WriteAllBytes(LedgerPath, before);
        ChuiziException exception = await ShouldFailAsync(Ledger.AppendAsync(Records.Intent("e")), ChuiziErrorKind.InvalidLedger);
        exception.Message.ShouldContain($"'{LedgerPath}' is not a ledger");
        await ShouldFailAsync(Ledger.ReadAsync(book => book.Records), ChuiziErrorKind.InvalidLedger);
        File.ReadAllBytes(LedgerPath).ShouldBe(before);
        Home.Names.ShouldBe(["run.jsonl"]);
    }

    [Fact]
    public async Task A_ledger_in_another_encoding_is_refused_and_not_changed()
    {
        byte[] before = Encoding.Unicode.GetBytes("\ufeff" + Records.Text(Records.Intent("e")));
        File.WriteAllBytes(LedgerPath, before);
        await ShouldFailAsync(Ledger.AppendAsync(Records.Intent("e")), ChuiziErrorKind.InvalidLedger);
        File.ReadAllBytes(LedgerPath).ShouldBe(before);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\r\n  \r\n\t\n")]
    [InlineData("\ufeff")]
    public async Task A_blank_file_is_an_empty_ledger(string content)
    {
        File.WriteAllText(LedgerPath, content, new UTF8Encoding(false));
        await Ledger.AppendAsync(Records.Intent("e"));
        LedgerBook book = Records.Read(LedgerPath);
        book.Entries.Single().Entry.ShouldBe("e");
        book.Damage.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_byte_order_mark_carriage_returns_and_blank_lines_change_nothing()
    {
        string text =
            "\ufeff"
            + Records
                .Text(Records.Intent("e", "k"), Records.Submitted("e", "vid-1"))
                .Replace("\n", "\r\n\r\n \r\n", StringComparison.Ordinal)
            + "no record\n";
        File.WriteAllText(LedgerPath, text, new UTF8Encoding(false));
        (await Ledger.ReadAsync(book => book.Find(Records.Api, "k")!.Id)).ShouldBe("vid-1");
        (await Ledger.ReadAsync(book => book.Damage)).ShouldBe(["Line 7 is damaged and was skipped: 'no record'."]);
        await Ledger.AppendAsync(Records.Settled("vid-1", VideoStatus.Succeeded, 0.3m));
        File.ReadAllText(LedgerPath)
            .ShouldBe(text.TrimStart('\ufeff') + Records.Text(Records.Settled("vid-1", VideoStatus.Succeeded, 0.3m)));
        Records.Read(LedgerPath).Entries.Single().Cost.ShouldBe(0.3m);
    }

    [Fact]
    public async Task A_damaged_line_is_reported_skipped_and_kept_in_the_file()
    {
        string damaged = "{\"step\":\"settled\",\"entry\":\"a\0\0\0\0";
        File.WriteAllText(
            LedgerPath,
            Records.Text(Records.Intent("a", "k-a"), Records.Submitted("a", "vid-a"))
                + damaged
                + "\n"
                + Records.Text(Records.Intent("b", "k-b")));
        await Ledger.AppendAsync(Records.Submitted("b", "vid-b"));
        IReadOnlyList<string> damage = await Ledger.ReadAsync(book => book.Damage.ToArray());
        damage.Single().ShouldStartWith("Line 3 is damaged and was skipped: '{\"step\":\"settled\",\"entry\":\"a");
        damage.Single().ShouldNotContain('\0');
        (await Ledger.ReadAsync(book => (book.Find(Records.Api, "k-a")!.Id, book.Find(Records.Api, "k-b")!.Id))).ShouldBe(
            ("vid-a", "vid-b"));
        Lines[2].ShouldBe(damaged);
        Lines.Length.ShouldBe(5);
    }

    [Fact]
    public async Task A_damaged_intent_still_prevents_a_second_submission_of_its_row()
    {
        string line = Records.Text(Records.Intent("a", "k-a")).TrimEnd('\n');
        File.WriteAllText(LedgerPath, Records.Text(Records.Intent("z")) + line[..^5] + "\0\0\0\0\0\n" + Records.Text(Records.Intent("b")));
        LedgerEntry entry = (await Ledger.ReadAsync(book => book.Find(Records.Api, "k-a"))).ShouldNotBeNull();
        entry.Status.ShouldBe(VideoStatus.Unknown);
        entry.IsAnswered.ShouldBeFalse();
        (await Ledger.ReadAsync(book => book.Damage.Single())).ShouldBe("Line 2 (intent) is damaged. The parts that can be read are used.");
    }

    [Fact]
    public async Task A_damaged_submitted_line_with_a_complete_id_is_used()
    {
        string line = Records.Text(Records.Submitted("a", "vid-a")).TrimEnd('\n');
        File.WriteAllText(LedgerPath, Records.Text(Records.Intent("a", "k")) + line[..^4] + "\n" + Records.Text(Records.Intent("b")));
        LedgerEntry entry = (await Ledger.ReadAsync(book => book.Find(Records.Api, "k"))).ShouldNotBeNull();
        (entry.Id, entry.Status).ShouldBe(("vid-a", VideoStatus.Processing));
    }

    [Fact]
    public async Task A_file_with_an_overlong_line_is_refused_and_not_changed()
    {
        byte[] before = [.. Records.Bytes(Records.Intent("e")), .. Enumerable.Repeat((byte)'x', 5_000_000), (byte)'\n'];
        File.WriteAllBytes(LedgerPath, before);
        (await ShouldBeUnavailableAsync(Ledger.ReadAsync(book => book.Records))).Message.ShouldContain("Line 2 is longer than 4 MB");
        File.ReadAllBytes(LedgerPath).ShouldBe(before);
        Should.Throw<ChuiziException>(() => LedgerListing.Read(LedgerPath, out _)).Kind.ShouldBe(ChuiziErrorKind.LedgerUnavailable);
    }

    [Fact]
    public async Task Lines_of_any_length_below_the_limit_are_read()
    {
        // Lengths around the sizes of the read buffers.
        int[] lengths = [65_000, 65_536, 65_537, 131_072, 200_000, 1_048_576, 2_500_000];
        foreach (int length in lengths)
        {
            string line = Records.Text(Records.Intent($"e-{length}")).TrimEnd('\n');
            File.AppendAllText(LedgerPath, line[..^1] + $",\"later\":\"{new string('x', length - line.Length - 11)}\"}}\n");
        }

        File.AppendAllText(LedgerPath, Records.Text(Records.Intent("last")));
        (await Ledger.ReadAsync(book => book.Entries.Select(entry => entry.Entry).ToArray())).ShouldBe([
            .. lengths.Select(length => $"e-{length}"),
            "last",
        ]);
        (await Ledger.ReadAsync(book => book.Damage.Count)).ShouldBe(0);
    }

    [Fact]
    public async Task A_folder_in_place_of_the_file_is_reported_with_its_path()
    {
        Directory.CreateDirectory(LedgerPath);
        (await ShouldBeUnavailableAsync(Ledger.AppendAsync(Records.Intent("e")))).Message.ShouldContain($"'{LedgerPath}'");
    }

    [Fact]
    public async Task A_file_in_place_of_the_folder_is_reported_with_its_path()
    {
        Home.Write("file", [1]);
        string path = Home.Of("file/run.jsonl");
        (await ShouldBeUnavailableAsync(VideoLedger.At(path).AppendAsync(Records.Intent("e")))).Message.ShouldContain($"'{path}'");
    }

    [Fact]
    public async Task A_folder_without_write_permission_throws_LedgerUnavailable()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Permissions do not restrict this user.");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Home.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await ShouldBeUnavailableAsync(Ledger.AppendAsync(Records.Intent("e")));
    }
}
