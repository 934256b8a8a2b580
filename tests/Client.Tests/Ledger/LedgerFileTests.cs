using System.Text;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Tests.Support;
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
        exception.Message.ShouldBe(
            $"'{LedgerPath}' is not a ledger: it contains no ledger records. Nothing was written to it and nothing was submitted.");
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

    [Trait("Speed", "Medium")]
    [Fact]
    public async Task A_file_with_an_overlong_line_is_refused_and_not_changed()
    {
        byte[] before = [.. Records.Bytes(Records.Intent("e")), .. Enumerable.Repeat((byte)'x', 5_000_000), (byte)'\n'];
        File.WriteAllBytes(LedgerPath, before);
        (await ShouldBeUnavailableAsync(Ledger.ReadAsync(book => book.Records))).Message
            .ShouldBe($"The ledger '{LedgerPath}' cannot be read: Line 2 is longer than 4 MB, so this is not a ledger.");
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
        ChuiziException exception = await ShouldBeUnavailableAsync(Ledger.AppendAsync(Records.Intent("e")));
        exception.Message.ShouldBe($"The ledger '{LedgerPath}' cannot be written: {exception.InnerException.ShouldNotBeNull().Message}");
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

    [Fact]
    public async Task A_line_is_added_without_reading_the_lines_before_it()
    {
        byte[] before = [.. Records.Bytes(Records.Intent("e")), .. Enumerable.Repeat((byte)'x', 5_000_000), (byte)'\n'];
        File.WriteAllBytes(LedgerPath, before);
        await Ledger.AppendAsync(Records.Submitted("e", "vid-1"));
        byte[] after = File.ReadAllBytes(LedgerPath);
        after[before.Length..].ShouldBe(Records.Bytes(Records.Submitted("e", "vid-1")));
        after.AsSpan(0, before.Length).SequenceEqual(before).ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_that_another_program_reads_is_read_too()
    {
        Write(Records.Intent("e"));
        using FileStream other = new(LedgerPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        (await Ledger.ReadAsync(book => book.Entries.Count)).ShouldBe(1);
        LedgerListing.Read(LedgerPath, out _).Count.ShouldBe(1);
        LedgerFile.HeadOf(LedgerPath).Length.ShouldBe(14);
    }

    [Fact]
    public void A_writer_waits_while_another_program_has_the_file_open()
    {
        Write(Records.Intent("theirs"));
        ChuiziException? failure = null;
        Thread writer = new(() =>
        {
            try
            {
                LedgerStore.At(LedgerPath).Write(null, buffer => LedgerSerializer.Write(buffer, Records.Intent("e")), () => { });
            }
            catch (ChuiziException exception)
            {
                failure = exception;
            }
        });
        writer.IsBackground = true;
        using (new FileStream(LedgerPath, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            writer.Start();
            Eventually.Is(() => !writer.IsAlive || writer.ThreadState.HasFlag(ThreadState.WaitSleepJoin), "the writer waits");
            writer.IsAlive.ShouldBeTrue();
        }

        writer.Join();
        failure.ShouldBeNull();
        Records.Read(LedgerPath).Entries.Select(entry => entry.Entry).ShouldBe(["theirs", "e"]);
    }

    [Fact]
    public void Only_the_lock_of_another_handle_is_waited_for()
    {
        int[] locked = OperatingSystem.IsWindows() ? [32, 33] : [11, 35];
        for (int code = 0; code < 50; code++)
        {
            LedgerFile.IsInUse(new IOException("Why.", code)).ShouldBe(locked.Contains(code), $"code {code}");
            LedgerFile.IsInUse(new FileNotFoundException("Why.") { HResult = code }).ShouldBeFalse();
            LedgerFile.IsInUse(new DirectoryNotFoundException("Why.") { HResult = code }).ShouldBeFalse();
            LedgerFile.IsInUse(new PathTooLongException("Why.") { HResult = code }).ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_lock_of_a_run_is_checked_once_for_each_access_and_a_run_that_has_ended_stays_so(bool writes)
    {
        Write(Records.Intent("e"));
        LedgerStore store = LedgerStore.At(LedgerPath);
        using (Lock())
        {
            store.IsAlive(Records.DeadRun).ShouldBeTrue();
            store.IsAlive(Records.DeadRun).ShouldBeTrue();
            Access();
            store.IsAlive(Records.DeadRun).ShouldBeTrue();
        }

        store.IsAlive(Records.DeadRun).ShouldBeTrue("the ledger was not used since");
        Access();
        store.IsAlive(Records.DeadRun).ShouldBeFalse();
        using (Lock())
        {
            store.IsAlive(Records.DeadRun).ShouldBeFalse();
            Access();
            store.IsAlive(Records.DeadRun).ShouldBeFalse();
        }

        FileStream Lock() =>
            new($"{LedgerPath}.{Records.DeadRun}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        void Access()
        {
            if (writes)
            {
                store.Write(null, _ => { }, () => { });
            }
            else
            {
                store.Refresh(null);
            }
        }
    }

    [Fact]
    public void A_pipe_is_not_written_and_has_no_lines()
    {
        Home.MakePipe("run.jsonl");
        LedgerStore store = LedgerStore.At(LedgerPath);
        Should.Throw<ChuiziException>(() => store.Write(null, _ => { }, () => { })).Message
            .ShouldBe($"The ledger '{LedgerPath}' cannot be written: It is a pipe or a device, not a file.");

        // With both ends open, a reader that opens the pipe does not block.
        using FileStream ends = new(LedgerPath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        LedgerBook book = Records.Book(Records.Intent("e"));
        store.Refresh(book);
        book.Entries.ShouldBeEmpty();
        store.Read((_, _) => throw new InvalidOperationException("A line."));
        LedgerFile.ReadEnd(LedgerPath, 1000, (_, _) => throw new InvalidOperationException("A line.")).ShouldBeTrue();
    }

    [Fact]
    public void A_device_that_stores_nothing_is_reported()
    {
        const string Device = "/dev/null";
        Assert.SkipUnless(File.Exists(Device), "This machine does not have the device.");
        Should.Throw<ChuiziException>(() =>
            LedgerStore.At(Device).Write(null, buffer => LedgerSerializer.Write(buffer, Records.Intent("e")), () => { })).Message
            .ShouldBe(
                $"The ledger '{Device}' cannot be written: It does not store written data, so it may be a device. Use a regular file.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData(" \r\n\t\n")]
    [InlineData("{")]
    [InlineData("{\"st")]
    [InlineData("{\"step\"")]
    [InlineData("{\"step\":\"intent\",\"ent")]
    [InlineData("{\"step\":\"intent\"}")]
    [InlineData("\ufeff{\"step\":\"intent\"}\n")]
    [InlineData("  {\"step\":\"intent\",\"ent\r\n")]
    [InlineData("{\"entry\":\"e\",\"step\":\"intent\"}\n")]
    [InlineData("no record\n{\"entry\":\"e\",\"step\":\"intent\"}\n")]
    public void A_file_that_may_have_been_a_ledger_is_accepted(string content) =>
        LedgerFile.RefuseAnotherText("run.jsonl", Encoding.UTF8.GetBytes(content));

    [Theory]
    [InlineData("x")]
    [InlineData("x{\"step\"")]
    [InlineData("\"step\"")]
    [InlineData("{\"entry\":\"e\"}\n")]
    [InlineData("{\"Step\":\"intent\"}\n")]
    public void Any_other_file_is_refused(string content) =>
        Should.Throw<ChuiziException>(() => LedgerFile.RefuseAnotherText("run.jsonl", Encoding.UTF8.GetBytes(content))).Message.ShouldBe(
            "'run.jsonl' is not a ledger: it contains no ledger records. Nothing was written to it and nothing was submitted.");

    [Fact]
    public void Records_far_behind_other_text_do_not_make_a_ledger()
    {
        byte[] line = Encoding.UTF8.GetBytes("{\"step\":\"intent\"}\n");
        LedgerFile.RefuseAnotherText("run.jsonl", [.. new string('x', 60_000).Select(letter => (byte)letter), (byte)'\n', .. line]);
        Should.Throw<ChuiziException>(() => LedgerFile.RefuseAnotherText(
            "run.jsonl", [.. new string('x', 64 * 1024).Select(letter => (byte)letter), (byte)'\n', .. line]));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("41", false)]
    [InlineData("FFFE41", true)]
    [InlineData("FEFF41", true)]
    [InlineData("FFFE4100", true)]
    [InlineData("FEFF0041", true)]
    [InlineData("FE41", false)]
    [InlineData("FF41", false)]
    [InlineData("41FFFE", false)]
    [InlineData("41FEFF", false)]
    [InlineData("4100", true)]
    [InlineData("0041", true)]
    [InlineData("4141414100", true)]
    [InlineData("4141414141414141414141414100", true)]
    [InlineData("414141414141414141414141414100", false)]
    public void A_file_in_another_encoding_is_identified_by_its_start(string bytes, bool isConverted) =>
        LedgerFile.WhyNot("it's.jsonl", Convert.FromHexString(bytes)).ShouldBe(
            isConverted
                ? "it is UTF-16 text. To convert it, run: (Get-Content 'it''s.jsonl') | Set-Content 'it''s.jsonl' -Encoding utf8."
                : "it contains no ledger records.");

    [Fact]
    public void A_blob_in_another_encoding_is_not_converted_by_its_address() =>
        LedgerFile.WhyNot("https://a.blob.core.windows.net/c/run.jsonl", [0xFF, 0xFE]).ShouldBe(
            "it is UTF-16 text. Convert it to UTF-8, and upload it again as an append blob.");

    [Fact]
    public void The_start_of_a_file_that_cannot_be_read_is_empty()
    {
        byte[] bytes = [.. Enumerable.Range(1, 20).Select(number => (byte)number)];
        LedgerFile.HeadOf(Home.Write("long", bytes)).ShouldBe(bytes[..14]);
        LedgerFile.HeadOf(Home.Write("short", bytes.AsSpan(0, 5))).ShouldBe(bytes[..5]);
        LedgerFile.HeadOf(Home.Of("missing")).ShouldBeEmpty();
        LedgerFile.HeadOf(Home.Path).ShouldBeEmpty();
    }

    [Fact]
    public void The_end_of_an_empty_file_is_all_of_it() =>
        LedgerFile.ReadEnd(Home.Write("empty", []), 10, (_, _) => throw new InvalidOperationException("A line.")).ShouldBeTrue();
}
