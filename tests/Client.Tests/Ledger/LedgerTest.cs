using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>Base for tests with their own ledger.</summary>
public abstract class LedgerTest : ClientTest
{
    protected LedgerTest()
    {
        Home = Folder();
        LedgerPath = Home.Of("run.jsonl");
    }

    internal TempFolder Home { get; }

    /// <summary>The path of the ledger, which does not exist yet.</summary>
    internal string LedgerPath { get; }

    internal VideoLedger Ledger => VideoLedger.At(LedgerPath);

    internal string[] Lines => File.ReadAllLines(LedgerPath);

    /// <summary>The same file as another process opens it, without shared state.</summary>
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
