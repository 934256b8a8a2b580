using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Support;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>Base for tests with a ledger in a blob that is kept in memory, and a clock that moves only when a test advances it.</summary>
public abstract class LedgerBlobTest : ClientTest
{
    /// <summary>What one request reads, in bytes.</summary>
    protected const int PieceLength = 2 * 1024 * 1024;

    /// <summary>The bytes before the known end that are read again.</summary>
    protected const int MarkLength = 256;

    /// <summary>A run of another machine.</summary>
    protected const string AnotherRun = "aaaaaa00000001";

    protected LedgerBlobTest()
    {
        Server = Own(new AppendBlobServer());
        BlobRunWatch.Of(Server.Path, Clock);
    }

    internal AppendBlobServer Server { get; }

    internal ManualClock Clock { get; } = new();

    internal static LedgerRecord Alive(string run = Records.DeadRun) => new() { Step = LedgerStep.Alive, Run = run, At = Records.Noon };

    /// <summary>Opens the ledger without what is known of it. By default it repeats a request for longer than a test lasts.</summary>
    internal LedgerBlob Open(TimeSpan? patience = null) => new(Server.Address, patience ?? TimeSpan.FromMinutes(10));

    /// <summary>Adds lines as another machine does.</summary>
    internal void Add(params LedgerRecord[] records) => Server.Add(records);

    internal static void Write(LedgerBlob blob, LedgerBook? book, params LedgerRecord[] records) => blob.Write(
        book, lines => Array.ForEach(records, record => LedgerSerializer.Write(lines, record)), () => { });

    internal static string[] Entries(LedgerBook book) => [.. book.Entries.Select(entry => entry.Entry)];
}
