using System.Diagnostics;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class LedgerDiskTests : LedgerTest
{
    [Fact]
    public Task A_full_disk_is_reported_leaves_no_partial_line_and_is_recoverable() => OnSmallDiskAsync(async (path, fill) =>
    {
        VideoLedger ledger = VideoLedger.At(path);
        await ledger.AppendAsync(Records.Intent("a", "k-a"));
        await ledger.ReadAsync(book => book.Records);
        string filling = fill();
        byte[] before = File.ReadAllBytes(path);

        // The lines are longer than the free part of the last block.
        LedgerRecord[] many = [.. Enumerable.Range(0, 100).Select(number => Records.Intent($"b-{number}", $"k-b-{number}"))];
        (await ShouldBeUnavailableAsync(ledger.AppendAsync(many))).Message.ShouldContain($"'{path}' cannot be written");
        File.ReadAllBytes(path).ShouldBe(before);
        (await ledger.ReadAsync(book => book.Entries.Select(entry => entry.Entry).ToArray())).ShouldBe(["a"]);

        File.Delete(filling);
        await ledger.AppendAsync(many);
        (await ledger.ReadAsync(book => book.Entries.Count)).ShouldBe(101);
        Records.Read(path).Damage.ShouldBeEmpty();
    });

    [Fact]
    public Task A_full_disk_does_not_damage_an_incomplete_last_line_further() => OnSmallDiskAsync(async (path, fill) =>
    {
        byte[] cut = Records.Bytes(Records.Intent("a", "k-a"), Records.Submitted("a", "vid-a"))[..^20];
        File.WriteAllBytes(path, cut);
        string filling = fill();
        LedgerRecord[] many = [.. Enumerable.Range(0, 100).Select(number => Records.Intent($"b-{number}"))];
        await ShouldBeUnavailableAsync(VideoLedger.At(path).AppendAsync(many));
        File.ReadAllBytes(path).ShouldBe(cut);

        File.Delete(filling);
        (await VideoLedger.At(path).ReadAsync(book => book.Find(Records.Api, "k-a")!.Id)).ShouldBe("vid-a");
    });

    [Fact]
    public Task A_row_whose_intent_cannot_be_written_is_not_sent() => OnSmallDiskAsync(async (path, fill) =>
    {
        fill();
        SubmissionTerms terms = new() { Origin = Records.Api, Deduplicates = true };
        using SubmissionClaims claims = Submissions.Claims(VideoLedger.At(path), terms);
        await ShouldBeUnavailableAsync(claims.TryClaimAsync(Submissions.Row(1, Request(), "k")));
        new FileInfo(path).Length.ShouldBe(0);
    });

    private async Task OnSmallDiskAsync(Func<string, Func<string>, Task> work)
    {
        string disk = Home.Of("disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk),
            "This machine cannot mount a small disk.");
        try
        {
            await work(Path.Combine(disk, "run.jsonl"), () => Fill(Path.Combine(disk, "filling")));
        }
        finally
        {
            Run("umount", disk).ShouldBeTrue();
        }
    }

    private static string Fill(string path)
    {
        using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0);
        Should.Throw<IOException>(() =>
        {
            while (true)
            {
                stream.Write(new byte[4096]);
            }
        });
        return path;
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false }
        )!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
