using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>A ledger of the test's own.</summary>
public abstract class LedgerTest : ClientTest
{
    protected LedgerTest()
    {
        Home = Folder();
        LedgerPath = Home.Of("run.jsonl");
    }

    internal TempFolder Home { get; }

    /// <summary>The file, which is not there yet.</summary>
    internal string LedgerPath { get; }

    internal VideoLedger Ledger => VideoLedger.At(LedgerPath);

    internal string[] Lines => File.ReadAllLines(LedgerPath);

    /// <summary>The same file as another process has it open: with a memory of its own.</summary>
    internal VideoLedger Stranger(string name = ".") => VideoLedger.At(Path.Combine(Home.Path, name, name == "." ? "" : "..", "run.jsonl"));

    internal void Write(params LedgerRecord[] records) => File.WriteAllBytes(LedgerPath, Records.Bytes(records));

    internal static Task<ChuiziException> ShouldBeUnavailableAsync(Task work) => ShouldFailAsync(work, ChuiziErrorKind.LedgerUnavailable);

    internal static async Task<ChuiziException> ShouldFailAsync(Task work, ChuiziErrorKind kind)
    {
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(work);
        exception.Kind.ShouldBe(kind);
        return exception;
    }
}
