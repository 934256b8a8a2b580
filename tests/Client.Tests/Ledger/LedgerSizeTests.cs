using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

[Collection(nameof(Alone))]
[Trait("Speed", "Medium")]
public sealed class LedgerSizeTests
{
    private const int Submissions = 20_000;

    // Measured in a ledger of 333,333 submissions: 480 bytes. An object for each text needed 1,200.
    private const long MostBytes = 800;

    [Fact]
    public void A_submission_needs_little_memory()
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
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int line = 0; line < lines.Length; line++)
        {
            book.ApplyLine(line + 1, lines[line]);
        }

        long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Submissions;
        GC.KeepAlive(lines);
        book.Entries.Count.ShouldBe(Submissions);
        each.ShouldBeLessThan(MostBytes);
    }
}
