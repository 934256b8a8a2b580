using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class LedgerSizeTests
{
    private const int Submissions = 20_000;

    // Measured: 2,700 bytes, most of them only while a line is read. An object for each field needed 5,900.
    private const long MostBytes = 4_000;

    [Fact]
    public void Reading_a_submission_allocates_little()
    {
        byte[][] lines =
        [
            .. Enumerable.Range(0, Submissions).SelectMany(number => new[]
            {
                Records.Bytes(Records.Intent($"a2becd72c9cf4c29-{number}", $"2-{number:x32}#1", 0.15m)),
                Records.Bytes(Records.Submitted($"a2becd72c9cf4c29-{number}", $"vid-{number:x24}", $"2-{number:x32}#1")),
                Records.Bytes(Records.Settled($"vid-{number:x24}", VideoStatus.Succeeded, 0.15m)),
            }).Select(line => line[..^1]),
        ];
        LedgerBook book = new();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int line = 0; line < lines.Length; line++)
        {
            book.ApplyLine(line + 1, lines[line]);
        }

        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / Submissions;
        book.Entries.Count.ShouldBe(Submissions);
        each.ShouldBeLessThan(MostBytes);
    }
}
