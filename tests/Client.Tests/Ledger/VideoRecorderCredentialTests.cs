using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>Another test sets the variables of a managed identity, which gives access to any blob.</summary>
[Collection(nameof(Alone))]
public sealed class VideoRecorderCredentialTests : LedgerTest
{
    [Fact]
    public void A_blob_without_a_credential_is_not_used_and_not_asked_for()
    {
        RawServer server = Serve(_ => RawReply.Of(200, [], "x-ms-request-id: 1"));
        VideoRecorder.LedgerOf(new Video { Ledger = $"{server.Address}account/{Guid.NewGuid():N}/run.jsonl" }).ShouldBeNull();
        server.Requests.ShouldBeEmpty();
    }
}
